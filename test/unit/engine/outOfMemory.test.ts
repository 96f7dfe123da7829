import assert from "node:assert/strict";

import { OutOfMemoryDetector } from "../../../local/engine/language/outOfMemory";

describe("OutOfMemoryDetector", () => {
  it("finds V8's message, also when it is cut in two", () => {
    const detector = new OutOfMemoryDetector();
    detector.read(Buffer.from("...\nFATAL ERROR: JavaScript heap "));
    assert.equal(detector.detected, false);
    detector.read(Buffer.from("out of memory\n"));
    assert.equal(detector.detected, true);
    detector.read(Buffer.from("more"));
    assert.equal(detector.detected, true);
  });
});
