import * as kubernetes from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { ClaimedServiceAccount } from "../cluster/claimedServiceAccount";
import { SynchronizedSecret } from "../cluster/synchronization";
import { OwnedMetadata } from "../identity";
import { revision } from "../revision";
import { VaultAuthSettings, vaultAuthManifest } from "./vaultAuth";
import { VaultStaticSecretSettings, vaultStaticSecretManifest } from "./vaultStaticSecret";

/** One declared Secret of an application. */
export interface VaultAppSecret extends Omit<
  VaultStaticSecretSettings,
  "namespace" | "metadata" | "auth" | "mount" | "placeholder"
> {
  /** Whether Vault holds placeholders; undefined: none were declared. */
  placeholder?: pulumi.Output<boolean> | undefined;
}

/** Arguments of {@link VaultApp}. */
export interface VaultAppArgs {
  application: string;
  namespace: string;
  /** Full name of the stack. */
  owner: string;
  metadata: OwnedMetadata;
  /** The KV v2 mount. */
  mount: string;
  login: Omit<VaultAuthSettings, "name" | "namespace" | "metadata">;
  secrets: readonly VaultAppSecret[];
  /** What must be there first: the namespace, the operator, what a login needs. */
  dependsOn: pulumi.Resource[];
}

type CustomResource = kubernetes.apiextensions.CustomResource;

/** Its type, for what is taken over from it. */
export const VAULT_APP_TYPE = "secrets-platform:vault:VaultApp";

/** An application's Secrets from Vault: its identity, its login, and one VaultStaticSecret for each Secret. */
export class VaultApp extends pulumi.ComponentResource {
  readonly vaultAuth: CustomResource;
  readonly vaultStaticSecrets: CustomResource[];
  /** What to wait for before the Secrets hold their values. */
  readonly synchronized: SynchronizedSecret[];

  constructor(name: string, args: VaultAppArgs, options?: pulumi.ComponentResourceOptions) {
    super(VAULT_APP_TYPE, name, {}, options);
    const { application, namespace, metadata, login } = args;

    const account = new ClaimedServiceAccount(
      `${namespace}/${login.serviceAccount}`,
      { namespace, name: login.serviceAccount, labels: metadata.labels, owner: args.owner },
      {
        parent: this,
        dependsOn: args.dependsOn,
        // The same one, from when the application showed it to the secrets service and read nothing from Vault.
        aliases: options?.parent ? [{ parent: options.parent }] : [],
      },
    );
    const authManifest = vaultAuthManifest({ ...login, name: application, namespace, metadata });
    this.vaultAuth = new kubernetes.apiextensions.CustomResource(
      // Named after the object itself, as everything that has a name in the cluster.
      `${namespace}/${application}`,
      authManifest,
      { parent: this, customTimeouts: { delete: "2m" }, dependsOn: [account, ...args.dependsOn] },
    );

    const settings = args.secrets.map((secret) => ({ ...secret, namespace, metadata }));
    const manifests = settings.map(({ placeholder, ...secret }) =>
      pulumi.output(placeholder ?? false).apply((pending) =>
        vaultStaticSecretManifest({
          ...secret,
          auth: application,
          mount: args.mount,
          placeholder: pending,
        }),
      ),
    );
    this.vaultStaticSecrets = manifests.map(
      (manifest, index) =>
        new kubernetes.apiextensions.CustomResource(
          `${namespace}/${settings[index]?.name ?? ""}`,
          {
            apiVersion: "secrets.hashicorp.com/v1beta1",
            kind: "VaultStaticSecret",
            metadata: manifest.metadata,
            spec: manifest.spec,
          },
          { parent: this, customTimeouts: { delete: "2m" }, dependsOn: [this.vaultAuth] },
        ),
    );
    this.synchronized = settings.map(({ name: secret, path }, index) => ({
      kind: "VaultStaticSecret" as const,
      application,
      namespace,
      name: secret,
      store: path,
      revision: pulumi
        .all([manifests[index], this.vaultStaticSecrets[index]?.metadata, authManifest])
        .apply(([manifest, found, auth]) => revision({ manifest, uid: found?.uid, auth })),
    }));

    this.registerOutputs({});
  }
}
