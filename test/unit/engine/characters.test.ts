import assert from "node:assert/strict";

import fc from "fast-check";

import {
  characterFailures,
  digitsWanted,
  randomCharacters,
} from "../../../local/engine/providers/random/characters";
import { UNKNOWN } from "../../../provider/definition";

function count(text: string, pattern: RegExp): number {
  return text.match(pattern)?.length ?? 0;
}

describe("randomCharacters", () => {
  const minimum = fc.integer({ min: 0, max: 5 });

  it("has the length, and at least each class's minimum", () => {
    fc.assert(
      fc.property(
        minimum,
        minimum,
        minimum,
        minimum,
        fc.integer({ min: 20, max: 60 }),
        (a, b, c, d, length) => {
          const text = randomCharacters({ length, minLower: a, minUpper: b, minNumeric: c, minSpecial: d });
          assert.equal(text.length, length);
          assert.ok(count(text, /[a-z]/g) >= a);
          assert.ok(count(text, /[A-Z]/g) >= b);
          assert.ok(count(text, /[0-9]/g) >= c);
          assert.ok(count(text, /[!@#$%&*()\-_=+[\]{}<>:?]/g) >= d);
        },
      ),
    );
  });

  it("uses only the classes that are wanted", () => {
    const text = randomCharacters({ length: 200, lower: false, special: false, numeric: false });
    assert.match(text, /^[A-Z]{200}$/);
  });

  it("uses the program's own special characters", () => {
    const text = randomCharacters({
      length: 50,
      lower: false,
      upper: false,
      numeric: false,
      overrideSpecial: "_",
    });
    assert.equal(text, "_".repeat(50));
  });

  it("does not leave the minimums at the beginning", () => {
    const texts = Array.from({ length: 50 }, () =>
      randomCharacters({ length: 30, minNumeric: 1, numeric: false }),
    );
    assert.ok(texts.some((text) => !/^[0-9]/.test(text)));
  });
});

describe("characterFailures", () => {
  const reasons = (args: Parameters<typeof characterFailures>[0]) =>
    characterFailures({ ...args, ...digitsWanted(args) }).map(({ property }) => property);

  it("accepts the defaults", () => {
    assert.deepEqual(reasons({ length: 8 }), []);
  });

  it("refuses minimums over the length, and no class at all", () => {
    assert.deepEqual(reasons({ length: 3, minLower: 2, minUpper: 2 }), ["length"]);
    assert.deepEqual(reasons({ length: 3, lower: false, upper: false, numeric: false, special: false }), [
      "special",
    ]);
  });

  it("says nothing about what is not known yet", () => {
    assert.deepEqual(characterFailures({ length: UNKNOWN as unknown as number, minLower: 9 }), []);
  });
});
