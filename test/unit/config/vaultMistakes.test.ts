import { refusesValues } from "./stackTables";
import type { StackRow } from "./stackTables";

const ADDRESS = "https://vault.example:8200";
const vault = (values: Record<string, unknown>) => ({ vault: { address: ADDRESS, ...values } });

describe("a stack's configuration for Vault", () => {
  refusesValues("vault", [
    ["that is empty", { vault: null }, "vault", "no value", "a map with address, operatorAddress"],
    ["without an address", { vault: {} }, "vault.address", "nothing", "Vault's address as Pulumi reaches it"],
    [
      "with an unknown field",
      vault({ mout: "secret" }),
      "vault.mout",
      "an unknown field",
      "did you mean mount?",
    ],
    ...[
      "vault.example",
      "ftp://vault.example",
      "https://vault.example/v1",
      "https://vault.example?a=b",
      "",
    ].map((address): StackRow => [
      `at "${address}"`,
      { vault: { address } },
      "vault.address",
      "a text that is no such address",
      "http or https, no path, no user",
    ]),
    [
      "at an address with a password",
      { vault: { address: "https://me:hunter2@vault.example" } },
      "vault.address",
      "a text that is no such address",
      "no user",
    ],
    [
      "with a number as the operator's address",
      vault({ operatorAddress: 8200 }),
      "vault.operatorAddress",
      "the number 8200",
      "Vault's address as the operator's pods reach it",
    ],
    ...["", "/secret", "secret/", "a/../b", "secret/*"].map((mount): StackRow => [
      `with the mount "${mount}"`,
      vault({ mount }),
      "vault.mount",
      mount === "" ? "an empty text" : `"${mount}"`,
      "the mount of the KV v2 secrets: letters",
    ]),
    [
      "with an API server over http",
      vault({ kubernetesHost: "http://10.0.0.1:6443" }),
      "vault.kubernetesHost",
      '"http://10.0.0.1:6443"',
      "such as https://10.0.0.1:6443",
    ],
    ["with half a truth", vault({ inCluster: "yes" }), "vault.inCluster", '"yes"', "true or false"],
    ["with a number as truth", vault({ purge: 1 }), "vault.purge", "the number 1", "true or false"],
    ...[59, 31_536_001, "1d"].map((pendingSeconds): StackRow => [
      `with placeholders for ${pendingSeconds}`,
      vault({ pendingSeconds }),
      "vault.pendingSeconds",
      typeof pendingSeconds === "number" ? `the number ${pendingSeconds}` : '"1d"',
      "a whole number of seconds from 60 to 31536000",
    ]),
    [
      "with a token in plain text",
      { ...vault({}), vaultToken: `hvs.${"aB3d".repeat(10)}` },
      "vaultToken",
      "what looks like a Vault token",
      "`pulumi config set --secret vaultToken`",
    ],
  ]);

  refusesValues("the authority of Vault's certificate", [
    [
      "that is the certificate itself",
      vault({ caCertificateFile: "-----BEGIN CERTIFICATE-----\nAAAA\n" }),
      "vault.caCertificateFile",
      '"-----BEGIN CERTIFICATE-----\\nAAAA\\n"',
      "the path of a PEM file",
    ],
    [
      "for http",
      { vault: { address: "http://vault.example:8200", caCertificateFile: "vault.pem" } },
      "vault.caCertificateFile",
      "a certificate for http",
      "an https address of Vault, or no `caCertificateFile`",
    ],
  ]);

  refusesValues("how applications log in", [
    [
      "that is a text",
      vault({ auth: "kubernetes" }),
      "vault.auth",
      '"kubernetes"',
      "a map with path, audience",
    ],
    [
      "at no path",
      vault({ auth: { path: "auth//a" } }),
      "vault.auth.path",
      '"auth//a"',
      "the mount of the kubernetes",
    ],
    [
      "for nobody",
      vault({ auth: { audience: "" } }),
      "vault.auth.audience",
      "an empty text",
      "such as vault",
    ],
    ...[59, 86_401].map((tokenSeconds): StackRow => [
      `for ${tokenSeconds} seconds`,
      vault({ auth: { tokenSeconds } }),
      "vault.auth.tokenSeconds",
      `the number ${tokenSeconds}`,
      "a whole number of seconds from 60 to 86400",
    ]),
    [
      "with policies that are none",
      vault({ policies: [] }),
      "vault.policies",
      "an empty list",
      "or no `policies`",
    ],
    [
      "with a policy twice",
      vault({ policies: ["a", "a"] }),
      "vault.policies[1]",
      "the same policy again",
      "every",
    ],
    [
      "with the policy of all rights",
      vault({ policies: ["root"] }),
      "vault.policies[0]",
      '"root"',
      "another policy",
    ],
    [
      "with a policy in capitals",
      vault({ policies: ["A"] }),
      "vault.policies[0]",
      '"A"',
      "lowercase letters",
    ],
  ]);

  refusesValues("how Pulumi logs in", [
    [
      "that is a text",
      vault({ login: "kubernetes" }),
      "vault.login",
      '"kubernetes"',
      "a map with kubernetes",
    ],
    [
      "with nothing",
      vault({ login: {} }),
      "vault.login.kubernetes",
      "nothing",
      "a map with role, path or tokenFile",
    ],
    [
      "with another method",
      vault({ login: { kubernetes: { role: "pulumi" }, jwt: {} } }),
      "vault.login.jwt",
      "an unknown field",
      "kubernetes",
    ],
    [
      "without a role",
      vault({ login: { kubernetes: {} } }),
      "vault.login.kubernetes.role",
      "nothing",
      "the role that Pulumi logs in with",
    ],
    [
      "with the token itself",
      vault({ login: { kubernetes: { role: "pulumi", tokenFile: "a\nb" } } }),
      "vault.login.kubernetes.tokenFile",
      '"a\\nb"',
      "the path of a file",
    ],
  ]);

  refusesValues("grants", [
    [
      "that are a list",
      vault({ grants: ["legacy/db"] }),
      "vault.grants",
      "a list",
      '{ "legacy/db": [shop] }',
    ],
    ["to nobody", vault({ grants: { a: [] } }), "vault.grants.a", "an empty list", "a list of applications"],
    ["to one without a list", vault({ grants: { a: "shop" } }), "vault.grants.a", '"shop"', "such as [shop]"],
    [
      "to one twice",
      vault({ grants: { a: ["b", "b"] } }),
      "vault.grants.a[1]",
      "the same application again",
      "every",
    ],
    [
      "to what is no name",
      vault({ grants: { a: ["Shop"] } }),
      "vault.grants.a[0]",
      '"Shop"',
      "the name of an application: lowercase",
    ],
    ...["a//b", "../a", "a/*", "/a"].map((path): StackRow => [
      `of ${path}`,
      vault({ grants: { [path]: ["shop"] } }),
      `vault.grants["${path}"]`,
      "a name that is refused",
      "a path below the mount in Vault",
    ]),
    ...["shared/dns", "infrastructure/a/b"].map((path): StackRow => [
      `of ${path}, which needs none`,
      vault({ grants: { [path]: ["shop"] } }),
      `vault.grants["${path}"]`,
      "a grant for what several applications read",
      "no grant",
    ]),
  ]);

  refusesValues("the chart of Vault Secrets Operator", [
    [
      "of a version that is too old",
      { vaultSecretsOperator: { version: "0.9.1" } },
      "vaultSecretsOperator.version",
      '"0.9.1"',
      "0.10.0 or newer",
    ],
    [
      "of a range of versions",
      { vaultSecretsOperator: { version: "^1.4" } },
      "vaultSecretsOperator.version",
      '"^1.4"',
      'such as "1.4.1": one version, no range',
    ],
    [
      "of one's own without a version",
      { vaultSecretsOperator: { chart: "./chart" } },
      "vaultSecretsOperator.version",
      "nothing, for a chart that is not the public one",
      '"1.4.1"',
    ],
    [
      "in the namespace of the other operator",
      { vaultSecretsOperator: { namespace: "external-secrets" } },
      "vaultSecretsOperator.namespace",
      '"external-secrets", the namespace of External Secrets Operator',
      "another namespace",
    ],
  ]);
});
