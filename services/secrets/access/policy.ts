import { parseDocument } from "yaml";
import { z } from "zod";
import { isKeyName } from "../keyName";
import { mistakesOf, MistakesError, type Mistake } from "../mistakes";
import { Caller } from "./caller";
import { digestOf, TokenDigest } from "./tokenDigest";

const PREFIX = "sha256:";

const remedies = {
  name: "a caller's name: small letters, digits and -",
  token: 'sha256: and 64 hexadecimal digits, from printf %s "$TOKEN" | sha256sum',
  serviceAccount: "NAMESPACE/NAME of a Kubernetes ServiceAccount",
  key: "a key's name, or the beginning of one and *, such as SESSION_*",
};

const nameSchema = z
  .string({ error: remedies.name })
  .regex(/^[a-z0-9][a-z0-9-]{0,62}$/, { error: remedies.name });
const tokenSchema = z
  .string({ error: remedies.token })
  .regex(/^sha256:[0-9a-f]{64}$/, { error: remedies.token })
  .refine((text) => text !== PREFIX + digestOf(""), {
    error: "the digest of a token: this is that of nothing",
  });
const serviceAccountSchema = z
  .string({ error: remedies.serviceAccount })
  .regex(/^[a-z0-9-]+\/[a-z0-9.-]+$/, { error: remedies.serviceAccount });
const keySchema = z
  .string({ error: remedies.key })
  .refine((text) => isKeyName(text.endsWith("*") ? text.slice(0, -1) : text), { error: remedies.key });

const callerSchema = z
  .strictObject(
    {
      name: nameSchema,
      tokens: z.array(tokenSchema, { error: "a list of digests" }).default([]),
      serviceAccounts: z.array(serviceAccountSchema, { error: "a list of NAMESPACE/NAME" }).default([]),
      keys: z.array(keySchema, { error: "a list of keys" }).min(1, { error: "at least one key" }),
    },
    { error: "a map with name, tokens, serviceAccounts and keys, and nothing else" },
  )
  .refine(({ tokens, serviceAccounts }) => tokens.length + serviceAccounts.length > 0, {
    error: "tokens or serviceAccounts: nobody could be this caller",
  });

const policySchema = z.strictObject(
  { callers: z.array(callerSchema, { error: "a list of callers" }).min(1, { error: "at least one caller" }) },
  { error: "a map with callers, and nothing else" },
);

/** Who may ask, found by what it shows. */
export class Policy {
  private readonly tokens = new Map<string, { digest: TokenDigest; caller: Caller }>();
  private readonly serviceAccounts = new Map<string, Caller>();

  /** Names of its callers. */
  readonly callers: readonly string[];

  constructor(
    callers: readonly { caller: Caller; digests: readonly string[]; accounts: readonly string[] }[],
  ) {
    this.callers = callers.map(({ caller }) => caller.name);
    for (const { caller, digests, accounts } of callers) {
      for (const digest of digests) this.tokens.set(digest, { digest: new TokenDigest(digest), caller });
      for (const account of accounts) this.serviceAccounts.set(account, caller);
    }
  }

  /**
   * The caller with a token. The table is searched by digest, which nobody can choose; the time it takes tells nothing
   * of the tokens, nor of how many callers there are.
   * @param digest hexadecimal SHA-256 of what was shown
   */
  callerOfDigest(digest: string): Caller | undefined {
    const entry = this.tokens.get(digest);
    return entry?.digest.equals(digest) ? entry.caller : undefined;
  }

  /** @param account NAMESPACE/NAME */
  callerOfServiceAccount(account: string): Caller | undefined {
    return this.serviceAccounts.get(account);
  }

  /** Whether any caller is known by its ServiceAccount. */
  get hasServiceAccounts(): boolean {
    return this.serviceAccounts.size > 0;
  }
}

/** The policy of one token that reads every key. */
export function policyOfOneToken(token: string): Policy {
  return new Policy([{ caller: new Caller("internal", "every"), digests: [digestOf(token)], accounts: [] }]);
}

/** Reads a policy: YAML, of which JSON is a part. @throws MistakesError with every mistake */
export function parsePolicy(text: string, file: string): Policy {
  const document = parseDocument(text, { uniqueKeys: true });
  if (document.errors.length > 0) {
    throw new MistakesError(
      document.errors.map(({ linePos, code }) => ({
        place: `${file}:${linePos?.[0].line ?? 1}`,
        found: `no YAML (${code})`,
        remedy: "callers: [{ name, tokens, keys }]",
      })),
      "the policy",
    );
  }
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  const read = policySchema.safeParse(value);
  if (!read.success) throw new MistakesError(mistakesOf(read.error, value, file), "the policy");
  const mistakes = ambiguities(read.data.callers, file);
  if (mistakes.length > 0) throw new MistakesError(mistakes, "the policy");
  return new Policy(
    read.data.callers.map(({ name, tokens, serviceAccounts, keys }) => ({
      caller: new Caller(name, keys),
      digests: tokens.map((token) => token.slice(PREFIX.length)),
      accounts: serviceAccounts,
    })),
  );
}

/** What stands for two callers would be neither. */
function ambiguities(callers: readonly z.output<typeof callerSchema>[], file: string): Mistake[] {
  const owners = new Map<string, string>();
  const mistakes: Mistake[] = [];
  const claim = (what: string, path: string, kind: string): void => {
    const owner = owners.get(`${kind} ${what}`);
    if (owner === undefined) owners.set(`${kind} ${what}`, path);
    else
      mistakes.push({
        place: `${file}  ${path}`,
        found: `the ${kind} of ${owner}`,
        remedy: "one of its own",
      });
  };
  for (const [index, { name, tokens, serviceAccounts }] of callers.entries()) {
    const path = `callers[${index}]`;
    claim(name, `${path}.name`, "name");
    for (const [position, token] of tokens.entries()) claim(token, `${path}.tokens[${position}]`, "token");
    for (const [position, account] of serviceAccounts.entries()) {
      claim(account, `${path}.serviceAccounts[${position}]`, "ServiceAccount");
    }
  }
  return mistakes;
}
