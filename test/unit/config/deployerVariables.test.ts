import { strict as assert } from "node:assert";
import { chmodSync } from "node:fs";
import { join } from "node:path";
import { readDeployerVariables } from "../../../config/deployerVariables";
import type { DeployerVariables } from "../../../config/deployerVariables";
import { loadProject } from "../../../config/loading";
import { ConfigurationError } from "../../../config/problem";
import type { Problem } from "../../../config/problem";
import { ENVIRONMENTS, assertProblems, inProject } from "./project";

const VOICE = `name: voice-agent
namespace: voice
environments: [dev, prd]
secrets:
  - name: shared-secrets
    from: environment
    keys: { default: [OPENAI_API_KEY, LIVEKIT_API_KEY], prd: { LIVEKIT_API_KEY: LIVEKIT_API_KEY_PRD } }
config:
  LIVEKIT_URL: { default: "\${LIVEKIT_URL}", prd: wss://prd.example }
  WELCOME: Hello \${NAME}, it costs $$5
`;
const OTHER = `name: other
namespace: other
environments: [staging]
config: { A: "\${ONLY_IN_STAGING}" }
`;
const STACK = `config:
  secrets-platform:environmentFile: .env.dev
`;
const COMPLETE = {
  OPENAI_API_KEY: "sk-1",
  LIVEKIT_API_KEY: "lk\n\"2'$",
  LIVEKIT_URL: "wss://dev.example",
  NAME: "Zoë",
};

interface Sources {
  stack?: string;
  /** The variables of the process. */
  variables?: Record<string, string>;
  /** Text of .env.dev, which the stack then names. */
  file?: string | Uint8Array;
  /** Names a file though there is none. */
  namesFile?: boolean;
  mode?: number;
  applications?: Record<string, string>;
}

function read(sources: Sources): DeployerVariables {
  const { stack = "dev", variables = {}, file, mode = 0o600, namesFile = file !== undefined } = sources;
  const applications = sources.applications ?? { "apps/voice-agent.yaml": VOICE, "apps/other.yaml": OTHER };
  const files = {
    ...applications,
    ...(namesFile ? { "Pulumi.dev.yaml": STACK } : {}),
    ...(file === undefined ? {} : { ".env.dev": file }),
  };
  const values = {
    environments: ENVIRONMENTS,
    kubernetes: { context: "kind" },
    doppler: { project: "example" },
    ...(namesFile ? { environmentFile: ".env.dev" } : {}),
  };
  return inProject(files, (folder) => {
    if (file !== undefined) chmodSync(join(folder, ".env.dev"), mode);
    return readDeployerVariables(loadProject({ stack, values, folder }), variables, folder);
  });
}

function missingNames({ missing }: DeployerVariables): (string | undefined)[] {
  return missing.map(({ found }) => /^the variable (\w+)/.exec(found)?.[1]);
}

function messageOf(problems: readonly Problem[]): string {
  return new ConfigurationError(problems).message;
}

