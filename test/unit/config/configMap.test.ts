import { HEAD, config, refuses } from "./tables";

describe("config", () => {
  refuses("config", [
    [
      "that is no map",
      `${HEAD}config: [PORT]\n`,
      ["3:9", "config", "a list", "a map, such as { PORT: 3000 }"],
    ],
    ["that is empty", `${HEAD}config: {}\n`, ["3:9", "config", "an empty map", "or no `config`"]],
    [
      "with a key that Kubernetes refuses",
      config("a b: c"),
      ["4:3", 'config["a b"]', "a name that is refused", "a key of the ConfigMap: letters"],
    ],
    [
      "with a key that is too long",
      config(`${"A".repeat(254)}: b`),
      ["4:3", `config.${"A".repeat(254)}`, "a name that is refused", "up to 253 characters"],
    ],
    [
      "without a value",
      config("A:", "B: null", "C: ~"),
      ["4:3", "config.A", "no value", '`""` for an empty one'],
      ["5:6", "config.B", "no value", '`""` for an empty one'],
      ["6:6", "config.C", "no value", '`""` for an empty one'],
    ],
    ["with a list", config("A: [1, 2]"), ["4:6", "config.A", "a list", "a text, number or truth value"]],
    [
      "with what looks like a template and is none",
      config("A: https://${HOST:-localhost}/v1", "B: ${}", "C: ${1ST}"),
      ["4:6", "config.A", "`${` that begins no `${NAME}`", "`$${` for a `${` that stays"],
      ["5:6", "config.B", "`${` that begins no `${NAME}`", "a name of letters, digits and `_`"],
      ["6:6", "config.C", "`${` that begins no `${NAME}`", "a name of letters, digits and `_`"],
    ],
    [
      "with variables that Pulumi acts with",
      config("A: ${DOPPLER_TOKEN}", "B: x ${PULUMI_CONFIG_PASSPHRASE_FILE}"),
      ["4:6", "config.A", "${DOPPLER_TOKEN}", "no application gets that"],
      ["5:6", "config.B", "${PULUMI_CONFIG_PASSPHRASE_FILE}", "no application gets that"],
    ],
    [
      "with templates that make credentials",
      config(
        "A: postgres://shop:${DB}@db/shop",
        "DB_PASSWORD: { default: '${DB}', dev: none }",
        "C: key=${OPENAI_API_KEY}",
      ),
      [
        "4:6",
        "config.A",
        "a template that makes what looks like a URL with a password",
        "`from: environment`",
      ],
      ["5:27", "config.DB_PASSWORD.default", "a template that makes what looks like a password", "a Secret"],
      [
        "6:6",
        "config.C",
        "a template that makes what looks like a random token under the name of a secret",
        "if it is not secret: `notSecret: [C]`",
      ],
    ],
    [
      "with more than a ConfigMap holds",
      config(`A: ${"b".repeat(600_000)}`, `C: { default: d, prd: ${"e".repeat(500_000)} }`),
      ["4:3", "config", "values of 1100000 bytes in prd", "at most 1048576 bytes"],
    ],
    [
      "with credentials",
      config(
        `STRIPE: sk_live_${"4eC3".repeat(6)}`,
        "URL: { default: https://example.com, prd: 'https://me:hunter2@example.com' }",
      ),
      ["4:11", "config.STRIPE", "what looks like a Stripe key", "if it is not secret: `notSecret: [STRIPE]`"],
      [
        "5:45",
        "config.URL.prd",
        "what looks like a URL with a password",
        "it in Doppler, and its name there under `keys` of a Secret",
      ],
    ],
  ]);
});
