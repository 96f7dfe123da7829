import { DopplerClient } from "../../../clients/doppler";
import { Embedded, PROJECT } from "./embedded";

const PAUSE_MILLISECONDS = 100;

/** Reads Doppler all the time with the token that stands in the cluster, and counts. */
export class TokenReader {
  private reads = 0;
  private readonly failures: string[] = [];
  private reading = true;
  private readonly finished: Promise<void>;

  constructor(
    private readonly embedded: Embedded,
    private readonly config: string,
  ) {
    this.finished = this.read();
  }

  /** How often reading went well, and what went wrong. */
  async stop(): Promise<{ reads: number; failures: string[] }> {
    this.reading = false;
    await this.finished;
    return { reads: this.reads, failures: this.failures };
  }

  private async read(): Promise<void> {
    while (this.reading) {
      await this.once().then(
        () => this.reads++,
        (error: unknown) => this.failures.push(String(error)),
      );
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MILLISECONDS));
    }
  }

  private async once(): Promise<void> {
    const values = await this.embedded.secretValues("external-secrets", `doppler-token-${this.config}`);
    const token = values?.["dopplerToken"];
    if (token === undefined) throw new Error("the token's Secret is not there");
    await new DopplerClient({ host: this.embedded.target.doppler.host, token }).secretNames(
      PROJECT,
      this.config,
    );
    const object = await this.embedded.externalSecret("bookmarked-dev", "bookmarked-secrets");
    const ready = object?.status?.conditions?.find((condition) => condition.type === "Ready");
    if (ready?.status !== "True") throw new Error(ready?.message ?? "the ExternalSecret is not there");
  }
}
