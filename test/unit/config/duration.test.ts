import { strict as assert } from "node:assert";
import fc from "fast-check";
import { parseDuration } from "../../../config/duration";

describe("durations", () => {
  it("are read in seconds", () => {
    for (const [text, seconds] of [
      ["0s", 0],
      ["30s", 30],
      ["90s", 90],
      ["1m", 60],
      ["1m30s", 90],
      ["1h", 3600],
      ["1h30m", 5400],
      ["1h0m0s", 3600],
      ["24h", 86_400],
    ] as const) {
      assert.equal(parseDuration(text), seconds, text);
    }
  });

  it("have hours, minutes and seconds in this order and nothing else", () => {
    for (const text of ["", "1", "1d", "s", "1s1m", "1m ", " 1m", "-1m", "1.5m", "1M", "1ms", "1m\n", "٣s"]) {
      assert.equal(parseDuration(text), undefined, JSON.stringify(text));
    }
  });

  it("are the sum of their parts, whichever there are", () => {
    const part = fc.option(fc.nat({ max: 9_999 }), { nil: undefined });
    const parts = fc
      .tuple(part, part, part)
      .filter((numbers) => numbers.some((number) => number !== undefined));
    fc.assert(
      fc.property(parts, ([hours, minutes, seconds]) => {
        const write = (number: number | undefined, unit: string) =>
          number === undefined ? "" : `${number}${unit}`;
        const text = write(hours, "h") + write(minutes, "m") + write(seconds, "s");
        assert.equal(parseDuration(text), (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0));
      }),
    );
  });

  it("are read without failing from any text, and are whole seconds", () => {
    fc.assert(
      fc.property(fc.oneof(fc.string(), fc.stringMatching(/^[0-9hms]{0,12}$/)), (text) => {
        const seconds = parseDuration(text);
        assert.ok(seconds === undefined || (Number.isSafeInteger(seconds) && seconds >= 0));
      }),
    );
  });
});
