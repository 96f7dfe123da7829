import { strict as assert } from "node:assert";
import type { ResolvedSecret } from "../../../config/application";
import { resolveApplications } from "../../../config/loading";
import { assertProblems, load, problemsOf } from "./project";
import { parseWith } from "./stackTables";

const ADDRESS = "https://vault.example:8200";
const CONFIGURATION = parseWith({ vault: { address: ADDRESS } });

const CERTIFICATES = `
name: cert-manager
namespace: { default: cert-manager, dev: cert-manager-dev }
service: { default: certificates, dev: certificates-dev }
serviceAccount: { default: cert-manager, dev: issuer }
restart: [Deployment/cert-manager, DaemonSet/probe]
secrets:
  - name: credentials
    from: vault
    placeholder: [username, password]
    populate: { image: "registry.example/fill@sha256:0a1b", command: [sh, -c, "./fill credentials"] }
  - name: ovh-dns
    from: { vault: shared/ovh-dns }
    keys: { OVH_KEY: key, OVH_SECRET: application.secret }
    refresh: { default: 1h, dev: 10s }
    type: example.com/dns
    labels: { team: { default: dns, dev: test } }
    annotations: { example.com/note: a note }
    restart: [StatefulSet/dns]
  - name: own
    from: vault
    vault: { default: certificates/team/own, dev: infrastructure/own }
    keys: [tls.crt]
`;

const MIXED = `
name: mixed
namespace: mixed
secrets:
  - { name: all, from: doppler }
  - { name: config, from: vault }
`;

describe("resolving Secrets from Vault", () => {
  const applications = load({ "a.yaml": CERTIFICATES, "b.yaml": MIXED });

  it("decides every value for the stack's own environment", () => {
    const [certificates] = resolveApplications(applications, CONFIGURATION);
    const plain = { source: "vault", type: "Opaque", labels: {}, annotations: {} };
    assert.deepEqual(certificates, {
      name: "cert-manager",
      namespace: "cert-manager-dev",
      service: "certificates-dev",
      serviceAccount: "issuer",
      file: "apps/a.yaml",
      secrets: [
        {
          ...plain,
          name: "credentials",
          path: "certificates-dev/credentials",
          granted: false,
          refreshSeconds: 30,
          placeholder: ["username", "password"],
          populate: {
            image: "registry.example/fill@sha256:0a1b",
            command: ["sh", "-c", "./fill credentials"],
          },
          restart: [
            { kind: "Deployment", name: "cert-manager" },
            { kind: "DaemonSet", name: "probe" },
          ],
        },
        {
          source: "vault",
          name: "ovh-dns",
          path: "shared/ovh-dns",
          granted: true,
          keys: { OVH_KEY: "key", OVH_SECRET: "application.secret" },
          refreshSeconds: 10,
          type: "example.com/dns",
          labels: { team: "test" },
          annotations: { "example.com/note": "a note" },
          restart: [{ kind: "StatefulSet", name: "dns" }],
        },
        {
          ...plain,
          name: "own",
          path: "infrastructure/own",
          granted: true,
          keys: { "tls.crt": "tls.crt" },
          refreshSeconds: 30,
          restart: [
            { kind: "Deployment", name: "cert-manager" },
            { kind: "DaemonSet", name: "probe" },
          ],
        },
      ],
      config: {},
    });
  });

  it("decides them for another environment, whose configuration for Vault its own stack has", () => {
    const [certificates] = resolveApplications(applications, parseWith({}), "prd");
    const paths = (certificates?.secrets ?? []).map((secret) =>
      secret.source === "vault" ? [secret.path, secret.granted, secret.refreshSeconds] : [],
    );
    assert.deepEqual(paths, [
      ["certificates/credentials", false, 30],
      ["shared/ovh-dns", true, 3600],
      ["certificates/team/own", false, 30],
    ]);
    assert.equal(certificates?.serviceAccount, "cert-manager");
  });

  it("takes both sources in one application, each with its own defaults", () => {
    const [, mixed] = resolveApplications(applications, CONFIGURATION);
    const common = { type: "Opaque", labels: {}, annotations: {} };
    const expected: ResolvedSecret[] = [
      { source: "doppler", name: "all", config: "dev", refreshSeconds: 60, ...common },
      {
        source: "vault",
        name: "config",
        path: "mixed/config",
        granted: false,
        refreshSeconds: 30,
        restart: [],
        ...common,
      },
    ];
    assert.deepEqual(mixed?.secrets, expected);
    assert.equal(mixed.service, "mixed");
    assert.equal(mixed.serviceAccount, "mixed");
  });
});

