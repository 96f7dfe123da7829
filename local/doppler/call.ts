import type { FastifyRequest } from "fastify";
import type { CallKind } from "./access/rate-limits";
import type { Caller } from "./access/tokens";
import { loggableName } from "./control/call-log";
import type { Emulation } from "./emulation";
import { invalidToken } from "./errors";
import { Parameters } from "./parameters";

declare module "fastify" {
  interface FastifyRequest {
    /** What is known of the call; set for every call of the API. */
    call: Call;
  }
  interface FastifyContextConfig {
    /** The rate limit that the route counts against. Default: `read` for GET, `write` for all else. */
    callKind?: CallKind;
  }
}

/** A call of the API, from its arrival to its record in the log and the counters. */
export class Call {
  readonly #startedAt = performance.now();
  #recorded = false;
  parameters = new Parameters({}, {});
  /** Undefined until the token is known to be good. */
  caller: Caller | undefined;
  /** Whether the connection is to break once the call has had its effect. */
  breakAfterEffect = false;

  constructor(
    private readonly request: FastifyRequest,
    private readonly emulation: Emulation,
  ) {}

  get kind(): CallKind {
    return this.request.routeOptions.config.callKind ?? (this.request.method === "GET" ? "read" : "write");
  }

  /** The project that the call concerns: the one it names, or the service token's own. */
  get project(): string | undefined {
    return this.#argument("project") ?? this.#ownConfig()?.project.name;
  }

  /** The config that the call concerns: the one it names, or the service token's own. */
  get config(): string | undefined {
    return this.#argument("config") ?? this.#ownConfig()?.name;
  }

  /** Puts the call into the log and the counters, once. `outcome` is the HTTP status, `reset` or `aborted`. */
  record(outcome: string): void {
    if (this.#recorded) {
      return;
    }
    this.#recorded = true;
    const { method, routeOptions } = this.request;
    const path = this.request.is404 ? "(unknown)" : (routeOptions.url ?? "(unknown)");
    const { project, config, caller } = this;
    const known =
      project === undefined || config === undefined
        ? undefined
        : this.emulation.workplace.findProject(project)?.findConfig(config);
    this.emulation.counter.count({
      kind: this.kind,
      outcome,
      route: `${method} ${path}`,
      ...(caller === undefined ? {} : { token: caller.slug }),
      ...(known === undefined ? {} : { config: `${known.project.name}.${known.name}` }),
    });
    const names = { project: loggableName(project), config: loggableName(config) };
    this.emulation.log({
      time: this.emulation.now().toISOString(),
      method,
      path,
      ...(names.project === undefined ? {} : { project: names.project }),
      ...(names.config === undefined ? {} : { config: names.config }),
      outcome,
      milliseconds: Math.round(performance.now() - this.#startedAt),
      ...(caller === undefined ? {} : { token: `${caller.kind} ${caller.slug}` }),
    });
  }

  #argument(name: string): string | undefined {
    const value = this.parameters.values[name];
    return typeof value === "string" && value !== "" ? value : undefined;
  }

  #ownConfig(): (Caller & { kind: "service-token" })["config"] | undefined {
    return this.caller?.kind === "service-token" ? this.caller.config : undefined;
  }
}

/** The caller and the arguments of a call that has been let in. */
export function callOf(request: FastifyRequest): { caller: Caller; parameters: Parameters } {
  const { caller, parameters } = request.call;
  if (caller === undefined) {
    throw invalidToken();
  }
  return { caller, parameters };
}
