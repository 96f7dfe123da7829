import assert from "node:assert/strict";
import { missingLines } from "./promisedOutput";

const OUTPUT = `
NAME    STATE    AGE
shop    in sync  3 s ago
other   waiting

Done: 2 (of 2).
`;

describe("missingLines", () => {
  it("finds lines in their order, whatever the space in them", () => {
    assert.deepEqual(missingLines("NAME STATE AGE\n  shop in sync 3 s ago\nDone: 2 (of 2).", OUTPUT), []);
  });

  it("lets an ellipsis stand for anything", () => {
    assert.deepEqual(missingLines("shop in sync … s ago\nother …\nDone: … (of 2).", OUTPUT), []);
    assert.deepEqual(missingLines("… STATE …", OUTPUT), []);
  });

  it("tells what did not come, or came too early", () => {
    assert.deepEqual(missingLines("shop in sync\nother waiting", OUTPUT), ["shop in sync"]);
    assert.deepEqual(missingLines("other waiting\nshop in sync 3 s ago", OUTPUT), ["shop in sync 3 s ago"]);
    assert.deepEqual(missingLines("Done: 2 .of 2..", OUTPUT), ["Done: 2 .of 2.."]);
  });
});
