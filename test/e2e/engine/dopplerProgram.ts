import { DopplerEmulatorClient } from "../../../local/doppler/client";
import { startDopplerEmulator, type DopplerEmulator } from "../../../local/doppler/emulator";
import { Project } from "./project";

export const ADMIN_TOKEN = `dp.sa.${"canary".repeat(7)}`;

/** A program that mints a token and writes a secret; what they are named is configuration. */
const PROGRAM = `
const pulumi = require("@pulumi/pulumi");
const doppler = require("@pulumiverse/doppler");
const random = require("@pulumi/random");

const config = new pulumi.Config();
const provider = new doppler.Provider("doppler", {
  dopplerToken: config.requireSecret("token"),
  host: config.require("host"),
});
const environment = new doppler.Environment(
  "environment",
  { project: "example", slug: "qa", name: "Quality" },
  { provider },
);
const password = new random.RandomPassword("password", { length: 32, special: false });
const secret = new doppler.Secret(
  "secret",
  { project: "example", config: environment.slug, name: "PASSWORD", value: password.result },
  { provider },
);
const token = new doppler.ServiceToken(
  "token",
  {
    project: "example",
    config: environment.slug,
    name: pulumi.interpolate\`generation-\${config.get("generation") ?? "1"}\`,
    access: config.get("access"),
  },
  { provider },
);
exports.key = token.key;
exports.computed = secret.computed;
`;

/** A project with that program, and the Doppler that it talks to. */
export class DopplerProject {
  private constructor(
    readonly project: Project,
    readonly emulator: DopplerEmulator,
  ) {}

  static async create(): Promise<DopplerProject> {
    const project = await Project.create({ "index.js": PROGRAM });
    const emulator = await startDopplerEmulator({ adminToken: ADMIN_TOKEN, rateLimits: "none" });
    const doppler = new DopplerProject(project, emulator);
    try {
      await project.succeed("config", "set", "host", emulator.url);
      await project.succeed("config", "set", "--secret", "token", ADMIN_TOKEN);
      return doppler;
    } catch (error) {
      await doppler.remove();
      throw error;
    }
  }

  /** Names of the tokens that Doppler has. */
  tokenNames(): string[] {
    return this.emulator
      .tokens()
      .map(({ name }) => name)
      .sort();
  }

  /** Whether the calls have arrived that faults were set for: each fault is over after its calls. */
  async faultsAreOver(): Promise<boolean> {
    const faults = await new DopplerEmulatorClient(this.emulator.url, ADMIN_TOKEN).faults();
    return faults.length === 0;
  }

  async remove(): Promise<void> {
    this.project.remove();
    await this.emulator.close();
  }
}
