/**
 * The few requests that this project makes to a cluster besides what Pulumi's own provider does: reading who
 * owns what before a change, reading the status of sync objects, and claiming namespaces. Connections,
 * credentials and exec plugins are those of @kubernetes/client-node.
 */
import * as http from "node:http";
import * as https from "node:https";

/** Which cluster: a context of a kubeconfig. No kubeconfig path: $KUBECONFIG, else ~/.kube/config. */
export interface ClusterReference {
  context: string;
  kubeconfig?: string | undefined;
}

/** Metadata of any Kubernetes object, as far as this project reads it. */
export interface ObjectMetadata {
  name: string;
  namespace?: string;
  uid?: string;
  generation?: number;
  resourceVersion?: string;
  creationTimestamp?: string;
  deletionTimestamp?: string;
  labels?: Record<string, string>;
  annotations?: Record<string, string>;
  finalizers?: string[];
  ownerReferences?: { kind: string; name: string; uid: string }[];
}

/** Any Kubernetes object: `Body` are its fields besides metadata. */
export type KubernetesObject<Body = object> = Body & {
  apiVersion?: string;
  kind?: string;
  metadata: ObjectMetadata;
};

/** An answer of the API server that is not a success. `reason` is Kubernetes' own, such as AlreadyExists. */
export class KubernetesError extends Error {
  constructor(
    readonly status: number,
    readonly reason: string,
    message: string,
  ) {
    super(message);
    this.name = "KubernetesError";
  }
}

/** Nothing answered: wrong address, no network, or credentials that could not be made. */
export class ClusterUnreachable extends Error {
  constructor(context: string, cause: string) {
    super(`the cluster of context "${context}" cannot be reached: ${cause}`);
    this.name = "ClusterUnreachable";
  }
}

/** The kubeconfig cannot be used: it, its context or its cluster is not there. */
export class KubeconfigError extends Error {
  override readonly name = "KubeconfigError";
}

/** How one request differs from a plain one. */
export interface RequestOptions {
  /** Only metadata comes back, so that a Secret's values never leave the server. */
  metadataOnly?: boolean;
  /** The server checks everything, webhooks included, and stores nothing. */
  dryRun?: boolean;
  labelSelector?: string;
  fieldSelector?: string;
  /** At most so many items of a list. */
  limit?: number;
}

interface Answer {
  status: number;
  body: string;
}

const REQUEST_TIMEOUT_MILLISECONDS = 15_000;
const METADATA = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1";
const METADATA_LIST = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1";

/** A connection to the API server of one kubeconfig context. */
export class KubernetesClient {
  private constructor(
    private readonly context: string,
    private readonly server: URL,
    private readonly authenticate: (options: https.RequestOptions) => Promise<void>,
  ) {}

  /**
   * Reads the kubeconfig; connects to nothing yet.
   * @throws KubeconfigError when the kubeconfig or the context is not there; the message names both and what there is.
   */
  static async load(reference: ClusterReference): Promise<KubernetesClient> {
    const { KubeConfig } = await import("@kubernetes/client-node");
    const configuration = new KubeConfig();
    const source = reference.kubeconfig ?? "the default kubeconfig ($KUBECONFIG or ~/.kube/config)";
    try {
      if (reference.kubeconfig) configuration.loadFromFile(reference.kubeconfig);
      else configuration.loadFromDefault();
    } catch (error) {
      throw new KubeconfigError(
        `cannot read ${source}: ${error instanceof Error ? error.message : String(error)}`,
      );
    }
    if (!configuration.getContextObject(reference.context)) {
      const known = configuration.getContexts().map((context) => context.name);
      throw new KubeconfigError(
        `${source} has no context "${reference.context}"; it has ${known.length ? known.join(", ") : "none"}`,
      );
    }
    configuration.setCurrentContext(reference.context);
    const cluster = configuration.getCurrentCluster();
    if (!cluster)
      throw new KubeconfigError(
        `context "${reference.context}" of ${source} names a cluster that is not there`,
      );
    return new KubernetesClient(reference.context, new URL(cluster.server), (options) =>
      configuration.applyToHTTPSOptions(options),
    );
  }

  /** Address of the API server, without a trailing slash. */
  get address(): string {
    return this.server.href.replace(/\/$/, "");
  }

