import { strict as assert } from "node:assert";
import { randomUUID } from "node:crypto";
import { DopplerCli } from "./cli";
import { startEmulated, type Emulated } from "./emulated";

const DEV = ["--project", "example", "--config", "dev"];

describe("the Doppler CLI against the emulator", function () {
  let emulated: Emulated;
  let cli: DopplerCli;
  let token: string;

  before(async function () {
    this.timeout(180_000);
    emulated = await startEmulated();
    cli = await DopplerCli.install(emulated.emulator.url);
    token = emulated.adminToken;
  });

  after(async () => {
    await cli.remove();
    await emulated.emulator.close();
  });

  const names = (list: unknown, key: string): unknown[] =>
    (list as Record<string, unknown>[]).map((entry) => entry[key]);

  it("tells whose token it is", async () => {
    const me = (await cli.json(token, ["me"])) as Record<string, unknown>;
    assert.equal(me.type, "service_account");
    assert.deepEqual(me.workplace, { name: "Example", slug: "emulator" });
    assert.equal(me.token_preview, `dp.sa...${token.slice(-6)}`);
  });

  it("lists, creates, reads, renames and deletes projects", async () => {
    assert.deepEqual(names(await cli.json(token, ["projects"]), "name"), ["example"]);
    const created = (await cli.json(token, [
      "projects",
      "create",
      "cli",
      "--description",
      "made here",
    ])) as object;
    assert.deepEqual(
      { ...created, created_at: "" },
      {
        id: "cli",
        name: "cli",
        description: "made here",
        created_at: "",
      },
    );
    assert.deepEqual(names(await cli.json(token, ["environments", "--project", "cli"]), "id"), [
      "dev",
      "stg",
      "prd",
    ]);
    await cli.json(token, ["projects", "update", "cli", "--name", "cli-renamed", "--yes"]);
    const read = (await cli.json(token, ["projects", "get", "cli-renamed"])) as Record<string, unknown>;
    assert.equal(read.name, "cli-renamed");
    const left = await cli.json(token, ["projects", "delete", "cli-renamed", "--yes"]);
    assert.deepEqual(names(left, "name"), ["example"]);
  });

  it("refuses a second project of the same name", async () => {
    const { code, stderr } = await cli.run(token, ["projects", "create", "example"]);
    assert.equal(code, 1);
    assert.match(stderr, /Project name already exists in this workplace\./);
  });

  it("creates environments with their root config, renames and deletes them", async () => {
    const inExample = ["--project", "example"];
    await cli.json(token, ["environments", "create", "Quality", "qa", ...inExample]);
    const root = (await cli.json(token, ["configs", "get", "qa", ...inExample])) as Record<string, unknown>;
    assert.deepEqual([root.name, root.root, root.environment, root.project], ["qa", true, "qa", "example"]);
    await cli.json(token, ["configs", "create", "qa_anna", ...inExample]);
    await cli.json(token, ["environments", "rename", "qa", "--slug", "test", "--yes", ...inExample]);
    const configs = await cli.json(token, ["configs", "--environment", "test", ...inExample]);
    assert.deepEqual(names(configs, "name"), ["test", "test_anna"]);
    const left = await cli.json(token, ["environments", "delete", "test", "--yes", ...inExample]);
    assert.deepEqual(names(left, "id"), ["shared", "dev", "staging", "prd"]);
    const gone = await cli.run(token, ["configs", "get", "test_anna", ...inExample]);
    assert.match(gone.stderr, /Could not find requested config 'test_anna'/);
  });

  it("creates, clones, locks, renames and deletes branch configs", async () => {
    const inExample = ["--project", "example"];
    const run = (...args: string[]): Promise<unknown> => cli.json(token, [...args, ...inExample]);
    await run("configs", "create", "dev_one");
    await cli.run(
      token,
      ["secrets", "set", "ONLY_HERE", "--config", "dev_one", ...inExample],
      "value-of-a-branch",
    );
    await run("configs", "clone", "dev_one", "--name", "dev_two");
    await run("configs", "lock", "dev_one", "--yes");
    const locked = await cli.run(token, ["configs", "delete", "dev_one", "--yes", ...inExample]);
    assert.match(locked.stderr, /Config 'dev_one' is locked/);
    await run("configs", "unlock", "dev_one", "--yes");
    await run("configs", "update", "dev_one", "--name", "dev_three", "--yes");
    const secrets = await run("secrets", "get", "ONLY_HERE", "--config", "dev_two");
    assert.equal((secrets as Record<string, { computed: string }>).ONLY_HERE?.computed, "value-of-a-branch");
    await run("configs", "delete", "dev_two", "--yes");
    const left = await run("configs", "delete", "dev_three", "--yes");
    assert.deepEqual(names(left, "name"), ["shared", "dev", "staging", "prd"]);
  });

  it("sets, reads and deletes secrets, and lists their names", async () => {
    const value = randomUUID();
    const set = await cli.json(token, ["secrets", "set", "CLI_KEY", ...DEV], value);
    assert.equal((set as Record<string, { computed: string }>).CLI_KEY?.computed, value);
    const plain = await cli.run(token, ["secrets", "get", "CLI_KEY", "--plain", ...DEV]);
    assert.equal(plain.stdout.trim(), value);
    const listed = await cli.run(token, ["secrets", "--only-names", ...DEV]);
    assert.match(listed.stdout, /CLI_KEY/);
    assert.ok(!listed.stdout.includes(value));
    await cli.json(token, ["secrets", "delete", "CLI_KEY", "--yes", ...DEV]);
    const gone = await cli.run(token, ["secrets", "get", "CLI_KEY", ...DEV]);
    assert.equal(gone.code, 1);
    assert.match(gone.stderr, /Could not find requested secret: CLI_KEY/);
  });

  it("tells raw and computed values apart", async () => {
    await cli.json(token, ["secrets", "set", "CLI_REFERENCE", ...DEV], "to ${shared.DOCKERHUB_USERNAME}");
    const get = ["secrets", "get", "CLI_REFERENCE", "--plain", ...DEV];
    assert.equal((await cli.run(token, get)).stdout.trim(), "to example-pull-user");
    assert.equal((await cli.run(token, [...get, "--raw"])).stdout.trim(), "to ${shared.DOCKERHUB_USERNAME}");
  });

  it("keeps a visibility that is set", async () => {
    const args = ["secrets", "set", "CLI_SHOWN", "--visibility", "unmasked", ...DEV];
    const set = await cli.json(token, args, "shown");
    assert.equal(
      (set as Record<string, { computedVisibility: string }>).CLI_SHOWN?.computedVisibility,
      "unmasked",
    );
  });

  it("downloads a config, and the second time only asks whether it has changed", async () => {
    const { key } = await emulated.mint("staging");
    emulated.emulator.resetCounters();
    const download = ["secrets", "download", "--no-file"];
    const first = await cli.run(key, download);
    const again = await cli.run(key, download);
    assert.deepEqual(JSON.parse(again.stdout), JSON.parse(first.stdout));
    assert.equal(
      (JSON.parse(first.stdout) as Record<string, string>).JWT_SECRET,
      "made-up-jwt-value-staging",
    );
    const counts = emulated.emulator.counters().byConfig["example.staging"];
    assert.deepEqual(counts?.byOutcome, { "200": 1, "304": 1 });
    emulated.emulator.setSecret("example", "staging", "CLI_CHANGED", "yes");
    const changed = await cli.run(key, download);
    assert.equal((JSON.parse(changed.stdout) as Record<string, string>).CLI_CHANGED, "yes");
  });

  it("creates, lists and revokes service tokens", async () => {
    const create = ["configs", "tokens", "create", "cli-token", "--plain", ...DEV];
    const key = (await cli.run(token, create)).stdout.trim();
    assert.match(key, /^dp\.st\.dev\.[A-Za-z0-9]{40,44}$/);
    const tokens = (await cli.json(token, ["configs", "tokens", ...DEV])) as Record<string, string>[];
    const listed = tokens.find(({ name }) => name === "cli-token");
    assert.equal(listed?.access, "read");
    assert.equal(listed.token, "", "a key is shown once, when it is made");
    assert.equal((await cli.run(key, ["secrets", "get", "JWT_SECRET", "--plain"])).code, 0);
    await cli.json(token, ["configs", "tokens", "revoke", listed.slug ?? "", ...DEV]);
    const refused = await cli.run(key, ["secrets", "get", "JWT_SECRET", "--plain"]);
    assert.equal(refused.code, 1);
    assert.match(refused.stderr, /Invalid Auth token/);
  });

  it("creates service tokens that write, and that expire", async () => {
    const args = ["configs", "tokens", "create", "cli-limited", "--access", "read/write", "--max-age", "1h"];
    const created = (await cli.json(token, [...args, ...DEV])) as Record<string, string>;
    assert.equal(created.access, "read/write");
    const hours = (Date.parse(created.expires_at ?? "") - Date.now()) / 3_600_000;
    assert.ok(hours > 0.9 && hours <= 1, `expires in ${hours} hours`);
    const written = await cli.run(created.token, ["secrets", "set", "CLI_WRITTEN"], "by a service token");
    assert.equal(written.code, 0, written.stderr);
  });

  it("runs a command with the secrets in its environment", async () => {
    const { key } = await emulated.mint("prd");
    const { code, stdout } = await cli.run(key, [
      "run",
      "--",
      "printenv",
      "SHOP_DATABASE_URL",
      "DOPPLER_CONFIG",
    ]);
    assert.equal(code, 0);
    assert.equal(stdout, "postgresql://shop.prd.example.invalid:5432/shop\nprd\n");
  });

  it("says what is missing or refused, in the API's words", async () => {
    const messages: [string | undefined, string[], RegExp][] = [
      [token, ["secrets", "--project", "nowhere", "--config", "dev"], /Could not find requested project/],
      [
        token,
        ["secrets", "--project", "example", "--config", "nowhere"],
        /Could not find requested config 'nowhere'/,
      ],
      [token, ["secrets"], /You must specify a project/],
      ["dp.st.dev.unknown", ["me"], /Invalid Auth token/],
      [
        (await emulated.mint("dev")).key,
        ["secrets", "--config", "prd"],
        /does not have access to requested config 'prd'/,
      ],
    ];
    for (const [as, args, message] of messages) {
      const { code, stderr } = await cli.run(as, args);
      assert.equal(code, 1);
      assert.match(stderr, message);
    }
  });

  it("leaves nothing of a secret or a token in the emulator's log", async () => {
    const { key } = await emulated.mint("dev");
    await cli.run(key, ["secrets", "get", "JWT_SECRET"]);
    await emulated.as(key).get("/v3/configs/config/secrets", { project: key, config: key });
    const log = JSON.stringify(emulated.log);
    assert.ok(emulated.log.length > 0);
    for (const secret of [key, token, "made-up-jwt-value-dev", "value-of-a-branch", "example-pull-user"]) {
      assert.ok(!log.includes(secret));
    }
  });
});
