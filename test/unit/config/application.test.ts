import { HEAD, config, refuses } from "./tables";
import type { Row } from "./tables";

describe("an application file", () => {
  refuses("the application", [
    [
      "without a name",
      "namespace: shop\nconfig: { A: b }\n",
      ["1:1", "name", "nothing", "the name of the application: lowercase"],
    ],
    [
      "with a name that is no label",
      "name: Shop_1\nnamespace: shop\nconfig: { A: b }\n",
      ["1:7", "name", '"Shop_1"', "lowercase letters, digits and `-`"],
    ],
    [
      "with a name that is too long",
      `name: ${"a".repeat(64)}\nnamespace: shop\nconfig: { A: b }\n`,
      ["1:7", "name", "a text of 64 characters", "up to 63 characters"],
    ],
    [
      "without a namespace",
      "name: shop\nconfig: { A: b }\n",
      ["1:1", "namespace", "nothing", "a namespace: lowercase"],
    ],
    [
      "in a namespace with a dot",
      "name: shop\nnamespace: shop.dev\nconfig: { A: b }\n",
      ["2:12", "namespace", '"shop.dev"', "a namespace: lowercase"],
    ],
    ...["kube-system", "kube-public", "kube-node-lease"].map((namespace): Row => [
      `in ${namespace}`,
      `name: shop\nnamespace: { default: shop, prd: ${namespace} }\nconfig: { A: b }\n`,
      ["2:34", "namespace.prd", `"${namespace}"`, "another namespace"],
    ]),
    [
      "with an unknown field close to a known one",
      `${HEAD}secretes: []\nconfig: { A: b }\n`,
      ["3:1", "secretes", "an unknown field", "did you mean secrets?"],
    ],
    [
      "with an unknown field close to none",
      `${HEAD}replicas: 2\nconfig: { A: b }\n`,
      [
        "3:1",
        "replicas",
        "an unknown field",
        "one of name, namespace, environments, secrets, config, configMap, notSecret",
      ],
    ],
    [
      "that restarts a workload",
      `${HEAD}restart: [Deployment/shop]\nconfig: { A: b }\n`,
      ["3:10", "restart", "a list", 'reloader.stakater.com/auto: "true"'],
    ],
    [
      "with neither secrets nor config",
      `${HEAD}secrets: []\n`,
      ["1:1", "", "an application with neither `secrets` nor `config`", "at least one of the two"],
    ],
    [
      "with secrets that are no list",
      `${HEAD}secrets: { name: shop-secrets }\n`,
      ["3:10", "secrets", "a map", "a list of Secrets"],
    ],
    [
      "with the name of a ConfigMap and no config",
      `${HEAD}secrets: [{ name: a, from: doppler }]\nconfigMap: shop\n`,
      ["4:1", "configMap", "a ConfigMap without `config`", "or no `configMap`"],
    ],
    [
      "with a ConfigMap that Kubernetes writes",
      `${HEAD}config: { A: b }\nconfigMap: kube-root-ca.crt\n`,
      ["4:12", "configMap", '"kube-root-ca.crt"', "another name"],
    ],
    [
      "with a name of a ConfigMap that Kubernetes refuses",
      `${HEAD}config: { A: b }\nconfigMap: shop_config\n`,
      ["4:12", "configMap", '"shop_config"', "the name of the ConfigMap: lowercase"],
    ],
  ]);

  refuses("environments", [
    [
      "that are no list",
      `${HEAD}environments: dev\nconfig: { A: b }\n`,
      ["3:15", "environments", '"dev"', "such as [dev, staging, prd]"],
    ],
    [
      "that are none",
      `${HEAD}environments: []\nconfig: { A: b }\n`,
      ["3:15", "environments", "an empty list", "without it, all of them"],
    ],
    [
      "that the project does not know",
      `${HEAD}environments: [dev, prod]\nconfig: { A: b }\n`,
      ["3:21", "environments[1]", '"prod"', "did you mean prd?"],
    ],
    [
      "that are named twice",
      `${HEAD}environments: [dev, dev]\nconfig: { A: b }\n`,
      ["3:21", "environments[1]", "the same environment again", "every one once"],
    ],
    [
      "that have no value and no default",
      "name: shop\nnamespace: { dev: shop-dev }\nconfig: { A: b }\n",
      [
        "2:12",
        "namespace",
        "no value for staging, prd, and no default",
        "`staging: ...`, `prd: ...` or `default: ...`",
      ],
    ],
    [
      "that are unknown in a map",
      config("LOG_LEVEL: { default: info, prod: warn }"),
      [
        "4:31",
        "config.LOG_LEVEL.prod",
        "an unknown environment",
        "did you mean prd? Known are default, dev, staging, prd",
      ],
    ],
  ]);

  refuses("notSecret", [
    [
      "that is no list",
      `${HEAD}config: { A: b }\nnotSecret: A\n`,
      ["4:12", "notSecret", '"A"', "a list of names"],
    ],
    [
      "for a name that is not there",
      `${HEAD}config: { PUBLIC_TOKEN: b }\nnotSecret: [PUBLIC_TOKNE]\n`,
      ["4:13", "notSecret[0]", '"PUBLIC_TOKNE"', "PUBLIC_TOKEN"],
    ],
  ]);
});
