import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { resolveApplications } from "../../../config/loading";
import { ConfigurationError } from "../../../config/problem";
import { Findings, findingsOf } from "../../../migrate/copiers/findings";
import { phasesOf } from "../../../migrate/copiers/phases";
import { COPY_COLUMNS, copyRows, describeReport } from "../../../migrate/copiers/reportText";
import { writeApplicationFiles } from "../../../migrate/copiers/writing";
import { AnyObject, inventoryOf } from "../../../migrate/inventory/inventory";
import { inProject, load } from "../config/project";
import { parseWith } from "../config/stackTables";
import { secretObject, workloadObject } from "./objects";

const CANARY = `canary-${crypto.randomUUID()}`;
const SETTINGS = { mount: "secret", environment: "dev", keptPolicies: [] };

/** Secrets of all types, also such as the platform does not make, in namespaces of all kinds. */
const OBJECTS: readonly AnyObject[] = [
  ...["a", "b", "shared", "kube-system"].flatMap((namespace) => [
    secretObject(`${namespace}/tls`, { "tls.crt": CANARY, "tls.key": "x" }, { type: "kubernetes.io/tls" }),
    secretObject(
      `${namespace}/registry`,
      { ".dockerconfigjson": CANARY },
      { type: "kubernetes.io/dockerconfigjson" },
    ),
    secretObject(`${namespace}/basic`, { username: CANARY }, { type: "kubernetes.io/basic-auth" }),
    secretObject(`${namespace}/strange`, { "a.b_C-d": CANARY }, { type: "unknown" }),
    secretObject(`${namespace}/own`, { key: `${CANARY}-2` }, { type: "example.com/own" }),
    secretObject(`${namespace}/with.dots`, { key: `${CANARY}-3` }),
  ]),
  secretObject("c/drifted", { key: `${CANARY}-4` }),
  secretObject("a/drifted", { key: `${CANARY}-5` }),
  workloadObject("CronJob", "c/copier", {
    containers: [
      {
        name: "c",
        command: [
          "sh",
          "-c",
          'for s in drifted pull; do kubectl get secret $s -o yaml | kubectl apply -n "$TO" -f -; done; kubectl create secret generic made --from-literal=key=$VALUE',
        ],
        env: [
          { name: "TO", value: "a" },
          { name: "VALUE", value: CANARY },
        ],
      },
    ],
  }),
  workloadObject("Deployment", "a/web", {
    imagePullSecrets: [{ name: "registry" }, { name: "pull" }],
    containers: [{ name: "c", envFrom: [{ secretRef: { name: "basic" } }, { secretRef: { name: "own" } }] }],
  }),
  workloadObject("CronJob", "b/nightly", {
    containers: [{ name: "c", envFrom: [{ secretRef: { name: "basic" } }] }],
  }),
];
const SCRIPTS = [
  {
    file: "ci/deploy.sh",
    text: `P=${CANARY}\nkubectl create secret generic made -n a --from-literal=password=${CANARY}\n`,
  },
];

function found(environment?: string): Findings {
  const sources = {
    inventory: inventoryOf(OBJECTS),
    scripts: SCRIPTS,
    unread: [],
    policies: new Map<string, string>(),
  };
  return findingsOf(sources, { ...SETTINGS, environment });
}

function loaded({ applications }: Findings) {
  return load(Object.fromEntries(applications.map(({ file, text }) => [file, text])));
}

