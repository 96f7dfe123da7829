/** Looks at Vault before anything is made: is it ready, may this stack use what is there, what is still made up. */
import { KubernetesClient } from "../clients/kubernetes";
import { VaultClient, VaultError, VaultUnreachable } from "../clients/vault";
import { isPlaceholder } from "../clients/vaultPlaceholders";
import { mountDescription } from "../components/vault/mountDescription";
import { OWNER_ANNOTATION, ownerName } from "../components/identity";
import { CONNECTED_LABEL, reviewerName } from "../components/vault/names";
import { policyOwner } from "../components/vault/vaultPolicy";
import { Plan } from "../plan/plan";
import { PlannedRole, VaultPlan } from "../plan/vault";
import { PreflightProblem } from "./problem";

/** What a stack does about Vault, by what was found there. */
export type VaultFindings =
  /** Vault has never been ready for this stack: pods start with made-up Secrets. */
  | { state: "bootstrapping" }
  | {
      state: "ready";
      /** Whether the stack configures the auth method: not one that somebody else made. */
      configuresAuth: boolean;
      /** Paths at which made-up values stand, or would be written. */
      placeholders: ReadonlySet<string>;
    };

/** Vault before and after a login. */
export interface VaultClients {
  anonymous: VaultClient;
  /** Logs in on first use. */
  client: () => Promise<VaultClient>;
}

/** What Vault says about a plan. */
export interface VaultVerdict {
  problems: PreflightProblem[];
  messages: string[];
  findings?: VaultFindings;
}

/** Everything that is wrong in Vault, all at once. Values are never read. */
export async function checkVault(
  plan: Plan,
  vault: VaultPlan,
  clients: VaultClients,
  cluster: () => Promise<KubernetesClient>,
): Promise<VaultVerdict> {
  const { address } = vault.configuration;
  const subject = `Vault at ${address}`;
  const notReady = await unreadiness(clients.anonymous);
  if (notReady !== undefined) {
    const { reason, mistaken } = notReady;
    if (mistaken) {
      return refusal({
        subject,
        found: reason,
        remedy:
          "Correct vault.address, or vault.caCertificateFile, which names the authority of its certificate.",
      });
    }
    if (await wasConnected(plan, await cluster())) {
      return refusal({
        subject,
        found: reason,
        remedy:
          "Bring it back, or unseal it, and run the command again. Secrets that exist keep their values meanwhile.",
      });
    }
    return {
      problems: [],
      messages: [
        `${subject}: ${reason}. This environment is bootstrapping: its Secrets from Vault hold placeholders, so ` +
          "that pods can start. Run pulumi up again once Vault is ready.",
      ],
      findings: { state: "bootstrapping" },
    };
  }
  try {
    return await checkContents(plan, vault, await clients.client(), cluster);
  } catch (error) {
    if (!(error instanceof VaultError)) throw error;
    const denied = error.status === 403;
    return refusal({
      subject,
      found: denied ? `it refuses the token: ${error.message}` : error.message,
      remedy: denied
        ? "Set VAULT_TOKEN, or the stack's encrypted vaultToken, to a token with the policy in docs/vault.md."
        : "See Vault's own log, and run the command again.",
    });
  }
}

/** Why Vault cannot serve, and whether waiting is of no use. */
async function unreadiness(client: VaultClient): Promise<{ reason: string; mistaken: boolean } | undefined> {
  try {
    const { initialized, sealed } = await client.health();
    if (!initialized) return { reason: "it is not initialized", mistaken: false };
    return sealed ? { reason: "it is sealed", mistaken: false } : undefined;
  } catch (error) {
    if (error instanceof VaultUnreachable) return { reason: error.message, mistaken: error.mistaken };
    throw error;
  }
}

/**
 * Whether an earlier update of this stack has made anything in Vault: the mark of it stands in the cluster, in
 * whichever namespace the operator was then.
 */
async function wasConnected(plan: Plan, cluster: KubernetesClient): Promise<boolean> {
  const marks = await cluster.list("/api/v1/configmaps", {
    labelSelector: `${CONNECTED_LABEL}=true`,
    metadataOnly: true,
  });
  const owner = ownerName(plan.identity);
  return marks.some(({ metadata }) => metadata.annotations?.[OWNER_ANNOTATION] === owner);
}

/** Whether an object of the core API in the operator's namespace is this stack's. */
async function isOwn(plan: Plan, object: string, cluster: KubernetesClient): Promise<boolean> {
  const { namespace } = plan.configuration.vaultSecretsOperator;
  const found = await cluster.get(`/api/v1/namespaces/${namespace}/${object}`, { metadataOnly: true });
  return found?.metadata.annotations?.[OWNER_ANNOTATION] === ownerName(plan.identity);
}

async function checkContents(
  plan: Plan,
  vault: VaultPlan,
  client: VaultClient,
  cluster: () => Promise<KubernetesClient>,
): Promise<VaultVerdict> {
  const [mount, auth, policies, placeholders] = await Promise.all([
    checkMount(vault, client),
    checkAuth(plan, vault, client, cluster),
    checkPolicies(plan, vault, client),
    checkPlaceholders(vault, client),
  ]);
  return {
    problems: [...mount.problems, ...auth.problems, ...policies, ...placeholders.problems],
    messages: [...mount.messages, ...auth.messages, ...placeholders.messages],
    findings: {
      state: "ready",
      configuresAuth: auth.configures,
      placeholders: placeholders.pending,
    },
  };
}

