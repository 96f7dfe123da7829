import assert from "node:assert/strict";
import { bookmarked } from "../support/applications";
import { Embedded } from "../support/embedded";
import { PulumiStack, RunOptions, StackValues } from "../support/pulumiStack";

/** Each mistake gives a clear error, and leaves nothing behind. */
describe("what is wrong from outside", function () {
  this.timeout(120_000);

  let embedded: Embedded;
  let stack: PulumiStack;
  let namespaces: string[];
  let tokens: string[];

  before(async () => {
    embedded = await Embedded.connect();
    stack = new PulumiStack("failures", embedded, embedded.stackValues("dev"));
    stack.application("bookmarked", bookmarked());
    await stack.create();
    namespaces = await embedded.namespaces();
    tokens = await embedded.tokenNames("dev");
  });

  after(() => {
    stack.remove();
  });

  const doppler = (changes: object): StackValues => ({
    doppler: { project: "example", host: embedded.target.doppler.host, ...changes },
  });

  const cases: { mistake: string; values?: () => StackValues; run?: RunOptions; message: RegExp }[] = [
    {
      mistake: "a wrong admin token",
      run: { environment: { DOPPLER_TOKEN: `dp.sa.${"x".repeat(42)}` } },
      message: /it refuses the token: Invalid Auth token.*Set DOPPLER_TOKEN/s,
    },
    {
      mistake: "no admin token",
      run: { environment: { DOPPLER_TOKEN: "" } },
      message: /no Doppler token: set the variable DOPPLER_TOKEN/,
    },
    {
      mistake: "an unknown project",
      values: () => doppler({ project: "exampel" }),
      message: /Doppler project "exampel".*Correct doppler\.project/s,
    },
    {
      mistake: "an unknown config",
      values: () => doppler({ config: "development" }),
      message: /Doppler config "development": project "example" has no such config; it has .*dev/,
    },
    {
      mistake: "a Doppler that does not answer",
      values: () => doppler({ host: "http://10.244.0.1:8099" }),
      message: /Doppler at http:\/\/10\.244\.0\.1:8099: .*cannot be reached.*ECONNREFUSED/s,
    },
    {
      mistake: "an unknown context",
      values: () => ({ kubernetes: { ...embedded.target.kubernetes, context: "elsewhere" } }),
      message: /has no context "elsewhere"; it has secrets-platform-local/,
    },
    {
      mistake: "a misspelt setting",
      values: () => ({ dopler: {} }),
      message: /dopler.*doppler/s,
    },
  ];

  for (const { mistake, values, run, message } of cases) {
    it(`${mistake}: a clear error, and nothing half-made`, async () => {
      stack.values = { ...embedded.stackValues("dev"), ...values?.() };
      const { code, output } = await stack.up(run);
      assert.notEqual(code, 0);
      assert.match(output, message);
      assert.doesNotMatch(output, /^\s+at .*\.[tj]s:\d+/m, "a stack trace is shown");
      assert.deepEqual(await embedded.tokenNames("dev"), tokens);
      assert.deepEqual(await embedded.namespaces(), namespaces);
    });
  }
});
