import { readdirSync } from "node:fs";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { MockMonitor } from "@pulumi/pulumi/runtime/mocks";
import { PROJECT_FOLDER, stackFileValues } from "../../cli/stackConfiguration";
import { loadProject } from "../../config/loading";
import { declaredVariables } from "../../config/variables";
import { planStack } from "../../plan/plan";
import { stackOutputs } from "../../plan/outputs";
import { DeployerEnvironment } from "../../platform/deployerEnvironment";
import { SecretsPlatform } from "../../platform/secretsPlatform";

/** Stands for every service token's key: it must not show up in any recorded property. */
const CANARY = "canary-9f2c-service-token-key";
/** Stands for the token that mints service tokens. */
const ADMIN_CANARY = "canary-77aa-admin-token";
/** Stands for the token that writes policies in Vault. */
const VAULT_CANARY = "canary-41be-vault-token";
/** Stands for the token that reviews others. */
const REVIEWER_CANARY = "canary-08d3-reviewer-token";

/** Stands for every variable that fills a Secret. */
const VARIABLE_CANARY = "canary-5c1e-variable";

/** Stands for every token that a caller of the secrets service shows. */
const CALLER_CANARY = "canary-b2d7-caller-token";

/** What must not show up in any recorded property. */
export const CANARIES: readonly string[] = [
  CANARY,
  ADMIN_CANARY,
  VAULT_CANARY,
  REVIEWER_CANARY,
  VARIABLE_CANARY,
  CALLER_CANARY,
];

/** A resource as the engine is asked for it. */
export interface RecordedResource {
  type: string;
  name: string;
  inputs: unknown;
}

const SECRET_SIGNATURE = "4dabf18193072939515e22adb298388d";

/** The stacks of the project: those with a committed configuration. */
export function stacks(): string[] {
  return readdirSync(PROJECT_FOLDER)
    .map((file) => /^Pulumi\.(.+)\.yaml$/.exec(file)?.[1])
    .filter(
      (stack): stack is string => stack !== undefined && stack !== "local" && !stack.startsWith("context-"),
    )
    .sort();
}

// The SDK's mocks say that they know hooks, and leave their registration unanswered.
Object.assign(MockMonitor.prototype, {
  registerResourceHook: (_request: unknown, callback: (error: null, response: object) => void) => {
    callback(null, {});
  },
});

/** Runs the whole program of a stack against recorded mocks: no engine, no Doppler, no cluster. */
export async function recordStack(
  stack: string,
): Promise<{ resources: RecordedResource[]; outputs: object }> {
  const resources: RecordedResource[] = [];
  await pulumi.runtime.setMocks(
    {
      newResource: ({ type, name, inputs }) => {
        resources.push({ type, name, inputs: hideSecrets(inputs) });
        const state: Record<string, unknown> = { ...(inputs as object), ...computedOutputs(type) };
        return { id: `${name}-id`, state };
      },
      call: ({ token }) => {
        throw new Error(`the program calls ${token}, which nothing answers here`);
      },
    },
    "secrets-platform",
    stack,
    false,
    "organization",
  );
  const { configuration, applications } = loadProject({
    stack,
    values: stackFileValues(stack),
    folder: PROJECT_FOLDER,
  });
  const identity = {
    organization: "organization",
    project: "secrets-platform",
    stack,
    environment: configuration.environment,
  };
  const plan = planStack(identity, configuration, applications);
  const variables = declaredVariables(applications, configuration.environment).map(
    ({ name, use }) => [name, use === "secret" ? VARIABLE_CANARY : `value of ${name}`] as const,
  );
  const refuse = () => Promise.reject(new Error("no connection is made under mocks"));
  new SecretsPlatform("platform", {
    plan,
    environment: new DeployerEnvironment(new Map(variables)),
    dopplerToken: pulumi.secret(ADMIN_CANARY),
    kubernetesHost: "https://kubernetes.example:6443",
    vaultFindings: { state: "ready", configuresAuth: true, placeholders: new Set() },
    vault: { address: "https://vault.example:8200", token: pulumi.secret(VAULT_CANARY) },
    clients: { doppler: refuse, cluster: refuse },
  });
  await pulumi.runtime.disconnect();
  resources.sort((one, other) => `${one.type} ${one.name}`.localeCompare(`${other.type} ${other.name}`));
  return { resources, outputs: stackOutputs(plan) };
}

/** The path of a stack's golden file. */
export function goldenFile(stack: string): string {
  return join(__dirname, `${stack}.json`);
}

function computedOutputs(type: string): object {
  if (type === "random:index/randomId:RandomId") return { hex: "0a1b2c3d" };
  if (type === "random:index/randomPassword:RandomPassword") return { result: CALLER_CANARY };
  if (type === "doppler:index/serviceToken:ServiceToken") return { key: CANARY };
  if (type === "kubernetes:core/v1:Secret") {
    return { data: { token: Buffer.from(REVIEWER_CANARY).toString("base64") } };
  }
  return {};
}

function hideSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(hideSecrets);
  if (typeof value !== "object" || value === null) return value;
  if (SECRET_SIGNATURE in value) return "[secret]";
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, hideSecrets(entry)]));
}
