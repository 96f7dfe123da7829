import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rm, stat, type FileHandle } from "node:fs/promises";
import { tarEnd, tarHeader, tarPadding } from "./tar";

/** An image of one layer, which holds what is listed here and nothing else. */
export interface Image {
  /** Repository and tag, such as `secrets-platform.local/pause:1.0.0`. */
  reference: string;
  /** Path in the image, without the leading slash, to the file on this machine that goes there. */
  executables: Readonly<Record<string, string>>;
  /** Likewise, for files that are only read. */
  files?: Readonly<Record<string, string>>;
  /** Symbolic links: path in the image to what it points to. */
  links?: Readonly<Record<string, string>>;
  entrypoint: readonly string[];
  /** Arguments of the entrypoint, or the whole command without one, unless a pod gives others. */
  command?: readonly string[];
  /** Variables besides PATH. */
  environment?: Readonly<Record<string, string>>;
  /** Default: the root. */
  workingFolder?: string;
  /** Default: a user that is not root, as charts that set `runAsNonRoot` need. */
  user?: string;
}

const UNPRIVILEGED = "65532:65532";

const PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/** Every file that an image is made of: path in the image to the file on this machine. */
export function contentOf({ executables, files }: Image): Record<string, string> {
  return { ...executables, ...files };
}

/**
 * Writes an image as an archive that `docker load` and `ctr images import` take.
 *
 * @param file Path of the archive.
 */
export async function writeArchive(image: Image, file: string): Promise<void> {
  const layer = `${file}.layer`;
  try {
    const digest = await writeLayer(image, layer);
    const configuration = JSON.stringify({
      architecture: process.arch === "x64" ? "amd64" : process.arch,
      os: "linux",
      config: {
        User: image.user ?? UNPRIVILEGED,
        Entrypoint: image.entrypoint,
        ...(image.command === undefined ? {} : { Cmd: image.command }),
        Env: Object.entries({ PATH, ...image.environment }).map(([name, value]) => `${name}=${value}`),
        WorkingDir: image.workingFolder ?? "/",
      },
      rootfs: { type: "layers", diff_ids: [`sha256:${digest}`] },
    });
    const configurationName = `${createHash("sha256").update(configuration).digest("hex")}.json`;
    const manifest = [{ Config: configurationName, RepoTags: [image.reference], Layers: ["layer.tar"] }];
    const archive = await open(file, "w");
    try {
      const writer = new TarWriter(archive);
      await writer.text("manifest.json", JSON.stringify(manifest));
      await writer.text(configurationName, configuration);
      await writer.file("layer.tar", layer, 0o644);
      await writer.end();
    } finally {
      await archive.close();
    }
  } finally {
    await rm(layer, { force: true });
  }
}

/** Writes the layer and returns its SHA-256. */
async function writeLayer(image: Image, file: string): Promise<string> {
  const layer = await open(file, "w");
  try {
    const writer = new TarWriter(layer);
    const links = image.links ?? {};
    await writer.folder("tmp/", 0o1777);
    for (const folder of foldersOf([...Object.keys(contentOf(image)), ...Object.keys(links)])) {
      await writer.folder(folder, 0o755);
    }
    for (const [path, source] of Object.entries(image.executables)) await writer.file(path, source, 0o755);
    for (const [path, source] of Object.entries(image.files ?? {})) await writer.file(path, source, 0o644);
    for (const [path, target] of Object.entries(links)) await writer.link(path, target);
    return await writer.end();
  } finally {
    await layer.close();
  }
}

/** The folders above some paths, each once, parents first. */
function foldersOf(paths: readonly string[]): string[] {
  const folders = paths.flatMap((path) => {
    const names = path.split("/").slice(0, -1);
    return names.map((_name, index) => `${names.slice(0, index + 1).join("/")}/`);
  });
  return [...new Set(folders)].sort();
}

/** Writes entries into a file one after another, and keeps the SHA-256 of all that is written. */
class TarWriter {
  readonly #file: FileHandle;
  readonly #hash = createHash("sha256");

  constructor(file: FileHandle) {
    this.#file = file;
  }

  async #write(bytes: Buffer): Promise<void> {
    this.#hash.update(bytes);
    await this.#file.writeFile(bytes);
  }

  async folder(path: string, mode: number): Promise<void> {
    await this.#write(tarHeader({ path, mode, kind: "folder" }));
  }

  async link(path: string, target: string): Promise<void> {
    await this.#write(tarHeader({ path, mode: 0o777, kind: "link", target }));
  }

  async text(path: string, content: string): Promise<void> {
    const bytes = Buffer.from(content);
    await this.#write(tarHeader({ path, mode: 0o644, kind: "file", size: bytes.length }));
    await this.#write(Buffer.concat([bytes, tarPadding(bytes.length)]));
  }

  async file(path: string, source: string, mode: number): Promise<void> {
    const { size } = await stat(source);
    await this.#write(tarHeader({ path, mode, kind: "file", size }));
    for await (const chunk of createReadStream(source, { highWaterMark: 1 << 20 })) {
      await this.#write(chunk as Buffer);
    }
    await this.#write(tarPadding(size));
  }

  /** Ends the archive and returns its SHA-256. */
  async end(): Promise<string> {
    await this.#write(tarEnd());
    return this.#hash.digest("hex");
  }
}
