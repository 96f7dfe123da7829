import { strict as assert } from "node:assert";
import { join } from "node:path";
import { loadApplications, loadProject, resolveApplications } from "../../../config/loading";
import { ENVIRONMENTS, assertProblems, inProject, load, problemsOf } from "./project";

const PROJECT = `name: secrets-platform
config:
  environments:
    type: array
    items: { type: string }
    default: [dev, staging, prd]
`;
const STACK = `config:
  secrets-platform:kubernetes:
    context: kind
  secrets-platform:doppler:
    project: example
`;
const VALUES = {
  environments: ENVIRONMENTS,
  kubernetes: { context: "kind" },
  doppler: { project: "example" },
};
const VAULT = { address: "https://vault.example:8200" };
const APPLICATION = "name: a\nnamespace: a\nsecrets:\n  - name: a\n    from: doppler\n";

describe("loading applications", () => {
  it("reads every .yaml and .yml, in folders too, sorted, and nothing else", () => {
    const text = (name: string) => `name: ${name}\nnamespace: ${name}\nconfig: { A: b }\n`;
    const applications = load({
      "b.yaml": text("b"),
      "team/a.yml": text("a"),
      "c.json": "{",
      ".hidden.yaml": "{",
      "folder.yaml/d.yaml": text("d"),
    });
    assert.deepEqual(
      applications.map(({ name, source }) => [name, source.file]),
      [
        ["b", "apps/b.yaml"],
        ["d", "apps/folder.yaml/d.yaml"],
        ["a", "apps/team/a.yml"],
      ],
    );
  });

  it("takes a folder without applications, and refuses a missing one", () => {
    assert.deepEqual(load({}), []);
    assertProblems(
      inProject({}, (folder) => problemsOf(() => loadApplications("apps", ENVIRONMENTS, folder))),
      "apps",
      [["", "", "a folder that cannot be read (ENOENT)", "another name as `applications`"]],
    );
  });

  it("refuses two applications of one name, naming both files", () => {
    const other = APPLICATION.replace("namespace: a", "namespace: b");
    assertProblems(
      problemsOf(() => load({ "a.yaml": APPLICATION, "b.yaml": other })),
      "apps/b.yaml",
      [["1:7", "name", '"a", the name of the application in apps/a.yaml:1:7 too', "another name"]],
    );
  });

  it("refuses two Secrets of one name in a namespace, also across applications and per environment", () => {
    const other = APPLICATION.replace("name: a\nnamespace: a", "name: b\nnamespace: { default: b, prd: a }");
    assertProblems(
      problemsOf(() => load({ "a.yaml": APPLICATION, "b.yaml": other })),
      "apps/b.yaml",
      [
        [
          "4:11",
          "secrets[0].name",
          "the Secret a/a, which apps/a.yaml:4:11 declares too, in prd",
          "another name or another namespace",
        ],
      ],
    );
    const twice = `${APPLICATION}  - name: a\n    from: doppler\n`;
    assertProblems(
      problemsOf(() => load({ "a.yaml": twice })),
      "apps/a.yaml",
      [
        [
          "6:11",
          "secrets[1].name",
          "the Secret a/a, which apps/a.yaml:4:11 declares too, in dev, staging, prd",
          "another name",
        ],
      ],
    );
  });

  it("takes Secrets of one name in environments that do not meet", () => {
    const application = (name: string, environment: string) =>
      `name: ${name}\nnamespace: shop\nenvironments: [${environment}]\nsecrets: [{ name: s, from: doppler }]\n`;
    assert.equal(load({ "a.yaml": application("a", "dev"), "b.yaml": application("b", "prd") }).length, 2);
  });

  it("refuses two ConfigMaps of one name in a namespace", () => {
    const application = (name: string) =>
      `name: ${name}\nnamespace: shop\nconfigMap: settings\nconfig: { A: b }\n`;
    assertProblems(
      problemsOf(() => load({ "a.yaml": application("a"), "b.yaml": application("b") })),
      "apps/b.yaml",
      [
        [
          "3:12",
          "configMap",
          "the ConfigMap shop/settings, which apps/a.yaml:3:12 declares too, in dev, staging, prd",
          "another name or another namespace",
        ],
      ],
    );
  });

  it("refuses every mistake of every file at once, those between fields and files too", () => {
    const problems = problemsOf(() =>
      load({
        "a.yaml": `${APPLICATION}    refresh: soon\n    type: kubernetes.io/tls\n    unknown: 1\n`,
        "b.yaml": `name: a\nnamespace: A\nsecrets:\n  - name: a\n    keys: [a]\n  - name: a\n    from: vault\n`,
        "c.yaml": "name: c\n\tnamespace: c\n",
        "d.yaml": "name: d\nnamespace: a\nsecrets: [{ name: a, from: doppler }]\nconfig: { TOKEN: }\n",
      }),
    );
    assert.deepEqual(
      problems.map(({ file, line, path }) => `${file}:${line ?? ""} ${path}`),
      [
        "apps/a.yaml:4 secrets[0].keys",
        "apps/a.yaml:6 secrets[0].refresh",
        "apps/a.yaml:8 secrets[0].unknown",
        "apps/b.yaml:1 name",
        "apps/b.yaml:2 namespace",
        "apps/b.yaml:4 secrets[0].from",
        "apps/b.yaml:5 secrets[0].keys[0]",
        "apps/b.yaml:6 secrets[1].name",
        "apps/b.yaml:7 secrets[1].from",
        "apps/c.yaml:2 ",
        "apps/d.yaml:3 secrets[0].name",
        "apps/d.yaml:4 config.TOKEN",
      ],
    );
  });
});

