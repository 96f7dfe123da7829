import { strict as assert } from "node:assert";
import { load } from "./project";
import { HEAD, refuses, vaultSecret } from "./tables";
import type { Row } from "./tables";

describe("a Secret from Vault", () => {
  refuses("the path of a Secret", [
    [
      "that is missing beside a name of its own",
      `${HEAD}secrets: [{ name: shop-db, from: vault }]\n`,
      [
        "3:34",
        "secrets[0].from",
        '"vault" without a path, for a Secret called shop-db',
        "config, credentials or api-keys as its `name`, or `from: { vault: shop/shop-db }`",
      ],
    ],
    [
      "that is missing where the subtree differs",
      `${HEAD}service: { default: shop, dev: shop-dev }\nsecrets: [{ name: db, from: vault }]\n`,
      [
        "4:29",
        "secrets[0].from",
        '"vault" without a path, for a Secret called db',
        "{ vault: <service>/db }",
      ],
    ],
    ...["/shop/db", "shop/db/", "shop//db", "shop/../db", "./db", "shop/*", "+/db", "shop/d b"].map(
      (path): Row => [
        `that is ${path}`,
        `${HEAD}secrets: [{ name: a, from: { vault: "${path}" } }]\n`,
        ["3:37", "secrets[0].from.vault", `"${path}"`, "a path below the mount in Vault, such as shared/dns"],
      ],
    ),
    [
      "that is given twice",
      `${HEAD}secrets: [{ name: a, from: { vault: shop/a }, vault: shop/b }]\n`,
      ["3:47", "secrets[0].vault", "the path a second time, after `from`", "it in one place"],
    ],
    [
      "beside a Doppler config",
      vaultSecret("doppler: shared"),
      ["6:5", "secrets[0].doppler", "a config for another source", "no `doppler`, or `from: doppler`"],
    ],
    [
      "without a source",
      `${HEAD}secrets: [{ name: a, vault: shop/a, keys: [lower] }]\n`,
      ["3:11", "secrets[0].from", "nothing", "`from: doppler`, `from: vault` or `from: environment`"],
    ],
    [
      "in an environment",
      `${HEAD}secrets: [{ name: a, from: { vault: { default: shop/a, prd: shop/ } } }]\n`,
      ["3:61", "secrets[0].from.vault.prd", '"shop/"', "in parts with one `/` between them"],
    ],
  ]);

  refuses("the fields of a Secret", [
    [
      "with a registry, which is Doppler's",
      vaultSecret("registry: { username: USER, password: TOKEN }"),
      ["6:15", "secrets[0].registry", "a map", "`keys: { .dockerconfigjson: KEY_IN_VAULT }`"],
    ],
    [
      "with keys that no Secret could have",
      vaultSecret("keys: [a/b, ..c]"),
      ["6:12", "secrets[0].keys[0]", '"a/b"', "a key in Vault: letters"],
      ["6:17", "secrets[0].keys[1]", '"..c"', "a key in Vault: letters"],
    ],
    [
      "with no keys",
      vaultSecret("keys: []"),
      ["6:11", "secrets[0].keys", "an empty list", "without `keys` it is every key in Vault"],
    ],
    [
      "with too short a refresh",
      vaultSecret("refresh: 9s"),
      ["6:14", "secrets[0].refresh", '"9s"', "a duration from 10s to 24h"],
    ],
    [
      "of the type of a registry's credentials without their key",
      vaultSecret("type: kubernetes.io/dockerconfigjson", "keys: [config.json]"),
      [
        "7:11",
        "secrets[0].keys",
        "the keys config.json for the type kubernetes.io/dockerconfigjson",
        "`keys: { .dockerconfigjson: KEY_IN_VAULT }`",
      ],
    ],
    [
      "of a type with demands and whatever keys there are",
      vaultSecret("type: kubernetes.io/tls"),
      [
        "4:5",
        "secrets[0].keys",
        "whatever keys Vault has for the type kubernetes.io/tls",
        "`keys: { tls.crt: KEY_IN_VAULT, tls.key: KEY_IN_VAULT }`",
      ],
    ],
    [
      "with a label that looks like a credential",
      vaultSecret("annotations: { a: 'https://me:hunter2@example.com' }"),
      ["6:23", "secrets[0].annotations.a", "what looks like a URL with a password", "notSecret: [a]"],
    ],
  ]);

  refuses("placeholder", [
    [
      "that is a text",
      vaultSecret("placeholder: user"),
      ["6:18", "secrets[0].placeholder", '"user"', "a list of keys"],
    ],
    [
      "that is none",
      vaultSecret("placeholder: []"),
      ["6:18", "secrets[0].placeholder", "an empty list", "such as [username"],
    ],
    [
      "with a key twice, and one that is none",
      vaultSecret("placeholder: [a, b/c, a]"),
      ["6:22", "secrets[0].placeholder[1]", '"b/c"', "a key in Vault"],
      ["6:27", "secrets[0].placeholder[2]", "the same key again", "every one once"],
    ],
    [
      "with a key twice",
      vaultSecret("placeholder: [a, a]"),
      ["6:22", "secrets[0].placeholder[1]", "the same key again", "every one once"],
    ],
    [
      "without a key that the Secret has",
      vaultSecret(
        "placeholder: [user]",
        "keys: { USER: user, PASSWORD: password, PASSWORD_AGAIN: password }",
      ),
      [
        "7:11",
        "secrets[0].keys",
        "password, which `placeholder` does not have",
        "password in `placeholder` too",
      ],
    ],
    [
      "without a key that it has in one environment",
      vaultSecret("placeholder: [user]", "keys: { default: [user], prd: [token] }"),
      [
        "7:35",
        "secrets[0].keys.prd",
        "token, which `placeholder` does not have",
        "token in `placeholder` too",
      ],
    ],
    ...["shared/dns", "infrastructure/db", "other/db", "shop", "shop-dev/db"].map((path): Row => [
      `outside of the application's own subtree, in ${path}`,
      `${HEAD}secrets: [{ name: a, from: { vault: ${path} }, placeholder: [a] }]\n`,
      [
        `3:${path.length + 41}`,
        "secrets[0].placeholder",
        `placeholders for ${path}, which is not below shop/, the application's own subtree`,
        "whoever owns that path",
      ],
    ]),
    [
      "outside of it in one environment",
      `${HEAD}service: { default: shop, prd: shop-eu }\nsecrets: [{ name: a, from: { vault: shop/a }, placeholder: [a] }]\n`,
      [
        "4:47",
        "secrets[0].placeholder",
        "placeholders for shop/a, which is not below shop-eu/, the application's own subtree",
        "no `placeholder`",
      ],
    ],
    [
      "for one path in two Secrets",
      `${HEAD}secrets:\n  - { name: credentials, from: vault, placeholder: [a] }\n` +
        "  - { name: b, from: { vault: shop/credentials }, placeholder: [b] }\n",
      [
        "5:51",
        "secrets[1].placeholder",
        "placeholders for shop/credentials a second time, after those of credentials",
        "all keys in `placeholder` of credentials",
      ],
    ],
  ]);

  refuses("placeholders for a registry", [
    [
      "whose credentials Kubernetes reads",
      vaultSecret(
        "placeholder: [a]",
        "keys: { .dockerconfigjson: a }",
        "type: kubernetes.io/dockerconfigjson",
      ),
      [
        "6:5",
        "secrets[0].placeholder",
        "placeholders for a Secret of type kubernetes.io/dockerconfigjson",
        "only Docker's JSON",
      ],
    ],
  ]);

  refuses("populate", [
    [
      "without placeholders",
      vaultSecret("populate: { image: registry.example/fill, command: [fill] }"),
      ["6:5", "secrets[0].populate", "`populate` without `placeholder`", "or no `populate`"],
    ],
    [
      "with nothing in it",
      vaultSecret("placeholder: [a]", "populate: {}"),
      ["7:15", "secrets[0].populate.command", "nothing", "a list of texts"],
      ["7:15", "secrets[0].populate.image", "nothing", "the image of the container"],
    ],
    [
      "with an image and a command that are none",
      vaultSecret("placeholder: [a]", 'populate: { image: "a b", command: [], shell: sh }'),
      ["7:24", "secrets[0].populate.image", '"a b"', "the image of the container"],
      ["7:40", "secrets[0].populate.command", "an empty list", "such as [sh, -c"],
      ["7:44", "secrets[0].populate.shell", "an unknown field", "image, command"],
    ],
    [
      "with a command in one text",
      vaultSecret("placeholder: [a]", "populate: { image: a, command: fill it }"),
      ["7:36", "secrets[0].populate.command", '"fill it"', "a list of texts"],
    ],
  ]);

  it("takes what Vault and Kubernetes take", () => {
    for (const text of [
      vaultSecret("keys: [lower, a.b-c_D]", "type: example.com/shop"),
      vaultSecret("keys: { tls.crt: certificate, tls.key: tls.key }", "type: kubernetes.io/tls"),
      vaultSecret("keys: [.dockerconfigjson]", "type: kubernetes.io/dockerconfigjson"),
      vaultSecret("placeholder: [a, b]", "keys: { A: a }"),
      vaultSecret("placeholder: [a]", "populate: { image: a@sha256:0a, command: [sh, -c, ''] }"),
      vaultSecret("restart: [Deployment/a, DaemonSet/a, StatefulSet/a.b]"),
      `${HEAD}secrets: [{ name: a, from: vault, vault: { default: shared/dns, prd: infrastructure/dns/eu } }]\n`,
      `${HEAD}service: shop.eu_1\nsecrets: [{ name: api-keys, from: vault, placeholder: [a] }]\n`,
      `name: shared\nnamespace: a\nservice: common\nsecrets: [{ name: config, from: vault }]\n`,
      "name: shared\nnamespace: a\nconfig: { A: b }\n",
      `${HEAD}secrets: [{ name: a, from: doppler }, { name: b, from: { vault: shop/b } }]\n`,
    ]) {
      assert.equal(load({ "shop.yaml": text }).length, 1, text);
    }
  });
});
