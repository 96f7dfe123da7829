/** One request to Vault's HTTP API, and the errors that it can end with. */
import * as http from "node:http";
import * as https from "node:https";
import { rootCertificates } from "node:tls";

/** Where Vault is, and how to log in. */
export interface VaultAddress {
  /** Base URL without a trailing slash. */
  address: string;
  token?: string;
  /** Authority of Vault's certificate besides the usual ones, PEM. */
  caCertificate?: string;
  /** Whether any certificate of Vault's is accepted. Default: false. */
  skipTlsVerify?: boolean;
  /** Namespace, with slashes between its levels. Default: the root namespace. */
  namespace?: string;
  /** How long Vault may be silent, in milliseconds. Default: 10 s. */
  timeoutMilliseconds?: number;
}

/** An answer of Vault that is not a success. */
export class VaultError extends Error {
  override readonly name = "VaultError";

  constructor(
    readonly status: number,
    message: string,
  ) {
    super(message);
  }
}

/** Nothing answered: wrong address, no network, or a certificate that is not trusted. */
export class VaultUnreachable extends Error {
  override readonly name = "VaultUnreachable";

  /** @param mistaken whether waiting is of no use: a certificate is not trusted, or what answers is no Vault */
  constructor(
    message: string,
    readonly mistaken = false,
  ) {
    super(message);
  }
}

/** Codes of Node's and OpenSSL's for a certificate that is not accepted. */
const CERTIFICATE_CODE = /CERT|SELF_SIGNED|UNABLE_TO_|TLS|SSL/;

/** An answer: the status, and the document. */
export interface VaultAnswer {
  status: number;
  document: unknown;
}

const REQUEST_TIMEOUT_MILLISECONDS = 10_000;

/** Sends one request, unless the signal stops it. @throws VaultUnreachable */
export function sendToVault(
  access: VaultAddress,
  method: string,
  path: string,
  body?: object,
  signal?: AbortSignal,
): Promise<VaultAnswer> {
  const { address, token, caCertificate, namespace } = access;
  const timeout = access.timeoutMilliseconds ?? REQUEST_TIMEOUT_MILLISECONDS;
  const url = new URL(`${address}/v1/${path}`);
  const content = body && JSON.stringify(body);
  return new Promise((resolve, reject) => {
    const fail = (error: NodeJS.ErrnoException): void => {
      // The error of a host with several addresses has a code alone.
      const reason = error.message || (error.code ?? error.name);
      const mistaken = CERTIFICATE_CODE.test(error.code ?? "");
      reject(new VaultUnreachable(`it cannot be reached: ${reason}`, mistaken));
    };
    const request = (url.protocol === "http:" ? http : https).request(
      url,
      {
        method,
        timeout,
        headers: {
          accept: "application/json",
          "x-vault-request": "true",
          ...(token ? { "x-vault-token": token } : {}),
          ...(namespace ? { "x-vault-namespace": namespace } : {}),
          ...(content
            ? { "content-type": "application/json", "content-length": Buffer.byteLength(content) }
            : {}),
        },
        ...(caCertificate ? { ca: [...rootCertificates, caCertificate] } : {}),
        ...(access.skipTlsVerify ? { rejectUnauthorized: false } : {}),
        ...(signal ? { signal } : {}),
      },
      (response) => {
        const chunks: Buffer[] = [];
        response.on("data", (chunk: Buffer) => chunks.push(chunk));
        response.on("error", fail);
        response.on("end", () => {
          resolve({
            status: response.statusCode ?? 0,
            document: parse(Buffer.concat(chunks).toString("utf8")),
          });
        });
      },
    );
    request.on("timeout", () => {
      request.destroy(new Error(`no answer within ${timeout / 1000} s`));
    });
    request.on("error", fail);
    request.end(content);
  });
}

/** What Vault says about an answer that is no success: its own words, which repeat nothing that was sent. */
export function vaultErrorOf({ status, document }: VaultAnswer): VaultError {
  const errors: unknown = (document as { errors?: unknown } | null | undefined)?.errors;
  const texts = Array.isArray(errors) ? errors.filter((error) => typeof error === "string") : [];
  const text = texts.map((error) => error.trim().replaceAll(/\s*\n\s*/g, " ")).join("; ");
  return new VaultError(status, text || `HTTP ${status}`);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
