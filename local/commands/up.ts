import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  externalSecretsImage,
  kubeRbacProxyImage,
  openbaoImage,
  secretsServiceImage,
  vaultSecretsOperatorImage,
} from "../images/catalogue";
import { CHECKOUT, type Instance } from "../node/instance";
import { runningRecord } from "../node/records";
import { NODE_PARTS } from "../node/services/service";
import { obtainParts } from "../parts";

import { toolFolders, type Platform } from "../platform";
import { platformConfiguration } from "../stack/configuration";
import { exampleConfiguration } from "../stack/embedded";
import { writeExampleSecrets } from "../stack/exampleSecrets";
import { prepareEngine } from "../stack/engine";
import { writeInventory } from "../stack/inventory";
import { writePersonCommands } from "./personCommands";
import type { Progress } from "./progress";

/** What the operators' images are made of. */
const OPERATOR_PARTS = ["external-secrets", "vault-secrets-operator", "kube-rbac-proxy"] as const;

/** Folder of the stack with the example applications. */
const EXAMPLE = join(CHECKOUT, "examples", "application");

/** Brings up the node with the operator's image, the engine and the commands for people, but no stack. */
export async function upNode(platform: Platform, progress: Progress): Promise<void> {
  const { node } = platform;
  const { instance } = node;
  // Two lanes, because a compiler leaves processors idle while it links; and the node starts while the rest compiles.
  const [engine] = await Promise.all([
    obtainParts(["pulumi", "pulumi-kubernetes"], progress).then(() =>
      prepareEngine(instance.pulumiHome, progress),
    ),
    startNode(platform, progress),
  ]);
  // Pulumi refuses a backend that is not there, also when there is no stack yet.
  await mkdir(instance.backend, { recursive: true, mode: 0o700 });
  await writePersonCommands(instance, await toolFolders(instance.pulumiHome));
  await writeInventory(instance, engine.parts);
}

async function startNode({ node }: Platform, progress: Progress): Promise<void> {
  await obtainParts(NODE_PARTS, progress);
  await Promise.all([node.start(progress), obtainParts([...OPERATOR_PARTS, "busybox", "doppler"], progress)]);
  const operators = [
    await externalSecretsImage(),
    await vaultSecretsOperatorImage(),
    await kubeRbacProxyImage(),
  ];
  await node.importImages(progress, [
    ...operators.map(({ image }) => image),
    await openbaoImage(),
    await secretsServiceImage(),
  ]);
}

/** Brings the whole embedded platform up: the node, the stack on it, and the example applications. */
export async function up(platform: Platform, progress: Progress): Promise<void> {
  await upNode(platform, progress);
  const { instance } = platform.node;
  const target = await platform.target();
  const pulumi = await platform.pulumi();
  const provisioned = join(instance.backend, "provisioned");
  const starts = await startsOfStores(instance);
  // Their data is in their memory: when one was started anew, what Pulumi remembers of it is gone.
  const refresh = (await readFile(provisioned, "utf8").catch(() => "")) !== starts;
  const { stack } = target;
  await progress.step("example values in OpenBao", () =>
    writeExampleSecrets((command, options) => platform.exec(command, options)),
  );
  await progress.step(`pulumi up --stack ${stack}`, () =>
    pulumi.up({
      folder: CHECKOUT,
      stack,
      configuration: platformConfiguration(target),
      log: join(instance.logs, "pulumi-up.log"),
      refresh,
    }),
  );
  await writeFile(provisioned, starts);
  await progress.step("example applications", () =>
    pulumi.up({
      folder: EXAMPLE,
      stack,
      configuration: exampleConfiguration(target),
      log: join(instance.logs, "example-up.log"),
    }),
  );
}

/** When the Doppler emulator and OpenBao were started. */
async function startsOfStores(instance: Instance): Promise<string> {
  const records = await Promise.all([runningRecord(instance, "doppler"), runningRecord(instance, "openbao")]);
  return records.map((record) => record?.since ?? "").join("\n");
}
