/** One entry of an archive: a file of known size, a folder, or a symbolic link. */
export interface TarEntry {
  path: string;
  /** Permission bits, such as 0o755. */
  mode: number;
  kind: "file" | "folder" | "link";
  /** Bytes of a file's content. */
  size?: number;
  /** Where a link points. */
  target?: string;
}

const BLOCK = 512;
const NAME_LENGTH = 100;
const PREFIX_LENGTH = 155;
const KINDS = { file: "0", link: "2", folder: "5" } as const;

/**
 * The header block of an entry, in the USTAR format of POSIX.1-1988. Owner, group and time of change are always 0,
 * so that the same content makes the same archive.
 */
export function tarHeader(entry: TarEntry): Buffer {
  const header = Buffer.alloc(BLOCK);
  const { prefix, name } = splitPath(entry.path);
  const target = entry.target ?? "";
  if (Buffer.byteLength(target) > NAME_LENGTH) {
    throw new Error(
      `the link ${entry.path} points to ${target}, which is longer than the ${NAME_LENGTH} bytes that a USTAR ` +
        "header has room for",
    );
  }
  const octal = (value: number, offset: number, length: number): void => {
    header.write(value.toString(8).padStart(length - 1, "0"), offset, "ascii");
  };
  header.write(name, 0);
  octal(entry.mode, 100, 8);
  octal(0, 108, 8);
  octal(0, 116, 8);
  octal(entry.size ?? 0, 124, 12);
  octal(0, 136, 12);
  header.write(KINDS[entry.kind], 156);
  header.write(target, 157);
  header.write("ustar\u000000", 257, "ascii");
  header.write(prefix, 345);
  // The checksum is taken over the header with its own field filled with spaces.
  header.fill(" ", 148, 156);
  const sum = header.reduce((total, byte) => total + byte, 0);
  header.write(`${sum.toString(8).padStart(6, "0")}\u0000 `, 148, "ascii");
  return header;
}

/** A long path is written in two fields, parted at a slash that is not written itself. */
function splitPath(path: string): { prefix: string; name: string } {
  if (Buffer.byteLength(path) <= NAME_LENGTH) return { prefix: "", name: path };
  for (let slash = path.indexOf("/"); slash > 0; slash = path.indexOf("/", slash + 1)) {
    const [prefix, name] = [path.slice(0, slash), path.slice(slash + 1)];
    if (name === "" || Buffer.byteLength(prefix) > PREFIX_LENGTH) break;
    if (Buffer.byteLength(name) <= NAME_LENGTH) return { prefix, name };
  }
  throw new Error(
    `${path} is too long for a USTAR header, which has room for ${PREFIX_LENGTH} bytes, a slash, and ` +
      `${NAME_LENGTH} bytes`,
  );
}

/** What follows a content of some size, up to the next whole block. */
export function tarPadding(size: number): Buffer {
  return Buffer.alloc((BLOCK - (size % BLOCK)) % BLOCK);
}

/** The two empty blocks that end an archive. */
export function tarEnd(): Buffer {
  return Buffer.alloc(2 * BLOCK);
}
