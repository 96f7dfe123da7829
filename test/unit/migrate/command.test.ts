import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { PROJECT_FOLDER } from "../../../cli/stackConfiguration";
import { inProject } from "../config/project";

const CANARY = `canary-${crypto.randomUUID()}`;

const FILES = {
  "deploy/secrets.yaml": `
apiVersion: v1
kind: List
items:
  - { kind: Secret, metadata: { namespace: a, name: db }, stringData: { password: ${CANARY} } }
  - { kind: Secret, metadata: { namespace: b, name: db }, stringData: { password: ${CANARY} } }
---
kind: Secret
metadata: { namespace: c, name: db }
data: { password: ${Buffer.from(CANARY).toString("base64")} }
`,
  "clean/pod.yaml": "kind: Pod\n",
  "broken/secret.yaml": `kind: Secret\nstringData: { password: "${CANARY} }\n`,
  "ci/deploy.sh": `kubectl create secret generic db -n a --from-literal=password=${CANARY}\n`,
  "none/deploy.sh": "kubectl get pods\n",
};

function migrate(folder: string, ...words: string[]): { code: number | null; output: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ["-r", "ts-node/register/transpile-only", join(PROJECT_FOLDER, "cli/migrate.ts"), "copiers", ...words],
    {
      cwd: folder,
      encoding: "utf8",
      env: {
        ...process.env,
        VAULT_ADDR: "",
        TS_NODE_PROJECT: join(PROJECT_FOLDER, "tsconfig.json"),
        NODE_PATH: join(PROJECT_FOLDER, "node_modules"),
      },
    },
  );
  assert.ok(!`${stdout}${stderr}`.includes(CANARY), "a value was shown");
  return { code: status, output: stdout + stderr };
}

const calls: readonly (readonly [words: string, code: number, output: RegExp])[] = [
  [
    "--manifests deploy --scripts ci",
    0,
    /db +c +a copy +the same +shared\/db[^]*ci\/deploy\.sh:1: creates db in a/,
  ],
  ["--manifests deploy --check 1", 0, /phase 1 .*: done/],
  ["--manifests broken", 0, /Not read:\n {2}broken\/secret\.yaml:\d+: no plain YAML/],
  ["--manifests broken --check 1", 1, /1 left\n {2}could not be read: broken\/secret\.yaml/],
  ["--check 3", 1, /not known: .*VAULT_ADDR/],
  ["--check 4 --scripts ci", 1, /1 left\n {2}ci\/deploy\.sh:1: creates db in a/],
  ["--check 4 --scripts none", 0, /done/],
  ["--manifests clean", 0, /No Secret was found/],
  ["--manifests nowhere", 1, /--manifests nowhere: cannot be read \(ENOENT\)/],
  ["--context nobody --kubeconfig nowhere", 1, /cannot read nowhere/],
  ["", 2, /nothing to read/],
  ["--check 2 --manifests deploy", 2, /--check 2 without --context/],
  ["--check 4", 2, /without --scripts/],
  ["--check 5", 2, /Write 1, 2, 3 or 4/],
  ["--kubeconfig x", 2, /--kubeconfig without --context/],
  ["--manifests deploy --context x", 2, /cannot be used/],
  ["--manifests deploy --check 1 --write x", 2, /cannot be used/],
];

describe("npm run migrate -- copiers", function () {
  this.timeout(60_000);

  for (const [words, code, output] of calls) {
    it(`${words || "without anything"}: ${code}`, () => {
      inProject(FILES, (folder) => {
        const result = migrate(folder, ...words.split(" ").filter(Boolean));
        assert.match(result.output, output);
        assert.equal(result.code, code, result.output);
      });
    });
  }

  it("--json: the same for machines", () => {
    inProject(FILES, (folder) => {
      const report = JSON.parse(migrate(folder, "--manifests", "deploy", "--json").output) as {
        phases: { phase: number; left?: string[] }[];
        applications: { file: string }[];
      };
      assert.deepEqual(
        report.phases.map(({ phase }) => phase),
        [1, 2, 3, 4],
      );
      assert.deepEqual(
        report.applications.map(({ file }) => file),
        ["a.yaml", "b.yaml", "c.yaml"],
      );
      const check = JSON.parse(migrate(folder, "--check", "4", "--scripts", "ci", "--json").output) as object;
      assert.equal((check as { done: boolean }).done, false);
    });
  });
});
