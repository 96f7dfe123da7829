import type { ProviderArgs } from "@pulumiverse/doppler";

import {
  UNKNOWN,
  type CheckFailure,
  type ProviderDefinition,
  type Values,
} from "../../../../provider/definition";
import type { PlainValues } from "../plainValues";
import { branchConfig } from "./branchConfig";
import type { DopplerAccess } from "./client";
import { environment } from "./environment";
import { project } from "./project";
import { secret } from "./secret";
import { serviceToken } from "./serviceToken";

const DEFAULT_HOST = "https://api.doppler.com";

/** Where an argument comes from when the program gives none. */
const ENVIRONMENT_VARIABLES: Record<keyof ProviderArgs, string> = {
  dopplerToken: "DOPPLER_TOKEN",
  host: "DOPPLER_API_HOST",
  verifyTls: "DOPPLER_VERIFY_TLS",
};

/** The resource types of the vendor's doppler provider that this project uses. Version: the npm SDK's. */
export const dopplerProvider: ProviderDefinition<DopplerAccess> = {
  name: "doppler",
  version: "0.9.0",
  checkConfiguration,
  configure: (inputs) => {
    const { dopplerToken: token, host, verifyTls } = providerArguments(inputs);
    return { token, host: host ?? DEFAULT_HOST, verifyTls: verifyTls ?? true };
  },
  resources: {
    "doppler:index/project:Project": project,
    "doppler:index/environment:Environment": environment,
    "doppler:index/branchConfig:BranchConfig": branchConfig,
    "doppler:index/secret:Secret": secret,
    "doppler:index/serviceToken:ServiceToken": serviceToken,
  },
};

/** All of a provider's arguments arrive as strings. */
function providerArguments(inputs: Values): PlainValues<ProviderArgs> {
  const given = (name: keyof ProviderArgs): string | undefined => {
    const value = inputs[name] ?? process.env[ENVIRONMENT_VARIABLES[name]];
    return typeof value === "boolean"
      ? String(value)
      : typeof value === "string" && value !== ""
        ? value
        : undefined;
  };
  const host = given("host");
  const verifyTls = given("verifyTls");
  return {
    dopplerToken: given("dopplerToken") ?? "",
    ...(host !== undefined && { host }),
    ...(verifyTls !== undefined && { verifyTls: verifyTls !== "false" }),
  };
}

function checkConfiguration(news: Values): CheckFailure[] {
  const failures = Object.keys(news)
    .filter((name) => !(name in ENVIRONMENT_VARIABLES))
    .map((name) => ({
      property: name,
      reason: `Invalid or unknown key; write ${Object.keys(ENVIRONMENT_VARIABLES).join(", ")}`,
    }));
  const known = Object.fromEntries(Object.entries(news).filter(([, value]) => value !== UNKNOWN));
  const { dopplerToken, host } = providerArguments(known);
  if (dopplerToken === "" && news["dopplerToken"] !== UNKNOWN) {
    const reason =
      "Provider is missing a required configuration key, try `pulumi config set --secret doppler:dopplerToken`: " +
      "a Doppler token that may do what the program wants";
    failures.push({ property: "dopplerToken", reason });
  }
  if (host !== undefined && (!/^https?:\/\//.test(host) || !URL.canParse(host) || host.endsWith("/"))) {
    const reason = `write a URL without a slash at its end, such as ${DEFAULT_HOST}`;
    failures.push({ property: "host", reason });
  }
  return failures;
}
