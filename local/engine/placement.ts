import { randomBytes } from "node:crypto";
import {
  copyFile,
  link,
  lstat,
  mkdir,
  readFile,
  readlink,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from "node:fs/promises";
import { dirname } from "node:path";

/** Writes an executable file, in one step, unless it has that content already. */
export async function placeScript(path: string, content: string): Promise<void> {
  const present = await lstat(path).catch(() => undefined);
  if (
    present?.isFile() === true &&
    (present.mode & 0o111) !== 0 &&
    (await readFile(path, "utf8")) === content
  ) {
    return;
  }
  await inOneStep(path, (temporary) => writeFile(temporary, content, { mode: 0o755 }));
}

/** Links to a file, in one step, unless the link is there already. */
export async function placeLink(path: string, target: string): Promise<void> {
  if ((await readlink(path).catch(() => undefined)) !== target) {
    await inOneStep(path, (temporary) => symlink(target, temporary));
  }
}

/** Places a file itself, not a symbolic link to it, in one step, unless it is there already. */
export async function placeFile(path: string, original: string): Promise<void> {
  const wanted = await stat(original);
  const present = await lstat(path).catch(() => undefined);
  if (present?.isFile() === true && present.size === wanted.size && present.mtimeMs === wanted.mtimeMs) {
    return;
  }
  await inOneStep(path, async (temporary) => {
    try {
      await link(original, temporary);
    } catch {
      // On another file system.
      await copyFile(original, temporary);
      await utimes(temporary, wanted.atime, wanted.mtime);
    }
  });
}

async function inOneStep(path: string, make: (temporary: string) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = `${path}.${randomBytes(6).toString("hex")}`;
  try {
    await make(temporary);
    await rename(temporary, path);
  } finally {
    await rm(temporary, { force: true });
  }
}
