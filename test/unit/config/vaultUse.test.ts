import { HEAD, refuses, secret, vaultSecret } from "./tables";
import type { Row } from "./tables";

describe("an application with Secrets from Vault", () => {
  refuses("restart", [
    [
      "that is a text",
      vaultSecret("restart: Deployment/a"),
      ["6:14", "secrets[0].restart", '"Deployment/a"', "a list of"],
    ],
    [
      "that is none",
      vaultSecret("restart: []"),
      ["6:14", "secrets[0].restart", "an empty list", "such as [Deployment/"],
    ],
    ...["shop", "deployment/shop", "Job/shop", "Deployment/", "Deployment/a/b", "Deployment/Shop"].map(
      (target): Row => [
        `of ${target}`,
        vaultSecret(`restart: [${target}]`),
        ["6:15", "secrets[0].restart[0]", `"${target}"`, "Deployment, DaemonSet or StatefulSet"],
      ],
    ),
    [
      "of a workload twice",
      vaultSecret("restart: [Deployment/a, Deployment/a]"),
      ["6:29", "secrets[0].restart[1]", "the same workload again", "every one once"],
    ],
    [
      "of an application with a Secret from Doppler too",
      `${HEAD}secrets: [{ name: a, from: doppler }, { name: b, from: { vault: shop/b } }]\nrestart: [Deployment/shop]\n`,
      ["4:1", "restart", "a `restart` for all Secrets, though a is from Doppler", "it on the Vault secrets"],
    ],
    [
      "of an application that names no kind",
      `${HEAD}secrets: [{ name: config, from: vault }]\nrestart: [shop]\n`,
      ["4:11", "restart[0]", '"shop"', "a kind and a name"],
    ],
    [
      "of an application without Secrets from Vault",
      secret().concat("restart: [Deployment/shop]\n"),
      ["6:10", "restart", "a list", "Stakater Reloader can"],
    ],
  ]);

  refuses("the application in Vault", [
    [
      "only for its source, where that is mistyped",
      `${HEAD}service: billing\nrestart: [Deployment/a]\nsecrets: [{ name: config, from: valut }]\n`,
      ["5:33", "secrets[0].from", '"valut"', "did you mean vault?"],
    ],
    ...["service", "serviceAccount"].map((field): Row => [
      `with a ${field} that nothing uses`,
      secret().concat(`${field}: other\n`),
      ["6:1", field, `\`${field}\` without a Secret from Vault`, `no \`${field}\`: nothing would use it`],
    ]),
    [
      "with a subtree of several parts",
      vaultSecret().concat("service: shop/eu\n"),
      ["6:10", "service", '"shop/eu"', "the application's subtree in Vault: letters"],
    ],
    ...["shared", "infrastructure"].flatMap((tree): Row[] => [
      [
        `with the subtree ${tree}`,
        `${HEAD}service: ${tree}\nsecrets: [{ name: config, from: vault }]\n`,
        ["3:10", "service", `"${tree}"`, "are for what several applications read"],
      ],
      [
        `called ${tree}`,
        `name: ${tree}\nnamespace: a\nsecrets: [{ name: config, from: vault }]\n`,
        [
          "1:7",
          "name",
          `"${tree}", which names the application's subtree in Vault too`,
          "`service: <another name>`",
        ],
      ],
    ]),
    [
      "with a ServiceAccount that Kubernetes refuses",
      vaultSecret().concat("serviceAccount: { default: shop, dev: Shop }\n"),
      ["6:39", "serviceAccount.dev", '"Shop"', "the ServiceAccount whose token logs in to Vault"],
    ],
  ]);
});