describe("application files in place of copies", () => {
  const findings = found("dev");

  it("are accepted, for one environment and for every one", () => {
    const names = ["a", "b", "c", "shared"];
    assert.deepEqual(
      loaded(findings).map(({ name, environments }) => [name, ...environments]),
      names.map((name) => [name, "dev"]),
    );
    assert.deepEqual(
      loaded(found()).map(({ name }) => name),
      names,
    );
  });

  it("are accepted by a stack, and read what is shared and nothing else", () => {
    const configuration = parseWith({ vault: { address: "https://vault.example:8200" } });
    const [a] = resolveApplications(loaded(findings), configuration);
    assert.deepEqual(
      a?.secrets.map((secret) => [
        secret.name,
        secret.type,
        Object.keys(secret.keys ?? {}).join(),
        secret.source === "vault"
          ? [secret.path, ...secret.restart.map(({ kind, name }) => `${kind}/${name}`)].join(" ")
          : "",
      ]),
      [
        ["basic", "kubernetes.io/basic-auth", "username", "shared/basic Deployment/web"],
        ["drifted", "Opaque", "key", "shared/drifted"],
        ["own", "example.com/own", "key", "shared/own Deployment/web"],
        ["pull", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", "shared/pull"],
        ["registry", "kubernetes.io/dockerconfigjson", ".dockerconfigjson", "shared/registry"],
        ["strange", "Opaque", "a.b_C-d", "shared/strange"],
        ["tls", "kubernetes.io/tls", "tls.crt,tls.key", "shared/tls"],
        ["with.dots", "Opaque", "key", "shared/with.dots"],
      ],
    );
    assert.deepEqual(
      findings.policies.map(({ policy, reads }) => [policy, reads[0]]),
      [
        ["dev-a", "secret/data/a/*"],
        ["dev-b", "secret/data/b/*"],
        ["dev-c", "secret/data/c/*"],
        ["dev-shared", "secret/data/shared-namespace/*"],
      ],
    );
  });

  it("tell where nobody, and where only one, uses a secret", () => {
    const [a, b] = findings.applications.map(({ text }) => text.split("\n"));
    const commentsOf = (lines: string[] | undefined, name: string) => {
      const end = lines?.indexOf(`  - name: ${name}`) ?? -1;
      const start = lines?.slice(0, end).findLastIndex((line) => !line.startsWith("  #")) ?? -1;
      return lines?.slice(start + 1, end).join("\n") ?? "";
    };
    assert.match(commentsOf(b, "tls"), /No workload here/);
    assert.doesNotMatch(commentsOf(a, "basic"), /No workload|Nobody else/);
    assert.match(commentsOf(a, "own"), /Nobody else .*vault: a\/own/);
    assert.match(commentsOf(a, "drifted"), /another one than elsewhere/);
    assert.match(commentsOf(a, "strange"), /becomes Opaque/);
  });

  it("are written whole or not at all, and over nothing", () => {
    inProject({ "apps/b.yaml": "mine\n" }, (folder) => {
      const apps = join(folder, "apps");
      assert.throws(
        () => writeApplicationFiles(apps, findings.applications),
        /b\.yaml: already there.*--write migration/,
      );
      assert.deepEqual(readdirSync(apps), ["b.yaml"]);
      assert.equal(readFileSync(join(apps, "b.yaml"), "utf8"), "mine\n");
      const written = writeApplicationFiles(join(folder, "new"), findings.applications);
      assert.equal(written.length, 4);
      assert.ok(written.every((path) => existsSync(path)));
      writeFileSync(join(folder, "new", "a.yaml"), "");
      assert.throws(() => writeApplicationFiles(join(folder, "new"), findings.applications), /already there/);
    });
  });

  it("and whatever else is told hold no value, nor a part that is the same in two runs without being a name", () => {
    const text = (shown: Findings) => {
      const phases = phasesOf(shown, "secret");
      return (
        JSON.stringify({ shown, phases }) +
        describeReport(shown, phases, [COPY_COLUMNS, ...copyRows(shown)].join("\n"), [])
      );
    };
    const told = text(findings);
    assert.ok(!told.includes(CANARY));
    assert.ok(!told.includes(Buffer.from(CANARY).toString("base64").slice(0, 30)));
    assert.doesNotMatch(told, /[0-9a-f]{32}/, "a digest");
    assert.equal(told, text(found("dev")));
  });
});

describe("phasesOf", () => {
  const [first, second, third, fourth] = phasesOf(found("dev"), "secret");

  it("tells what is left of each", () => {
    assert.deepEqual(first?.left, [
      "CronJob c/copier: copies drifted, pull from c to a (container c, line 1); creates made to c (container c, line 1)",
    ]);
    assert.ok(
      second?.left?.includes(
        "Secret a/tls: no VaultStaticSecret and no ExternalSecret makes it (shared/tls); or delete it, if nobody uses it",
      ),
    );
    assert.ok(
      second?.left?.some((line) => line.startsWith("Secret kube-system/tls: the platform makes none")),
    );
    assert.deepEqual(third?.left, []);
    assert.deepEqual(fourth?.left, ["ci/deploy.sh:2: creates made in a"]);
  });

  it("moves the values of what the others were copied from", () => {
    const moves = second?.steps.filter((step) => step.includes("kubectl get secret drifted")) ?? [];
    assert.deepEqual(moves, [
      "  kubectl get secret drifted --namespace c --output json | jq '.data | map_values(@base64d)' | vault kv put -mount=secret shared/drifted -",
    ]);
  });

  it("says so when nobody knows", () => {
    const phases = phasesOf(findingsOf({ unread: ["x.yaml:1: no plain YAML"] }, SETTINGS), "secret");
    assert.deepEqual(
      phases.map(({ left }) => left),
      [["could not be read: x.yaml:1: no plain YAML"], [], undefined, undefined],
    );
    assert.match(phases[2]?.unknown ?? "", /VAULT_ADDR/);
    assert.match(phases[3]?.unknown ?? "", /--scripts/);
  });

  it("finds mistakes where there are some", () => {
    assert.throws(() => load({ "a.yaml": found("nowhere").applications[0]?.text ?? "" }), ConfigurationError);
  });
});
