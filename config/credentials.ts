/** What a credential of one vendor looks like. */
interface CredentialShape {
  /** What a message calls it, with its article. */
  readonly kind: string;
  readonly pattern: RegExp;
}

/** No letter, digit or part of a token before it: `task_live_...` is no `sk_live_...`. */
const START = "(?<![A-Za-z0-9_-])";

function shape(kind: string, pattern: string, flags = ""): CredentialShape {
  return { kind, pattern: new RegExp(pattern, `g${flags}`) };
}

/** Stands where a password belongs, without being one: a variable, a template, a mark, stars. */
const PLACEHOLDER = /^(?:\$\(?\{?\w+\}?\)?|\{\{.*\}\}|<[^>]*>|%\w|\*+|x{3,}|\.{3})$/i;

/**
 * Shapes that are credentials wherever they stand, from the vendors' own descriptions of their tokens. Lengths
 * are lower bounds: vendors have made tokens longer, never shorter.
 */
const SHAPES: readonly CredentialShape[] = [
  shape("a Doppler token", `${START}dp\\.(?:st|ct|pt|sa|said|scim|audit)\\.[\\w.-]{16,}`),
  shape("a Vault token", `${START}hv[sbr]\\.[\\w-]{16,}`),
  shape("a Vault token", `${START}s\\.[A-Za-z0-9]{24}(?![A-Za-z0-9])`),
  shape("a GitHub token", `${START}(?:gh[pousr]_[A-Za-z0-9]{20,}|github_pat_\\w{20,})`),
  shape("a GitLab token", `${START}gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent)-[\\w-]{16,}`),
  shape("a Slack token", `${START}(?:xox[abeoprs]|xapp)-[\\w-]{10,}`),
  shape("a Slack webhook address", "https://hooks\\.slack\\.com/(?:services|workflows)/[\\w/]{16,}"),
  shape("an AWS access key", `${START}(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Za-z0-9])`),
  shape("a Stripe key", `${START}(?:[sr]k_(?:live|test)|whsec)_[A-Za-z0-9]{10,}`),
  shape("an OpenAI or Anthropic key", `${START}sk-(?:proj-|svcacct-|ant-)?[\\w-]{32,}`),
  shape("a Google key", `${START}(?:AIza[\\w-]{35}|GOCSPX-[\\w-]{20,}|ya29\\.[\\w-]{20,})`),
  shape("an npm token", `${START}npm_[A-Za-z0-9]{30,}`),
  shape("a PyPI token", `${START}pypi-[\\w-]{32,}`),
  shape("a Docker Hub token", `${START}dckr_(?:pat|oat)_[\\w-]{16,}`),
  shape("a SendGrid key", `${START}SG\\.[\\w-]{16,}\\.[\\w-]{16,}`),
  shape("a Pulumi token", `${START}pul-[a-f0-9]{40}`),
  shape("a Hugging Face token", `${START}hf_[A-Za-z0-9]{30,}`),
  shape("a DigitalOcean token", `${START}do[opr]_v1_[a-f0-9]{32,}`),
  shape("an age secret key", "AGE-SECRET-KEY-1[A-Z0-9]{20,}"),
  shape("a JSON Web Token", `${START}eyJ[\\w-]{8,}\\.eyJ[\\w-]{8,}\\.[\\w-]*`),
  shape("a private key", "-----BEGIN (?:[A-Z0-9]+ )*PRIVATE KEY(?: BLOCK)?-----[\\s\\S]*"),
  shape("an Azure storage key", "AccountKey=[A-Za-z0-9+/=]{20,}", "i"),
  shape("a URL with a password", "(?<=[a-z][a-z0-9+.-]*://[^\\s/?#:@]*:)[^\\s/?#@]+(?=@)", "i"),
  shape(
    "a connection string with a password",
    "(?<=(?:^|[\\s;?&])(?:password|passwd|pwd)\\s?=\\s?)[^\\s;&]{4,}",
    "i",
  ),
];

/** Names of values that are secret, by their last word; words are parted by `_`, `-` or `.`. */
const SECRET_NAME =
  /(?:^|[^a-z0-9])(?:secret|token|credentials?|(?:api|access|secret|private|signing|encryption|auth|master|session)[^a-z0-9]?key)s?$/i;
const PASSWORD_NAME = /(?:password|passwd|passphrase|(?:^|[^a-z])(?:pwd|pass))$/i;
/** Keys that are made to be published. */
const PUBLIC_NAME = /public|publishable/i;

/** Shortest text that can be a random token; shorter ones are names and numbers. */
const SHORTEST_TOKEN = 16;
const SHORTEST_PASSWORD = 6;

/**
 * What kind of credential a value looks like, with its article, such as "a GitHub token"; undefined when it does
 * not look like one. Nothing of the value is in the answer.
 *
 * @param name the name the value is given: a random text called `..._TOKEN` is a credential, one called
 *   `VERSION` is a commit
 */
export function credentialKind(value: string, name = ""): string | undefined {
  const words = name.replace(/([a-z0-9])([A-Z])/g, "$1_$2");
  const known = SHAPES.find(({ pattern }) =>
    [...value.matchAll(pattern)].some(([match]) => !PLACEHOLDER.test(match)),
  );
  if (known !== undefined) return known.kind;
  if (PUBLIC_NAME.test(words)) return undefined;
  if (PASSWORD_NAME.test(words) && mayBePassword(value)) return "a password";
  if (SECRET_NAME.test(words) && isRandomText(value)) return "a random token under the name of a secret";
  return undefined;
}

/** A text with every credential of a known shape in it replaced by a mark. */
export function hideCredentials(text: string): string {
  return SHAPES.reduce((shown, { pattern }) => shown.replace(pattern, "(hidden)"), text);
}

/**
 * Whether a text looks made by a random generator: one word, with a run of mixed letters and digits in it.
 * Names such as `staging-cluster-1` have no such run.
 */
export function isRandomText(text: string): boolean {
  if (text.length < SHORTEST_TOKEN || !/^[\w+/=.~-]+$/.test(text) || /^\.{0,2}\//.test(text)) return false;
  const runs = text.match(/[A-Za-z0-9]{8,}/g) ?? [];
  const mixed = runs.some((run) => /\d/.test(run) && /[A-Za-z]/.test(run));
  return mixed && bitsPerCharacter(text) >= 3;
}

function mayBePassword(value: string): boolean {
  const setting =
    /^(?:true|false|yes|no|on|off|none|null|disabled|enabled|required|optional|[\d.]+\w{0,2})$/i;
  const reference = /^(?:\.{0,2}\/|[a-z][a-z0-9+.-]*:\/\/)/i;
  const word = value.length >= SHORTEST_PASSWORD && !/\s/.test(value);
  return word && !setting.test(value) && !reference.test(value) && !PLACEHOLDER.test(value);
}

/** Shannon entropy of the characters; random hexadecimal has nearly 4, English words under 3. */
function bitsPerCharacter(text: string): number {
  const counts = new Map<string, number>();
  for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
  let bits = 0;
  for (const count of counts.values()) bits -= (count / text.length) * Math.log2(count / text.length);
  return bits;
}
