import { strict as assert } from "node:assert";
import type { ResolvedApplication } from "../../../config/application";
import { resolveApplications } from "../../../config/loading";
import { ENVIRONMENTS, assertProblems, load, problemsOf } from "./project";
import { parseWith } from "./stackTables";

const SHOP = `
name: shop
namespace: { default: shop, dev: shop-dev }
environments: [dev, prd]
secrets:
  - name: shop-secrets
    from: doppler
    keys:
      dev: [STRIPE_KEY]
      default: { STRIPE_KEY: SHOP_STRIPE_KEY, tls.crt: SHOP_CERTIFICATE }
    refresh: { default: 1h, dev: 90s }
    type: { default: Opaque, prd: example.com/shop }
    labels: { team: shop, tier: { dev: test, prd: "1" } }
    annotations: { example.com/note: { dev: a note, default: "" } }
  - name: shop-shared
    from: { doppler: shared }
  - name: shop-registry
    from: doppler
    doppler: { dev: dev, prd: shared }
    registry: { server: ghcr.io, username: GHCR_USER, password: GHCR_TOKEN }
config:
  PORT: 3000
  RATIO: 1.10
  HEX: 0x1F
  DEBUG: { prd: false, dev: true }
  COUNTRY: no
  DATE: 2024-05-01
  EMPTY: ""
  QUOTED: "007"
  LINES: |
    one
    two
configMap: shop-settings
`;

const ADMIN = "name: admin\nnamespace: admin\nenvironments: [prd]\nsecrets: [{ name: all, from: doppler }]\n";

/** The Doppler config of the first Secret of the first application. */
function configOf([application]: readonly ResolvedApplication[]): string | undefined {
  const secret = application?.secrets[0];
  return secret?.source === "doppler" ? secret.config : undefined;
}

describe("resolving applications", () => {
  const applications = load({ "shop.yaml": SHOP, "team/admin.yml": ADMIN });

  it("decides every value for the stack's own environment", () => {
    assert.deepEqual(resolveApplications(applications, parseWith({})), [
      {
        name: "shop",
        namespace: "shop-dev",
        service: "shop",
        serviceAccount: "shop",
        file: "apps/shop.yaml",
        secrets: [
          {
            source: "doppler",
            name: "shop-secrets",
            config: "dev",
            keys: { STRIPE_KEY: "STRIPE_KEY" },
            refreshSeconds: 90,
            type: "Opaque",
            labels: { team: "shop", tier: "test" },
            annotations: { "example.com/note": "a note" },
          },
          {
            source: "doppler",
            name: "shop-shared",
            config: "shared",
            refreshSeconds: 60,
            type: "Opaque",
            labels: {},
            annotations: {},
          },
          {
            source: "doppler",
            name: "shop-registry",
            config: "dev",
            keys: { GHCR_USER: "GHCR_USER", GHCR_TOKEN: "GHCR_TOKEN" },
            refreshSeconds: 60,
            type: "kubernetes.io/dockerconfigjson",
            labels: {},
            annotations: {},
            registry: { server: "ghcr.io", usernameKey: "GHCR_USER", passwordKey: "GHCR_TOKEN" },
          },
        ],
        configMap: "shop-settings",
        config: {
          PORT: "3000",
          RATIO: "1.10",
          HEX: "0x1F",
          DEBUG: "true",
          COUNTRY: "no",
          DATE: "2024-05-01",
          EMPTY: "",
          QUOTED: "007",
          LINES: "one\ntwo\n",
        },
      },
    ]);
  });

  it("decides them for another environment, and picks its applications", () => {
    const [shop, admin, ...others] = resolveApplications(applications, parseWith({}), "prd");
    assert.deepEqual(others, []);
    assert.equal(shop?.namespace, "shop");
    assert.deepEqual(shop.secrets[0], {
      source: "doppler",
      name: "shop-secrets",
      config: "prd",
      keys: { STRIPE_KEY: "SHOP_STRIPE_KEY", "tls.crt": "SHOP_CERTIFICATE" },
      refreshSeconds: 3600,
      type: "example.com/shop",
      labels: { team: "shop", tier: "1" },
      annotations: { "example.com/note": "" },
    });
    assert.equal(shop.config.DEBUG, "false");
    assert.deepEqual(admin, {
      name: "admin",
      namespace: "admin",
      service: "admin",
      serviceAccount: "admin",
      file: "apps/team/admin.yml",
      secrets: [
        {
          source: "doppler",
          name: "all",
          config: "prd",
          refreshSeconds: 60,
          type: "Opaque",
          labels: {},
          annotations: {},
        },
      ],
      config: {},
    });
    assert.deepEqual(resolveApplications(applications, parseWith({}), "staging"), []);
  });

  it("takes the environment's own config from the stack", () => {
    const configuration = parseWith({ doppler: { project: "example", config: "dev_blue" } });
    const own = load({ "a.yaml": "name: a\nnamespace: a\nsecrets: [{ name: a, from: doppler }]\n" });
    assert.equal(configOf(resolveApplications(own, configuration)), "dev_blue");
  });

  it("names a ConfigMap after its application", () => {
    const [application] = resolveApplications(
      load({ "a.yaml": "name: a\nnamespace: a\nconfig: { A: b }\n" }),
      parseWith({}),
    );
    assert.equal(application?.configMap, "a-config");
  });

  it("takes aliases, comments and anchors", () => {
    const text =
      "name: &name a\nnamespace: *name # the same\nconfig: { A: &map { dev: 1, default: 2 }, B: *map }\n";
    assert.deepEqual(resolveApplications(load({ "a.yaml": text }), parseWith({}))[0]?.config, {
      A: "1",
      B: "1",
    });
  });

  it("leaves values that only look like credentials, where the file says so", () => {
    const text =
      "name: a\nnamespace: a\nconfig: { A: 'https://guest:guest@example.com' }\nnotSecret: [A, example.com/link]\n" +
      "secrets: [{ name: a, from: doppler, annotations: { example.com/link: 'https://a:bcde@example.com' } }]\n";
    const [application] = resolveApplications(load({ "a.yaml": text }), parseWith({}));
    assert.equal(application?.config.A, "https://guest:guest@example.com");
    assert.equal(application.secrets[0]?.annotations["example.com/link"], "https://a:bcde@example.com");
  });
});

