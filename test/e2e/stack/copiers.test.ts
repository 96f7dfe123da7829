import assert from "node:assert/strict";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BUSYBOX_IMAGE } from "../../../local/images/catalogue";
import { CHECKOUT } from "../../../local/node/instance";
import { Completed, run } from "../../../local/process/run";
import { Embedded, eventually } from "../support/embedded";
import { VaultCluster } from "../support/vaultCluster";

const SOURCE = "copiers-source";
const TARGETS = ["copiers-billing", "copiers-shop"] as const;
const NAMESPACES = [SOURCE, ...TARGETS];

/** Copies a Secret into each namespace that a variable names. */
const SCRIPT = `for namespace in $TARGETS; do
  kubectl get secret "$SECRET" --namespace ${SOURCE} --output yaml |
    sed "s/namespace: ${SOURCE}/namespace: $namespace/" |
    kubectl apply -f -
done
`;

/** From Secrets that a CronJob copies to Secrets that each namespace pulls, in the four phases that the command tells. */
describe("npm run migrate -- copiers", function () {
  this.timeout(600_000);
  this.bail(true);

  const canary = `canary-${crypto.randomUUID()}`;
  const values = { username: "copied", password: canary };
  const folder = mkdtempSync(join(tmpdir(), "copiers-"));
  const apps = join(folder, "apps");
  const script = join(folder, "deploy.sh");

  let cluster: VaultCluster;
  let embedded: Embedded;

  /** Runs the command on the embedded cluster. Whatever it prints holds no value. */
  async function migrate(...words: string[]): Promise<Completed> {
    const { context, kubeconfig } = embedded.target.kubernetes;
    const completed = await run(
      process.execPath,
      [
        ...["-r", "ts-node/register/transpile-only", "cli/migrate.ts", "copiers", "--context", context],
        ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig]),
        ...words,
      ],
      { cwd: CHECKOUT, environment: { ...process.env, ...cluster.environment() }, timeout: 60_000 },
    );
    for (const needle of [canary, Buffer.from(canary).toString("base64")])
      assert.ok(!`${completed.stdout}${completed.stderr}`.includes(needle), "a value was shown");
    return completed;
  }

  /** Checks a phase: its exit code, and what is left of it in the namespaces of this test. */
  async function check(phase: number, ...words: string[]): Promise<{ code: number; left: string[] }> {
    const { code, stdout, stderr } = await migrate("--check", String(phase), "--json", ...words);
    assert.equal(stderr, "");
    const { left } = JSON.parse(stdout) as { left: string[] };
    return { code, left };
  }

  const create = (namespace: string, api: string, collection: string, name: string, body: object) =>
    embedded.cluster.create(`${api}/namespaces/${namespace}/${collection}`, { metadata: { name }, ...body });

  before(async () => {
    cluster = await VaultCluster.make("copiers", 8320);
    ({ embedded } = cluster);
    await cluster.startVault();
    await cluster.vault.call("POST", "sys/mounts/secret", { type: "kv", options: { version: "2" } });
    for (const namespace of NAMESPACES) {
      await embedded.cluster.create("/api/v1/namespaces", { metadata: { name: namespace } });
      await create(namespace, "/api/v1", "secrets", "database", { stringData: values });
    }
    const container = { name: "main", image: BUSYBOX_IMAGE };
    for (const namespace of TARGETS) {
      const envFrom = [{ secretRef: { name: "database" } }];
      const template = {
        metadata: { labels: { app: "web" } },
        spec: { containers: [{ ...container, envFrom }] },
      };
      await create(namespace, "/apis/apps/v1", "deployments", "web", {
        spec: { replicas: 0, selector: { matchLabels: { app: "web" } }, template },
      });
    }
    await create(SOURCE, "/api/v1", "configmaps", "copier", { data: { "copy.sh": SCRIPT } });
    const env = [
      { name: "SECRET", value: "database" },
      { name: "TARGETS", value: TARGETS.join(" ") },
    ];
    const spec = {
      restartPolicy: "Never",
      volumes: [{ name: "scripts", configMap: { name: "copier" } }],
      containers: [
        {
          ...container,
          env,
          command: ["sh", "/scripts/copy.sh"],
          volumeMounts: [{ name: "scripts", mountPath: "/scripts" }],
        },
      ],
    };
    await create(SOURCE, "/apis/batch/v1", "cronjobs", "copier", {
      spec: { schedule: "0 0 1 1 *", suspend: true, jobTemplate: { spec: { template: { spec } } } },
    });
    await cluster.vault.call("PUT", "sys/policies/acl/old-web", {
      policy: 'path "secret/data/*" { capabilities = ["read"] }',
    });
    writeFileSync(script, `kubectl create secret generic database \\\n  --from-literal=password=${canary}\n`);
  });

  after(async () => {
    rmSync(folder, { recursive: true });
    await embedded.removeNamespaces(NAMESPACES);
    await cluster.remove();
  });

  it("reports what is copied, by whom, and who uses it, and writes the files that take its place", async () => {
    const { code, stdout, stderr } = await migrate(
      ...[
        "--scripts",
        folder,
        "--environment",
        cluster.stack.values["environment"] as string,
        "--write",
        apps,
      ],
    );
    assert.equal(code, 0, stderr);
    for (const target of TARGETS)
      assert.match(
        stdout,
        new RegExp(`database +${target} +a copy +the same +shared/database +Deployment/web`),
      );
    assert.match(
      stdout,
      new RegExp(`CronJob ${SOURCE}/copier: copies database from ${SOURCE} to ${TARGETS.join(", ")}`),
    );
    assert.match(stdout, /policy old-web: "secret\/data\/\*" opens several/);
    assert.match(stdout, /deploy\.sh:1: creates database/);
    assert.deepEqual(readdirSync(apps), NAMESPACES.map((namespace) => `${namespace}.yaml`).sort());
  });

  it("writes over nothing", async () => {
    const { code, stderr } = await migrate("--write", apps);
    assert.equal(code, 1);
    assert.match(stderr, /already there, so nothing was written/);
  });

  it("phase 1 is done once the CronJob is gone", async () => {
    const before = await check(1);
    assert.equal(before.code, 1);
    assert.match(before.left.join("\n"), new RegExp(`CronJob ${SOURCE}/copier`));
    await embedded.cluster.delete(`/apis/batch/v1/namespaces/${SOURCE}/cronjobs/copier`);
    assert.deepEqual(await check(1), { code: 0, left: [] });
  });

  it("phase 2 is done once the files that were written are in use, and no pod's Secret was ever gone", async () => {
    const before = await check(2);
    assert.equal(before.code, 1);
    assert.deepEqual(
      before.left.map((line) => line.split(":", 1)[0]),
      NAMESPACES.map((namespace) => `Secret ${namespace}/database`).sort(),
    );
    const identity = async () =>
      (
        await embedded.cluster.get(`/api/v1/namespaces/${TARGETS[0]}/secrets/database`, {
          metadataOnly: true,
        })
      )?.metadata.uid;
    const present = await identity();
    await cluster.vault.put("shared/database", values);
    for (const namespace of NAMESPACES)
      cluster.stack.application(namespace, readFileSync(join(apps, `${namespace}.yaml`), "utf8"));
    await cluster.up();
    assert.deepEqual(await check(2), { code: 0, left: [] });
    assert.equal(await identity(), present);
    const changed = { ...values, username: "pulled" };
    await cluster.vault.put("shared/database", changed);
    await eventually("the changed value in every namespace", 60, async () => {
      const all = await Promise.all(
        NAMESPACES.map((namespace) => embedded.secretValues(namespace, "database")),
      );
      return all.every((found) => found?.["username"] === changed.username && found["password"] === canary);
    });
  });

  it("phase 3 is done once no policy is wide", async () => {
    const before = await check(3);
    assert.equal(before.code, 1);
    assert.equal(before.left.length, 1, before.left.join("\n"));
    assert.equal((await check(3, "--keep-policy", "old-web")).code, 0);
    await cluster.vault.call("DELETE", "sys/policies/acl/old-web");
    assert.deepEqual(await check(3), { code: 0, left: [] });
  });

  it("phase 4 is done once no script makes a Secret", async () => {
    const before = await check(4, "--scripts", folder);
    assert.deepEqual(before, { code: 1, left: [`${script}:1: creates database`] });
    writeFileSync(script, "kubectl rollout status deployment/web\n");
    assert.deepEqual(await check(4, "--scripts", folder), { code: 0, left: [] });
  });

  it("and nothing is left of the stack", async () => {
    const { code, output } = await cluster.stack.destroy({ environment: cluster.environment() });
    assert.equal(code, 0, output);
  });
});
