import { strict as assert } from "node:assert";
import fc from "fast-check";
import { nearestName } from "../../../config/suggestion";

describe("suggestions", () => {
  const known = ["dev", "staging", "prd", "environments", "kubernetes"];

  it("are the nearest name, through swapped, missing, doubled and wrong letters and capitals", () => {
    for (const [name, nearest] of [
      ["prod", "prd"],
      ["stagign", "staging"],
      ["enviroment", "environments"],
      ["Kubernetes", "kubernetes"],
      ["deev", "dev"],
    ] as const) {
      assert.equal(nearestName(name, known), nearest);
    }
  });

  it("are none for a name that is like none", () => {
    for (const name of ["replicas", "", "xyz"]) assert.equal(nearestName(name, known), undefined, name);
  });

  it("are always a known name, and a known name itself", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 200 }), fc.constantFrom(...known), (name, same) => {
        const nearest = nearestName(name, known);
        assert.ok(nearest === undefined || known.includes(nearest));
        assert.equal(nearestName(same, known), same);
      }),
    );
  });
});
