import type { SecretArgs, SecretState } from "@pulumiverse/doppler";

import type { OperationContext } from "../../../../provider/definition";
import { PartialCreation } from "../../../../provider/errors";
import { messageOf } from "../../../../provider/message";
import type { PlainValues } from "../plainValues";
import { resourceType } from "../resourceType";
import { callDoppler, readFromDoppler, type DopplerAccess } from "./client";
import { idParts } from "./id";

type Context = OperationContext<DopplerAccess>;

/** A secret as Doppler shows it. One that does not exist has nothing but its name. */
interface SecretValue {
  raw: string | null;
  computed: string | null;
  rawVisibility: string | null;
}

const ID = "project.config.NAME";

/** https://docs.doppler.com/reference/secrets-update */
export const secret = resourceType<DopplerAccess, SecretArgs, SecretState>({
  arguments: {
    project: { type: "string", required: true, replaces: true },
    config: { type: "string", required: true, replaces: true },
    name: { type: "string", required: true },
    value: { type: "string", required: true },
    visibility: {
      type: "string",
      required: false,
      default: "masked",
      oneOf: ["masked", "unmasked", "restricted"],
    },
  },
  secretOutputs: ["value", "computed"],
  importable: true,

  create: async (context, args) => {
    const id = [args.project, args.config, args.name].join(".");
    await writeSecret(context, args, args.name);
    try {
      return { id, outputs: await writtenSecret(context, id) };
    } catch (error) {
      throw new PartialCreation(id, args, messageOf(error));
    }
  },

  read: readSecret,

  update: async (context, _id, state, args) => {
    await writeSecret(context, args, state.name ?? args.name);
    return writtenSecret(context, [args.project, args.config, args.name].join("."));
  },

  unknownAfter: (changed) => (changed.includes("value") ? ["computed"] : []),

  delete: async (context, id) => {
    const [project, config, name] = idParts(id, ID, 3);
    await changeSecret(context, project, config, { name, originalName: name, shouldDelete: true });
  },
});

function writeSecret(
  context: Context,
  args: PlainValues<SecretArgs>,
  originalName: string,
): Promise<unknown> {
  const { project, config, name, value, visibility } = args;
  const change = {
    name,
    originalName,
    value,
    visibility,
    valueType: { type: "string" },
    shouldDelete: false,
  };
  return changeSecret(context, project, config, change);
}

function changeSecret(context: Context, project: string, config: string, change: object): Promise<unknown> {
  const body = { project, config, change_requests: [change] };
  return callDoppler(context, { method: "POST", path: "/v3/configs/config/secrets", body });
}

async function readSecret(context: Context, id: string): Promise<PlainValues<SecretState> | undefined> {
  const [project, config, name] = idParts(id, ID, 3);
  const query = { project, config, name };
  const answer = await readFromDoppler(context, { method: "GET", path: "/v3/configs/config/secret", query });
  const value = (answer as { value: SecretValue } | undefined)?.value;
  if (!value || (value.raw === null && value.computed === null && value.rawVisibility === null)) {
    return undefined;
  }
  const { raw, computed, rawVisibility } = value;
  if (raw === null || computed === null) {
    throw new Error(
      `The values of ${name} are restricted: use the token of a service account, or a service token, to manage it`,
    );
  }
  return { project, config, name, value: raw, computed, visibility: rawVisibility ?? "masked" };
}

async function writtenSecret(context: Context, id: string): Promise<PlainValues<SecretState>> {
  const written = await readSecret(context, id);
  if (!written) {
    throw new Error(`Doppler has no secret ${id} right after it was written`);
  }
  return written;
}
