import { strict as assert } from "node:assert";
import fc from "fast-check";
import { stringify } from "yaml";
import type { Application } from "../../../config/application";
import { resolveApplications } from "../../../config/loading";
import { ConfigurationError } from "../../../config/problem";
import { ENVIRONMENTS, load } from "./project";
import { parseWith } from "./stackTables";

/** The error of a call, which may be of one kind only; undefined when there is none. */
function refusal(call: () => unknown): ConfigurationError | undefined {
  try {
    call();
    return undefined;
  } catch (error) {
    assert.ok(error instanceof ConfigurationError, String(error));
    assert.ok(error.problems.length > 0);
    return error;
  }
}

const scalar = fc.oneof(
  fc.string(),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constantFrom(
    "doppler",
    "dev",
    "prd",
    "shared",
    "1m",
    "DATABASE_URL",
    "shop",
    "vault",
    "shared/dns",
    "credentials",
    "Deployment/shop",
    "Opaque",
    "",
    "${A}",
  ),
);
const fieldName = fc.oneof(
  fc.constantFrom(
    "name",
    "namespace",
    "environments",
    "secrets",
    "config",
    "configMap",
    "notSecret",
    "restart",
  ),
  fc.constantFrom("from", "doppler", "keys", "refresh", "type", "labels", "annotations", "registry"),
  fc.constantFrom("service", "serviceAccount", "vault", "placeholder", "populate", "image", "command"),
  fc.constantFrom(
    "username",
    "password",
    "server",
    "default",
    "dev",
    "prd",
    "__proto__",
    "constructor",
    "toString",
  ),
  fc.string(),
);
/** Trees whose names and values are mostly those of application files, so that every reader is reached. */
const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
  tree: fc.oneof(
    { depthSize: "small", withCrossShrink: true },
    scalar,
    fc.array(tie("tree"), { maxLength: 4 }),
    fc
      .array(fc.tuple(fieldName, tie("tree")), { maxLength: 6 })
      .map((entries) => Object.fromEntries(entries)),
  ),
}));
/** An application in which one part was exchanged for something else. */
const almostApplication = fc.record({
  name: fc.oneof(fc.constant("shop"), tree),
  namespace: fc.oneof(fc.constant("shop"), tree),
  secrets: fc.oneof(
    fc.array(
      fc.record(
        {
          name: fc.oneof(fc.constant("shop-secrets"), tree),
          from: fc.oneof(fc.constant("doppler"), fc.constant("vault"), tree),
          vault: fc.oneof(fc.constant("shop/db"), tree),
          placeholder: tree,
          populate: tree,
          restart: tree,
          keys: tree,
          refresh: tree,
          type: tree,
          labels: tree,
          annotations: tree,
          registry: tree,
        },
        { requiredKeys: [] },
      ),
      { maxLength: 3 },
    ),
    tree,
  ),
  config: tree,
  service: fc.oneof(fc.constant("shop"), tree),
});

describe("whatever is written", () => {
  it("in an application file is loaded, or refused as a mistake in it", () => {
    let refused = 0;
    fc.assert(
      fc.property(fc.oneof(tree, almostApplication), (content) => {
        const error = refusal(() => load({ "shop.yaml": stringify(content) }));
        if (error !== undefined) refused += 1;
        assert.ok(error?.problems.every(({ file }) => file === "apps/shop.yaml") ?? true);
      }),
      { numRuns: 300 },
    );
    assert.ok(refused > 200);
  });

  it("as text, YAML or not, is loaded or refused", () => {
    const yamlish = fc
      .array(
        fc.constantFrom(
          "a",
          ":",
          " ",
          "\n",
          "-",
          "[",
          "]",
          "{",
          "}",
          "&a",
          "*a",
          '"',
          "'",
          "|",
          "!",
          "\t",
          "%",
          "#",
          "? ",
        ),
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(fc.oneof(yamlish, fc.string({ unit: "binary" }), fc.json()), (text) => {
        refusal(() => load({ "shop.yaml": text }));
      }),
      { numRuns: 300 },
    );
  });

  it("in a stack's configuration is parsed or refused", () => {
    const key = fc.constantFrom(
      "environment",
      "environments",
      "kubernetes",
      "cluster",
      "doppler",
      "externalSecrets",
      "vault",
      "vaultSecretsOperator",
      "other",
    );
    fc.assert(
      fc.property(fc.dictionary(key, tree), (values) => {
        refusal(() => parseWith(values));
      }),
      { numRuns: 300 },
    );
  });

  it("as a credential, is in no message", () => {
    const letters = fc.stringMatching(/^[A-Za-z0-9]{40}$/);
    const place = fc.constantFrom<(token: string) => string>(
      (token) => `name: ${token}\nnamespace: a\nconfig: { A: b }\n`,
      (token) => `name: a\nnamespace: { ${token}: a }\nconfig: { A: b }\n`,
      (token) => `name: a\nnamespace: a\n${token}: a\n`,
      (token) => `name: a\nnamespace: a\nconfig: { A: ${token} }\n`,
      (token) => `name: a\nnamespace: a\nconfig: { ${token}: }\n`,
      (token) => `name: a\nnamespace: a\nnotSecret: [${token}]\nconfig: { A: b }\n`,
      (token) =>
        `name: a\nnamespace: a\nsecrets: [{ name: a, from: ${token}, keys: [${token}], refresh: ${token} }]\n`,
      (token) =>
        `name: a\nnamespace: a\nsecrets: [{ name: a, from: doppler, type: ${token}, labels: { a: ${token} } }]\n`,
      (token) =>
        `name: a\nnamespace: a\nsecrets: [{ name: ${token}, from: vault, placeholder: ${token}, restart: [${token}] }]\n`,
      (token) =>
        `name: a\nnamespace: a\nservice: ${token}\nsecrets: [{ name: a, from: { vault: b/${token}/ } }]\n`,
      (token) => `name: a\nnamespace: a\nsecrets: [${token}]\n`,
      (token) => `name: a\nconfig: { A: "${token}\n`,
      (token) => `name: a\n? [${token}]\n: *${token}\n`,
      (token) => token,
    );
    const prefix = fc.constantFrom("dp.st.dev.", "dp.sa.", "hvs.", "ghp_", "glpat-", "sk_live_", "npm_");
    fc.assert(
      fc.property(place, prefix, letters, (write, start, end) => {
        const error = refusal(() => load({ "shop.yaml": write(`${start}${end}`) }));
        assert.ok(error !== undefined);
        assert.ok(!`${error.message}${JSON.stringify(error.problems)}${error.stack ?? ""}`.includes(end));
      }),
      { numRuns: 300 },
    );
  });

  it("as values, reaches the environments it is for unchanged", () => {
    const text = fc.stringMatching(/^[ -~]{0,30}$/).filter((value) => !/[$@=]|[A-Za-z0-9]{16}/.test(value));
    const values = fc.record({ default: text, dev: text });
    const config = fc.dictionary(fc.stringMatching(/^[A-Z]{1,8}_MODE$/), values, { minKeys: 1 });
    fc.assert(
      fc.property(config, (content) => {
        const applications: Application[] = load({
          "a.yaml": stringify({ name: "a", namespace: "a", config: content }),
        });
        for (const environment of ENVIRONMENTS) {
          const [resolved] = resolveApplications(applications, parseWith({}), environment);
          const expected = Object.entries(content).map(([name, value]) => [
            name,
            environment === "dev" ? value.dev : value.default,
          ]);
          assert.deepEqual(resolved?.config, Object.fromEntries(expected));
        }
      }),
    );
  });
});
