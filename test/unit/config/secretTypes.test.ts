import { strict as assert } from "node:assert";
import { load } from "./project";
import { refuses, secret } from "./tables";

describe("the type of a Secret", () => {
  refuses("type", [
    [
      "that Kubernetes does not have",
      secret("type: kubernetes.io/dockerconfigJson"),
      [
        "6:11",
        "secrets[0].type",
        '"kubernetes.io/dockerconfigJson"',
        "did you mean kubernetes.io/dockerconfigjson?",
      ],
    ],
    [
      "without a domain",
      secret("type: opaque"),
      ["6:11", "secrets[0].type", '"opaque"', "did you mean Opaque?"],
    ],
    [
      "that is the name of a property of every object",
      secret("type: constructor"),
      ["6:11", "secrets[0].type", '"constructor"', "one of Opaque, kubernetes.io/dockerconfigjson"],
    ],
    ["with a space", secret("type: my type"), ["6:11", "secrets[0].type", '"my type"', "a type of Secret"]],
    [
      "that Kubernetes fills",
      secret("type: kubernetes.io/service-account-token"),
      [
        "6:11",
        "secrets[0].type",
        '"kubernetes.io/service-account-token"',
        "Kubernetes fills Secrets of this one by itself",
      ],
    ],
    [
      "tls without its keys",
      secret("type: kubernetes.io/tls", "keys: { tls.crt: SHOP_CERTIFICATE }"),
      [
        "7:11",
        "secrets[0].keys",
        "the keys tls.crt for the type kubernetes.io/tls",
        "`keys: { tls.key: NAME_IN_DOPPLER }`",
      ],
    ],
    [
      "tls with the whole config",
      secret("type: kubernetes.io/tls"),
      [
        "4:5",
        "secrets[0].keys",
        "the whole config for the type kubernetes.io/tls",
        "`keys: { tls.crt: NAME_IN_DOPPLER, tls.key: NAME_IN_DOPPLER }`",
      ],
    ],
    [
      "tls in one environment only",
      secret("type: { default: Opaque, prd: kubernetes.io/tls }", "keys: { default: [A], prd: [B] }"),
      [
        "7:32",
        "secrets[0].keys.prd",
        "the keys B for the type kubernetes.io/tls",
        "tls.crt: NAME_IN_DOPPLER",
      ],
    ],
    [
      "basic-auth with neither user nor password",
      secret("type: kubernetes.io/basic-auth", "keys: [A]"),
      [
        "7:11",
        "secrets[0].keys",
        "the keys A for the type kubernetes.io/basic-auth",
        "username: NAME_IN_DOPPLER, password: NAME_IN_DOPPLER }`, or one of them",
      ],
    ],
    [
      "ssh-auth without its key",
      secret("type: kubernetes.io/ssh-auth", "keys: [A]"),
      [
        "7:11",
        "secrets[0].keys",
        "the keys A for the type kubernetes.io/ssh-auth",
        "ssh-privatekey: NAME_IN_DOPPLER",
      ],
    ],
    [
      "dockerconfigjson without a registry",
      secret("type: kubernetes.io/dockerconfigjson"),
      [
        "6:11",
        "secrets[0].type",
        "the type kubernetes.io/dockerconfigjson without `registry`",
        "`registry: { username: DOCKERHUB_USERNAME, password: DOCKERHUB_TOKEN }`",
      ],
    ],
    [
      "that is not the registry's",
      secret("type: Opaque", "registry: { username: USER, password: TOKEN }"),
      [
        "6:11",
        "secrets[0].type",
        "the type Opaque beside `registry`",
        "kubernetes.io/dockerconfigjson, or no `type`",
      ],
    ],
  ]);

  refuses("registry", [
    [
      "without its names",
      secret("registry: {}"),
      ["6:15", "secrets[0].registry.password", "nothing", "such as DOCKERHUB_TOKEN"],
      ["6:15", "secrets[0].registry.username", "nothing", "such as DOCKERHUB_USERNAME"],
    ],
    [
      "without a value",
      secret("registry:"),
      ["6:5", "secrets[0].registry", "no value", "a map with server, username or password"],
    ],
    [
      "with credentials in its address",
      secret("registry: { server: 'https://me:hunter2@ghcr.io', username: USER, password: TOKEN }"),
      [
        "6:25",
        "secrets[0].registry.server",
        "what looks like a URL with a password",
        "the registry's address, such as ghcr.io",
      ],
    ],
    [
      "with keys that are not its own",
      secret("registry: { username: USER, password: TOKEN }", "keys: [USER]"),
      [
        "7:11",
        "secrets[0].keys",
        "keys beside `registry` that are not its own",
        "no `keys`: they are those of `registry`, USER and TOKEN",
      ],
    ],
  ]);

  it("takes what Kubernetes takes", () => {
    for (const lines of [
      ["type: kubernetes.io/tls", "keys: { tls.crt: A, tls.key: B, ca.crt: C }"],
      ["type: kubernetes.io/basic-auth", "keys: { password: A }"],
      ["type: kubernetes.io/basic-auth", "keys: { username: A }"],
      ["type: kubernetes.io/ssh-auth", "keys: { ssh-privatekey: A }"],
      ["type: kubernetes.io/dockercfg", "keys: { .dockercfg: A }"],
      ["type: example.com/shop"],
      ["type: Opaque", "keys: [A]"],
      ["type: kubernetes.io/dockerconfigjson", "registry: { username: A, password: B }", "keys: [B, A]"],
      ["registry: { username: A, password: B, server: https://registry.example:5000/v2 }"],
    ]) {
      assert.equal(load({ "shop.yaml": secret(...lines) }).length, 1, lines.join(", "));
    }
  });
});
