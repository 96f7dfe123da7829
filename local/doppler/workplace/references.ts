import type { Config } from "./config";
import { SECRET_LIMITS, type Secret } from "./secret";
import type { Workplace } from "./workplace";

/** `${NAME}`, `${config.NAME}` or `${project.config.NAME}` (https://docs.doppler.com/docs/secrets). */
const REFERENCE = /\$\{(?:(?:([\w-]+)\.)?([\w-]+)\.)?([A-Za-z_]\w*)\}/g;

/** References that grow without end are cut off here: no config may hold more than this. */
const MAXIMUM_COMPUTED_LENGTH = SECRET_LIMITS.configBytes;

/**
 * Resolves the references in secret values. One instance serves one call: it remembers what it has resolved,
 * so that a value that many others refer to is resolved once.
 */
export class References {
  /** Undefined stands for a value that is being resolved, which is how a circle is noticed. */
  readonly #computed = new Map<Config, Map<string, string | undefined>>();

  constructor(private readonly workplace: Workplace) {}

  /** The value with its references resolved. What refers to nothing, or in a circle, stays as it is written. */
  compute(config: Config, name: string, secret: Secret): string {
    const values = this.#computed.get(config) ?? new Map<string, string | undefined>();
    this.#computed.set(config, values);
    const known = values.get(name);
    if (known !== undefined) {
      return known;
    }
    values.set(name, undefined);
    let added = 0;
    const value = secret.raw.replaceAll(
      REFERENCE,
      (written: string, project: string | undefined, configName: string | undefined, key: string) => {
        const resolved = this.#resolve(config, project, configName, key) ?? written;
        added += resolved.length;
        return added > MAXIMUM_COMPUTED_LENGTH ? written : resolved;
      },
    );
    values.set(name, value);
    return value;
  }

  #resolve(
    from: Config,
    project: string | undefined,
    config: string | undefined,
    name: string,
  ): string | undefined {
    const inProject = project === undefined ? from.project : this.workplace.findProject(project);
    const inConfig = config === undefined ? from : inProject?.findConfig(config);
    const secret = inConfig?.secret(name);
    if (inConfig === undefined || secret === undefined) {
      return undefined;
    }
    const values = this.#computed.get(inConfig);
    const inCircle = values?.has(name) === true && values.get(name) === undefined;
    return inCircle ? undefined : this.compute(inConfig, name, secret);
  }
}