async function checkMount({ configuration }: VaultPlan, client: VaultClient): Promise<VaultVerdict> {
  const { mount } = configuration;
  const found = (await client.mounts("secret")).get(mount);
  if (!found) return { problems: [], messages: [] };
  if (found.type === "kv" && found.options["version"] === "2") return { problems: [], messages: [] };
  return refusal({
    subject: `Vault's mount ${mount}`,
    found:
      found.type === "kv"
        ? "it is a KV store of version 1"
        : `it is a secrets engine of another type, ${found.type}`,
    remedy: "Choose another path in vault.mount, or upgrade it: vault kv enable-versioning.",
  });
}

/** An auth method that somebody else made is used when it is for this cluster, and never configured anew. */
async function checkAuth(
  plan: Plan,
  vault: VaultPlan,
  client: VaultClient,
  cluster: () => Promise<KubernetesClient>,
): Promise<{ problems: PreflightProblem[]; messages: string[]; configures: boolean }> {
  const { path } = vault.configuration.auth;
  const subject = `Vault's auth method ${path}`;
  const found = (await client.mounts("auth")).get(path);
  if (!found || found.description === mountDescription(ownerName(plan.identity))) {
    return { problems: [], messages: [], configures: true };
  }
  if (found.type !== "kubernetes") {
    const remedy = "Choose another path in vault.auth.path.";
    return {
      problems: [{ subject, found: `it is of type ${found.type}`, remedy }],
      messages: [],
      configures: false,
    };
  }
  // Its description may have been edited; what it reviews tokens with is still this stack's.
  if (await isOwn(plan, `serviceaccounts/${reviewerName(vault.connection)}`, await cluster())) {
    return { problems: [], messages: [], configures: true };
  }
  const host = await client.kubernetesAuthHost(path);
  if (host !== undefined) {
    const message = `${subject}: somebody else configured it, for the API server ${host}. It is used as it is.`;
    return { problems: [], messages: [message], configures: false };
  }
  return {
    problems: [
      {
        subject,
        found: "somebody else made it, and has not configured it for any cluster",
        remedy:
          "Configure it, or let this stack make one of its own: choose another path in vault.auth.path.",
      },
    ],
    messages: [],
    configures: false,
  };
}

/** Policies and roles of the stack's names that it did not write would be overwritten without a word. */
async function checkPolicies(plan: Plan, vault: VaultPlan, client: VaultClient): Promise<PreflightProblem[]> {
  const own = ownerName(plan.identity);
  const present = new Set(await client.policies());
  const roles = [...vault.applications, ...vault.populations].map(({ role }) => role);
  const { path } = vault.configuration.auth;
  const problems = await Promise.all(
    roles.map(async ({ name }: PlannedRole): Promise<PreflightProblem[]> => {
      // The stack makes a role after its policy, and deletes it before: without the one, the other is not its own.
      if (!present.has(name)) {
        if (!(await client.hasKubernetesRole(path, name))) return [];
        const remedy = "Rename or remove it, or give the application another name.";
        return [{ subject: `Vault's role ${name} of auth/${path}`, found: "somebody else wrote it", remedy }];
      }
      const owner = policyOwner((await client.policy(name)) ?? "");
      if (owner === own) return [];
      return [
        {
          subject: `Vault's policy ${name}`,
          found: owner === undefined ? "somebody else wrote it" : `stack "${owner}" owns it`,
          remedy: "Rename or remove it, or give the application another name.",
        },
      ];
    }),
  );
  return problems.flat();
}

async function checkPlaceholders(
  { configuration, placeholders }: VaultPlan,
  client: VaultClient,
): Promise<{ problems: PreflightProblem[]; messages: string[]; pending: ReadonlySet<string> }> {
  const pending = new Set<string>();
  const problems: PreflightProblem[] = [];
  const messages: string[] = [];
  await Promise.all(
    placeholders.map(async ({ path }) => {
      const metadata = await client.kvMetadata(configuration.mount, path);
      if (!metadata || isPlaceholder(metadata)) pending.add(path);
      if (!metadata || !isPlaceholder(metadata)) return;
      const subject = `Vault's secret ${configuration.mount}/${path}`;
      const since = metadata.createdTime;
      const seconds = (Date.now() - Date.parse(since)) / 1000;
      const found = `it has held placeholders since ${since}`;
      const remedy = `Write the real values: vault kv put ${configuration.mount}/${path} KEY=-`;
      if (seconds <= configuration.pendingSeconds) messages.push(`${subject}: ${found}. ${remedy}`);
      else problems.push({ subject, found: `${found}, longer than vault.pendingSeconds allows`, remedy });
    }),
  );
  return { problems, messages: messages.sort(), pending };
}

function refusal(problem: PreflightProblem): VaultVerdict {
  return { problems: [problem], messages: [] };
}
