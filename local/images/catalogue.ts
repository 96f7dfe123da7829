import { runOrThrow } from "../process/run";
import { obtainPart } from "../parts";
import type { Image } from "./archive";

const REGISTRY = "secrets-platform.local";

/** The sandbox of every pod. */
export const PAUSE_IMAGE = `${REGISTRY}/pause:1.0.0`;

/** A shell and the usual small commands, for example applications. */
export const BUSYBOX_IMAGE = `${REGISTRY}/busybox:1`;

/** Repository and tag of the image of External Secrets Operator, as its chart takes them apart. */
export async function externalSecretsImage(): Promise<{ repository: string; tag: string; image: Image }> {
  const part = await obtainPart("external-secrets");
  const repository = `${REGISTRY}/external-secrets`;
  const tag = `v${part.version}`;
  const image = {
    reference: `${repository}:${tag}`,
    executables: { "bin/external-secrets": part.path },
    entrypoint: ["/bin/external-secrets"],
  };
  return { repository, tag, image };
}

export async function pauseImage(): Promise<Image> {
  const part = await obtainPart("pause");
  return { reference: PAUSE_IMAGE, executables: { pause: part.path }, entrypoint: ["/pause"] };
}

export async function busyboxImage(): Promise<Image> {
  const part = await obtainPart("busybox");
  const commands = (await runOrThrow(part.path, ["--list"])).split("\n");
  const links = commands.filter((name) => name !== "" && name !== "busybox");
  return {
    reference: BUSYBOX_IMAGE,
    executables: { "bin/busybox": part.path },
    links: Object.fromEntries(links.map((name) => [`bin/${name}`, "busybox"])),
    entrypoint: [],
  };
}
