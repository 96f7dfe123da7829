import assert from "node:assert/strict";
import { parse } from "yaml";
import { resolveApplication } from "../../../config/application";
import type { SourceName } from "../../../config/secretOrigin";
import { fillTemplate } from "../../../config/template";
import { ImportedEnvironment, ImportedObject } from "../../../migrate/imports/importedObject";
import { Import, imported } from "../../../migrate/imports/importing";
import { importedObjects } from "../../../migrate/imports/manifestObjects";
import { configText, substituted } from "../../../migrate/imports/substitution";
import { AnyObject } from "../../../migrate/inventory/inventory";
import { ENVIRONMENTS } from "../config/project";

type Values = Readonly<Record<string, string>>;

function object(
  kind: ImportedObject["kind"],
  name: string,
  values: Values,
  more: Partial<ImportedObject> = {},
): ImportedObject {
  const type = kind === "Secret" ? "Opaque" : "";
  return {
    ...{ kind, name, namespace: "shop", type, values: new Map(Object.entries(values)) },
    ...{ labels: {}, annotations: {}, ...more },
  };
}

function environment(
  name: string,
  objects: readonly ImportedObject[],
  more: Partial<ImportedEnvironment> = {},
): ImportedEnvironment {
  return {
    ...{
      environment: name,
      place: `overlays/${name}`,
      objects,
      examples: [],
      exampleKeys: new Set<string>(),
    },
    ...{ others: [], notes: [], problems: [], ...more },
  };
}

function result(environments: readonly ImportedEnvironment[], source: SourceName = "environment"): Import {
  const settings = {
    name: "shop",
    source,
    namespaces: new Map<string, string>(),
    notSecret: ["PUBLISHED_TOKEN"],
  };
  return imported(environments, { ...settings, environments: ENVIRONMENTS, origin: "a test" });
}

/** The content of the only file. */
function content(environments: readonly ImportedEnvironment[], source: SourceName = "environment"): unknown {
  const { files, problems } = result(environments, source);
  assert.deepEqual(problems, []);
  assert.equal(files.length, 1);
  return parse(files[0]?.text ?? "");
}

describe("imports: variables in texts", () => {
  for (const text of [
    "",
    "plain",
    "$",
    "$$",
    "$HOME",
    "$(X)",
    "a$",
    "$${X}",
    "$$${X}",
    "${X}$",
    "${X}${Y}",
    "${X:-y}",
    "${",
    "$${X",
    "1$$2",
  ])
    it(`${JSON.stringify(text)} means in a file of the platform what it means to envsubst`, () => {
      const valueOf = (name: string): string => `<${name} $$ \${X}>`;
      assert.equal(fillTemplate(configText(text), valueOf), substituted(text, valueOf));
    });
});

