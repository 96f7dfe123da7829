import { refusesValues } from "./stackTables";
import type { StackRow } from "./stackTables";

const chart = (values: Record<string, unknown>) => ({ externalSecrets: values });

describe("a stack's configuration", () => {
  refusesValues("the stack", [
    ["an unknown key", { clutser: {} }, "clutser", "an unknown field", "did you mean cluster?"],
    ["an unknown environment", { environment: "prod" }, "environment", '"prod"', "did you mean prd?"],
    ["an environment that is no text", { environment: 3 }, "environment", "the number 3", "the name of an"],
    ["a folder without a name", { applications: "" }, "applications", "an empty text", "the folder of the"],
    [
      "variables that are no file",
      { environmentFile: { A: "b" } },
      "environmentFile",
      "a map",
      "such as .env.dev",
    ],
    [
      "variables in the place of their file",
      { environmentFile: "A=hunter2\nB=c" },
      "environmentFile",
      "a text that is no path",
      "not what is in it",
    ],
    [
      "a token in plain text",
      { dopplerToken: `dp.st.dev.${"aB3d".repeat(10)}` },
      "dopplerToken",
      "what looks like a Doppler token",
      "`pulumi config set --secret dopplerToken`",
    ],
    ...[5, 3601, "soon", 1.5, null].map((value): StackRow => [
      `a time to wait of ${String(value)}`,
      { synchronizationTimeoutSeconds: value },
      "synchronizationTimeoutSeconds",
      value === null ? "no value" : typeof value === "number" ? `the number ${value}` : `"${value}"`,
      "a whole number of seconds from 10 to 3600",
    ]),
  ]);
  refusesValues("environments", [
    ["that are no list", { environments: "dev" }, "environments", '"dev"', "in Pulumi.yaml"],
    ["that are none", { environments: [] }, "environments", "an empty list", "in Pulumi.yaml"],
    [
      "that are named twice",
      { environments: ["dev", "prd", "dev"] },
      "environments[2]",
      "the same environment again",
      "every one once",
    ],
    [
      "that are called default",
      { environments: ["dev", "default"] },
      "environments[1]",
      '"default"',
      "stands for all environments",
    ],
    [
      "that Doppler refuses",
      { environments: ["dev", "PRD"] },
      "environments[1]",
      '"PRD"',
      "lowercase letters",
    ],
  ]);
  refusesValues("kubernetes", [
    [
      "that is missing",
      { kubernetes: undefined },
      "kubernetes",
      "nothing",
      "a map with context or kubeconfig",
    ],
    ["without a context", { kubernetes: {} }, "kubernetes.context", "nothing", "a context in the kubeconfig"],
    [
      "with an empty context",
      { kubernetes: { context: "" } },
      "kubernetes.context",
      "an empty text",
      "the name of",
    ],
    [
      "with a whole kubeconfig",
      { kubernetes: { context: "kind", kubeconfig: "apiVersion: v1\nkind: Config\n" } },
      "kubernetes.kubeconfig",
      '"apiVersion: v1\\nkind: Config\\n"',
      "the path of a kubeconfig, not what is in it",
    ],
    [
      "with an unknown field",
      { kubernetes: { context: "kind", contxt: "kind" } },
      "kubernetes.contxt",
      "an unknown field",
      "did you mean context?",
    ],
  ]);
  refusesValues("cluster", [
    ["that is a text", { cluster: "dev" }, "cluster", '"dev"', "a map with environments or owner"],
    [
      "with both an owner and environments",
      { cluster: { owner: "prd", environments: ["dev"] } },
      "cluster",
      "both `environments` and `owner`",
      "`owner` on the others",
    ],
    [
      "owned by the stack itself",
      { cluster: { owner: "dev" } },
      "cluster.owner",
      "the stack itself",
      "`environments`",
    ],
    [
      "with an unknown environment",
      { cluster: { environments: ["dev", "prod"] } },
      "cluster.environments[1]",
      '"prod"',
      "did you mean prd?",
    ],
    [
      "without the stack's own environment",
      { cluster: { environments: ["prd"] } },
      "cluster.environments",
      "a list without dev, the stack's own",
      "dev in the list too",
    ],
    [
      "with an owner that is no name",
      { cluster: { owner: "a b" } },
      "cluster.owner",
      '"a b"',
      "the stack that owns",
    ],
  ]);
  refusesValues("the operator's chart", [
    ["with a range of versions", chart({ version: "~2.9" }), "externalSecrets.version", '"~2.9"', "no range"],
    [
      "with a number as version",
      chart({ version: 2.9 }),
      "externalSecrets.version",
      "the number 2.9",
      "in quotes",
    ],
    [
      "of a version without the API",
      chart({ version: "0.16.2" }),
      "externalSecrets.version",
      '"0.16.2"',
      "0.17.0 or newer",
    ],
    [
      "of one's own without a version",
      chart({ chart: "./charts/external-secrets" }),
      "externalSecrets.version",
      "nothing, for a chart that is not the public one",
      "the chart's version in quotes",
    ],
    [
      "that is a path with a repository",
      chart({ chart: "./chart", version: "2.9.0", repository: "https://charts.external-secrets.io" }),
      "externalSecrets.repository",
      "a repository beside a chart that is a path or address",
      "no `repository`",
    ],
    [
      "from a repository with a password",
      chart({ repository: "https://me:hunter2@charts.example" }),
      "externalSecrets.repository",
      "what looks like a URL with a password",
      "the address of the chart's repository",
    ],
    [
      "in kube-system",
      chart({ namespace: "kube-system" }),
      "externalSecrets.namespace",
      '"kube-system"',
      "another",
    ],
    [
      "with values that are a list",
      chart({ values: [] }),
      "externalSecrets.values",
      "an empty list",
      "a map",
    ],
    [
      "with a credential in its values",
      chart({ values: { extraEnv: [{ name: "A", value: "https://me:hunter2@example.com" }] } }),
      "externalSecrets.values.extraEnv[0].value",
      "what looks like a URL with a password",
      "the name of a Secret that the chart reads it from",
    ],
  ]);
});
