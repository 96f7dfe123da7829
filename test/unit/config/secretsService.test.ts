import { strict as assert } from "node:assert";
import { loadProject, resolveApplications } from "../../../config/loading";
import { ENVIRONMENTS, assertProblems, inProject, load, problemsOf } from "./project";
import type { ExpectedProblem } from "./project";
import { parseWith, refusesValues } from "./stackTables";
import { HEAD, refuses } from "./tables";

const SERVICE = "name: secrets-service\nnamespace: { default: service, dev: service-dev }\n";
const SERVED = `${SERVICE}secrets:
  - { name: keys, from: doppler, keys: [JWT_KEY, SESSION_ONE] }
  - { name: more, from: doppler, doppler: shared, keys: { TELEGRAM: BOT_TOKEN } }
`;
const IMAGE = { image: "registry.example/secrets-service:1" };

/** Lines that follow the first two of an application. */
function caller(...lines: string[]): string {
  return `${HEAD}${lines.join("\n")}\n`;
}

function project(files: Record<string, string>, secretsService: object = IMAGE) {
  const inFolder = Object.fromEntries(Object.entries(files).map(([name, text]) => [`apps/${name}`, text]));
  const values = {
    environments: ENVIRONMENTS,
    kubernetes: { context: "kind" },
    doppler: { project: "example" },
    secretsService,
  };
  return inProject(inFolder, (folder) => loadProject({ stack: "dev", values, folder }));
}

/** Asserts that the project has these mistakes in the file of its caller, and no others. */
function refusesProject(
  files: Record<string, string>,
  expected: readonly ExpectedProblem[],
  secretsService?: object,
): void {
  assertProblems(
    problemsOf(() => project(files, secretsService)),
    "apps/shop.yaml",
    expected,
  );
}

