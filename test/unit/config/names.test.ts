import { strict as assert } from "node:assert";
import fc from "fast-check";
import { NAMES } from "../../../config/names";

describe("names", () => {
  const label = fc.stringMatching(/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/);
  const accepts = (rule: { pattern: RegExp; longest: number }, name: string): boolean =>
    name.length <= rule.longest && rule.pattern.test(name);

  it("that are labels are subdomains, label values and keys too", () => {
    fc.assert(
      fc.property(label, (name) => {
        for (const rule of [
          "kubernetesLabel",
          "kubernetesSubdomain",
          "labelValue",
          "labelKey",
          "dataKey",
        ] as const) {
          assert.ok(accepts(NAMES[rule], name), rule);
        }
      }),
    );
  });

  it("that are labels joined by dots are subdomains, and prefixes of keys", () => {
    fc.assert(
      fc.property(fc.array(label, { minLength: 1, maxLength: 3 }), (labels) => {
        const name = labels.join(".");
        assert.ok(accepts(NAMES.kubernetesSubdomain, name));
        assert.ok(accepts(NAMES.labelKey, `${name}/team`));
        assert.ok(accepts(NAMES.annotationKey, `${name.toUpperCase()}/Team`));
      }),
    );
  });

  it("with a character that is not allowed are refused", () => {
    const insertions = {
      kubernetesLabel: "._A /",
      kubernetesSubdomain: "_A /",
      dataKey: " /ä",
      dopplerSecret: "a-.",
    };
    for (const [rule, characters] of Object.entries(insertions)) {
      for (const character of characters) {
        const name = rule === "dopplerSecret" ? `A${character}B` : `a${character}b`;
        assert.ok(!accepts(NAMES[rule as keyof typeof insertions], name), `${rule}: ${name}`);
      }
    }
  });

  it("at their longest are accepted, and refused one character later", () => {
    for (const [rule, character] of [
      ["kubernetesLabel", "a"],
      ["kubernetesSubdomain", "a"],
      ["dataKey", "a"],
      ["labelValue", "a"],
      ["dopplerSecret", "A"],
      ["dopplerConfig", "a"],
      ["vaultPath", "a"],
      ["vaultSegment", "a"],
      ["vaultPolicy", "a"],
    ] as const) {
      assert.ok(accepts(NAMES[rule], character.repeat(NAMES[rule].longest)), rule);
      assert.ok(!accepts(NAMES[rule], character.repeat(NAMES[rule].longest + 1)), rule);
    }
    assert.ok(!accepts(NAMES.labelKey, `${"a".repeat(254)}/b`));
    assert.ok(!accepts(NAMES.labelKey, "a".repeat(64)));
  });

  it("that are paths in Vault lead nowhere else, and no policy takes them as patterns", () => {
    for (const path of ["shop", "shop/db", "a.b/.c/..d/e_f-G", "data/metadata"])
      assert.ok(accepts(NAMES.vaultPath, path), path);
    const wrong = [
      "",
      "/",
      "/a",
      "a/",
      "a//b",
      ".",
      "..",
      "../a",
      "a/..",
      "a/./b",
      "a/*",
      "+",
      "a b",
      "a\n",
      "{{a}}",
    ];
    for (const path of wrong) assert.ok(!accepts(NAMES.vaultPath, path), path);
    for (const name of ["", ".", "..", "a/b", "*"]) assert.ok(!accepts(NAMES.vaultSegment, name), name);
  });

  it("at their ends are letters or digits, and no key of a Secret leads to a parent folder", () => {
    for (const name of ["-a", "a-", ".a", "a.", "", "a\n"]) {
      assert.ok(!accepts(NAMES.kubernetesLabel, name), name);
      assert.ok(!accepts(NAMES.kubernetesSubdomain, name), name);
    }
    for (const key of [".", "..", "..data", ""]) assert.ok(!accepts(NAMES.dataKey, key), key);
    for (const key of [".dockerconfigjson", "tls.crt", "_A", "-"])
      assert.ok(accepts(NAMES.dataKey, key), key);
    for (const name of ["_A", "A1", "DATABASE_URL"]) assert.ok(accepts(NAMES.dopplerSecret, name), name);
    for (const name of ["1A", "a", ""]) assert.ok(!accepts(NAMES.dopplerSecret, name), name);
  });
});
