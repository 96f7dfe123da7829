import type { Struct } from "google-protobuf/google/protobuf/struct_pb";

import type { OperationContext, ProviderDefinition, ResourceDefinition, Values } from "./definition";
import type { Engine } from "./engine";
import { decodeProperties } from "./properties";

/** How long operations that are under way get to stop once they were told to, in milliseconds. */
const GRACE_MILLISECONDS = 4000;

/** Longest delay that a timer of Node can have, in milliseconds. */
const LONGEST_TIMER_MILLISECONDS = 2 ** 31 - 1;

/** One run of a provider for one engine: its configuration, what is under way, and how it ends. */
export class ProviderSession<C> {
  /** Strings that were secret in the provider's configuration. */
  secretStrings: readonly string[] = [];
  readonly #cancellation = new AbortController();
  readonly #running = new Set<Promise<unknown>>();
  #configuration: { value: C } | undefined;

  /** @param engine where lines are shown; an engine that attaches later takes its place */
  constructor(
    readonly definition: ProviderDefinition<C>,
    public engine: Engine | undefined,
  ) {}

  /** Takes the provider's arguments; what `configure` makes of them is used by every operation after it. */
  configure(inputs: Struct | undefined): void {
    const { values, secretStrings } = decodeProperties(inputs);
    this.secretStrings = secretStrings;
    this.#configuration = { value: this.definition.configure(providerArguments(values)) };
  }

  /** @throws Error naming the types there are when the provider has no such type */
  resource(type: string): ResourceDefinition<C> {
    const resource = this.definition.resources[type];
    if (!resource) {
      const types = Object.keys(this.definition.resources).sort().join(", ");
      throw new Error(`${this.definition.name} has no resource type ${type}; it has ${types}`);
    }
    return resource;
  }

  /** @param timeoutSeconds the resource's custom timeout; 0 for none */
  operationContext(timeoutSeconds: number, log: OperationContext<C>["log"]): OperationContext<C> {
    if (!this.#configuration) {
      throw new Error(`${this.definition.name} is used before it was configured`);
    }
    const configuration = this.#configuration.value;
    if (timeoutSeconds <= 0) {
      return { configuration, signal: this.#cancellation.signal, log };
    }
    const timeout = new AbortController();
    const timer = setTimeout(
      () => {
        timeout.abort(new Error(`not done within ${timeoutSeconds} seconds, the resource's custom timeout`));
      },
      Math.min(timeoutSeconds * 1000, LONGEST_TIMER_MILLISECONDS),
    );
    timer.unref();
    const signal = AbortSignal.any([this.#cancellation.signal, timeout.signal]);
    return { configuration, signal, timeoutSeconds, log };
  }

  /** Runs an operation and keeps it among those that {@link finish} waits for. */
  run<T>(operation: () => Promise<T>): Promise<T> {
    const running = operation();
    this.#running.add(running);
    const forget = (): void => {
      this.#running.delete(running);
    };
    running.then(forget, forget);
    return running;
  }

  /** Tells every operation that is under way, and every later one, to stop. */
  cancel(reason: string): void {
    this.#cancellation.abort(new Error(reason));
  }

  /** Cancels, and waits until operations have stopped: as long as the engine waits for a plugin, or less. */
  async finish(reason: string): Promise<void> {
    this.cancel(reason);
    const grace = new Promise((resolve) => setTimeout(resolve, GRACE_MILLISECONDS));
    await Promise.race([Promise.allSettled(this.#running), grace]);
    this.engine?.close();
  }

  /** Shows a line beside a resource. */
  async log(severity: "info" | "warning", message: string, urn: string): Promise<void> {
    await this.engine?.log(severity, message, urn);
  }
}

/** What the engine keeps for itself among a provider's arguments. */
const ENGINE_ARGUMENTS: ReadonlySet<string> = new Set(["version", "pluginDownloadURL", "__internal"]);

/** The program's own arguments, without the engine's. */
export function providerArguments(values: Values): Values {
  return Object.fromEntries(Object.entries(values).filter(([name]) => !ENGINE_ARGUMENTS.has(name)));
}
