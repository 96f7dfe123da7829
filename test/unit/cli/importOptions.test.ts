import assert from "node:assert/strict";
import { importMistake, ImportOptions } from "../../../cli/importOptions";

const BOTH = ["dev", "prd"];

const combinations: readonly (readonly [
  options: Partial<ImportOptions>,
  environments: readonly string[],
  mistake: RegExp | undefined,
])[] = [
  [{}, BOTH, undefined],
  [{ upload: true }, BOTH, /--upload without --to doppler or --to vault/],
  [{ upload: true, to: "doppler", overwrite: true }, BOTH, undefined],
  [{ upload: true, to: "vault" }, BOTH, /--to vault without --environment/],
  [{ check: true, to: "vault" }, BOTH, /--to vault without --environment/],
  [{ check: true, to: "vault", context: "x", environment: "dev" }, BOTH, undefined],
  [{ upload: true, to: "vault" }, ["dev"], undefined],
  [{ overwrite: true }, BOTH, /--overwrite without --upload/],
  [{ applications: "x" }, BOTH, /--applications without --check/],
  [{ context: "x" }, BOTH, /--context without --check/],
  [{ check: true, kubeconfig: "x" }, BOTH, /--kubeconfig without --context/],
  [{ check: true, context: "x" }, BOTH, /--context without --environment/],
  [{ check: true, context: "x", environment: "dev" }, BOTH, undefined],
  [{ check: true, environment: "staging" }, BOTH, /nothing is read for it; write one of dev, prd/],
];

describe("options of imports", () => {
  for (const [options, environments, mistake] of combinations) {
    it(`${JSON.stringify(options)} for ${environments.join(", ")}: ${mistake?.source ?? "no mistake"}`, () => {
      const found = importMistake({ to: "environment", ...options }, environments);
      if (mistake === undefined) assert.equal(found, undefined);
      else assert.match(found ?? "", mistake);
    });
  }
});