describe("isolation in Vault", () => {
  const reading = (from: string) =>
    load({ "a.yaml": `name: shop\nnamespace: shop\nsecrets: [{ name: a, from: ${from} }]\n` });

  it("refuses Vault to the applications of a stack that has no configuration for it", () => {
    const twice =
      "name: shop\nnamespace: shop\nsecrets: [{ name: config, from: vault }, { name: api-keys, from: vault }]\n";
    assertProblems(
      problemsOf(() => resolveApplications(load({ "a.yaml": twice }), parseWith({}))),
      "apps/a.yaml",
      [
        [
          "3:33",
          "secrets[0].from",
          "a Secret from Vault in dev, whose stack has no configuration for Vault",
          "`vault: { address: https://vault.example:8200 }` in Pulumi.dev.yaml",
        ],
      ],
    );
    const elsewhere = load({
      "a.yaml": twice.replace("namespace: shop", "namespace: shop\nenvironments: [prd]"),
    });
    assert.deepEqual(resolveApplications(elsewhere, parseWith({})), []);
  });

  for (const path of ["legacy/db", "shop", "shop-eu/db", "shared", "data/shop/db"]) {
    it(`refuses ${path}, and names the three ways out`, () => {
      assertProblems(
        problemsOf(() => resolveApplications(reading(`{ vault: ${path} }`), CONFIGURATION)),
        "apps/a.yaml",
        [
          [
            "3:37",
            "secrets[0].from.vault",
            `"${path}", which is not the application's own in dev`,
            "shop/... for what is its own, shared/... or infrastructure/... for what several applications read, " +
              `or \`grants: { "${path}": [shop] }\` under \`vault\` in Pulumi.dev.yaml`,
          ],
        ],
      );
    });
  }

  it("refuses such a path in one environment", () => {
    const applications = reading("{ vault: { default: shop/db, dev: legacy/db } }");
    assert.deepEqual(
      problemsOf(() => resolveApplications(applications, CONFIGURATION)).map(({ path }) => path),
      ["secrets[0].from.vault.dev"],
    );
    const prd = parseWith({ environment: "prd", vault: { address: ADDRESS } });
    assert.equal(resolveApplications(applications, prd).length, 1);
  });

  it("takes a path that is granted, by exactly this application", () => {
    const granting = (path: string, name: string) =>
      parseWith({ vault: { address: ADDRESS, grants: { [path]: [name] } } });
    const applications = reading("{ vault: legacy/db }");
    const [secret] = resolveApplications(applications, granting("legacy/db", "shop"))[0]?.secrets ?? [];
    assert.ok(secret?.source === "vault" && secret.granted && secret.path === "legacy/db");
    for (const configuration of [granting("legacy/db", "other"), granting("legacy", "shop")])
      problemsOf(() => resolveApplications(applications, configuration));
  });

  it("takes no property that every object has for a grant", () => {
    problemsOf(() => resolveApplications(reading("{ vault: constructor }"), CONFIGURATION));
  });

  it("refuses the namespace of the operator", () => {
    const applications = load({ "a.yaml": "name: a\nnamespace: vso\nconfig: { A: b }\n" });
    const configuration = parseWith({ vaultSecretsOperator: { namespace: "vso" } });
    assertProblems(
      problemsOf(() => resolveApplications(applications, configuration)),
      "apps/a.yaml",
      [["2:12", "namespace", '"vso", the namespace of Vault Secrets Operator', "the application's own"]],
    );
  });
});

describe("subtrees in Vault", () => {
  const application = (name: string, fields: string, from = "vault") =>
    `name: ${name}\nnamespace: ${name}\n${fields}secrets: [{ name: config, from: ${from} }]\n`;

  it("are refused to two applications in one environment", () => {
    const files = {
      "a.yaml": application("a", ""),
      "b.yaml": application("b", "service: { default: b, prd: a }\n"),
    };
    assertProblems(
      problemsOf(() => load(files)),
      "apps/b.yaml",
      [
        [
          "3:29",
          "service.prd",
          "the subtree a/ in Vault, which apps/a.yaml:1:1 declares too, in prd",
          "another `service`: each of the two could read the other's secrets",
        ],
      ],
    );
  });

  it("are told apart from ServiceAccounts, of which every application has one of its own", () => {
    const files = {
      "a.yaml": application("a", "").replace("namespace: a", "namespace: same"),
      "b.yaml": application("b", "serviceAccount: a\n")
        .replace("namespace: b", "namespace: same")
        .replace("config", "api-keys"),
      "c.yaml": application("c", "serviceAccount: a\n"),
    };
    assertProblems(
      problemsOf(() => load(files)),
      "apps/b.yaml",
      [
        [
          "3:17",
          "serviceAccount",
          "the ServiceAccount same/a, which apps/a.yaml:1:1 declares too, in dev, staging, prd",
          "another name or another namespace",
        ],
      ],
    );
  });

  it("are nobody's where nothing is read from Vault, and may be another's in another environment", () => {
    const files = {
      "a.yaml": application("a", "", "doppler"),
      "b.yaml": application("b", "environments: [dev]\nservice: a\n"),
      "c.yaml": application("c", "environments: [prd]\nservice: a\n"),
    };
    assert.equal(load(files).length, 3);
  });
});
