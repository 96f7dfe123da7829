import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { environmentSecretManifest } from "../../../components/applications/environmentSecret";
import { DeployerEnvironment } from "../../../platform/deployerEnvironment";

/** What an output holds, and how the engine is told to treat it. */
async function seen<T>(input: pulumi.Input<T>): Promise<{ known: boolean; secret: boolean; value?: T }> {
  const output = pulumi.output(input) as pulumi.Output<T>;
  // What the SDK itself asks an output for; its types keep it to themselves.
  const { isKnown } = output as unknown as { isKnown: Promise<boolean> };
  const known = await isKnown;
  const secret = await pulumi.isSecret(output);
  if (!known) return { known, secret };
  return {
    known,
    secret,
    value: await new Promise<T>((resolve) => output.apply(resolve as (value: unknown) => void)),
  };
}

describe("DeployerEnvironment", () => {
  const environment = new DeployerEnvironment(new Map([["KEY", "a 'value' with ü\n"]]));

  it("gives values for Secrets as secrets, and unknown ones for those that are missing", async () => {
    assert.deepEqual(await seen(environment.secret("KEY")), {
      known: true,
      secret: true,
      value: "a 'value' with ü\n",
    });
    assert.deepEqual(await seen(environment.secret("MISSING")), { known: false, secret: true });
  });

  it("fills texts in, which are not secret, and unknown where a value is missing", async () => {
    assert.deepEqual(await seen(environment.text("<${KEY}> $$ $")), {
      known: true,
      secret: false,
      value: "<a 'value' with ü\n> $ $",
    });
    assert.deepEqual(await seen(environment.text("${KEY}${MISSING}")), { known: false, secret: false });
  });

  it("makes Secrets whose every value is secret, in Kubernetes' base64", async () => {
    const { metadata, type, data } = environmentSecretManifest({
      name: "shared-secrets",
      namespace: "voice",
      metadata: { labels: { team: "platform" }, annotations: { "secrets-platform/owner": "acme/x/dev" } },
      values: { "api.key": environment.secret("KEY"), other: environment.secret("MISSING") },
      type: "example.com/voice",
      labels: { team: "voice", part: "agent" },
      annotations: { note: "of the Secret" },
    });
    assert.deepEqual(metadata, {
      name: "shared-secrets",
      namespace: "voice",
      labels: { team: "platform", part: "agent", "secrets-platform/source": "environment" },
      annotations: { note: "of the Secret", "secrets-platform/owner": "acme/x/dev" },
    });
    assert.equal(type, "example.com/voice");
    assert.deepEqual(await seen(data["api.key"] ?? ""), {
      known: true,
      secret: true,
      value: Buffer.from("a 'value' with ü\n").toString("base64"),
    });
    assert.deepEqual(await seen(data["other"] ?? ""), { known: false, secret: true });
  });
});
