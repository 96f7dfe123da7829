import assert from "node:assert/strict";
import { join } from "node:path";
import { contextOptions } from "../../../local/commands/context";
import { quoted } from "../../../local/commands/quoting";
import { run, type Completed } from "../../../local/process/run";
import { contextStack } from "../../../local/stack/context";
import { withEnvironment, withTemporaryFolder } from "./temporaryFolder";

const CHECKOUT = join(__dirname, "../../..");

/** Runs the command as people do, on a machine that has no instance of it. */
function local(...words: string[]): Promise<Completed> {
  return withTemporaryFolder((folder) => {
    const environment = { ...process.env, XDG_STATE_HOME: folder };
    return run(process.execPath, [join(CHECKOUT, "local/start.mjs"), ...words], { environment });
  });
}

describe("npm run local", function () {
  this.timeout(60_000);

  it("helps, with examples", async () => {
    const { code, stdout } = await local("--help");
    assert.equal(code, 0);
    assert.match(stdout, /npm run local:exec -- kubectl get pods -A/);
  });

  for (const words of [["sideways"], ["up", "--sideways"], ["exec"], ["up", "--values", "file"]]) {
    it(`says what is wrong with \`${words.join(" ")}\`, with exit code 2`, async () => {
      const { code, stderr } = await local(...words);
      assert.equal(code, 2, stderr);
      assert.match(stderr, /^error: /);
    });
  }

  for (const command of ["up", "down"]) {
    it(`takes the flags of a cluster that exists in \`${command}\``, async () => {
      const flags = ["--context", "kind-kind", "--vault-address", "http://bao:8200"];
      const { code, stderr } = await local(command, ...flags);
      assert.equal(code, 2);
      assert.match(stderr, /--doppler-host is missing/);
    });
  }

  it("says that nothing is running, and how to start it", async () => {
    const status = await local("status", "--json");
    assert.equal(status.code, 1);
    const { running, services } = JSON.parse(status.stdout) as {
      running: boolean;
      services: { state: string }[];
    };
    assert.equal(running, false);
    assert.ok(services.length > 0 && services.every(({ state }) => state === "not started"));
    const environment = await local("env");
    assert.equal(environment.code, 1);
    assert.equal(environment.stdout, "");
    assert.match(environment.stderr, /is not running\. Start it: npm run local/);
  });
});

describe("--context", () => {
  const withoutVault = { context: "kind-kind", dopplerHost: "https://api.doppler.com//" };
  const flags = { ...withoutVault, vaultAddress: "https://vault.example:8200/" };
  const tokens = { DOPPLER_TOKEN: "dp.sa.canary", VAULT_TOKEN: "bao-canary" };

  it("takes its tokens from the environment, and addresses without slashes at their end", async () => {
    await withEnvironment({ ...tokens, VAULT_ADDR: "https://another:8200" }, () => {
      assert.deepEqual(contextOptions(flags), {
        context: "kind-kind",
        dopplerHost: "https://api.doppler.com",
        dopplerToken: "dp.sa.canary",
        vaultAddress: "https://vault.example:8200",
        chart: "public",
        environment: "dev",
      });
      return Promise.resolve();
    });
  });

  it("says what is missing of Doppler", async () => {
    await withEnvironment({ DOPPLER_TOKEN: undefined }, () => {
      assert.throws(() => contextOptions(flags), /DOPPLER_TOKEN is not set/);
      assert.throws(() => contextOptions({ context: "kind-kind" }), /--doppler-host is missing/);
      return Promise.resolve();
    });
  });

  it("takes Vault's address from the environment when no flag names it", async () => {
    await withEnvironment({ ...tokens, VAULT_ADDR: "https://another:8200/" }, () => {
      assert.equal(contextOptions(withoutVault)?.vaultAddress, "https://another:8200");
      return Promise.resolve();
    });
  });

  it("says what is missing of Vault", async () => {
    await withEnvironment({ ...tokens, VAULT_ADDR: undefined }, () => {
      assert.throws(() => contextOptions(withoutVault), /neither --vault-address nor VAULT_ADDR is there/);
      return Promise.resolve();
    });
    await withEnvironment({ ...tokens, VAULT_TOKEN: undefined }, () => {
      assert.throws(() => contextOptions(flags), /VAULT_TOKEN is not set/);
      return Promise.resolve();
    });
  });

  it("is needed by the flags that go with it", () => {
    assert.throws(
      () => contextOptions({ vaultAddress: "http://bao:8200" }),
      /--vault-address is for a cluster that exists/,
    );
    assert.equal(contextOptions({}), undefined);
  });

  it("makes a stack's name of any context", () => {
    assert.equal(contextStack("arn:aws:eks:eu:1:cluster/prd"), "context-arn-aws-eks-eu-1-cluster-prd");
  });
});

describe("words for a shell", () => {
  for (const word of ["plain", "it's", "$(id)", "a b", "'", ""]) {
    it(`come back from it as they were: ${JSON.stringify(word)}`, async () => {
      const { stdout } = await run("sh", ["-c", `printf %s ${quoted(word)}`]);
      assert.equal(stdout, word);
    });
  }
});
