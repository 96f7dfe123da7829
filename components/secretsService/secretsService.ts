import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ClaimedServiceAccount } from "../cluster/claimedServiceAccount";
import { OwnedMetadata } from "../identity";
import { revision } from "../revision";
import { callerPolicy } from "./callerPolicy";
import { CallerTokens } from "./callerTokens";
import {
  objectMetadata,
  podLabels,
  POLICY_KEY,
  policySecretName,
  PORT_NAME,
  serverAccountName,
  ServiceSettings,
  TOKEN_KEY,
} from "./layout";
import { POLICY_ANNOTATION, serviceDeployment } from "./serviceDeployment";
import { serviceNetworkPolicy } from "./serviceNetworkPolicy";
import { TokenReviewer } from "./tokenReviewer";

/** Who may ask, and how it shows who it is: with `tokenSecret` by a token of the stack's, else as its ServiceAccount. */
export interface ServiceCaller {
  /** Name of the application. */
  name: string;
  namespace: string;
  /** Names of keys, and beginnings with a `*` at their end. */
  keys: readonly string[];
  /** The Secret in its namespace that gets its token. */
  tokenSecret?: string | undefined;
  serviceAccount: string;
  metadata: OwnedMetadata;
  /** What must be there first: its namespace. */
  dependsOn: pulumi.Resource[];
}

/** Arguments of {@link SecretsService}. */
export interface SecretsServiceArgs extends ServiceSettings {
  /** Full name of the stack. */
  owner: string;
  image: string;
  imagePullPolicy: string;
  /** Pods. */
  replicas: number;
  /** Port of the Service. */
  port: number;
  /** Secrets in its namespace whose keys are served. */
  secrets: readonly string[];
  callers: readonly ServiceCaller[];
  /** Generation of the callers' tokens. */
  generation: number;
  /** What must be there first: the namespace, and the Secrets with their values. */
  dependsOn: pulumi.Resource[];
}

/** The secrets service: values by key over HTTP, for the callers that application files declare. */
export class SecretsService extends pulumi.ComponentResource {
  private readonly tokens = new Map<string, CallerTokens>();
  private readonly reviewsTokens: boolean;

  constructor(
    name: string,
    private readonly args: SecretsServiceArgs,
    options?: pulumi.ComponentResourceOptions,
  ) {
    super("secrets-platform:secretsService:SecretsService", name, {}, options);

    const { callers, generation } = args;
    for (const caller of callers) {
      if (caller.tokenSecret === undefined) continue;
      this.tokens.set(
        caller.name,
        new CallerTokens(`${caller.name}-token`, { generation }, { parent: this }),
      );
    }
    this.reviewsTokens = callers.some(({ tokenSecret }) => tokenSecret === undefined);
    const identity = this.provideIdentity();
    this.provideNetwork();
    // Nobody could be a caller: the service would refuse such a policy, and has nothing to do.
    if (callers.length > 0) {
      const deployment = this.provideDeployment(identity);
      for (const caller of callers) this.provideToken(caller, deployment);
    }

    this.registerOutputs({});
  }

  /** Before anything refers to the namespace's objects, it and the Secrets have to be there. */
  private get inside(): pulumi.CustomResourceOptions {
    return { parent: this, dependsOn: this.args.dependsOn };
  }

  private provideIdentity(): pulumi.Resource[] {
    const { name, namespace, metadata, owner } = this.args;
    const accountName = serverAccountName(name);
    const account = new ClaimedServiceAccount(
      `${namespace}/${accountName}`,
      { namespace, name: accountName, labels: metadata.labels, owner },
      this.inside,
    );
    if (!this.reviewsTokens) return [account];
    return [account, new TokenReviewer("token-reviewer", this.args, { parent: this })];
  }

  private provideNetwork(): void {
    const { args, reviewsTokens } = this;
    const { name, namespace, port } = args;
    const callerNamespaces = args.callers.map((caller) => caller.namespace);
    const policy = new kubernetes.networking.v1.NetworkPolicy(
      `${namespace}/${name}`,
      serviceNetworkPolicy({ ...args, callerNamespaces, reviewsTokens }),
      this.inside,
    );
    const metadata = objectMetadata(args);
    new kubernetes.core.v1.Service(
      `${namespace}/${name}`,
      {
        metadata: {
          ...metadata,
          // Its pods may come later than it, or not at all.
          annotations: { ...metadata.annotations, "pulumi.com/skipAwait": "true" },
        },
        spec: { selector: podLabels(args), ports: [{ name: PORT_NAME, port, targetPort: PORT_NAME }] },
      },
      { parent: this, dependsOn: [policy] },
    );
    new kubernetes.policy.v1.PodDisruptionBudget(
      `${namespace}/${name}`,
      { metadata, spec: { minAvailable: 1, selector: { matchLabels: podLabels(args) } } },
      this.inside,
    );
  }

  private provideDeployment(identity: pulumi.Resource[]): kubernetes.apps.v1.Deployment {
    const { args, reviewsTokens } = this;
    const { name, namespace } = args;
    const policySecret = policySecretName(name);
    const policy = this.policy();
    const secret = new kubernetes.core.v1.Secret(
      `${namespace}/${policySecret}`,
      {
        metadata: objectMetadata(args, policySecret),
        data: { [POLICY_KEY]: policy.apply((text) => Buffer.from(text).toString("base64")) },
      },
      this.inside,
    );
    const manifest = serviceDeployment({ ...args, policySecret, reviewsTokens });
    const { template } = manifest.spec;
    // Tokens are long and random: a digest of their digests tells nothing of them.
    const digest = pulumi.unsecret(policy.apply((text) => revision({ text })));
    return new kubernetes.apps.v1.Deployment(
      `${namespace}/${name}`,
      {
        ...manifest,
        spec: {
          ...manifest.spec,
          template: {
            ...template,
            metadata: { ...template.metadata, annotations: { [POLICY_ANNOTATION]: digest } },
          },
        },
      },
      { parent: this, dependsOn: [secret, ...identity, ...args.dependsOn] },
    );
  }

  private policy(): pulumi.Output<string> {
    const callers = this.args.callers.map(({ name, namespace, serviceAccount, keys }) => {
      const tokens = this.tokens.get(name)?.accepted;
      return pulumi.all(tokens ?? []).apply((accepted) => ({
        name,
        tokens: accepted,
        serviceAccounts: tokens === undefined ? [`${namespace}/${serviceAccount}`] : [],
        keys,
      }));
    });
    return pulumi.all(callers).apply((all) => callerPolicy(all));
  }

  /** A caller's pods start once the service knows their token. */
  private provideToken(caller: ServiceCaller, deployment: pulumi.Resource): void {
    const { namespace, tokenSecret: name, metadata, dependsOn } = caller;
    const token = this.tokens.get(caller.name)?.present;
    if (name === undefined || token === undefined) return;
    new kubernetes.core.v1.Secret(
      `${namespace}/${name}`,
      {
        metadata: { name, namespace, ...metadata },
        data: { [TOKEN_KEY]: token.apply((text) => Buffer.from(text).toString("base64")) },
      },
      { parent: this, dependsOn: [deployment, ...dependsOn] },
    );
  }
}