describe("what an application asks the secrets service for", () => {
  it("is the same everywhere or differs per environment, by a token unless it says otherwise", () => {
    const { configuration, applications } = project({
      "secrets-service.yaml": SERVED,
      "shop.yaml": caller("secretsService:", "  keys: { default: [JWT_KEY], dev: [SESSION_*, TELEGRAM] }"),
      "other.yaml":
        "name: other\nnamespace: other\nsecretsService: { keys: [JWT_KEY], identity: serviceAccount }\n",
    });
    const asked = resolveApplications(applications, configuration).map(({ name, secretsService }) => [
      name,
      secretsService,
    ]);
    assert.deepEqual(asked, [
      ["other", { keys: ["JWT_KEY"], identity: "serviceAccount" }],
      ["secrets-service", undefined],
      ["shop", { keys: ["SESSION_*", "TELEGRAM"], identity: "token" }],
    ]);
  });

  it("gives it a ConfigMap, also without config of its own", () => {
    const [application] = load({ "shop.yaml": caller("secretsService: { keys: [JWT_KEY] }") });
    assert.equal(application?.configMap, "shop-config");
  });

  refuses("wrong keys and identities", [
    [
      "no map",
      caller("secretsService: [JWT_KEY]"),
      ["3:17", "secretsService", "a list", "a map with keys or identity"],
    ],
    [
      "no keys",
      caller("secretsService: { identity: token }"),
      ["3:17", "secretsService.keys", "nothing", "a list of keys"],
    ],
    [
      "an empty list",
      caller("secretsService: { keys: [] }"),
      ["3:25", "secretsService.keys", "an empty list", "a list of keys"],
    ],
    [
      "everything, and a path",
      caller("secretsService: { keys: ['*', ../jwt] }"),
      ["3:26", "secretsService.keys[0]", '"*"', "letters, digits"],
      ["3:31", "secretsService.keys[1]", '"../jwt"', "letters, digits"],
    ],
    [
      "the same key again",
      caller("secretsService: { keys: [A, B, A] }"),
      ["3:32", "secretsService.keys[2]", "the same key again", "every one once"],
    ],
    [
      "an unknown identity and field",
      caller("secretsService: { keys: [A], identity: password, token: x }"),
      ["3:40", "secretsService.identity", '"password"', "serviceAccount"],
      ["3:50", "secretsService.token", "an unknown field", "keys"],
    ],
    [
      "settings that the stack makes",
      caller("secretsService: { keys: [A] }", "config: { SECRETS_SERVICE_URL: http://x, PORT: 1 }"),
      ["4:11", "config.SECRETS_SERVICE_URL", "a setting that the stack makes", "it is there by itself"],
    ],
    [
      "another Secret under the name of its token's",
      caller(
        "secretsService: { keys: [A] }",
        "secrets: [{ name: shop-secrets-service, from: doppler, keys: [B] }]",
      ),
      [
        "3:17",
        "secretsService",
        "the Secret shop/shop-secrets-service, which apps/shop.yaml:4:19 declares too, in dev, staging, prd",
        "another name",
      ],
    ],
  ]);

  it("is refused where the stack runs no service, or nothing is served", () => {
    const asks = caller("secretsService: { keys: [JWT_KEY] }");
    const found = "keys of the secrets service in dev, whose stack runs none";
    refusesProject({ "shop.yaml": asks }, [
      ["3:1", "secretsService", found, "an application secrets-service"],
    ]);
    assertProblems(
      inProject({ "apps/shop.yaml": asks }, (folder) =>
        problemsOf(() =>
          loadProject({
            stack: "dev",
            values: {
              environments: ENVIRONMENTS,
              kubernetes: { context: "kind" },
              doppler: { project: "example" },
            },
            folder,
          }),
        ),
      ),
      "apps/shop.yaml",
      [["3:1", "secretsService", found, "`secretsService: { image: ... }` in Pulumi.dev.yaml"]],
    );
  });

  it("is refused where no Secret has it, and where the service asks itself", () => {
    refusesProject(
      {
        "secrets-service.yaml": SERVED,
        "shop.yaml": caller(
          "secretsService: { keys: { default: [JWT_KY], prd: [X], dev: [JWT_KY, OTHER_*] } }",
        ),
      },
      [
        [
          "3:62",
          "secretsService.keys.dev[0]",
          '"JWT_KY", which no Secret of secrets-service has in dev',
          "did you mean JWT_KEY?",
        ],
        [
          "3:70",
          "secretsService.keys.dev[1]",
          '"OTHER_*", which no Secret of secrets-service has in dev',
          "JWT_KEY, SESSION_ONE, TELEGRAM",
        ],
      ],
    );
    assertProblems(
      problemsOf(() => project({ "secrets-service.yaml": `${SERVED}secretsService: { keys: [JWT_KEY] }\n` })),
      "apps/secrets-service.yaml",
      [["6:1", "secretsService", "keys of itself", "what is served"]],
    );
  });

  it("may be anything where a Secret has the whole of its source", () => {
    const whole = `${SERVICE}secrets: [{ name: keys, from: doppler }]\n`;
    const asks = caller("secretsService: { keys: [ANYTHING] }");
    assert.equal(project({ "secrets-service.yaml": whole, "shop.yaml": asks }).applications.length, 2);
  });

  it("comes from one Secret alone", () => {
    const twice = `${SERVICE}secrets:\n  - { name: a, from: doppler, keys: [A] }\n  - { name: b, from: doppler, keys: { A: B } }\n`;
    assertProblems(
      problemsOf(() =>
        project({ "secrets-service.yaml": twice, "shop.yaml": caller("secretsService: { keys: [A] }") }),
      ),
      "apps/secrets-service.yaml",
      [["5:37", "secrets[1].keys", "A, which the Secret a has too", "callers ask by the key alone"]],
    );
  });
});

describe("a stack's configuration for the secrets service", () => {
  it("has defaults for all but the image", () => {
    assert.deepEqual(parseWith({ secretsService: IMAGE }).secretsService, {
      image: IMAGE.image,
      imagePullPolicy: "IfNotPresent",
      application: "secrets-service",
      isNamed: false,
      replicas: 2,
      generation: 1,
    });
    assert.equal(parseWith({}).secretsService, undefined);
  });

  it("refuses an application that is not there", () => {
    assertProblems(
      problemsOf(() =>
        project({ "shop.yaml": caller("config: { A: b }") }, { ...IMAGE, application: "keys" }),
      ),
      "Pulumi.dev.yaml",
      [["", "secretsService.application", "keys, no application of dev", "shop"]],
    );
  });

  const service = (values: Record<string, unknown>) => ({ secretsService: { ...IMAGE, ...values } });
  refusesValues("values", [
    [
      "without an image",
      { secretsService: {} },
      "secretsService.image",
      "nothing",
      "services/secrets/image.sh builds it",
    ],
    ["with one pod", service({ replicas: 1 }), "secretsService.replicas", "the number 1", "from 2 to 20"],
    [
      "with generation 0",
      service({ generation: 0 }),
      "secretsService.generation",
      "the number 0",
      "a whole number",
    ],
    [
      "with another policy of pulling",
      service({ imagePullPolicy: "never" }),
      "secretsService.imagePullPolicy",
      '"never"',
      "Never",
    ],
    ["with an unknown field", service({ iamge: "x" }), "secretsService.iamge", "an unknown field", "image"],
  ]);
});
