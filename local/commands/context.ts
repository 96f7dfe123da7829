import { rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { CHECKOUT, currentInstance } from "../node/instance";
import { runInteractively } from "../process/interactive";
import { platformConfiguration } from "../stack/configuration";
import { contextPlatform, type ContextOptions } from "../stack/context";
import { secretTableCommand } from "../stack/secretTable";
import type { Progress } from "./progress";
import { UsageError } from "./usage";

/** Flags of commands that can work on a cluster that exists, as they were given. */
export interface ContextFlags {
  context?: string;
  kubeconfig?: string;
  dopplerHost?: string;
  vaultAddress?: string;
  chart?: "public" | "embedded";
  values?: string;
  environment?: string;
}

/**
 * The cluster that flags name; undefined when they name none.
 *
 * @throws UsageError with what is missing.
 */
export function contextOptions(flags: ContextFlags): ContextOptions | undefined {
  const { context, dopplerHost } = flags;
  if (context === undefined) {
    const stray = (["kubeconfig", "dopplerHost", "vaultAddress", "values"] as const).find(
      (name) => flags[name] !== undefined,
    );
    if (stray === undefined) return undefined;
    const flag = stray.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(
      `--${flag} is for a cluster that exists: name its kubeconfig context with --context`,
    );
  }
  const dopplerToken = process.env.DOPPLER_TOKEN ?? "";
  if (dopplerHost === undefined || dopplerToken === "") {
    throw new UsageError(
      `--context needs Doppler: ${dopplerHost === undefined ? "--doppler-host is missing" : "DOPPLER_TOKEN is not set"}.\n` +
        "For a real Doppler workplace: --doppler-host https://api.doppler.com, and DOPPLER_TOKEN in the environment\n" +
        "with the token of a service account that may create service tokens. For an emulator: start it where the\n" +
        "cluster reaches it, with local/doppler/main.ts, and name that address.",
    );
  }
  const vaultAddress = flags.vaultAddress ?? process.env.VAULT_ADDR ?? "";
  if (vaultAddress === "" || (process.env.VAULT_TOKEN ?? "") === "") {
    throw new UsageError(
      `--context needs Vault: ${vaultAddress === "" ? "neither --vault-address nor VAULT_ADDR is there" : "VAULT_TOKEN is not set"}.\n` +
        "Name the address of Vault or OpenBao as this machine and the cluster reach it, and give a token in the\n" +
        "environment with the policy in docs/vault.md.",
    );
  }
  return {
    context,
    dopplerHost: dopplerHost.replace(/\/+$/, ""),
    dopplerToken,
    chart: flags.chart ?? "public",
    environment: flags.environment ?? "dev",
    ...(flags.kubeconfig === undefined ? {} : { kubeconfig: resolve(flags.kubeconfig) }),
    vaultAddress: vaultAddress.replace(/\/+$/, ""),
    ...(flags.values === undefined ? {} : { values: resolve(flags.values) }),
  };
}

/** Brings the stack up on a cluster that exists, and shows the table of its secrets. */
export async function upContext(options: ContextOptions, progress: Progress): Promise<number> {
  const instance = currentInstance();
  const { target, pulumi, environment } = await contextPlatform(instance, options, progress);
  const { stack } = target;
  await progress.step(`pulumi up --stack ${stack}`, () =>
    pulumi.up({
      folder: CHECKOUT,
      stack,
      configuration: platformConfiguration(target),
      log: join(instance.logs, `${stack}-up.log`),
    }),
  );
  return runInteractively(secretTableCommand(target.stack, false), environment);
}

/** Destroys the stack on a cluster that exists. The cluster stays. */
export async function downContext(options: ContextOptions, progress: Progress): Promise<number> {
  const instance = currentInstance();
  const { target, pulumi, folder } = await contextPlatform(instance, options, progress);
  const log = join(instance.logs, `${target.stack}-destroy.log`);
  await progress.step(
    `pulumi destroy --stack ${target.stack}`,
    () => pulumi.destroy(CHECKOUT, target.stack, log),
    (destroyed) => (destroyed ? "done" : "there was no such stack"),
  );
  await rm(folder, { recursive: true, force: true });
  return 0;
}
