import { HEAD, refuses, secret } from "./tables";
import type { Row } from "./tables";

describe("an entry of secrets", () => {
  refuses("a Secret", [
    [
      "that is no map",
      `${HEAD}secrets: [shop-secrets]\n`,
      ["3:11", "secrets[0]", '"shop-secrets"', "a map with name, from, doppler"],
    ],
    [
      "without a name and a source",
      `${HEAD}secrets:\n  - keys: [A]\n`,
      ["4:5", "secrets[0].from", "nothing", "`from: doppler`"],
      ["4:5", "secrets[0].name", "nothing", "the name of the Kubernetes Secret"],
    ],
    [
      "with a name that Kubernetes refuses",
      `${HEAD}secrets: [{ name: -shop, from: doppler }]\n`,
      ["3:19", "secrets[0].name", '"-shop"', "up to 253 characters"],
    ],
    [
      "with an unknown field",
      secret("refrehs: 1m"),
      ["6:5", "secrets[0].refrehs", "an unknown field", "did you mean refresh?"],
    ],
    [
      "that restarts a workload",
      secret("restart: [Deployment/shop]"),
      ["6:14", "secrets[0].restart", "a list", "cannot restart pods, Stakater Reloader can"],
    ],
    [
      "with a placeholder",
      secret("placeholder: [username]"),
      ["6:18", "secrets[0].placeholder", "a list", "only secrets from Vault"],
    ],
    [
      "that is filled",
      secret("populate: { image: a, command: [b] }"),
      ["6:15", "secrets[0].populate", "a map", "only secrets from Vault"],
    ],
  ]);

  refuses("the source of a Secret", [
    [
      "that is mistyped",
      `${HEAD}secrets: [{ name: a, from: dopler }]\n`,
      ["3:28", "secrets[0].from", '"dopler"', "doppler"],
    ],
    [
      "that is a place in the environment",
      `${HEAD}secrets: [{ name: a, from: { environment: dev }, keys: [A] }]\n`,
      [
        "3:30",
        "secrets[0].from.environment",
        "a place in the environment",
        "`from: environment`, and its variables under `keys`",
      ],
    ],
    [
      "that are two",
      `${HEAD}secrets: [{ name: a, from: { doppler: shared, vault: shared/dns } }]\n`,
      ["3:28", "secrets[0].from", "two sources", "one of them"],
    ],
    [
      "with a path for Vault",
      secret("vault: shared/dns"),
      ["6:5", "secrets[0].vault", "a path for another source", "no `vault`, or `from: vault`"],
    ],
    [
      "that is an empty map",
      `${HEAD}secrets: [{ name: a, from: {} }]\n`,
      ["3:28", "secrets[0].from", "an empty map", "`from: doppler`"],
    ],
    [
      "with a config that Doppler refuses",
      secret("doppler: Shared"),
      ["6:14", "secrets[0].doppler", '"Shared"', "a config of the Doppler project: lowercase"],
    ],
    [
      "with its config twice",
      `${HEAD}secrets: [{ name: a, from: { doppler: shared }, doppler: shared }]\n`,
      ["3:49", "secrets[0].doppler", "the config a second time, after `from`", "it in one place"],
    ],
  ]);

  refuses("keys", [
    [
      "that Doppler refuses",
      secret("keys: [database-url, 1ST]"),
      ["6:12", "secrets[0].keys[0]", '"database-url"', "a name in Doppler: capital letters"],
      ["6:26", "secrets[0].keys[1]", '"1ST"', "no digit first"],
    ],
    [
      "that are too long for Doppler",
      secret(`keys: [${"A".repeat(201)}]`),
      ["6:12", "secrets[0].keys[0]", "a text of 201 characters", "up to 200 characters"],
    ],
    [
      "that Kubernetes refuses",
      secret("keys:", "  ..data: DATABASE_URL", "  a/b: DATABASE_URL"),
      ["7:7", 'secrets[0].keys["..data"]', "a name that is refused", "a key of a Secret: letters"],
      ["8:7", 'secrets[0].keys["a/b"]', "a name that is refused", "not `..` at the start"],
    ],
    [
      "without a name in Doppler",
      secret("keys: { DATABASE_URL: }"),
      ["6:13", "secrets[0].keys.DATABASE_URL", "no value", "a name in Doppler"],
    ],
    [
      "that are named twice",
      secret("keys: [A, B, A]"),
      ["6:18", "secrets[0].keys[2]", "the same name a second time", "every name once"],
    ],
    [
      "that are none",
      secret("keys: []"),
      ["6:11", "secrets[0].keys", "an empty list", "without `keys` it is the whole config"],
    ],
    [
      "that are an empty map",
      secret("keys: {}"),
      ["6:11", "secrets[0].keys", "an empty map", "without `keys` it is the whole config"],
    ],
    [
      "that are a single name",
      secret("keys: DATABASE_URL"),
      ["6:11", "secrets[0].keys", '"DATABASE_URL"', "a list of names in Doppler"],
    ],
    [
      "that are missing in an environment",
      secret("keys: { dev: [A], prd: { A: B } }"),
      ["6:11", "secrets[0].keys", "no value for staging, and no default", "`staging: ...`"],
    ],
  ]);

  refuses("refresh", [
    ...["1 minute", "60", "1.5m", "", "-1m", "1d", "5s", "25h"].map((duration): Row => [
      `of "${duration}"`,
      secret(`refresh: "${duration}"`),
      [
        "6:14",
        "secrets[0].refresh",
        duration === "" ? "an empty text" : `"${duration}"`,
        "a duration from 10s to 24h, such as 30s, 1m or 1h",
      ],
    ]),
    ["without a value", secret("refresh:"), ["6:5", "secrets[0].refresh", "no value", "a duration"]],
    [
      "of an environment",
      secret("refresh: { default: 1m, prd: 1s }"),
      ["6:34", "secrets[0].refresh.prd", '"1s"', "a duration from 10s"],
    ],
  ]);

  refuses("labels and annotations", [
    [
      "with keys that Kubernetes refuses",
      secret("labels: { -team: shop }", "annotations: { a/b/c: d }"),
      ["6:15", "secrets[0].labels.-team", "a name that is refused", "the key of a label: up to 63"],
      ["7:20", 'secrets[0].annotations["a/b/c"]', "a name that is refused", "the key of an annotation"],
    ],
    [
      "with a value that is no label",
      secret('labels: { team: "the shop" }'),
      ["6:21", "secrets[0].labels.team", '"the shop"', "the value of a label: up to 63"],
    ],
    [
      "with lists",
      secret("labels: [team]", "annotations: { a: [b] }"),
      ["6:13", "secrets[0].labels", "a list", "a map, such as { team: shop }"],
      ["7:23", "secrets[0].annotations.a", "a list", "a text"],
    ],
    [
      "that are too large",
      secret(`annotations: { a: ${"b".repeat(262_144)} }`),
      ["6:18", "secrets[0].annotations", "annotations of 262145 bytes", "at most 262144 bytes"],
    ],
  ]);
});
