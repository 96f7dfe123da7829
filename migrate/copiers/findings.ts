import { Inventory } from "../inventory/inventory";
import { TextFile } from "../inventory/textFiles";
import { ApplicationFile, applicationFiles } from "./applicationFiles";
import { Consumer, consumersOf } from "./consumers";
import { CopiedSecret, copiedSecrets } from "./copiedSecrets";
import { CopierJob, copierJobs } from "./copierJobs";
import { ApplicationPolicy, applicationPolicies, WideRule, wideRules } from "./policies";
import { ScriptCreation, scriptCreations } from "./scriptCreations";

/** What there is to look at; undefined: it was not given. */
export interface Sources {
  readonly inventory?: Inventory | undefined;
  readonly scripts?: readonly TextFile[] | undefined;
  /** Policies in Vault, name -> text. */
  readonly policies?: ReadonlyMap<string, string> | undefined;
  /** Manifests that could not be read, place and reason. */
  readonly unread: readonly string[];
}

/** What the command was told besides. */
interface Settings {
  /** The KV v2 mount. */
  readonly mount: string;
  readonly environment?: string | undefined;
  /** Policies that may open several applications' secrets. */
  readonly keptPolicies: readonly string[];
}

/** Everything that was found. No value of a Secret is in it. Undefined: there was nothing to look at. */
export interface Findings {
  readonly copiedSecrets: readonly CopiedSecret[];
  readonly copiers: readonly CopierJob[];
  readonly consumers: readonly Consumer[];
  readonly applications: readonly ApplicationFile[];
  readonly policies: readonly ApplicationPolicy[];
  readonly wideRules?: readonly WideRule[];
  readonly creations?: readonly ScriptCreation[];
  readonly unread: readonly string[];
}

/** Analyses what there is. Pure. */
export function findingsOf({ inventory, scripts, policies, unread }: Sources, settings: Settings): Findings {
  const { mount, environment, keptPolicies } = settings;
  const copiers = inventory ? copierJobs(inventory) : [];
  const copied = inventory ? copiedSecrets(inventory, copiers) : [];
  const consumers = consumersOf(copied, inventory?.workloads ?? []);
  const applications = applicationFiles(copied, consumers, environment);
  return {
    copiedSecrets: copied,
    copiers,
    consumers,
    applications,
    policies: applicationPolicies(applications, mount, environment),
    ...(policies && { wideRules: wideRules(policies, mount, keptPolicies) }),
    ...(scripts && { creations: scriptCreations(scripts) }),
    unread,
  };
}