describe("imports: objects of manifests", () => {
  const read = (objects: readonly AnyObject[], exceptions: readonly string[] = [], generators = ["db"]) =>
    importedObjects(objects, "prod", generators, new Set(exceptions));
  const secret = (name: string, more: object): AnyObject => ({
    apiVersion: "v1",
    kind: "Secret",
    metadata: { name },
    ...more,
  });

  it("a Secret is its data, with stringData over it", () => {
    const { objects } = read([secret("db", { data: { a: "YQ==", b: "Yg==" }, stringData: { b: "other" } })]);
    assert.deepEqual(
      [...(objects[0]?.values ?? [])],
      [
        ["a", "a"],
        ["b", "other"],
      ],
    );
  });

  it("only what is generated has a hash in its name", () => {
    const { objects, notes } = read([secret("x-db-652bdc6btc", {}), secret("other-652bdc6btc", {})]);
    assert.deepEqual(
      objects.map(({ name }) => name),
      ["x-db", "other-652bdc6btc"],
    );
    assert.equal(notes.length, 1);
  });

  it("tells what is no text, unless it is left out", () => {
    const wrong = [
      secret("db", {
        data: { bytes: "/u3+7Q==", nul: "AAAA", no: "===", variable: "${X}" },
        stringData: { number: 1 },
      }),
      { apiVersion: "v1", kind: "ConfigMap", metadata: { name: "db" }, binaryData: { bytes: "/u3+7Q==" } },
    ];
    const { problems } = read(wrong);
    assert.deepEqual(
      problems.map((problem) => problem.split(":").slice(1, 3).join(":").trim()),
      [
        "Secret/db: bytes",
        "Secret/db: nul",
        "Secret/db: no",
        "Secret/db: variable",
        "Secret/db: number",
        "ConfigMap/db: bytes",
      ],
    );
    assert.ok(!problems.join("").includes("7Q=="));
    const left = read(wrong, [
      "Secret/db/bytes",
      "Secret/db/nul",
      "Secret/db/no",
      "Secret/db/variable",
      "Secret/db/number",
      "ConfigMap/db",
    ]);
    assert.deepEqual(left.problems, []);
    assert.deepEqual(left.others, ["ConfigMap db"]);
  });

  it("an object with the name of another one is none", () => {
    const { problems } = read([
      secret("db", {}),
      { ...secret("db", {}), metadata: { name: "db", namespace: "x" } },
    ]);
    assert.match(problems.join(), /Secret\/db is there more than once/);
  });

  it("keeps labels, and no annotation of Kustomize's", () => {
    const metadata = {
      name: "db",
      labels: { app: "x" },
      annotations: { "config.kubernetes.io/origin": "x", own: "y" },
    };
    const { objects } = read([secret("", { metadata })]);
    assert.deepEqual([objects[0]?.labels, objects[0]?.annotations], [{ app: "x" }, { own: "y" }]);
  });
});