  /** One object, or undefined when it, or its kind, is not there. `path` is the API path, such as `/api/v1/namespaces/x`. */
  async get<Body>(path: string, options: RequestOptions = {}): Promise<KubernetesObject<Body> | undefined> {
    const answer = await this.request("GET", path, options, options.metadataOnly ? METADATA : undefined);
    if (answer.status === 404) return undefined;
    return this.parse(answer) as KubernetesObject<Body>;
  }

  /** The objects of a collection; empty when the kind is not served by this cluster. */
  async list<Body>(path: string, options: RequestOptions = {}): Promise<KubernetesObject<Body>[]> {
    const answer = await this.request("GET", path, options, options.metadataOnly ? METADATA_LIST : undefined);
    if (answer.status === 404) return [];
    // An empty list of metadata has no items at all.
    return (this.parse(answer) as { items: KubernetesObject<Body>[] | null }).items ?? [];
  }

  /** A document of the API that is not an object, such as a discovery list. */
  async document<Document>(path: string): Promise<Document> {
    return this.parse(await this.request("GET", path, {})) as Document;
  }

  /** Creates an object in a collection. */
  async create<Body>(
    path: string,
    object: object,
    options: RequestOptions = {},
  ): Promise<KubernetesObject<Body>> {
    return this.parse(await this.request("POST", path, options, undefined, object)) as KubernetesObject<Body>;
  }

  /** Merges a change into an object (JSON merge patch: null removes a field). */
  async merge<Body>(path: string, change: object): Promise<KubernetesObject<Body>> {
    return this.parse(await this.request("PATCH", path, {}, undefined, change)) as KubernetesObject<Body>;
  }

  /** Deletes an object; one that is gone already is fine. `body` are DeleteOptions, such as preconditions. */
  async delete(path: string, body?: object): Promise<void> {
    const answer = await this.request("DELETE", path, {}, undefined, body);
    if (answer.status !== 404) this.parse(answer);
  }

  private parse(answer: Answer): unknown {
    if (answer.status >= 200 && answer.status < 300) return JSON.parse(answer.body);
    throw asKubernetesError(answer);
  }

  private async request(
    method: string,
    path: string,
    options: RequestOptions,
    accept = "application/json",
    body?: object,
  ): Promise<Answer> {
    const url = new URL(this.server.pathname.replace(/\/$/, "") + path, this.server);
    if (options.dryRun) url.searchParams.set("dryRun", "All");
    if (options.labelSelector) url.searchParams.set("labelSelector", options.labelSelector);
    if (options.fieldSelector) url.searchParams.set("fieldSelector", options.fieldSelector);
    if (options.limit) url.searchParams.set("limit", String(options.limit));
    const contentType = method === "PATCH" ? "application/merge-patch+json" : "application/json";
    const content = body && JSON.stringify(body);
    const requestOptions: https.RequestOptions = {
      method,
      headers: {
        accept,
        // Node sends the content of a DELETE without its length, and servers then take it for none.
        ...(content ? { "content-type": contentType, "content-length": Buffer.byteLength(content) } : {}),
      },
      timeout: REQUEST_TIMEOUT_MILLISECONDS,
    };
    try {
      await this.authenticate(requestOptions);
      return await send(url, requestOptions, content);
    } catch (error) {
      throw new ClusterUnreachable(this.context, error instanceof Error ? error.message : String(error));
    }
  }
}

function send(url: URL, options: https.RequestOptions, body: string | undefined): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const request = (url.protocol === "http:" ? http : https).request(url, options, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("error", reject);
      response.on("end", () => {
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString("utf8") });
      });
    });
    request.on("timeout", () => {
      request.destroy(
        new Error(`no answer within ${REQUEST_TIMEOUT_MILLISECONDS / 1000} s from ${url.origin}`),
      );
    });
    request.on("error", reject);
    request.end(body);
  });
}

function asKubernetesError(answer: Answer): KubernetesError {
  try {
    const status = JSON.parse(answer.body) as { reason?: string; message?: string };
    return new KubernetesError(answer.status, status.reason ?? "", status.message ?? `HTTP ${answer.status}`);
  } catch {
    return new KubernetesError(
      answer.status,
      "",
      `the API server answered HTTP ${answer.status} with no Status`,
    );
  }
}