describe("the deployer's variables", () => {
  it("are those that the environment's applications ask for, and no others", () => {
    const { values, missing, problems, warnings } = read({
      variables: { ...COMPLETE, HOME: "/root", ONLY_IN_STAGING: "x" },
    });
    assert.deepEqual(Object.fromEntries(values), COMPLETE);
    assert.deepEqual([...missing, ...problems, ...warnings], []);
  });

  it("are missing all at once, each with its place", () => {
    const { missing } = read({ variables: { OPENAI_API_KEY: "", NAME: " \n" } });
    assertProblems(missing, "apps/voice-agent.yaml", [
      ["7:23", "secrets[0].keys.default[0]", "the variable OPENAI_API_KEY, which is empty", "its value"],
      ["7:39", "secrets[0].keys.default[1]", "the variable LIVEKIT_API_KEY, which is not set", "`pulumi up`"],
      ["9:27", "config.LIVEKIT_URL.default", "the variable LIVEKIT_URL, which is not set", "the pipeline"],
      ["10:12", "config.WELCOME", "the variable NAME, which is empty", "the shell"],
    ]);
  });

  it("differ per environment", () => {
    const missing = read({ stack: "prd" });
    assert.deepEqual(missingNames(missing), ["LIVEKIT_API_KEY_PRD", "NAME"]);
    assert.equal(missing.missing[0]?.path, "secrets[0].keys.prd.LIVEKIT_API_KEY");
  });

  it("are not looked for under the names of JavaScript's own properties", () => {
    const applications = {
      "apps/a.yaml": 'name: a\nnamespace: a\nconfig: { A: "${constructor}", B: "${toString}" }\n',
    };
    assert.deepEqual(missingNames(read({ applications, file: "A=1\n" })), ["constructor", "toString"]);
  });

  for (const standIn of [
    ["changeme", "`changeme`"],
    ["ChangeMe", "`changeme`"],
    [" CHANGE_ME\n", "`changeme`"],
    ["${OPENAI_API_KEY}", "a template that nothing has filled in"],
    ["${X:-y}", "a template that nothing has filled in"],
  ]) {
    it(`are refused by name where a value is still ${JSON.stringify(standIn[0])}`, () => {
      const { problems, missing } = read({ variables: { ...COMPLETE, OPENAI_API_KEY: standIn[0] ?? "" } });
      assert.deepEqual(missing, []);
      assertProblems(problems, "apps/voice-agent.yaml", [
        [
          "7:23",
          "secrets[0].keys.default[0]",
          `the variable OPENAI_API_KEY, whose value is still ${standIn[1] ?? ""}`,
          "its real value",
        ],
      ]);
    });
  }

  it("may have a value with a template or a stand-in inside of it", () => {
    const value = 'changeme-not {"a":"${B}"} changeme';
    assert.deepEqual(read({ variables: { ...COMPLETE, OPENAI_API_KEY: value } }).problems, []);
  });

  it("make no credential of what is not secret, and the message does not show it", () => {
    const password = "canary-hunter2";
    for (const url of [`wss://me:${password}@host`, `wss://host?password=${password}`]) {
      const { problems } = read({ variables: { ...COMPLETE, LIVEKIT_URL: url } });
      assert.deepEqual(
        problems.map(({ path }) => path),
        ["config.LIVEKIT_URL.default"],
      );
      assert.match(problems[0]?.found ?? "", /what looks like .* once it is filled in/);
      assert.ok(!messageOf(problems).includes(password));
    }
  });

  describe("from a file", () => {
    const file =
      "OPENAI_API_KEY=of-file\nexport LIVEKIT_API_KEY=\"two\nlines\" # comment\nLIVEKIT_URL='a $b'\nX=y\n";

    it("are read where the stack's configuration names it; those of the process win", () => {
      const { values, warnings } = read({ file, variables: { NAME: "Zoë", LIVEKIT_URL: "wss://process" } });
      assert.deepEqual(Object.fromEntries(values), {
        OPENAI_API_KEY: "of-file",
        LIVEKIT_API_KEY: "two\nlines",
        LIVEKIT_URL: "wss://process",
        NAME: "Zoë",
      });
      assert.deepEqual(warnings, []);
    });

    it("count where the process has an empty one", () => {
      const { values } = read({ file, variables: { NAME: "x", OPENAI_API_KEY: "" } });
      assert.equal(values.get("OPENAI_API_KEY"), "of-file");
    });

    it("are not read where nothing names it", () => {
      assert.equal(read({ file, namesFile: false }).missing.length, 4);
    });

    it("are told to be written there", () => {
      const { missing } = read({ file });
      assert.match(missing[0]?.remedy ?? "", /, or in \.env\.dev$/);
    });

    it("are warned of where others can read it", () => {
      for (const mode of [0o640, 0o604, 0o610]) {
        assert.deepEqual(read({ file, mode, variables: COMPLETE }).warnings, [
          ".env.dev can be read by others than its owner: chmod 600 .env.dev",
        ]);
      }
    });

    it("are refused as a whole when it is not there or no text, and nothing else is told then", () => {
      for (const [content, reason] of [
        [undefined, "ENOENT"],
        [Uint8Array.of(0xff, 0xfe), "ERR_ENCODING_INVALID_ENCODED_DATA"],
      ] as const) {
        const { problems, missing } = read({ ...(content && { file: content }), namesFile: true });
        assert.deepEqual(missing, []);
        assertProblems(problems, "Pulumi.dev.yaml", [
          [
            "2:37",
            "environmentFile",
            `".env.dev", a file that cannot be read (${reason})`,
            "or no `environmentFile`",
          ],
        ]);
      }
    });
  });
});
