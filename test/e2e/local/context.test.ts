import assert from "node:assert/strict";
import { join } from "node:path";
import type { Progress } from "../../../local/commands/progress";
import { upNode } from "../../../local/commands/up";
import { down } from "../../../local/commands/down";
import { CHECKOUT } from "../../../local/node/instance";
import { CONTEXT } from "../../../local/node/kubeconfig";
import { DOPPLER_ADDRESS, OPENBAO_ADDRESS } from "../../../local/node/services/secretStores";
import { Platform } from "../../../local/platform";
import { contextStack } from "../../../local/stack/context";
import { writeExampleSecrets } from "../../../local/stack/exampleSecrets";
import { rm } from "node:fs/promises";

const SILENT: Progress = { step: (_title, work) => work() };

/** An embedded cluster stands for any that exists: all that is told of it is its kubeconfig and addresses. */
describe("npm run local -- --context", function () {
  this.timeout(600_000);

  const platform = new Platform("e2e-context");
  const { instance } = platform.node;
  const cluster = [
    "--context",
    CONTEXT,
    "--kubeconfig",
    instance.kubeconfig,
    "--doppler-host",
    DOPPLER_ADDRESS,
    "--vault-address",
    OPENBAO_ADDRESS,
  ];

  before(async () => {
    await upNode(platform, SILENT);
    await writeExampleSecrets((command, options) => platform.exec(command, options));
  });

  after(async () => {
    await down(platform, { purge: true }, SILENT);
    await rm(join(CHECKOUT, `Pulumi.${contextStack(CONTEXT)}.yaml`), { force: true });
  });

  function local(...words: string[]): ReturnType<Platform["exec"]> {
    const command = [process.execPath, join(CHECKOUT, "local", "start.mjs"), ...words];
    return platform.exec(command, { variables: { SECRETS_PLATFORM_INSTANCE: instance.name } });
  }

  it("brings the same stack up, every secret in sync", async () => {
    const { code, stdout, stderr } = await local("up", ...cluster, "--chart", "embedded");
    assert.equal(code, 0, stdout + stderr);
    const rows = stdout.split("\n").filter((line) => / doppler-| vault secret\//.test(line));
    assert.equal(rows.length, 7, stdout);
    for (const row of rows) assert.match(row, / in sync /);
  });

  it("destroys what it made, and leaves the cluster", async () => {
    const { code, stderr } = await local("down", ...cluster);
    assert.equal(code, 0, stderr);
    const { stdout } = await platform.exec(["kubectl", "get", "namespaces", "-o", "name"]);
    assert.deepEqual(stdout.trim().split("\n").sort(), [
      "namespace/default",
      "namespace/kube-node-lease",
      "namespace/kube-public",
      "namespace/kube-system",
    ]);
  });

  it("says which cluster does not answer", async () => {
    const words = ["--context", "elsewhere", ...cluster.slice(2)];
    const { code, stderr } = await local("up", ...words);
    assert.equal(code, 1);
    assert.match(stderr, /the cluster of context elsewhere does not answer/);
  });
});
