import { assertProblems, load, problemsOf } from "./project";
import type { ExpectedProblem } from "./project";

/** The first two lines of an application file. */
export const HEAD = "name: shop\nnamespace: shop\n";

/** An application file with one Secret that has further fields, from line 6 on. */
export function secret(...lines: string[]): string {
  const fields = lines.map((line) => `    ${line}\n`).join("");
  return `${HEAD}secrets:\n  - name: shop-secrets\n    from: doppler\n${fields}`;
}

/** The same with a Secret from Vault. */
export function vaultSecret(...lines: string[]): string {
  return secret(...lines).replace("from: doppler", "from: { vault: shop/db }");
}

/** The same with a Secret from the environment; `keys` is in line 6. */
export function environmentSecret(...lines: string[]): string {
  return secret("keys: [OPENAI_API_KEY]", ...lines).replace("from: doppler", "from: environment");
}

/** An application file whose `config` has these lines, from line 4 on. */
export function config(...lines: string[]): string {
  return `${HEAD}config:\n${lines.map((line) => `  ${line}\n`).join("")}`;
}

/** Title, content of the file, and all mistakes in it. */
export type Row = readonly [string, string, ...ExpectedProblem[]];

/** A test for each row: loading the file reports these mistakes and no others. */
export function refuses(subject: string, rows: readonly Row[]): void {
  describe(`refuses ${subject}`, () => {
    for (const [title, text, ...expected] of rows) {
      it(title, () => {
        assertProblems(
          problemsOf(() => load({ "shop.yaml": text })),
          "apps/shop.yaml",
          expected,
        );
      });
    }
  });
}
