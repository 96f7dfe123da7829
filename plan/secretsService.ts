/** The secrets service of a stack and who may ask it, worked out from its applications. Pure. */
import type { ResolvedApplication } from "../config/application";
import { CALLER_VARIABLES, callerSecretName } from "../config/secretsServiceUse";
import type { SecretsServiceConfiguration, StackConfiguration } from "../config/stack";

/** Port of the Service; that of the pods is the service's own business. */
export const SERVICE_PORT = 80;

/** Where a caller's pod has the token of its ServiceAccount, made for the secrets service. */
const TOKEN_FILE = "/var/run/secrets/secrets-service/token";

/** An application that may ask. */
export interface PlannedCaller {
  application: ResolvedApplication;
  /** Names of keys, and beginnings with a `*` at their end. */
  keys: readonly string[];
  /** The Secret with its token; undefined: it shows the token of its ServiceAccount. */
  tokenSecret?: string;
}

/** The service: where it runs, what it answers from, and who may ask. */
export interface SecretsServicePlan {
  configuration: SecretsServiceConfiguration;
  /** The application whose Secrets it answers from; its pods and all else of it are in that one's namespace. */
  application: ResolvedApplication;
  /** Base URL for callers in the cluster. */
  url: string;
  callers: readonly PlannedCaller[];
}

/** The secrets service; undefined where the stack runs none, or nobody's Secrets would be served. */
export function planSecretsService(
  { secretsService: configuration }: StackConfiguration,
  applications: readonly ResolvedApplication[],
): SecretsServicePlan | undefined {
  const application = applications.find(({ name }) => name === configuration?.application);
  if (!configuration || !application) return undefined;
  return {
    configuration,
    application,
    url: `http://${application.name}.${application.namespace}.svc`,
    callers: applications.flatMap((caller): PlannedCaller[] => {
      if (!caller.secretsService) return [];
      const { keys, identity } = caller.secretsService;
      const tokenSecret = identity === "token" ? callerSecretName(caller.name) : undefined;
      return [{ application: caller, keys, ...(tokenSecret !== undefined && { tokenSecret }) }];
    }),
  };
}

/** An application with what the service's client reads in its ConfigMap, where it is a caller. */
export function withServiceAddress(
  application: ResolvedApplication,
  service: SecretsServicePlan | undefined,
): ResolvedApplication {
  if (!service || !application.secretsService) return application;
  const isToken = application.secretsService.identity === "token";
  return {
    ...application,
    config: {
      ...application.config,
      [CALLER_VARIABLES.url]: service.url,
      ...(!isToken && { [CALLER_VARIABLES.tokenFile]: TOKEN_FILE }),
    },
  };
}
