import assert from "node:assert/strict";
import { BUSYBOX_IMAGE } from "../../../local/images/catalogue";
import { Embedded, eventually, PROJECT } from "../support/embedded";
import { everyText } from "../support/everyText";
import { serviceAccountToken, vaultLogin } from "../support/serviceAccounts";
import { ledger, MIXED, populated, PULLING } from "../support/vaultApplications";
import { VaultCluster } from "../support/vaultCluster";

const LEDGER = "ledger-dev";
const PLACEHOLDER = /^placeholder-[0-9a-f]{24}$/;

interface SecretMetadata {
  metadata: { labels?: Record<string, string>; uid: string };
}

/** The life of an environment that reads from Vault, from before Vault is ready. What a test changes, the next finds. */
describe("applications with secrets from Vault", function () {
  this.timeout(600_000);
  this.bail(true);

  const canaries: string[] = [];
  const canary = (name: string): string => {
    const value = `canary-${name}-${crypto.randomUUID()}`;
    canaries.push(value);
    return value;
  };

  let cluster: VaultCluster;
  let embedded: Embedded;

  before(async () => {
    cluster = await VaultCluster.make("vault", 8300);
    ({ embedded } = cluster);
    cluster.stack.application("ledger", ledger());
    await embedded.doppler.setSecret(PROJECT, "dev", "JWT_SECRET", canary("doppler"));
  });

  after(async () => {
    await cluster.remove();
  });

  const secret = (name: string) =>
    embedded.cluster.get<SecretMetadata>(`/api/v1/namespaces/${LEDGER}/secrets/${name}`, {
      metadataOnly: true,
    });
  const isMarked = async () =>
    (await secret("credentials"))?.metadata.labels?.["secrets-platform/placeholder"] === "true";
  const values = () => embedded.secretValues(LEDGER, "credentials");

  it("bootstraps while Vault does not answer: a labelled Secret with made-up values", async () => {
    cluster.stack.application("pulling", PULLING);
    const output = await cluster.up();
    assert.match(output, /cannot be reached.*This environment is bootstrapping/s);
    assert.match(output, /vault\.state *: "bootstrapping"/);
    assert.deepEqual(Object.keys((await values()) ?? {}).sort(), ["password", "username"]);
    for (const value of Object.values((await values()) ?? {})) assert.match(value, PLACEHOLDER);
    assert.ok(await isMarked());
    assert.deepEqual(await embedded.secretValues("pulling-dev", "registry"), {
      ".dockerconfigjson": '{"auths":{}}',
    });
  });

  it("bootstraps on while Vault is sealed, takes out what is gone, and then changes nothing", async () => {
    await cluster.vault.start();
    await cluster.vault.initialize();
    cluster.stack.application("pulling", undefined);
    assert.match(await cluster.up(), /it is sealed.*bootstrapping/s);
    assert.ok(!(await embedded.namespaces()).includes("pulling-dev"));
    assert.match(await cluster.up(), /Resources:\n\s+\d+ unchanged\n/);
  });

  it("hands over to the synced Secret without a gap once Vault is ready, and writes placeholders there", async () => {
    await cluster.vault.unseal();
    const before = (await secret("credentials"))?.metadata.uid;
    let reads = 0;
    let missing = 0;
    const done = new AbortController();
    const reader = (async () => {
      while (!done.signal.aborted) {
        const keys = Object.keys((await values()) ?? {}).sort();
        reads += 1;
        if (keys.join() !== "password,username") missing += 1;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    const output = await cluster.up();
    done.abort();
    await reader;
    assert.match(output, /vault\.state *: .*"ready"/);
    assert.ok(reads > 50, `only ${reads} reads`);
    assert.equal(missing, 0);
    assert.equal((await secret("credentials"))?.metadata.uid, before);
    const written = await cluster.vault.get("ledger/credentials");
    assert.deepEqual(await values(), written);
    for (const value of Object.values(written ?? {})) assert.match(String(value), PLACEHOLDER);
    assert.ok(await isMarked());
  });

  it("tells that placeholders stand, and fails once they have stood for too long, by name", async () => {
    assert.match(await cluster.up(), /secret\/ledger\/credentials: it has held placeholders since/);
    cluster.configure({ pendingSeconds: 60 });
    await eventually("placeholders have stood for a minute", 90, async () => {
      const metadata = (await cluster.vault.call("GET", "secret/metadata/ledger/credentials")) as {
        data: { created_time: string };
      };
      return Date.now() - Date.parse(metadata.data.created_time) > 61_000;
    });
    assert.match(
      await cluster.failingUp(),
      /secret\/ledger\/credentials: it has held placeholders since .*longer than vault\.pendingSeconds allows/,
    );
    cluster.configure({ pendingSeconds: 3600 });
  });

  it("brings real values into the Secret within the refresh, and takes the mark off with the next update", async () => {
    const real = { username: canary("username"), password: canary("password") };
    await cluster.vault.put("ledger/credentials", real);
    const seconds = await eventually("the real values in the Secret", 25, async () => {
      return (await values())?.["password"] === real.password;
    });
    assert.ok(seconds < 20, `${seconds} s`);
    await cluster.up();
    assert.ok(!(await isMarked()));
    assert.deepEqual(await values(), real);
  });

  it("changes nothing in a second update, nor in a preview with refresh", async () => {
    assert.match(await cluster.up(), /Resources:\n\s+\d+ unchanged\n/);
    const { code, output } = await cluster.stack.preview(["--refresh"], {
      environment: cluster.environment(),
    });
    assert.equal(code, 0, output);
    assert.match(output, /Resources:\n\s+\d+ unchanged\n/);
  });

  it("never writes a placeholder over a value, though it came between preview and update", async () => {
    cluster.stack.application("late", ledger().replaceAll("ledger", "late"));
    const { output } = await cluster.stack.preview([], { environment: cluster.environment() });
    assert.match(output, /VaultPlaceholder.*create|\+ secrets-platform:vault:VaultPlaceholder/);
    const real = { username: canary("late-username"), password: canary("late-password") };
    await cluster.vault.put("late/credentials", real);
    await cluster.up();
    assert.deepEqual(await cluster.vault.get("late/credentials"), real);
    assert.deepEqual(await embedded.secretValues("late-dev", "credentials"), real);
    cluster.stack.application("late", undefined);
    await cluster.up();
    assert.deepEqual(await cluster.vault.get("late/credentials"), real, "a value in Vault was removed");
    assert.ok(!(await embedded.namespaces()).includes("late-dev"));
  });

  it("gives one application secrets from both sources, in one namespace", async () => {
    await cluster.vault.put("mixed/api-keys", { payment: canary("payment"), other: canary("other") });
    cluster.stack.application("mixed", MIXED);
    await cluster.up();
    assert.deepEqual(await embedded.secretValues("mixed-dev", "api-keys"), { PAYMENT_KEY: canaries.at(-2) });
    assert.deepEqual(await embedded.secretValues("mixed-dev", "mixed-doppler"), { JWT_SECRET: canaries[0] });
  });

  it("fails an update that asks for a key that Vault lacks, and the Secret keeps its value", async () => {
    const before = await embedded.secretValues("mixed-dev", "api-keys");
    cluster.stack.application("mixed", MIXED.replace("payment }", "paymnt }"));
    const output = await cluster.failingUp();
    assert.match(output, /VaultStaticSecret mixed-dev\/api-keys \(path mixed\/api-keys\): .*no key.*paymnt/);
    assert.deepEqual(await embedded.secretValues("mixed-dev", "api-keys"), before);
    cluster.stack.application("mixed", MIXED);
    await cluster.up();
  });

  it("fills a secret once, with a Job that may write nothing else", async () => {
    const license = canary("license");
    const login = `wget -qO- --header 'Content-Type: application/json' --post-data "{\\"role\\":\\"$VAULT_ROLE\\",\\"jwt\\":\\"$(cat $VAULT_JWT_FILE)\\"}" $VAULT_ADDR/v1/auth/$VAULT_AUTH_PATH/login`;
    const write = (path: string) =>
      `wget -qO- --header "X-Vault-Token: $token" --post-data '{"options":{"cas":'$VAULT_CAS'},"data":{"license":"'$(cat /proc/sys/kernel/random/uuid)'"}}' $VAULT_ADDR/v1/$VAULT_MOUNT/data/${path}`;
    const script = [
      `token=$(${login} | sed 's/.*"client_token":"\\([^"]*\\)".*/\\1/')`,
      `if ${write("ledger/credentials")} 2>/dev/null; then exit 3; fi`,
      write("$VAULT_PATH"),
    ].join("\n");
    assert.ok(!script.includes(license));
    cluster.stack.application("filled", populated(BUSYBOX_IMAGE, script));
    await cluster.up();
    const filled = await cluster.vault.get("filled/config");
    assert.match(String(filled?.["license"]), /^[0-9a-f-]{36}$/);
    await eventually("the filled value in the Secret", 25, async () => {
      return (await embedded.secretValues("filled-dev", "config"))?.["license"] === filled?.["license"];
    });
    await cluster.vault.put("filled/config", { license });
    cluster.stack.application("filled", populated(BUSYBOX_IMAGE, `${script}\necho again`));
    await cluster.up();
    assert.deepEqual(await cluster.vault.get("filled/config"), { license }, "the Job ran a second time");
    assert.match(await cluster.up(), /Resources:\n\s+\d+ unchanged\n/);
    cluster.stack.application("filled", undefined);
    await cluster.up();
  });

  it("gives what was granted and nothing beside it, and cuts it off at once when the grant goes", async () => {
    await cluster.vault.put("shared/smtp", { password: canary("smtp") });
    await cluster.vault.put("shared/dns", { password: canary("dns") });
    cluster.stack.application("ledger", ledger(["smtp"]));
    await cluster.up();
    assert.deepEqual(await embedded.secretValues(LEDGER, "smtp"), { password: canaries.at(-2) });
    const jwt = await serviceAccountToken(embedded, LEDGER, "ledger");
    const token = await vaultLogin(cluster.vault.address, "dev-ledger", jwt);
    assert.equal(await cluster.vault.statusFor(token, "shared/smtp"), 200);
    assert.equal(await cluster.vault.statusFor(token, "shared/dns"), 403);
    cluster.stack.application("ledger", ledger());
    await cluster.up();
    assert.equal(
      await cluster.vault.statusFor(token, "shared/smtp"),
      403,
      "the token that is out still reads",
    );
    assert.equal(await cluster.vault.statusFor(token, "ledger/credentials"), 200);
    assert.equal(await embedded.secretValues(LEDGER, "smtp"), undefined);
  });

  it("makes the operator log in again when the list of the role's policies changes", async () => {
    await cluster.vault.call("PUT", "sys/policies/acl/audit-read", {
      policy: 'path "audit/*" { capabilities = ["read"] }',
    });
    const loggedIn = async (): Promise<boolean> =>
      [...(await cluster.vault.loginsOf("dev-ledger")).values()].some((policies) =>
        policies.includes("audit-read"),
      );
    assert.equal(await loggedIn(), false);
    cluster.configure({ policies: ["audit-read"] });
    await cluster.up();
    await eventually("a login of the operator with the new list", 40, loggedIn);
  });

  it("uses a ServiceAccount that is there, and neither changes nor deletes it", async () => {
    await embedded.cluster.create("/api/v1/namespaces", { metadata: { name: "own-account-dev" } });
    const account = "/api/v1/namespaces/own-account-dev/serviceaccounts/own-account";
    await embedded.cluster.create("/api/v1/namespaces/own-account-dev/serviceaccounts", {
      metadata: { name: "own-account", labels: { "app.kubernetes.io/managed-by": "Helm" } },
    });
    const before = await embedded.cluster.get(account);
    await cluster.vault.put("own-account/credentials", { username: "x", password: canary("own") });
    cluster.stack.application("own-account", ledger().replaceAll("ledger", "own-account"));
    await cluster.up();
    assert.equal(
      (await embedded.secretValues("own-account-dev", "credentials"))?.["password"],
      canaries.at(-1),
    );
    cluster.stack.application("own-account", undefined);
    await cluster.up();
    assert.deepEqual(await embedded.cluster.get(account), before);
    await embedded.removeNamespaces(["own-account-dev"]);
  });

  it("lets no other namespace use an application's VaultAuth", async () => {
    await embedded.cluster.create("/api/v1/namespaces", { metadata: { name: "thief" } });
    const path = "/apis/secrets.hashicorp.com/v1beta1/namespaces/thief/vaultstaticsecrets";
    await embedded.cluster.create(path, {
      apiVersion: "secrets.hashicorp.com/v1beta1",
      kind: "VaultStaticSecret",
      metadata: { name: "stolen" },
      spec: {
        vaultAuthRef: `${LEDGER}/ledger`,
        mount: "secret",
        type: "kv-v2",
        path: "ledger/credentials",
        refreshAfter: "10s",
        destination: { name: "stolen", create: true },
      },
    });
    await eventually("the operator's refusal", 30, async () => {
      const events = await embedded.cluster.list<{ message?: string; type?: string }>(
        "/api/v1/namespaces/thief/events",
      );
      return events.some(({ type, message = "" }) => type === "Warning" && message.includes("not allowed"));
    });
    assert.equal(await embedded.secretValues("thief", "stolen"), undefined);
    await embedded.cluster.delete(`${path}/stolen`);
    await embedded.removeNamespaces(["thief"]);
  });

  it("leaves no value in plain text in state, output, logs or Helm's release", async () => {
    const texts = await everyText(embedded);
    for (const value of [...canaries, cluster.vault.token]) {
      for (const needle of [value, Buffer.from(value).toString("base64")]) {
        const found = [...texts].filter(([, text]) => text.includes(needle)).map(([place]) => place);
        assert.deepEqual(found, []);
      }
    }
  });

  it("destroys what it made in the cluster and in Vault, and leaves every value in Vault", async () => {
    const { code, output } = await cluster.stack.destroy({ environment: cluster.environment() });
    assert.equal(code, 0, output);
    assert.ok(!(await embedded.namespaces()).some((name) => /-dev$|^vault-|^external-/.test(name)));
    const { data } = (await cluster.vault.call("GET", "sys/policies/acl?list=true")) as {
      data: { keys: string[] };
    };
    assert.deepEqual(
      data.keys.filter((name) => name.startsWith("dev-")),
      [],
    );
    assert.equal((await cluster.vault.get("ledger/credentials"))?.["username"], canaries[1]);
    assert.ok(await cluster.vault.get("filled/config"));
  });
});
