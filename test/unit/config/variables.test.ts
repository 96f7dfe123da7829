import { strict as assert } from "node:assert";
import { assertProblems, load, problemsOf } from "./project";

const SECRET = `name: voice
namespace: voice
environments: [dev, prd]
secrets: [{ name: a, from: environment, keys: { default: [LIVEKIT_URL], prd: [OTHER] } }]
`;

function config(environments: string, rest = ""): string {
  return `name: web\nnamespace: web\nenvironments: ${environments}\nconfig: { URL: "\${LIVEKIT_URL}" }\n${rest}`;
}

describe("a variable of a Secret", () => {
  it("is refused in what is not secret, in whichever file of the same environment", () => {
    const problems = problemsOf(() => load({ "voice.yaml": SECRET, "web.yaml": config("[dev, prd]") }));
    assertProblems(problems, "apps/web.yaml", [
      [
        "4:16",
        "config.URL",
        "${LIVEKIT_URL} in what is not secret, though apps/voice.yaml:4:59 has it in a Secret",
        "`notSecret: [URL]`",
      ],
    ]);
  });

  it("may be in another environment, or where a file says that it is not secret", () => {
    assert.equal(load({ "voice.yaml": SECRET, "web.yaml": config("[staging, prd]") }).length, 2);
    assert.equal(load({ "voice.yaml": SECRET, "web.yaml": config("[dev]", "notSecret: [URL]\n") }).length, 2);
  });
});
