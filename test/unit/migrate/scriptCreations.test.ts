import assert from "node:assert/strict";
import { scriptCreations } from "../../../migrate/copiers/scriptCreations";

type Expected = readonly [line: number, secrets: string, namespaces: string];

const files: readonly (readonly [file: string, text: string, ...expected: Expected[]])[] = [
  [
    "deploy.sh",
    "set -e\nkubectl create secret generic a -n x\n\nkubectl \\\n  create secret generic b",
    [2, "a", "x"],
    [4, "b", ""],
  ],
  ["script-without-ending", "#!/usr/bin/env bash\nX=a\nkubectl create secret generic $X", [3, "a", ""]],
  [
    ".github/workflows/deploy.yaml",
    "name: Don't\njobs:\n  a:\n    steps:\n      - run: |\n          echo\n          kubectl create secret generic a \\\n            -n ${{ env.NAMESPACE }}\n      - run: kubectl create secret generic b\n      - run: >-\n          true &&\n          kubectl create secret\n          generic c",
    [7, "a", "${{env.NAMESPACE}}"],
    [9, "b", ""],
    [12, "c", ""],
  ],
  ["template.yaml", "{{ if x }}\nrun: kubectl create secret generic a -n b\n{{ end }}", [2, "a", "b"]],
  [
    "Makefile",
    "NAME=db\ndeploy:\n\t@kubectl create secret generic $(NAME) -n a \\\n\t  --from-file=x",
    [3, "$(...)", "a"],
  ],
  [
    "Jenkinsfile",
    `node {\n  sh "kubectl create secret generic a -n b --from-literal=x=y"\n  // sh "kubectl create secret generic c"\n}`,
    [2, "a", "b"],
  ],
  ["deploy.py", `subprocess.run(["kubectl", "create", "secret", "generic", "a", "-n", "b"])`, [1, "a", "b"]],
  ["broken.sh", `echo 'it\nkubectl create secret generic a`, [2, "a", ""]],
  ["windows.sh", "true\r\nkubectl create secret generic a \\\r\n  -n b\r\n", [2, "a", "b"]],
  ["README.md", "Nobody runs it."],
];

describe("scriptCreations", () => {
  for (const [file, text, ...expected] of files) {
    it(file, () => {
      const found = scriptCreations([{ file, text }]);
      assert.deepEqual(
        found.map(({ line, secrets, namespaces }) => [line, secrets.join(" "), namespaces.join(" ")]),
        expected,
      );
      assert.ok(found.every((creation) => creation.file === file));
    });
  }
});
