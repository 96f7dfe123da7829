import * as pulumi from "@pulumi/pulumi";
import type { HeldObject } from "../components/cluster/finalizerGuard";
import type { SynchronizedSecret } from "../components/cluster/synchronization";

/** What one source gives the applications. */
export interface Provided {
  /** Sync objects to wait for. */
  readonly synchronized: readonly SynchronizedSecret[];
  /** Objects whose deletion waits for their operator. */
  readonly held: readonly HeldObject[];
  /** The resources of both. */
  readonly objects: readonly pulumi.Resource[];
}
