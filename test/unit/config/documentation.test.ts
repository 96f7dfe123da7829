import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { loadProject, resolveApplications } from "../../../config/loading";
import { ENVIRONMENTS, inProject } from "./project";

const ROOT = join(__dirname, "..", "..", "..");
const PREFIX = "secrets-platform:";
const VALUES = {
  environments: ENVIRONMENTS,
  kubernetes: { context: "kind" },
  doppler: { project: "example" },
  vault: { address: "https://vault.example:8200" },
  secretsService: { image: "registry.example/secrets-service:1" },
};

/** An application that examples may speak of. */
const APPLICATION = `name: shop
namespace: { default: shop, dev: shop-dev, staging: shop-staging }
config: { PORT: 3000 }
`;

/** The YAML examples of a page. */
function examples(page: string): string[] {
  const text = readFileSync(join(ROOT, "docs", page), "utf8");
  return [...text.matchAll(/^```yaml\n(.*?)^```$/gms)].map(([, example]) => example ?? "");
}

function titleOf(example: string): string | undefined {
  return /^# (\S+)\n/.exec(example)?.[1];
}

describe("the documentation", () => {
  it("has application files that are right, together on one cluster", () => {
    const pages = examples("apps.md").flatMap((example): [string, string][] => {
      const file = titleOf(example);
      return file === undefined ? [] : [[file, example]];
    });
    assert.ok(pages.length >= 4);
    const values = { ...VALUES, cluster: { environments: ENVIRONMENTS } };
    const { configuration, applications } = inProject(Object.fromEntries(pages), (folder) =>
      loadProject({ stack: "dev", values, folder }),
    );
    assert.equal(applications.length, pages.length);
    for (const environment of ENVIRONMENTS) {
      assert.equal(resolveApplications(applications, configuration, environment).length, pages.length);
    }
  });

  it("has stack files that are right", () => {
    const files = examples("configuration.md");
    assert.ok(files.length >= 4);
    for (const example of files) {
      const stack =
        /^Pulumi\.(\w+)\.yaml$/.exec(titleOf(example) ?? "")?.[1] ?? assert.fail("no stack's file");
      const { config } = parse(example) as { config: Record<string, unknown> };
      const entries = Object.entries(config).map(([key, value]) => [key.slice(PREFIX.length), value]);
      const values = { environments: ENVIRONMENTS, ...Object.fromEntries(entries) } as Record<
        string,
        unknown
      >;
      const { configuration } = inProject({ "apps/shop.yaml": APPLICATION }, (folder) =>
        loadProject({ stack, values, folder }),
      );
      assert.equal(configuration.environment, stack);
    }
  });

  it("consumes Secrets, ConfigMaps and keys that the example applications have", () => {
    const { configuration, applications } = loadProject({ stack: "prd", values: VALUES, folder: ROOT });
    const resolved = resolveApplications(applications, configuration);
    const manifests = examples("apps.md").filter((example) => titleOf(example) === undefined);
    assert.equal(manifests.length, 2);
    for (const text of manifests) {
      const { metadata } = parse(text) as { metadata: { namespace: string } };
      const application = resolved.find(({ namespace }) => namespace === metadata.namespace);
      assert.ok(application !== undefined, text);
      const secrets = [...text.matchAll(/(?:secretRef|secretKeyRef): \{ name: ([\w-]+)(?:, key: (\w+))?/g)];
      const configMaps = [
        ...text.matchAll(/(?:configMapRef|configMapKeyRef): \{ name: ([\w-]+)(?:, key: (\w+))?/g),
      ];
      assert.ok(secrets.length > 0 && configMaps.length > 0);
      for (const [, name, key] of secrets) {
        const secret = application.secrets.find((candidate) => candidate.name === name);
        assert.ok(secret !== undefined, name);
        assert.ok(key === undefined || Object.keys(secret.keys ?? {}).includes(key), key);
      }
      for (const [, name, key] of configMaps) {
        assert.equal(application.configMap, name);
        assert.ok(key === undefined || key in application.config, key);
      }
    }
  });
});
