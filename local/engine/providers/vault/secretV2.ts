import type { kv } from "@pulumi/vault";

import type { VaultAddress } from "../../../../clients/vaultHttp";
import { UNKNOWN, type CheckFailure } from "../../../../provider/definition";
import type { PlainValues } from "../plainValues";
import { resourceType } from "../resourceType";
import { callVault, type Context, readVault } from "./client";
import { NAMESPACE, refuseNamespace } from "./namespace";
import { readBack } from "./readBack";
import { type FoundMetadata, metadataRequest, metadataState } from "./secretMetadata";

type SecretV2Args = kv.SecretV2Args;
type SecretV2State = kv.SecretV2State;
type Args = PlainValues<SecretV2Args>;
type State = PlainValues<SecretV2State>;

/**
 * https://developer.hashicorp.com/vault/api-docs/secret/kv/kv-v2. What is there already gets a new version. As with the
 * vendor's provider, values are never read back: a change by hand is not seen, and an import has none.
 */
export const secretV2 = resourceType<VaultAddress, SecretV2Args, SecretV2State>({
  arguments: {
    cas: { type: "number", required: false },
    customMetadata: {
      type: "object",
      required: false,
      computed: true,
      fields: {
        casRequired: { type: "boolean", required: false },
        data: { type: "map", required: false },
        deleteVersionAfter: { type: "number", required: false },
        maxVersions: { type: "number", required: false },
      },
    },
    dataJson: { type: "string", required: false, normal: normalJson },
    dataJsonWo: { type: "string", required: false },
    dataJsonWoVersion: { type: "number", required: false },
    deleteAllVersions: { type: "boolean", required: false },
    disableRead: { type: "boolean", required: false },
    mount: { type: "string", required: true, replaces: true },
    name: { type: "string", required: false, replaces: true },
    namespace: NAMESPACE,
    options: { type: "map", required: false },
  },
  secretOutputs: ["data", "dataJson", "dataJsonWo"],
  autonamed: "name",
  check: (args) => [...refuseNamespace(args), ...problems(args)],
  importable: true,

  create: async (context, args) => {
    const id = `${args.mount}/data/${args.name ?? ""}`;
    await writeValues(context, id, args);
    return readBack(id, args, () => finish(context, id, args));
  },

  read: (context, id, state) => read(context, id, state),

  update: async (context, id, _state, args) => {
    await writeValues(context, id, args);
    return { ...args, ...(await finish(context, id, args)) };
  },

  delete: async (context, id, { deleteAllVersions }) => {
    const { mount, name } = partsOf(id);
    await callVault(context, "DELETE", pathOf(mount, deleteAllVersions ? "metadata" : "data", name));
  },
});

function problems({ cas, dataJson, dataJsonWo, name }: Args): CheckFailure[] {
  const failures: CheckFailure[] = [];
  const say = (property: keyof SecretV2Args, reason: string) => failures.push({ property, reason });
  if ((dataJson === undefined) === (dataJsonWo === undefined)) {
    say("dataJson", "write one of dataJson and dataJsonWo");
  }
  for (const [property, json] of Object.entries({ dataJson, dataJsonWo })) {
    if (json !== undefined && !isUnknown(json) && !objectIn(json)) {
      say(
        property as keyof SecretV2Args,
        "it is not JSON of an object; write JSON.stringify({ KEY: value })",
      );
    }
  }
  if (cas !== undefined) {
    say("cas", 'Vault pays no attention to it there; write options: { cas: "0" }');
  }
  if (name !== undefined && !isUnknown(name) && name.split("/").some((part) => /^\.{0,2}$/.test(part))) {
    say("name", "write segments with one slash between them, none of which is empty, . or ..");
  }
  return failures;
}

/** In previews, strings may not be known yet. */
function isUnknown(value: unknown): boolean {
  return value === UNKNOWN;
}

function objectIn(json: string): object | undefined {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** JSON without white space, and with the keys of every object in order. */
function normalJson(json: string): string {
  const ordered = (_key: string, value: unknown): unknown =>
    typeof value === "object" && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort(([one], [other]) => (one < other ? -1 : 1)))
      : value;
  const value = objectIn(json);
  return value ? JSON.stringify(value, ordered) : json;
}

async function writeValues(context: Context, id: string, args: Args): Promise<void> {
  const { mount, name } = partsOf(id);
  await callVault(context, "POST", pathOf(mount, "data", name), {
    data: objectIn(args.dataJson ?? args.dataJsonWo ?? ""),
    options: args.options ?? {},
  });
}

/** Metadata comes second: there is nothing to describe before the first version. */
async function finish(context: Context, id: string, args: Args): Promise<State | undefined> {
  const { mount, name } = partsOf(id);
  if (args.customMetadata) {
    await callVault(context, "POST", pathOf(mount, "metadata", name), metadataRequest(args.customMetadata));
  }
  return read(context, id, args);
}

/** @param known the arguments, or the state */
async function read(context: Context, id: string, known: State): Promise<State | undefined> {
  const { mount, name } = partsOf(id);
  if (known.disableRead) return { mount, name, path: id };
  const version = await readVault<{ metadata: object }>(context, pathOf(mount, "data", name));
  const metadata = version && (await readVault<FoundMetadata>(context, pathOf(mount, "metadata", name)));
  return (
    metadata && {
      mount,
      name,
      path: id,
      data: {},
      metadata: texts(version.metadata),
      customMetadata: metadataState(metadata, known.customMetadata),
    }
  );
}

/** A map may hold nothing but strings: everything else is told as JSON. */
function texts(values: object): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

function pathOf(mount: string, kind: "data" | "metadata", name: string): string {
  return [mount, kind, ...name.split("/").map(encodeURIComponent)].join("/");
}

/** @throws Error when it is not the id of a secret */
function partsOf(id: string): { mount: string; name: string } {
  const [, mount, name] = /^(.+?)\/data\/(.+)$/.exec(id) ?? [];
  if (mount === undefined || name === undefined)
    throw new Error(`found the id "${id}"; write mount/data/name`);
  return { mount, name };
}
