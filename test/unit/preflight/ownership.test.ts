import assert from "node:assert/strict";
import { KubernetesObject } from "../../../clients/kubernetes";
import { MANAGED_BY, MANAGED_BY_LABEL, OWNER_ANNOTATION } from "../../../components/identity";
import { EXTERNAL_SECRETS_OPERATOR } from "../../../components/operators/operator";
import { parseStackConfiguration } from "../../../config/stack";
import { planStack } from "../../../plan/plan";
import {
  adoptedObjects,
  FoundObject,
  foreignObjects,
  foreignRelease,
  operatorsSecrets,
  ownedObjects,
  overwrittenSecrets,
} from "../../../preflight/ownership";

const identity = { organization: "acme", project: "secrets-platform", stack: "prd", environment: "prd" };
const configuration = parseStackConfiguration(
  "prd",
  {
    environments: ["dev", "prd"],
    kubernetes: { context: "test" },
    doppler: { project: "example" },
    externalSecrets: {
      chart: "external-secrets",
      repository: "https://charts.example.invalid",
      version: "2.9.0",
    },
  },
  "Pulumi.prd.yaml",
);
const plan = planStack(identity, configuration, []);

function found(name: string, owner?: string): KubernetesObject {
  return { metadata: { name, ...(owner ? { annotations: { [OWNER_ANNOTATION]: owner } } : {}) } };
}

function secret(owner?: string): FoundObject {
  return {
    kind: "Secret",
    namespace: "external-secrets",
    name: "doppler-token-prd",
    found: found("doppler-token-prd", owner),
  };
}

/** The plan with an application whose only Secret is from the environment. */
const withVoice = {
  ...plan,
  applications: [
    {
      name: "voice",
      namespace: "voice",
      service: "voice",
      serviceAccount: "voice",
      file: "apps/voice.yaml",
      secrets: [
        {
          source: "environment" as const,
          name: "voice-secrets",
          keys: { KEY: "KEY" },
          type: "Opaque",
          labels: {},
          annotations: {},
        },
      ],
      config: {},
    },
  ],
};

describe("ownership", () => {
  it("refuses an object of another stack by name, and tells the way out", () => {
    const [problem] = foreignObjects(plan, [secret("acme/secrets-platform/dev")]);
    assert.equal(problem?.subject, "Secret external-secrets/doppler-token-prd");
    assert.match(problem.found, /stack "acme\/secrets-platform\/dev" owns it/);
    assert.match(problem.remedy, /cluster: \{ owner: dev \}/);
  });

  it("accepts the stack's own objects and those that are not there", () => {
    const absent: FoundObject = {
      kind: "Secret",
      namespace: "external-secrets",
      name: "x",
      found: undefined,
    };
    const objects = [secret("acme/secrets-platform/prd"), absent];
    assert.deepEqual(foreignObjects(plan, objects), []);
    assert.deepEqual(adoptedObjects(objects), []);
  });

  it("takes over a token Secret made by hand, and says that the old token is to be revoked", () => {
    assert.deepEqual(foreignObjects(plan, [secret()]), []);
    const [message] = adoptedObjects([secret()]);
    assert.match(message ?? "", /doppler-token-prd was made by hand/);
    assert.match(message ?? "", /Revoke the old token/);
  });

  it("tells an application's object apart from the cluster's", () => {
    const object: FoundObject = {
      kind: "ExternalSecret",
      namespace: "shop",
      name: "shop-secrets",
      found: found("shop-secrets", "acme/secrets-platform/dev"),
    };
    assert.match(foreignObjects(plan, [object])[0]?.remedy ?? "", /another namespace or another name/);
  });

  it("refuses an operator that somebody else installed", () => {
    const record = found("sh.helm.release.v1.external-secrets.v1");
    const marker = found(EXTERNAL_SECRETS_OPERATOR.marker, "acme/secrets-platform/prd");
    const release = (...of: [KubernetesObject[], KubernetesObject | undefined]) =>
      foreignRelease(EXTERNAL_SECRETS_OPERATOR, "external-secrets", ...of);
    assert.equal(release([record], undefined).length, 1);
    assert.deepEqual(release([record], marker), []);
    assert.deepEqual(release([], undefined), []);
  });

  it("warns of a Secret made by hand under a declared name, and of no other", () => {
    const secrets = [
      {
        source: "doppler" as const,
        name: "shop-secrets",
        config: "prd",
        refreshSeconds: 60,
        type: "Opaque",
        labels: {},
        annotations: {},
      },
    ];
    const shop = {
      name: "shop",
      namespace: "shop",
      service: "shop",
      serviceAccount: "shop",
      file: "apps/shop.yaml",
      secrets,
      config: {},
    };
    const byHand = (name: string) => ({ metadata: { name, namespace: "shop" } });
    const ours = {
      metadata: { ...byHand("shop-secrets").metadata, labels: { [MANAGED_BY_LABEL]: MANAGED_BY } },
    };
    const withShop = { ...plan, applications: [shop] };
    const messages = overwrittenSecrets(withShop, [byHand("shop-secrets"), byHand("another")]);
    assert.equal(messages.length, 1);
    assert.match(messages[0] ?? "", /Secret shop\/shop-secrets was made by hand/);
    assert.deepEqual(overwrittenSecrets(withShop, [ours]), []);
  });

  it("looks for Secrets from the environment, and tells them apart from token Secrets", () => {
    const objects = ownedObjects(withVoice).filter(({ kind }) => kind === "Secret");
    assert.deepEqual(objects, [
      { kind: "Secret", namespace: "voice", name: "voice-secrets", holdsValues: true },
    ]);
    const [object] = objects;
    assert.ok(object);
    const other = { ...object, found: found("voice-secrets", "acme/secrets-platform/dev") };
    const [problem] = foreignObjects(withVoice, [other]);
    assert.equal(problem?.subject, "Secret voice/voice-secrets");
    assert.match(problem.remedy, /another namespace or another name/);
    assert.deepEqual(adoptedObjects([{ ...object, found: found("voice-secrets") }]), []);
  });

  it("warns of a Secret made by hand that is filled from the environment", () => {
    const byHand = { metadata: { name: "voice-secrets", namespace: "voice" } };
    assert.deepEqual(overwrittenSecrets(withVoice, [byHand]), [
      "Secret voice/voice-secrets was made by hand: its contents are replaced by those of the environment, " +
        "and it will be deleted with its application.",
    ]);
  });

  it("refuses to fill a Secret that goes with an operator's object", () => {
    const made = (name: string, kind?: string): KubernetesObject => ({
      metadata: {
        name,
        namespace: "voice",
        ...(kind ? { ownerReferences: [{ kind, name, uid: "1" }] } : {}),
      },
    });
    assert.deepEqual(operatorsSecrets(withVoice, [made("voice-secrets"), made("x", "ExternalSecret")]), []);
    const [problem] = operatorsSecrets(withVoice, [made("voice-secrets", "ExternalSecret")]);
    assert.equal(problem?.subject, "Secret voice/voice-secrets");
    assert.equal(problem.found, "it was made from ExternalSecret voice-secrets, and is deleted with it");
    assert.match(problem.remedy, /another name; or take it out/);
  });
});