describe("loading a project", () => {
  const sources = (folder: string, values: Record<string, unknown> = {}) => ({
    stack: "dev",
    values: { ...VALUES, ...values },
    folder,
  });

  it("reads the stack's configuration and the applications of its folder", () => {
    const { configuration, applications } = inProject({ "services/a.yaml": APPLICATION }, (folder) =>
      loadProject(sources(folder, { applications: "services" })),
    );
    assert.equal(configuration.environment, "dev");
    assert.deepEqual(
      resolveApplications(applications, configuration).map(({ file, namespace }) => [file, namespace]),
      [["services/a.yaml", "a"]],
    );
  });

  it("reports the mistakes of both in one error, with lines from both files of Pulumi", () => {
    const files = {
      "Pulumi.yaml": PROJECT.replace("prd]", "dev]"),
      "Pulumi.dev.yaml": STACK.replace("project: example", "projet: example"),
      "apps/a.yaml": APPLICATION.replace("from: doppler", "from: dopler"),
    };
    const values = { environments: ["dev", "staging", "dev"], doppler: { projet: "example" }, plan: "team" };
    const problems = inProject(files, (folder) => problemsOf(() => loadProject(sources(folder, values))));
    assert.deepEqual(
      problems.map(({ file, line, column, path }) => [file, line, column, path]),
      [
        ["Pulumi.dev.yaml", undefined, undefined, "plan"],
        ["Pulumi.dev.yaml", 5, 5, "doppler.project"],
        ["Pulumi.dev.yaml", 5, 5, "doppler.projet"],
        ["Pulumi.yaml", 6, 29, "environments[2]"],
        ["apps/a.yaml", 5, 11, "secrets[0].from"],
      ],
    );
  });

  it("checks isolation for every environment, not only the stack's own", () => {
    const files = { "apps/a.yaml": `${APPLICATION}    doppler: { default: shared, prd: staging }\n` };
    assertProblems(
      inProject(files, (folder) => problemsOf(() => loadProject(sources(folder)))),
      "apps/a.yaml",
      [
        [
          "6:38",
          "secrets[0].doppler.prd",
          '"staging" for the environment prd, though it is a config of staging',
          "nothing (then it is prd's own)",
        ],
      ],
    );
  });

  it("refuses an object that two environments of one cluster would both own", () => {
    const files = { "apps/a.yaml": APPLICATION };
    const cluster = { environments: ["dev", "prd"] };
    const expected = [
      [
        "2:12",
        "namespace",
        "the Secret a/a in dev and in prd, which are on one cluster",
        "a namespace per environment, such as { default: shop, prd: shop-prd }",
      ],
    ] as const;
    assertProblems(
      inProject(files, (folder) => problemsOf(() => loadProject(sources(folder, { cluster })))),
      "apps/a.yaml",
      expected,
    );
    const owned = { stack: "prd", values: { ...VALUES, cluster: { owner: "dev" } } };
    assertProblems(
      inProject(files, (folder) => problemsOf(() => loadProject({ ...owned, folder }))),
      "apps/a.yaml",
      expected,
    );
    const apart = {
      "apps/a.yaml": APPLICATION.replace("namespace: a", "namespace: { default: a, dev: a-dev }"),
    };
    const loaded = inProject(apart, (folder) => loadProject(sources(folder, { cluster })));
    assert.deepEqual(loaded.configuration.cluster.environments, ["dev", "prd"]);
  });

  it("refuses grants to applications that are not there, naming the place in the stack's file", () => {
    const grants = { "legacy/db": ["a", "shpo"], "legacy/mail": ["shop"] };
    const stack = `${STACK}  secrets-platform:vault:
    address: https://vault.example:8200
    grants: { legacy/db: [a, shpo], legacy/mail: [shop] }
`;
    const shop = "name: shop\nnamespace: shop\nconfig: { A: b }\n";
    const files = { "Pulumi.dev.yaml": stack, "apps/a.yaml": APPLICATION, "apps/shop.yaml": shop };
    const values = { vault: { ...VAULT, grants } };
    assertProblems(
      inProject(files, (folder) => problemsOf(() => loadProject(sources(folder, values)))),
      "Pulumi.dev.yaml",
      [["8:30", 'vault.grants["legacy/db"][1]', '"shpo", which is no application', "did you mean shop?"]],
    );
    // The application whose name could not be read may be the one.
    const unnamed = { ...files, "apps/shop.yaml": shop.replace("name: shop", "name: Shop") };
    assertProblems(
      inProject(unnamed, (folder) => problemsOf(() => loadProject(sources(folder, values)))),
      "apps/shop.yaml",
      [["1:7", "name", '"Shop"', "the name of the application"]],
    );
  });

  it("takes no wrong grants for none: what they allow is unknown", () => {
    const files = { "apps/a.yaml": APPLICATION.replace("from: doppler", "from: { vault: legacy/db }") };
    const values = { vault: { ...VAULT, grants: { "legacy/db": "a" } } };
    assertProblems(
      inProject(files, (folder) => problemsOf(() => loadProject(sources(folder, values)))),
      "Pulumi.dev.yaml",
      [["", 'vault.grants["legacy/db"]', '"a"', "a list of applications"]],
    );
  });

  it("checks what applications may read in Vault for the stack's own environment only", () => {
    const files = {
      "apps/a.yaml": APPLICATION.replace("from: doppler", "from: { vault: { default: a/b, prd: x/y } }"),
    };
    const { applications } = inProject(files, (folder) => loadProject(sources(folder, { vault: VAULT })));
    assert.equal(applications.length, 1);
    const stack = { stack: "prd", values: { ...VALUES, vault: VAULT } };
    assertProblems(
      inProject(files, (folder) => problemsOf(() => loadProject({ ...stack, folder }))),
      "apps/a.yaml",
      [
        [
          "5:41",
          "secrets[0].from.vault.prd",
          '"x/y", which is not the application\'s own in prd',
          "Pulumi.prd.yaml",
        ],
      ],
    );
  });

  it("finds nothing wrong in the example applications, one cluster for all environments", () => {
    const folder = join(__dirname, "..", "..", "..");
    const { configuration, applications } = loadProject(
      sources(folder, {
        cluster: { environments: ENVIRONMENTS },
        vault: VAULT,
        secretsService: { image: "registry.example/secrets-service:1" },
      }),
    );
    assert.deepEqual(
      applications.map(({ name }) => name),
      ["billing", "bookmarked", "secrets-service", "shop"],
    );
    const namespaces = ENVIRONMENTS.flatMap((environment) =>
      resolveApplications(applications, configuration, environment).map(({ namespace }) => namespace),
    );
    assert.equal(new Set(namespaces).size, 4 * ENVIRONMENTS.length);
  });
});
