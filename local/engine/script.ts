import { open } from "node:fs/promises";

/** Whether a file is a script. The vendors' executables are binaries; those of this project are scripts. */
export async function isScript(path: string): Promise<boolean> {
  const file = await open(path);
  try {
    const { buffer } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return buffer.toString() === "#!";
  } finally {
    await file.close();
  }
}
