import assert from "node:assert/strict";
import { definitionTemplates } from "../../../local/charts/externalSecrets";

function definition(kind: string, annotations = true): string {
  return [
    "apiVersion: apiextensions.k8s.io/v1",
    "kind: CustomResourceDefinition",
    "metadata:",
    ...(annotations ? ["  annotations:", "    controller-gen.kubebuilder.io/version: v0.19.0"] : []),
    `  name: ${kind.toLowerCase()}s.external-secrets.io`,
    "spec:",
    "  names:",
    `    kind: ${kind}`,
    `    singular: ${kind.toLowerCase()}`,
    "",
  ].join("\n");
}

describe("the CRDs of the assembled chart", () => {
  it("are one template each, under the values of the published chart", () => {
    const bundle = ["ClusterSecretStore", "PushSecret", "ExternalSecret"].map((kind) => definition(kind));
    const templates = definitionTemplates(bundle.join("---\n"));
    assert.deepEqual(
      templates.map(({ fileName, template }) => [fileName, template.split("\n")[0]]),
      [
        [
          "clustersecretstore.yaml",
          "{{- if and .Values.installCRDs .Values.crds.createClusterSecretStore }}",
        ],
        ["pushsecret.yaml", "{{- if and .Values.installCRDs .Values.crds.createPushSecret }}"],
        ["externalsecret.yaml", "{{- if .Values.installCRDs }}"],
      ],
    );
  });

  it("take the annotations that the values give, beside their own", () => {
    const [first] = definitionTemplates(definition("ExternalSecret"));
    assert.match(
      first?.template ?? "",
      / {2}annotations:\n {4}\{\{- with \.Values\.crds\.annotations \}\}\n {4}\{\{- toYaml \. \| nindent 4 \}\}\n {4}\{\{- end \}\}\n {4}controller-gen/,
    );
  });

  it("are refused when they have no place for annotations, which keep them from being deleted", () => {
    assert.throws(() => definitionTemplates(definition("ExternalSecret", false)), /has no annotations/);
  });

  it("are refused when they cannot be named", () => {
    assert.throws(() => definitionTemplates("kind: Something\n"), /without spec\.names/);
  });
});
