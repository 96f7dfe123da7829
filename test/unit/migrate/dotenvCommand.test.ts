import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { canaryValue, KustomizeTree } from "../../support/kustomizeTree";

const KEY = canaryValue("API_KEY", "dev").replaceAll("`", "");
const FILES = {
  ".env.dev": `# a comment\nAPI_KEY=\`${KEY}\`\nTOKEN=\${TOKEN_DEV}\nLOG_LEVEL=debug\n`,
  ".env.prod.example": "API_KEY=\nTOKEN=\nLOG_LEVEL=\n",
  "wrong.env": "A=${B}\nB=1\n",
  "empty.env": "# nothing\n",
};
const NAMED = ["--name", "voice"];
const DEV = [
  "dotenv",
  ".env.dev",
  "--environment",
  "dev",
  ...NAMED,
  "--namespace",
  "dev=voice-dev",
  "--setting",
  "LOG_LEVEL",
];

const mistakes: readonly (readonly [words: string, code: number, output: RegExp])[] = [
  [
    "nowhere.env --environment dev",
    1,
    /nowhere\.env: cannot be read \(ENOENT\), and there is no nowhere\.env\.example/,
  ],
  [
    "wrong.env --environment dev --namespace dev=x",
    1,
    /A: refers to B of the same file; write the whole value/,
  ],
  ["empty.env --environment dev", 1, /no variables in it/],
  [".env.dev --environment dev --namespace dev=x --setting OTHER", 1, /has no OTHER, which --setting names/],
  [".env.dev --environment dev", 1, /no namespace; add --namespace dev=<name>/],
  [
    ".env.dev --environment dev --namespace dev=x --name Voice",
    1,
    /write the name of the application: lowercase letters/,
  ],
  [".env.dev", 2, /a file without its environment/],
  ["test=.env.dev", 2, /test: no environment of the project; there are dev, staging, prd/],
  ["dev=.env.dev dev=empty.env", 2, /one environment twice/],
  ["dev=.env.dev --namespace x", 2, /Write two names with = between them/],
  ["dev=.env.dev --check --write x", 2, /cannot be used/],
];

describe("npm run migrate -- dotenv", function () {
  this.timeout(60_000);

  let tree: KustomizeTree;

  before(() => {
    tree = new KustomizeTree(FILES);
  });

  after(() => {
    tree.remove();
  });

  it("makes an application's file, and checks it against the file of variables", async () => {
    const { code, output } = await tree.migrate([...DEV, "--write", "apps"]);
    assert.equal(code, 0, output);
    assert.equal(
      readFileSync(join(tree.folder, "apps/voice.yaml"), "utf8"),
      `# Made from .env.dev.
name: voice
namespace: voice-dev
environments: [dev]
secrets:
  - name: voice-secrets
    from: environment
    keys: { API_KEY: API_KEY, TOKEN: TOKEN_DEV }
config:
  LOG_LEVEL: debug
`,
    );
    const check = [...DEV, "--check", "--applications", "apps"];
    const same = await tree.migrate(check, { API_KEY: KEY, TOKEN_DEV: "x" });
    assert.match(same.output, /^the same in dev: 2 objects, byte for byte/);
    const different = await tree.migrate([...check, "--json"], { API_KEY: KEY.trim(), TOKEN_DEV: "x" });
    assert.equal(different.code, 1);
    assert.deepEqual(JSON.parse(different.output), {
      same: false,
      objects: 2,
      differences: ["dev: Secret voice-dev/voice-secrets: API_KEY: has another value"],
    });
  });

  it("takes names from the example of a file that is not there", async () => {
    const words = [
      "dotenv",
      "prd=.env.prod",
      ...NAMED,
      "--namespace",
      "prd=voice",
      "--setting",
      "LOG_LEVEL",
      "--json",
    ];
    const { code, output } = await tree.migrate(words);
    assert.equal(code, 0, output);
    const report = JSON.parse(output) as { variables: object[]; notes: string[]; problems: string[] };
    assert.deepEqual(report.variables, [
      { environment: "prd", name: "API_KEY", secret: true },
      { environment: "prd", name: "LOG_LEVEL", secret: false },
      { environment: "prd", name: "TOKEN", secret: true },
    ]);
    assert.deepEqual(report.notes, [".env.prod is not there: names are those of .env.prod.example"]);
  });

  it("refuses a setting that looks like a credential", async () => {
    tree.write({ "token.env": "API_TOKEN=5f0aZk3vQ8xT1mB6nR4w\n" });
    const words = [
      "dotenv",
      "dev=token.env",
      "--namespace",
      "dev=x",
      ...NAMED,
      "--setting",
      "API_TOKEN",
      "--write",
      "no",
    ];
    const { code, output } = await tree.migrate(words);
    assert.equal(code, 1);
    assert.match(output, /API_TOKEN: what looks like a random token [^]*Nothing was written/);
    assert.ok(!output.includes("5f0aZk3vQ8xT1mB6nR4w"));
  });

  for (const [words, code, output] of mistakes) {
    it(`${words}: ${code}`, async () => {
      const result = await tree.migrate(["dotenv", ...words.split(" ")]);
      assert.match(result.output, output);
      assert.equal(result.code, code, result.output);
    });
  }
});
