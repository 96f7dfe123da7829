import { join } from "node:path";
import { CHECKOUT } from "../instance";
import { NODE_ADDRESS } from "../namespace";
import type { Service, ServiceContext } from "./service";

/** Where OpenBao, which speaks Vault's API, answers inside the node and its pods. */
export const OPENBAO_ADDRESS = `http://${NODE_ADDRESS}:8200`;

/** The same server, encrypted, with the certificate of {@link openbaoCertificate}. */
export const OPENBAO_TLS_ADDRESS = `https://${NODE_ADDRESS}:8210`;

/** Where the Doppler emulator answers inside the node and its pods. */
export const DOPPLER_ADDRESS = `http://${NODE_ADDRESS}:8091`;

export function openbao({ instance, parts, credentials, certificates }: ServiceContext): Service {
  const file = join(instance.configuration, "openbao.json");
  // Beside the listener of the development mode, whose own encryption knows no address that pods could name.
  const configuration = {
    api_addr: OPENBAO_ADDRESS,
    listener: {
      tcp: {
        address: new URL(OPENBAO_TLS_ADDRESS).host,
        tls_cert_file: certificates.openbao.certificate,
        tls_key_file: certificates.openbao.key,
      },
    },
  };
  return {
    name: "openbao",
    command: [
      ...[parts.openbao.path, "server", "-dev", "-dev-no-store-token", `-config=${file}`],
      `-dev-listen-address=${new URL(OPENBAO_ADDRESS).host}`,
    ],
    environment: { BAO_DEV_ROOT_TOKEN_ID: credentials.openbao, HOME: instance.data },
    files: { [file]: JSON.stringify(configuration) },
    after: [],
    ready: `${OPENBAO_TLS_ADDRESS}/v1/sys/health`,
    timeout: 60,
    remedy: "If its port is taken, another server was started inside the node by hand: end that one.",
  };
}

export function doppler({ credentials }: ServiceContext): Service {
  const folder = join(CHECKOUT, "local", "doppler");
  const { hostname, port } = new URL(DOPPLER_ADDRESS);
  return {
    name: "doppler",
    command: [
      ...[process.execPath, join(CHECKOUT, "provider", "typescript.cjs"), join(folder, "main.ts")],
      ...["--host", hostname, "--port", port, "--seed", join(folder, "seed.yaml")],
    ],
    environment: { DOPPLER_EMULATOR_TOKEN: credentials.doppler },
    after: [],
    ready: `${DOPPLER_ADDRESS}/_emulator/health`,
    timeout: 60,
    remedy: "If the log names a mistake in local/doppler/seed.yaml, correct it and run the command again.",
  };
}
