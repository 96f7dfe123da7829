import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { PROJECT_FOLDER } from "../../cli/stackConfiguration";
import { run } from "../../local/process/run";

/** The keys of the tree's Secret. */
export const SECRET_KEYS = [
  "LIVEKIT_API_KEY",
  "LIVEKIT_API_SECRET",
  "CARTESIA_API_KEY",
  "OPENAI_API_KEY",
  "DEEPGRAM_API_KEY",
] as const;

/** The tree, without the patches that have its values. */
const EXAMPLE = join(PROJECT_FOLDER, "examples", "kustomize");

/** A value that must be seen nowhere, with what is easily lost on the way. */
export function canaryValue(key: string, environment: string): string {
  return `canary-${environment}-${key}-"quoted" 'single' $HOME \`tick\` # ünïcödé 🔑\nsecond line\n`;
}

/** What every canary begins with. */
const CANARY = "canary-";

const secretPatch = (value: (key: string) => string): string => `apiVersion: v1
kind: Secret
metadata: { name: shared-secrets }
stringData:
${SECRET_KEYS.map((key) => `  ${key}: ${JSON.stringify(value(key))}\n`).join("")}`;

/** The patches that are not in version control. */
export const SECRET_PATCHES: Readonly<Record<string, string>> = Object.fromEntries(
  ["staging", "prod"].map((name) => [
    `overlays/${name}/secrets-patch.yaml`,
    secretPatch((key) => canaryValue(key, name)),
  ]),
);

/** How the tree's overlays become environments. */
export const MAPPING = ["--overlay", "staging=staging", "--overlay", "prod=prd", "--name", "voice"] as const;

/** What a command left behind. */
export interface Migrated {
  readonly code: number;
  readonly output: string;
}

/** A copy of the example, and the command that imports it. */
export class KustomizeTree {
  readonly folder = mkdtempSync(join(tmpdir(), "tree-"));
  /** Temporary files of the commands. */
  private readonly temporary = mkdtempSync(join(tmpdir(), "temporary-"));

  /** @param more files besides those of the example, or in place of them */
  constructor(
    more: Readonly<Record<string, string>> = {},
    private readonly environment: NodeJS.ProcessEnv = {},
  ) {
    cpSync(EXAMPLE, this.folder, { recursive: true });
    this.write(more);
  }

  write(files: Readonly<Record<string, string>>): void {
    for (const [file, text] of Object.entries(files)) {
      const path = join(this.folder, file);
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
  }

  /**
   * Runs `npm run migrate` in the folder. No value is in what it prints, in a temporary file, or in a new file.
   *
   * @param variables those that the command has besides its own
   */
  async migrate(words: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Migrated> {
    const before = this.filesWithCanaries();
    const { code, stdout, stderr } = await run(
      process.execPath,
      ["-r", "ts-node/register/transpile-only", join(PROJECT_FOLDER, "cli/migrate.ts"), ...words],
      {
        cwd: this.folder,
        timeout: 60_000,
        environment: {
          PATH: process.env["PATH"],
          TMPDIR: this.temporary,
          DISABLE_V8_COMPILE_CACHE: "1",
          TS_NODE_PROJECT: join(PROJECT_FOLDER, "tsconfig.json"),
          NODE_PATH: join(PROJECT_FOLDER, "node_modules"),
          ...this.environment,
          ...variables,
        },
      },
    );
    const output = stdout + stderr;
    for (const needle of [CANARY, Buffer.from(CANARY).toString("base64").slice(0, 8)])
      assert.ok(!output.includes(needle), "a value was shown");
    assert.deepEqual(this.filesWithCanaries(), before, "a value was written");
    assert.deepEqual(readdirSync(this.temporary), [], "a temporary file was left behind");
    return { code, output };
  }

  remove(): void {
    for (const folder of [this.folder, this.temporary]) rmSync(folder, { recursive: true });
  }

  private filesWithCanaries(): string[] {
    return readdirSync(this.folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => readFileSync(path, "utf8").includes(CANARY))
      .sort();
  }
}
