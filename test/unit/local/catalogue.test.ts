import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { partNamed } from "../../../local/parts/catalogue";
import { environmentVariable } from "../../../local/parts/environment";
import { PART_NAMES } from "../../../local/parts/part";

const FOLDER = join(__dirname, "../../../local/parts");

/** The Go module that tells the version of a part. */
const MODULES = {
  pulumi: "github.com/pulumi/pulumi/pkg/v3",
  kubernetes: "k8s.io/kubernetes",
  etcd: "go.etcd.io/etcd/server/v3",
  "external-secrets": "github.com/external-secrets/external-secrets",
  "vault-secrets-operator": "github.com/hashicorp/vault-secrets-operator",
  "kube-rbac-proxy": "github.com/brancz/kube-rbac-proxy",
  actionlint: "github.com/rhysd/actionlint",
} as const;

describe("the catalogue of parts", () => {
  it("has every part, under a name of its own", () => {
    assert.deepEqual(
      PART_NAMES.map((name) => partNamed(name).name),
      [...PART_NAMES],
    );
  });

  for (const [name, module] of Object.entries(MODULES) as [keyof typeof MODULES, string][]) {
    it(`has the version of ${name} that its go.mod requires`, async () => {
      const text = await readFile(join(FOLDER, name, "go.mod"), "utf8");
      const required = text
        .split("\n")
        .map((line) =>
          line
            .replace(/^require /, "")
            .trim()
            .split(" "),
        )
        .find(([path]) => path === module);
      assert.equal(required?.[1], `v${partNamed(name).version}`);
    });
  }

  it("has the version of the Kubernetes provider that the npm package has", async () => {
    const { dependencies } = JSON.parse(await readFile(join(FOLDER, "../../package.json"), "utf8")) as {
      dependencies: Record<string, string>;
    };
    assert.equal(partNamed("pulumi-kubernetes").version, dependencies["@pulumi/kubernetes"]);
    assert.equal(partNamed("pulumi").version, dependencies["@pulumi/pulumi"]);
  });

  it("pins every wheel by its hash", () => {
    const hashes = PART_NAMES.map((name) => partNamed(name).recipe)
      .filter((recipe) => recipe.kind === "wheel")
      .map((recipe) => recipe.hashes);
    assert.ok(hashes.length > 0);
    for (const of of hashes) {
      assert.ok(of.length > 0);
      for (const hash of of) assert.match(hash, /^[0-9a-f]{64}$/);
    }
  });

  it("names the variable of a part", () => {
    assert.equal(environmentVariable("pulumi-kubernetes"), "SECRETS_PLATFORM_PULUMI_KUBERNETES");
  });
});
