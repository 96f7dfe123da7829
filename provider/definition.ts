/**
 * What a small resource provider is made of: its configuration and, per resource type, the operations that
 * the engine asks for. `provider/server.ts` serves a definition over Pulumi's ResourceProvider protocol.
 */

/** Property values as the engine sends them, with secrets already unwrapped. Unknowns are {@link UNKNOWN}. */
export type Values = Record<string, unknown>;

/** Stands for a value that is known only after an update, during previews. */
export const UNKNOWN: unique symbol = Symbol("unknown");

/** What is wrong with one input property. */
export interface CheckFailure {
  /** May be empty when it concerns the whole resource. */
  property: string;
  /** What to write instead. It is shown, so it repeats no value that may be secret. */
  reason: string;
}

/** How a resource differs from what is wanted. */
export interface Difference {
  /** Input properties that differ. Empty: nothing to do. */
  changed: string[];
  /** Those of them that can only change by replacement. */
  replaces?: string[];
  /** Whether a replacement must delete before it creates. */
  deleteBeforeReplace?: boolean;
}

/** What `check` may use besides the inputs. */
export interface CheckContext {
  /** The resource's logical name in the program. */
  name: string;
  /**
   * Makes up a physical name: the program's `pulumi:autonaming` configuration where there is any, and otherwise
   * the logical name with a dash and 7 random hexadecimal digits (as the vendors' providers do). The same
   * deployment step always gets the same name. Undefined where the configuration switches such names off.
   */
  autoname: () => string | undefined;
}

/** What an operation may use besides its arguments. `Configuration` is what `configure` made. */
export interface OperationContext<Configuration> {
  configuration: Configuration;
  /** Aborted when the engine cancels, or when the operation's own timeout is over. */
  signal: AbortSignal;
  /** The resource's custom timeout in seconds, when the program sets one. */
  timeoutSeconds?: number;
  /** Shows a line beside the resource. Nothing secret may be passed. */
  log: (severity: "info" | "warning", message: string) => void;
}

/** What was made or read: the id, and every output property. */
export interface ResourceState {
  id: string;
  outputs: Values;
}

/** One resource type. Operations throw to fail; the message is what the user reads. */
export interface ResourceDefinition<Configuration> {
  /** Outputs that are secret whatever the inputs were. An output also is secret when the input of its name was. */
  secretOutputs?: readonly string[];
  /** Fills defaults and reports what is wrong. Default: the inputs as they are. `olds`: the last inputs. */
  check?: (
    news: Values,
    olds: Values | undefined,
    context: CheckContext,
  ) => { inputs: Values; failures: CheckFailure[] };
  /**
   * Default: every input that is not deeply equal has changed; it replaces when there is no `update`. `oldState`
   * are the outputs.
   */
  diff?: (id: string, oldInputs: Values, news: Values, oldState: Values) => Difference;
  /** In a preview of a creation: outputs that are known already. Default: inputs, with no further outputs. */
  previewCreate?: (inputs: Values) => Values;
  /** In a preview of an update: outputs that are known already. Default: the inputs over the old state. */
  previewUpdate?: (id: string, oldState: Values, news: Values) => Values;
  /** Makes the resource. Throws `PartialCreation` (errors.ts) when something was made before it failed. */
  create: (context: OperationContext<Configuration>, inputs: Values) => Promise<ResourceState>;
  /**
   * The present state and inputs, or undefined when the resource is gone. In an import there are no inputs, and
   * the state is empty. Default: the state as it is known, and no import.
   */
  read?: (
    context: OperationContext<Configuration>,
    id: string,
    state: Values,
    inputs: Values | undefined,
  ) => Promise<(ResourceState & { inputs: Values }) | undefined>;
  /** Changes the resource in place and gives its outputs. */
  update?: (
    context: OperationContext<Configuration>,
    id: string,
    oldState: Values,
    news: Values,
  ) => Promise<Values>;
  /** Default: nothing is done, the engine forgets the resource. */
  delete?: (context: OperationContext<Configuration>, id: string, state: Values) => Promise<void>;
}

/** A provider: its name and version, how it takes its configuration, and its resource types by token. */
export interface ProviderDefinition<Configuration> {
  name: string;
  version: string;
  /** Problems of the provider's own configuration, found without any connection. */
  checkConfiguration?: (news: Values) => CheckFailure[];
  /** Makes the configuration that operations use. Must not connect: previews work offline. */
  configure: (inputs: Values) => Configuration;
  resources: Record<string, ResourceDefinition<Configuration>>;
}
