import assert from "node:assert/strict";
import { copiedSecrets } from "../../../migrate/copiers/copiedSecrets";
import { consumersOf } from "../../../migrate/copiers/consumers";
import { copierJobs } from "../../../migrate/copiers/copierJobs";
import { AnyObject, inventoryOf } from "../../../migrate/inventory/inventory";
import { configMapObject, metadata, secretObject, workloadObject } from "./objects";

const VALUES = { password: "one" };

/** `namespace/name content`, with `*` where an operator makes it, by copied Secret. */
function described(...objects: AnyObject[]): Record<string, string[]> {
  const inventory = inventoryOf(objects);
  return Object.fromEntries(
    copiedSecrets(inventory, copierJobs(inventory)).map(({ path, copies }) => [
      path,
      copies.map(
        ({ namespace, name, content, isSynchronized }) =>
          `${namespace}/${name} ${content}${isSynchronized ? "*" : ""}`,
      ),
    ]),
  );
}

const COPIER = workloadObject("CronJob", "jobs/copier", {
  containers: [
    { name: "c", command: ["sh", "-c", "kubectl get secret db -n a -o yaml | kubectl apply -n b -f -"] },
  ],
});

const cases: readonly (readonly [name: string, objects: AnyObject[], expected: Record<string, string[]>])[] =
  [
    [
      "equal content, under whatever name",
      [secretObject("a/db", VALUES), secretObject("b/db", VALUES), secretObject("c/database", VALUES)],
      { "shared/db": ["a/db the same", "b/db the same", "c/database the same"] },
    ],
    [
      "stringData and data are the same",
      [secretObject("a/db", VALUES), { kind: "Secret", metadata: metadata("b/db"), stringData: VALUES }],
      { "shared/db": ["a/db the same", "b/db the same"] },
    ],
    [
      "another value, another key, and one namespace are no copies",
      [
        secretObject("a/db", VALUES),
        secretObject("a/again", VALUES),
        secretObject("b/db", { password: "two" }),
        secretObject("c/db", { passwor: "done" }),
        secretObject("d/db", {}),
        secretObject("e/db", {}),
      ],
      {},
    ],
    [
      "what Kubernetes and Helm fill is passed over",
      ["kubernetes.io/service-account-token", "helm.sh/release.v1"].flatMap((type) => [
        secretObject("a/db", VALUES, { type }),
        secretObject("b/db", VALUES, { type }),
      ]),
      {},
    ],
    [
      "what operators make counts as done, and alone is nothing",
      [
        secretObject("a/db", VALUES),
        secretObject("b/db", VALUES),
        secretObject("c/db", VALUES, {
          metadata: { ...metadata("c/db"), ownerReferences: [{ kind: "ExternalSecret" }] },
        }),
        { kind: "VaultStaticSecret", metadata: metadata("b/x"), spec: { destination: { name: "db" } } },
        secretObject("a/own", { a: "b" }),
        secretObject("b/own", { a: "b" }),
        { kind: "ExternalSecret", metadata: metadata("a/own") },
        { kind: "ExternalSecret", metadata: metadata("b/own") },
      ],
      { "shared/db": ["a/db the same", "b/db the same*", "c/db the same*"] },
    ],
    [
      "two secrets of one name have two places in Vault",
      [
        secretObject("a/db", VALUES),
        secretObject("b/db", VALUES),
        secretObject("c/db", { a: "b" }),
        secretObject("d/db", { a: "b" }),
      ],
      { "shared/db": ["a/db the same", "b/db the same"], "shared/db-c": ["c/db the same", "d/db the same"] },
    ],
    [
      "a Job's text names what has another content, and what is not there",
      [COPIER, secretObject("a/db", VALUES), secretObject("b/db", { password: "old" })],
      { "shared/db": ["a/db different", "b/db different"] },
    ],
    ["a Job's text alone", [COPIER], { "shared/db": ["a/db not seen", "b/db not seen"] }],
    [
      "a Job's text adds to what is equal",
      [COPIER, secretObject("b/db", VALUES), secretObject("c/db", VALUES)],
      { "shared/db": ["a/db not seen", "b/db the same", "c/db the same"] },
    ],
  ];

describe("copiedSecrets", () => {
  for (const [name, objects, expected] of cases) {
    it(name, () => {
      assert.deepEqual(described(...objects), expected);
    });
  }
});

