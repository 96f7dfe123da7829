import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { parse } from "yaml";
import { z } from "zod";
import type { Config } from "./workplace/config";
import { changeSecrets } from "./workplace/secret-changes";
import { Workplace } from "./workplace/workplace";

const secretsSchema = z
  .record(
    z.string(),
    z.union([z.string(), z.strictObject({ generate: z.int().min(1).max(1024) })], {
      error: "must be a text, or { generate: N } for N random bytes in hexadecimal",
    }),
  )
  .default({});

const branchSchema = z.strictObject({ name: z.string(), secrets: secretsSchema });

const environmentSchema = z.strictObject({
  name: z.string(),
  slug: z.string(),
  secrets: secretsSchema,
  branches: z.array(branchSchema).default([]),
});

const projectSchema = z.strictObject({
  name: z.string(),
  description: z.string().default(""),
  environments: z.array(environmentSchema).default([]),
});

const seedSchema = z.strictObject({
  workplace: z.string().default("Example"),
  projects: z.array(projectSchema).default([]),
});

/** What the emulator starts with: projects, environments, branches and their secrets. */
export type Seed = z.input<typeof seedSchema>;

/** Reads a seed file. Throws an error that lists everything that is wrong with it. */
export function readSeed(file: string): Seed {
  const content: unknown = parse(readFileSync(file, "utf8"));
  const result = seedSchema.safeParse(content);
  if (!result.success) {
    const problems = result.error.issues.map(({ path, message }) => `  ${path.join(".")}: ${message}`);
    throw new Error(`Seed file ${file} is not valid:\n${problems.join("\n")}`);
  }
  return result.data;
}

/** Makes the workplace that a seed describes. Names and values keep Doppler's rules. */
export function workplaceOf(seed: Seed, now: Date): Workplace {
  const { workplace: name, projects } = seedSchema.parse(seed);
  const workplace = new Workplace(name, "emulator");
  for (const { name: projectName, description, environments } of projects) {
    const project = workplace.addProject(projectName, description, now);
    for (const { branches, secrets, ...environmentArguments } of environments) {
      const environment = project.addEnvironment(environmentArguments, now);
      setSecrets(project.config(environment.slug), secrets);
      for (const branch of branches) {
        setSecrets(project.addBranch(environment, branch.name, now), branch.secrets);
      }
    }
  }
  return workplace;
}

function setSecrets(config: Config, secrets: z.output<typeof secretsSchema>): void {
  changeSecrets(
    config,
    Object.entries(secrets).map(([name, value]) => ({
      name,
      value: typeof value === "string" ? value : randomBytes(value.generate).toString("hex"),
    })),
  );
}
