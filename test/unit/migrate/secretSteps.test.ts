import assert from "node:assert/strict";
import { secretSteps } from "../../../migrate/copiers/secretSteps";

type Expected = readonly [how: string, line: number, secrets: string, from: string, to: string];

const scripts: readonly (readonly [name: string, script: string, ...expected: Expected[]])[] = [
  [
    "a pipe from one namespace to another",
    "kubectl get secret db -n a -o yaml | kubectl apply -n b -f -",
    ["copies", 1, "db", "a", "b"],
  ],
  [
    "a pipe through sed over several lines, in a loop over a variable",
    `#!/bin/sh
TARGETS="shop billing"
for ns in $TARGETS other; do
  kubectl get secret db --namespace=a -o yaml |
    sed -e "s/namespace: a/namespace: $ns/" \\
      -e '/uid:/d' |
    kubectl apply -f -
done`,
    ["copies", 4, "db", "a", "shop billing other"],
  ],
  [
    "jq with a variable of its own",
    `kubectl -n a get secrets/db -ojson | jq --arg ns "b" 'del(.metadata.uid) | .metadata.namespace = $ns' | kubectl create -f -`,
    ["copies", 1, "db", "a", "b"],
  ],
  [
    "an array of names, and a namespace that the text does not tell",
    'NAMES=(db "cache")\nfor n in "${NAMES[@]}"; do kubectl get secret "$n" -n a -o yaml --export | kubectl -n "$1" apply -f -; done',
    ["copies", 2, "db cache", "a", "$1"],
  ],
  [
    "a value that goes through a substitution",
    'kubectl create secret generic db -n b --from-literal=p="$(kubectl get secret db -n a -o jsonpath={.data.p} | base64 -d)"',
    ["copies", 1, "db", "a", "b"],
  ],
  [
    "a file between reading and writing",
    "kubectl get secret db -n a -o yaml > /tmp/db.yaml\nsed -i 's/namespace: a/namespace: b/' /tmp/db.yaml\nkubectl apply -f /tmp/db.yaml",
    ["copies", 1, "db", "a", "b"],
  ],
  [
    "brackets around a part of a pipeline",
    "(kubectl get secret db -n a -o yaml) | kubectl apply -n b -f -\nkubectl create secret generic own",
    ["copies", 1, "db", "a", "b"],
    ["creates", 2, "own", "", ""],
  ],
  [
    "creation over several lines with variables, written with apply",
    'NAME="shop-db"\nkubectl create secret generic "$NAME" \\\n  --namespace "${NS:-shop}" \\\n  --from-literal password="$P" \\\n  --dry-run=client -o yaml | kubectl apply -f -',
    ["creates", 2, "shop-db", "", "shop"],
  ],
  [
    "a script in a word, and a name that a command makes",
    "ssh host 'kubectl create secret tls web -n a --cert=c'\nkubectl create secret generic $(cat name) -n b",
    ["creates", 1, "web", "", "a"],
    ["creates", 2, "$(...)", "", "b"],
  ],
  [
    "a here document with a manifest",
    "cat <<EOF | kubectl apply -f -\nkind: Secret\nmetadata:\n  name: db\n  namespace: b\nEOF\n",
    ["creates", 1, "db", "", "b"],
  ],
  ["a look whether a Secret is there", "kubectl get secret db -n a && kubectl apply -f deployment.yaml"],
  [
    "words that are only printed",
    'echo kubectl create secret generic db; echo "kubectl create secret generic db"',
  ],
  ["comments", "# kubectl create secret generic db\ntrue # kubectl create secret generic db"],
  ["other objects", "kubectl create configmap db -n a; kubectl get pods -o yaml | kubectl apply -f -"],
];

describe("secretSteps", () => {
  for (const [name, script, ...expected] of scripts) {
    it(name, () => {
      const steps = secretSteps(script) ?? assert.fail("the script was not read");
      assert.deepEqual(
        steps.map(({ how, line, secrets, from, to }) => [
          how,
          line,
          secrets.join(" "),
          from.join(" "),
          to.join(" "),
        ]),
        expected,
      );
    });
  }

  it("does not read a script whose quotes do not match", () => {
    assert.equal(secretSteps("echo 'it\nkubectl create secret generic db"), undefined);
  });

  it("shows no text that is no name", () => {
    const steps = secretSteps("kubectl create secret generic 'Hunter2!' -n 'CANARY value'");
    assert.deepEqual(steps, [{ how: "creates", line: 1, secrets: [], from: [], to: [] }]);
  });

  it("works in the namespace of the Job where it is told none", () => {
    const [step] =
      secretSteps("kubectl get secret db -o yaml | kubectl apply -n b -f -", { namespace: "jobs" }) ?? [];
    assert.deepEqual([step?.from, step?.to], [["jobs"], ["b"]]);
  });
});
