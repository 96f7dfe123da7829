/** A package as package-lock.json, of version 3 of its format, has it. */
interface LockedPackage {
  dependencies?: Readonly<Record<string, string>>;
  optionalDependencies?: Readonly<Record<string, string>>;
  peerDependencies?: Readonly<Record<string, string>>;
  peerDependenciesMeta?: Readonly<Record<string, { optional?: boolean }>>;
}

/** Packages by their folder below the project's, such as `node_modules/zod`. */
export type LockedPackages = Readonly<Record<string, LockedPackage>>;

/**
 * Folders of the packages that a workspace runs with: its dependencies, theirs, and so on, without those for
 * development, as `npm ci --omit=dev --workspace` installs them.
 *
 * @param workspace Folder of the workspace, which is not among the result.
 * @throws when a package is not locked.
 */
export function productionPackages(packages: LockedPackages, workspace: string): string[] {
  const found = new Set<string>();
  const pending = [workspace];
  for (let from = pending.pop(); from !== undefined; from = pending.pop()) {
    for (const { name, optional } of needsOf(packages[from])) {
      const folder = locate(packages, from, name);
      if (folder === undefined) {
        if (optional) continue;
        throw new Error(`package-lock.json has no package ${name}, which ${from} needs: run npm install`);
      }
      if (found.has(folder)) continue;
      found.add(folder);
      pending.push(folder);
    }
  }
  return [...found].sort();
}

function needsOf(locked: LockedPackage = {}): { name: string; optional: boolean }[] {
  const { dependencies = {}, optionalDependencies = {}, peerDependencies = {} } = locked;
  const { peerDependenciesMeta = {} } = locked;
  return [
    ...Object.keys(dependencies).map((name) => ({ name, optional: name in optionalDependencies })),
    ...Object.keys(optionalDependencies).map((name) => ({ name, optional: true })),
    ...Object.keys(peerDependencies)
      .filter((name) => peerDependenciesMeta[name]?.optional !== true)
      .map((name) => ({ name, optional: false })),
  ];
}

/** Where Node finds a package from a folder: in the folder's own node_modules, or in one above it. */
function locate(packages: LockedPackages, from: string, name: string): string | undefined {
  const names = from.split("/");
  for (let length = names.length; length >= 0; length -= 1) {
    const above = names.slice(0, length);
    if (above.at(-1) === "node_modules") continue;
    const folder = [...above, "node_modules", name].join("/");
    if (folder in packages) return folder;
  }
  return undefined;
}
