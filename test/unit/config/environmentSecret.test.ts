import { strict as assert } from "node:assert";
import { resolveApplications } from "../../../config/loading";
import { load } from "./project";
import { parseWith } from "./stackTables";
import { HEAD, environmentSecret, refuses, secret } from "./tables";

/** An entry from the environment with these fields, from line 6 on. */
function entry(...lines: string[]): string {
  return secret(...lines).replace("from: doppler", "from: environment");
}

const VOICE = `
name: voice-agent
namespace: { default: voice, dev: voice-dev, staging: voice-staging }
secrets:
  - name: shared-secrets
    from: environment
    keys:
      default: [LIVEKIT_API_KEY, OPENAI_API_KEY]
      staging: { LIVEKIT_API_KEY: LIVEKIT_API_KEY_STAGING, .hidden.key: OPENAI_API_KEY }
    labels: { team: voice }
    annotations: { example.com/note: a note }
config:
  LIVEKIT_URL: wss://\${LIVEKIT_HOST}/$$v1
`;

describe("a Secret from the environment", () => {
  refuses("an entry", [
    [
      "without keys",
      entry("type: Opaque"),
      ["4:5", "secrets[0].keys", "nothing", "a Secret never gets the whole environment"],
    ],
    ["with no keys", entry("keys: []"), ["6:11", "secrets[0].keys", "an empty list", "a list of variables"]],
    [
      "with keys in one text",
      entry("keys: A"),
      ["6:11", "secrets[0].keys", '"A"', "KUBERNETES_KEY: VARIABLE"],
    ],
    [
      "with a variable twice",
      entry("keys: [A, A]"),
      ["6:15", "secrets[0].keys[1]", "the same name a second time", "every name once"],
    ],
    [
      "with names that no shell can set",
      entry("keys: { a: 1ST, b: A-B, c: 'A B' }"),
      ["6:16", "secrets[0].keys.a", '"1ST"', "the name of a variable: letters, digits"],
      ["6:24", "secrets[0].keys.b", '"A-B"', "the name of a variable"],
      ["6:32", "secrets[0].keys.c", '"A B"', "the name of a variable"],
    ],
    [
      "with variables that Pulumi acts with",
      entry("keys: { a: DOPPLER_TOKEN, b: VAULT_TOKEN, c: PULUMI_ACCESS_TOKEN }"),
      ["6:16", "secrets[0].keys.a", '"DOPPLER_TOKEN"', "another variable"],
      ["6:34", "secrets[0].keys.b", '"VAULT_TOKEN"', "another variable"],
      ["6:50", "secrets[0].keys.c", '"PULUMI_ACCESS_TOKEN"', "another variable"],
    ],
    [
      "without keys for an environment",
      entry("keys: { dev: [A], prd: [A] }"),
      ["6:11", "secrets[0].keys", "no value for staging, and no default", "`staging: ...`"],
    ],
    [
      "that is refreshed, restarts, waits, is filled or is a registry's",
      environmentSecret(
        "refresh: 1m",
        "restart: [Deployment/shop]",
        "placeholder: [a]",
        "populate: { image: a, command: [b] }",
        "registry: { username: A, password: B }",
      ),
      ["7:14", "secrets[0].refresh", '"1m"', "changes at `pulumi up` only"],
      ["8:14", "secrets[0].restart", "a list", "Stakater Reloader can"],
      ["9:18", "secrets[0].placeholder", "a list", "no `placeholder`"],
      ["10:15", "secrets[0].populate", "a map", "no `populate`"],
      ["11:15", "secrets[0].registry", "a map", "`keys: { .dockerconfigjson: VARIABLE }`"],
    ],
    [
      "with a config or a path",
      environmentSecret("doppler: shared", "vault: shop/db"),
      ["7:5", "secrets[0].doppler", "a config for another source", "`from: doppler`"],
      ["8:5", "secrets[0].vault", "a path for another source", "`from: vault`"],
    ],
    [
      "of a type whose keys it lacks",
      environmentSecret("type: kubernetes.io/tls"),
      [
        "6:11",
        "secrets[0].keys",
        "the keys OPENAI_API_KEY for the type kubernetes.io/tls",
        "`keys: { tls.crt: VARIABLE, tls.key: VARIABLE }`",
      ],
    ],
    [
      "in an application that restarts workloads for all Secrets",
      environmentSecret().concat("restart: [Deployment/shop]\n"),
      ["7:10", "restart", "a list", "`pulumi up` writes the Secret and cannot restart pods"],
    ],
    [
      "beside one from Vault in an application that restarts workloads for all",
      `${HEAD}secrets: [{ name: a, from: environment, keys: [A] }, { name: config, from: vault }]\nrestart: [Deployment/shop]\n`,
      [
        "4:1",
        "restart",
        "a `restart` for all Secrets, though a is from the environment",
        "on the Vault secrets",
      ],
    ],
    [
      "in an application with a part of Vault",
      environmentSecret().concat("service: shop\n"),
      ["7:1", "service", "`service` without a Secret from Vault", "no `service`"],
    ],
    [
      "beside one of the same name",
      `${HEAD}secrets: [{ name: a, from: environment, keys: [A] }, { name: a, from: doppler }]\n`,
      [
        "3:62",
        "secrets[1].name",
        "the Secret shop/a, which apps/shop.yaml:3:19 declares too, in dev, staging, prd",
        "another name",
      ],
    ],
  ]);

  it("is decided for every environment", () => {
    const applications = load({ "voice-agent.yaml": VOICE });
    const common = {
      source: "environment",
      name: "shared-secrets",
      type: "Opaque",
      labels: { team: "voice" },
      annotations: { "example.com/note": "a note" },
    };
    const secretsIn = (environment: string) =>
      resolveApplications(applications, parseWith({}), environment).flatMap(({ secrets }) => secrets);
    const plain = { LIVEKIT_API_KEY: "LIVEKIT_API_KEY", OPENAI_API_KEY: "OPENAI_API_KEY" };
    assert.deepEqual(secretsIn("dev"), [{ ...common, keys: plain }]);
    assert.deepEqual(secretsIn("staging"), [
      { ...common, keys: { LIVEKIT_API_KEY: "LIVEKIT_API_KEY_STAGING", ".hidden.key": "OPENAI_API_KEY" } },
    ]);
  });
});
