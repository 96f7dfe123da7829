import { KubernetesClient } from "../../clients/kubernetes";

/** A sync object, and what a message about it names. */
export interface SyncTarget {
  kind: "ExternalSecret" | "VaultStaticSecret";
  application: string;
  namespace: string;
  name: string;
  /** The ClusterSecretStore, or the path in Vault. */
  store: string;
  /** Changes whenever the sync object, or what it reads with, does. */
  revision: string;
}

/** How one kind of sync object tells whether it is in sync. */
export interface SyncKind {
  /** Stands for the last successful sync of the object's present form; undefined: there was none yet. */
  syncedVersion: (cluster: KubernetesClient, target: SyncTarget) => Promise<string | undefined>;
  /**
   * Makes the operator read at once, after which the synced version is another one. None: the operator's status
   * tells nothing of a read that changed nothing.
   */
  askForRefresh?: (cluster: KubernetesClient, target: SyncTarget) => Promise<void>;
  /** Why an object is not in sync, in the operator's own words. */
  whyNot: (cluster: KubernetesClient, target: SyncTarget) => Promise<string>;
}
