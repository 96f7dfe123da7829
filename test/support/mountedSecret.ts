import { mkdirSync, renameSync, symlinkSync, writeFileSync, rmSync } from "node:fs";
import { join } from "node:path";

/**
 * A folder like those that a kubelet mounts for a Secret: each file is a link through `..data`, which is a link to a
 * folder of a version, and is replaced in one step.
 */
export class MountedSecret {
  private version = 0;

  constructor(
    private readonly folder: string,
    files: Readonly<Record<string, string | Buffer>>,
  ) {
    mkdirSync(folder, { recursive: true });
    this.switch(files);
    for (const name of Object.keys(files)) symlinkSync(join("..data", name), join(folder, name));
  }

  path(name: string): string {
    return join(this.folder, name);
  }

  /** Mounts another version, and removes the one before. */
  switch(files: Readonly<Record<string, string | Buffer>>): void {
    const before = `..version-${this.version++}`;
    const next = `..version-${this.version}`;
    mkdirSync(join(this.folder, next));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.folder, next, name), text);
    symlinkSync(next, join(this.folder, "..data_tmp"));
    renameSync(join(this.folder, "..data_tmp"), join(this.folder, "..data"));
    rmSync(join(this.folder, before), { recursive: true, force: true });
  }
}