describe("imports: application files", () => {
  it("what is the same everywhere stands once, what differs by its environment", () => {
    const made = (name: string, type: string, namespace: string): ImportedEnvironment =>
      environment(name, [
        object("Secret", "db", name === "dev" ? { A_KEY: "x" } : { A_KEY: "x", B_KEY: "y" }, {
          ...{ namespace, type, labels: { team: "shop", stage: name } },
          annotations: name === "dev" ? { only: "here" } : {},
        }),
        object("ConfigMap", "shop-config", { LEVEL: name, PORT: "3000", EMPTY: "" }, { namespace }),
      ]);
    const environments = [
      made("dev", "Opaque", "a"),
      made("staging", "example.com/own", "b"),
      made("prd", "Opaque", "b"),
    ];
    assert.deepEqual(content(environments), {
      name: "shop",
      namespace: { dev: "a", staging: "b", prd: "b" },
      secrets: [
        {
          name: "db",
          from: "environment",
          keys: { dev: ["A_KEY"], staging: ["A_KEY", "B_KEY"], prd: ["A_KEY", "B_KEY"] },
          type: { dev: "Opaque", staging: "example.com/own", prd: "Opaque" },
          labels: { team: "shop", stage: { dev: "dev", staging: "staging", prd: "prd" } },
        },
      ],
      config: { LEVEL: { dev: "dev", staging: "staging", prd: "prd" }, PORT: "3000", EMPTY: "" },
    });
    assert.match(
      result(environments).notes.join("\n"),
      /annotations that only some environments have are left out: only/,
    );
  });

  it("names at the source: the variable of a template, a free key, else the Secret's name before it", () => {
    const secrets = [
      object("Secret", "db", {
        password: "x",
        URL: "x",
        SHARED: "x",
        TOKEN: "${TOKEN_PRD}",
        "tls.crt": "x",
        PATH: "x",
      }),
      object("Secret", "mail-2", { password: "x", SHARED: "x", USED: "x", DOPPLER_TOKEN: "x" }),
      object("ConfigMap", "c", { GREETING: "${USED} and more", PLAIN: "x" }),
    ];
    const keys = (source: SourceName): unknown =>
      (
        parse(result([environment("prd", secrets)], source).files[0]?.text ?? "") as {
          secrets: { keys: unknown }[];
        }
      ).secrets.map((secret) => secret.keys);
    assert.deepEqual(keys("environment"), [
      {
        ...{ password: "DB_PASSWORD", URL: "URL", SHARED: "DB_SHARED", TOKEN: "TOKEN_PRD" },
        ...{ "tls.crt": "DB_TLS_CRT", PATH: "DB_PATH" },
      },
      {
        password: "MAIL_2_PASSWORD",
        SHARED: "MAIL_2_SHARED",
        USED: "MAIL_2_USED",
        DOPPLER_TOKEN: "MAIL_2_DOPPLER_TOKEN",
      },
    ]);
    assert.deepEqual((keys("doppler") as Values[])[0]?.["TOKEN"], "TOKEN");
    assert.deepEqual((keys("vault") as unknown[])[1], ["password", "SHARED", "USED", "DOPPLER_TOKEN"]);
  });

  it("Secrets in Vault are below the application's name, and those of the common layout need no path", () => {
    const secrets = [object("Secret", "credentials", { a: "x" }), object("Secret", "db", { a: "x" })];
    const { secrets: written } = content([environment("prd", secrets)], "vault") as {
      secrets: { from: unknown }[];
    };
    assert.deepEqual(
      written.map(({ from }) => from),
      ["vault", { vault: "shop/db" }],
    );
  });

  it("other namespaces, fewer environments and further ConfigMaps are applications of their own", () => {
    const both = [object("Secret", "db", { A: "x" }), object("ConfigMap", "c", { P: "1", Q: "2" })];
    const { files, problems, applications } = result([
      environment("prd", [...both, object("ConfigMap", "d", { P: "1" })]),
      environment("dev", [
        ...both,
        object("Secret", "only.dev", { B: "x" }),
        object("Secret", "far", { C: "x" }, { namespace: "y" }),
      ]),
    ]);
    assert.deepEqual(problems, []);
    assert.deepEqual(
      files.map(({ file }) => file),
      ["shop.yaml", "shop-prd.yaml", "shop-dev.yaml", "shop-far.yaml"],
    );
    const prd = applications
      .filter(({ environments }) => environments.includes("prd"))
      .map((one) => resolveApplication(one, "prd", "prd"));
    assert.deepEqual(
      prd.map(({ configMap }) => configMap),
      ["c", "d"],
    );
  });

  it("settings whose values are only in an example become variables", () => {
    const one = environment(
      "prd",
      [object("ConfigMap", "c", { URL: "wss://example", LEVEL: "${LEVEL_PRD}", PORT: "1" })],
      {
        examples: ["an example"],
        exampleKeys: new Set(["URL", "LEVEL"]),
      },
    );
    assert.deepEqual((content([one]) as { config: unknown }).config, {
      URL: "${URL}",
      LEVEL: "${LEVEL_PRD}",
      PORT: "1",
    });
  });

  it("tells everything that cannot be carried over, without a value", () => {
    const token = "5f0aZk3vQ8xT1mB6nR4w";
    const { problems, notes } = result([
      environment("prd", [
        object("ConfigMap", "c", { API_TOKEN: token, PUBLISHED_TOKEN: token, ONLY: "x" }),
        object("Secret", "db", { LARGE: "x".repeat(128 * 1024), EMPTY: " ", TODO: "ChangeMe" }),
        object("Secret", "lost", { A: "x" }, { namespace: undefined }),
      ]),
      environment("dev", [object("ConfigMap", "c", { PUBLISHED_TOKEN: token })]),
    ]);
    assert.deepEqual(
      problems.map((problem) => problem.split(";", 1).join()),
      [
        "overlays/prd: Secret lost: no namespace",
        "overlays/prd: ConfigMap c: API_TOKEN: what looks like a random token under the name of a secret",
        "overlays/prd: Secret db: LARGE: a value larger than a variable can be (128 KiB)",
        "ConfigMap c: API_TOKEN: only in prd",
        "ConfigMap c: ONLY: only in prd",
      ],
    );
    assert.match(notes.join("\n"), /EMPTY: an empty value[^]*TODO: `changeme`/);
    assert.ok(!problems.join("").includes(token));
  });

  it("tells what the platform itself refuses: a variable in a Secret and in a setting", () => {
    const { problems } = result([
      environment("prd", [object("Secret", "db", { A: "${X}" }), object("ConfigMap", "c", { B: "${X}" })]),
    ]);
    assert.match(problems.join(), /shop\.yaml: config\.B: \$\{X\} in what is not secret/);
  });
});
