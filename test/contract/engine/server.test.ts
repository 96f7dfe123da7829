import assert from "node:assert/strict";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";

import * as grpc from "@grpc/grpc-js";
import { LogSeverity } from "@pulumi/pulumi/proto/engine_pb";
import { ErrorResourceInitFailed, InvokeRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Status } from "@pulumi/pulumi/proto/status_pb";

import { UNKNOWN } from "../../../provider/definition";
import { decodeProperties } from "../../../provider/properties";
import { EngineServer } from "./engineServer";
import { Provider, urn } from "./provider";

const MODULE = "test/contract/engine/fixtures/exampleProvider.ts";
const PLAIN = "example:index:Plain";
const PARTIAL = "example:index:Partial";
const FAILING = "example:index:Failing";
const SLOW = "example:index:Slow";

describe("a served provider", () => {
  let engine: EngineServer;
  let provider: Provider;

  beforeEach(async () => {
    engine = new EngineServer();
    provider = await Provider.start(MODULE, await engine.start());
    await provider.configure({ prefix: "prefix-secret", version: "1.2.3" }, ["prefix"]);
  });

  afterEach(async () => {
    await provider.stop();
    engine.stop();
  });

  it("is configured with secrets unwrapped, and takes them in operations", async () => {
    const { id } = await provider.create(PLAIN, { value: 1 });
    assert.equal(id, "prefix-secret-1");
    assert.deepEqual(await provider.checkConfiguration({ version: "1.2.3" }), ["prefix: write a prefix"]);
  });

  it("marks outputs as secret: those that always are, and those whose input was", async () => {
    const plain = await provider.create(PLAIN, { value: "a" });
    assert.deepEqual(plain.secrets, ["made"]);
    const { values, secrets } = await provider.create(PLAIN, { value: "a" }, { secrets: ["value"] });
    assert.deepEqual(secrets, ["made", "value"]);
    assert.deepEqual(values, { value: "a", made: "made-secret" });
  });

  it("tells in a preview what is known, and that secret outputs are not", async () => {
    const { values, secrets } = await provider.create(PLAIN, { value: UNKNOWN }, { preview: true });
    assert.deepEqual(values, { value: UNKNOWN, made: UNKNOWN });
    assert.deepEqual(secrets, ["made"]);
  });

  it("replaces a resource whose type has no update", async () => {
    const difference = await provider.diff(PLAIN, "1", { value: 1 }, { value: 2 });
    assert.deepEqual(difference, { changed: ["value"], replaces: ["value"], deleteBeforeReplace: false });
    assert.deepEqual((await provider.diff(PARTIAL, "1", { value: 1 }, { value: 2 })).replaces, []);
    await assert.rejects(
      provider.update(PLAIN, "1", { value: 1 }, { value: 2 }),
      /cannot be changed in place/,
    );
  });

  it("hands over what was made before an operation failed", async () => {
    const error = await provider.create(PARTIAL, { value: "a" }, { secrets: ["value"] }).then(
      () => assert.fail("was created"),
      (rejection: unknown) => rejection as grpc.ServiceError,
    );
    assert.equal(error.details, "the second half failed");
    const [trailer] = error.metadata.get("grpc-status-details-bin");
    const [detail] = Status.deserializeBinary(trailer as Buffer).getDetailsList();
    assert.equal(detail?.getTypeName(), "pulumirpc.ErrorResourceInitFailed");
    const failure = ErrorResourceInitFailed.deserializeBinary(detail.getValue_asU8());
    assert.equal(failure.getId(), "half");
    assert.deepEqual(failure.getReasonsList(), ["the second half failed"]);
    const { values, secretNames } = decodeProperties(failure.getProperties());
    assert.deepEqual(values, { value: "a", made: true });
    assert.deepEqual([...secretNames], ["value"]);
  });

  it("shows errors and lines without a stack, and without what is secret", async () => {
    await assert.rejects(provider.create(FAILING, { value: "hunter22" }, { secrets: ["value"] }), {
      code: grpc.status.UNKNOWN,
      details: "failed with [secret] for [secret]",
    });
    assert.deepEqual(engine.lines, [
      { severity: LogSeverity.WARNING, message: "about to fail with [secret]", urn: urn(FAILING) },
    ]);
  });

  it("ends an operation when its own timeout is over", async () => {
    await assert.rejects(provider.create(SLOW, {}, { timeoutSeconds: 0.2 }), {
      details: "not done within 0.2 seconds, the resource's custom timeout",
    });
  });

  it("ends operations when the engine cancels, also those that come later", async () => {
    const slow = assert.rejects(provider.create(SLOW, {}), { details: "cancelled" });
    await sleep(200);
    await provider.cancel();
    await slow;
    await assert.rejects(provider.create(SLOW, {}), { details: "cancelled" });
  });

  it("names the types it has when it is asked for another", async () => {
    await assert.rejects(provider.create("example:index:Other", {}), {
      details: /example has no resource type example:index:Other; it has example:index:Failing, /,
    });
  });

  it("imports nothing that cannot be read", async () => {
    await assert.rejects(provider.read(PLAIN, "1", {}), { details: /cannot be imported/ });
    const known = await provider.read(PLAIN, "1", { value: 1, made: "x" }, { value: 1 });
    assert.deepEqual(known.state, { values: { value: 1, made: "x" }, secrets: ["made"] });
  });

  it("answers what it does not have as unimplemented", async () => {
    const error = await new Promise<grpc.ServiceError | null>((resolve) => {
      provider.client.invoke(new InvokeRequest().setTok("example:index:get"), resolve);
    });
    assert.equal(error?.code, grpc.status.UNIMPLEMENTED);
  });

  it("ends when the engine is gone, and ends what is under way", async () => {
    const slow = assert.rejects(provider.create(SLOW, {}), { details: "the engine is gone" });
    await sleep(200);
    engine.stop();
    await slow;
    if (provider.process.child.exitCode === null) {
      await once(provider.process.child, "exit");
    }
    assert.equal(provider.process.child.exitCode, 0);
  });

  it("ends within a second when the engine interrupts it", async () => {
    const start = performance.now();
    assert.equal(await provider.process.stop(), 0);
    assert.ok(performance.now() - start < 1000);
  });
});

describe("a served provider that was not configured", () => {
  it("says so", async () => {
    const provider = await Provider.start(MODULE);
    try {
      await assert.rejects(provider.create(PLAIN, {}), {
        details: "example is used before it was configured",
      });
    } finally {
      await provider.stop();
    }
  });
});