describe("copierJobs", () => {
  it("reads mounted scripts, variables from everywhere, and commands without a shell", () => {
    const { workloads, ...rest } = inventoryOf([
      configMapObject("jobs/scripts", {
        "copy.sh": 'kubectl get secret "$NAME" -o yaml | kubectl -n "$TO" apply -f -',
      }),
      configMapObject("jobs/settings", { TO: "b" }),
      workloadObject("CronJob", "jobs/scripted", {
        volumes: [{ name: "s", configMap: { name: "scripts" } }],
        containers: [
          {
            name: "c",
            command: ["sh", "/s/copy.sh"],
            env: [{ name: "NAME", value: "db" }],
            envFrom: [{ configMapRef: { name: "settings" } }],
            volumeMounts: [{ name: "s" }],
          },
        ],
      }),
      workloadObject("Job", "jobs/plain", {
        initContainers: [
          {
            name: "i",
            command: ["kubectl"],
            args: ["create", "secret", "generic", "$(NAME)", "-n", "b"],
            env: [{ name: "NAME", value: "made" }],
          },
        ],
      }),
      workloadObject("Job", "jobs/other", {
        containers: [{ name: "c", command: ["sh", "-c", "kubectl get pods"] }],
      }),
      workloadObject("Deployment", "jobs/no-job", {
        containers: [{ name: "c", command: ["kubectl", "create", "secret", "generic", "x"] }],
      }),
    ]);
    assert.deepEqual(copierJobs({ workloads, ...rest }), [
      {
        kind: "Job",
        namespace: "jobs",
        name: "plain",
        steps: [{ how: "creates", line: 1, secrets: ["made"], from: [], to: ["b"], place: "container i" }],
      },
      {
        kind: "CronJob",
        namespace: "jobs",
        name: "scripted",
        steps: [
          {
            how: "copies",
            line: 1,
            secrets: ["db"],
            from: ["jobs"],
            to: ["b"],
            place: "ConfigMap scripts, key copy.sh",
          },
        ],
      },
    ]);
  });
});

describe("consumersOf", () => {
  it("finds every way to use a Secret, and nobody else's", () => {
    const inventory = inventoryOf([
      secretObject("a/db", VALUES),
      secretObject("b/db", VALUES),
      workloadObject("Deployment", "a/web", {
        imagePullSecrets: [{ name: "db" }],
        volumes: [{ name: "v", secret: { secretName: "db" } }],
        containers: [{ name: "c", envFrom: [{ secretRef: { name: "db" } }] }],
      }),
      workloadObject("StatefulSet", "a/store", {
        initContainers: [
          { name: "c", env: [{ name: "X", valueFrom: { secretKeyRef: { name: "db", key: "k" } } }] },
        ],
      }),
      workloadObject("DaemonSet", "b/agent", {
        volumes: [{ name: "v", projected: { sources: [{ secret: { name: "db" } }] } }],
      }),
      workloadObject("CronJob", "b/nightly", { imagePullSecrets: [{ name: "db" }] }),
      workloadObject("Deployment", "c/elsewhere", { imagePullSecrets: [{ name: "db" }] }),
      workloadObject("Deployment", "a/other", { imagePullSecrets: [{ name: "other" }] }),
      { kind: "ServiceAccount", metadata: metadata("a/default"), imagePullSecrets: [{ name: "db" }] },
      { kind: "Ingress", metadata: metadata("b/web"), spec: { tls: [{ secretName: "db" }] } },
      {
        ...workloadObject("Job", "b/nightly-1", { imagePullSecrets: [{ name: "db" }] }),
        metadata: { ...metadata("b/nightly-1"), ownerReferences: [{ kind: "CronJob" }] },
      },
    ]);
    const copied = copiedSecrets(inventory, []);
    assert.deepEqual(
      consumersOf(copied, inventory.workloads).map(
        ({ kind, namespace, name, uses }) => `${namespace} ${kind}/${name} ${uses.join(" ")}`,
      ),
      [
        "a Deployment/web envFrom volume imagePullSecret",
        "a ServiceAccount/default imagePullSecret",
        "a StatefulSet/store env",
        "b CronJob/nightly imagePullSecret",
        "b DaemonSet/agent volume",
        "b Ingress/web tls",
      ],
    );
  });

  it("is not upset by manifests of other forms", () => {
    for (const spec of [
      undefined,
      null,
      "x",
      { template: [] },
      { template: { spec: { containers: "x", volumes: [1] } } },
    ])
      assert.equal(
        inventoryOf([{ kind: "Deployment", metadata: metadata("a/web"), spec }]).workloads.length,
        1,
      );
    assert.deepEqual(inventoryOf([{ kind: "Deployment" }, { kind: 1 }, {}]).workloads, []);
    assert.deepEqual(inventoryOf([secretObject("a/x; rm -r y", VALUES)]).secrets, []);
  });
});
