import assert from "node:assert/strict";
import { bookmarked, SHOP } from "../support/applications";
import { Embedded } from "../support/embedded";
import { PulumiStack } from "../support/pulumiStack";

/** An update that dies, at its most delicate moments, and the next one, which makes everything whole. */
describe("an update that dies", function () {
  this.timeout(600_000);
  this.bail(true);

  let embedded: Embedded;
  let stack: PulumiStack;

  before(async () => {
    embedded = await Embedded.connect();
    stack = new PulumiStack("crashes", embedded, embedded.stackValues("dev"));
    stack.application("bookmarked", bookmarked());
    stack.application("shop", SHOP);
    await stack.create();
  });

  afterEach(async () => {
    await embedded.doppler.clearFaults();
  });

  after(() => {
    stack.remove();
  });

  const minted = async () => [
    ...(await embedded.tokenNames("dev")),
    ...(await embedded.tokenNames("shared")),
  ];

  /** Kills the engine with all it started a while after a text shows up. */
  async function dieAfter(text: string, milliseconds: number): Promise<void> {
    const { code, output } = await stack.up({ killAfter: { text, milliseconds } });
    assert.ok(output.includes(text), `"${text}" never showed up:\n${output}`);
    assert.equal(code, null, "the update ended before it was killed");
    await stack.cancel();
  }

  it("a minted token whose answer was lost is revoked by destroy, although no state knows it", async () => {
    await embedded.doppler.setFault({
      effect: { kind: "reset", afterEffect: true },
      method: "POST",
      pathPrefix: "/v3/configs/config/tokens",
      config: "dev",
    });
    const { code, output } = await stack.up();
    await embedded.doppler.clearFaults();
    assert.notEqual(code, 0, output);
    assert.ok((await embedded.tokenNames("dev")).length > 0, "the fault left no token behind");
    const destroyed = await stack.destroy();
    assert.equal(destroyed.code, 0, destroyed.output);
    assert.deepEqual(await minted(), []);
  });

  it("killed while tokens are minted: the next update leaves one for each config", async () => {
    await embedded.doppler.setFault({
      effect: { kind: "slow", milliseconds: 4_000 },
      method: "POST",
      pathPrefix: "/v3/configs/config/tokens",
    });
    await dieAfter("doppler:index:ServiceToken doppler-dev creating", 1_000);
    // The call is on its way: Doppler mints the token although nobody waits for the answer.
    await new Promise((resolve) => setTimeout(resolve, 5_000));
    await embedded.doppler.clearFaults();
    assert.ok((await minted()).length > 0, "the fault left no token behind");
  });

  it("killed while the operator is installed: the next update takes over what is there, and converges", async () => {
    await dieAfter("kubernetes:helm.sh/v3:Release external-secrets creating", 6_000);
    const { code, output } = await stack.up();
    assert.equal(code, 0, output);
    assert.equal((await embedded.tokenNames("dev")).length, 1);
    assert.equal((await embedded.tokenNames("shared")).length, 1);
    assert.ok(await embedded.secretValues("bookmarked-dev", "bookmarked-secrets"));
  });

  it("and after that an update changes nothing", async () => {
    const { code, output } = await stack.up();
    assert.equal(code, 0, output);
    assert.match(output, /Resources:\n\s+\d+ unchanged\n/);
  });

  it("killed in the middle of destroy: the next destroy finishes", async () => {
    const text = "Release external-secrets deleting";
    const dead = await stack.destroy({ killAfter: { text, milliseconds: 0 } });
    assert.ok(dead.output.includes(text) && dead.code === null, "the destroy ended before it was killed");
    await stack.cancel();
    const { code, output } = await stack.destroy();
    assert.equal(code, 0, output);
    assert.deepEqual(await minted(), []);
    assert.ok(
      !(await embedded.namespaces()).some((name) => /^(external-secrets|shop|bookmarked)/.test(name)),
    );
  });
});