describe("isolation", () => {
  const using = (fields: string, environments = ENVIRONMENTS) =>
    load({ "a.yaml": `name: a\nnamespace: a\nsecrets: [{ name: a, ${fields} }]\n` }, environments);

  it("refuses the config of another environment, and names the ways out", () => {
    const applications = using("from: doppler, doppler: prd");
    assertProblems(
      problemsOf(() => resolveApplications(applications, parseWith({}))),
      "apps/a.yaml",
      [
        [
          "3:46",
          "secrets[0].doppler",
          '"prd" for the environment dev, though it is a config of prd',
          "nothing (then it is dev's own), or a config per environment, or one that all may use (shared)",
        ],
      ],
    );
    assert.equal(configOf(resolveApplications(applications, parseWith({}), "prd")), "prd");
  });

  it("refuses a branch of another environment, in the short form and for one environment", () => {
    const applications = using("from: { doppler: { default: shared, dev: staging_eu } }");
    assertProblems(
      problemsOf(() => resolveApplications(applications, parseWith({}))),
      "apps/a.yaml",
      [
        [
          "3:63",
          "secrets[0].from.doppler.dev",
          '"staging_eu" for the environment dev, though it is a config of staging',
          "a config per environment",
        ],
      ],
    );
    assert.equal(configOf(resolveApplications(applications, parseWith({}), "prd")), "shared");
  });

  it("refuses a config that no environment has", () => {
    assertProblems(
      problemsOf(() => resolveApplications(using("from: doppler, doppler: shraed"), parseWith({}))),
      "apps/a.yaml",
      [["3:46", "secrets[0].doppler", '"shraed", a config that no environment has', "did you mean shared?"]],
    );
  });

  it("tells environments apart whose names start alike", () => {
    const environments = ["dev", "dev_eu"];
    const configuration = parseWith({ environments, environment: "dev_eu" });
    const applications = using("from: doppler, doppler: dev_eu", environments);
    assert.equal(configOf(resolveApplications(applications, configuration)), "dev_eu");
    assert.deepEqual(
      problemsOf(() => resolveApplications(applications, configuration, "dev")).map(({ found }) => found),
      ['"dev_eu" for the environment dev, though it is a config of dev_eu'],
    );
  });

  it("refuses the operator's namespace", () => {
    const applications = load({
      "a.yaml": "name: a\nnamespace: { dev: eso, default: a }\nconfig: { A: b }\n",
    });
    const configuration = parseWith({ externalSecrets: { namespace: "eso" } });
    assertProblems(
      problemsOf(() => resolveApplications(applications, configuration)),
      "apps/a.yaml",
      [
        [
          "2:19",
          "namespace.dev",
          '"eso", the namespace of the operator and of its tokens',
          "the application's own",
        ],
      ],
    );
    assert.equal(resolveApplications(applications, configuration, "prd")[0]?.namespace, "a");
  });
});
