import assert from "node:assert/strict";
import { bookmarked } from "../support/applications";
import { Embedded, eventually, PROJECT } from "../support/embedded";
import {
  environmentsCluster,
  EnvironmentsCluster,
  FOREIGN_NAMESPACE,
  namespaceOf,
} from "../support/environments";
import { TokenReader } from "../support/tokenReader";

/** What changes in the life of the three environments, after environments.test.ts has brought them up, to their end. */
describe("changes of the environments", function () {
  this.timeout(600_000);
  this.bail(true);

  let cluster: EnvironmentsCluster;
  let embedded: Embedded;

  before(async () => {
    cluster = await environmentsCluster();
    ({ embedded } = cluster);
  });

  afterEach(async () => {
    await embedded.doppler.clearFaults();
  });

  after(() => {
    cluster.remove();
  });

  it("brings a changed value to the Secret within its refresh", async () => {
    const value = `changed-${crypto.randomUUID()}`;
    await embedded.doppler.setSecret(PROJECT, "dev", "JWT_SECRET", value);
    await eventually("the changed value in the Secret", 20, async () => {
      return (await embedded.secretValues("bookmarked-dev", "bookmarked-secrets"))?.["JWT_SECRET"] === value;
    });
  });

  it("refuses a key that is not in Doppler before it changes anything, and the Secret keeps its value", async () => {
    const before = await embedded.secretValues("bookmarked-dev", "bookmarked-secrets");
    cluster.stacks.dev.application("bookmarked", bookmarked("[DATABASE_URL, JWT_SECRETS]"));
    const { code, output } = await cluster.stacks.dev.up();
    assert.notEqual(code, 0);
    assert.match(output, /Doppler secret "JWT_SECRETS".*no secret of this name/s);
    assert.match(output, /bookmarked\.yaml.*did you mean JWT_SECRET\?/s);
    cluster.stacks.dev.application("bookmarked", bookmarked());
    assert.match(await cluster.up("dev"), /\d+ unchanged/);
    assert.deepEqual(await embedded.secretValues("bookmarked-dev", "bookmarked-secrets"), before);
  });

  it("fails an update that does not sync, with the operator's reason, and is not fooled by the old status", async () => {
    const before = await embedded.secretValues("bookmarked-dev", "bookmarked-secrets");
    // Doppler answers the platform, and no longer the operator.
    await embedded.doppler.setFault({
      effect: { kind: "error", status: 500 },
      pathPrefix: "/v3/configs/config/secrets/download",
      config: "dev",
    });
    cluster.stacks.dev.application("bookmarked", bookmarked("[DATABASE_URL]"));
    const { code, output } = await cluster.stacks.dev.up();
    await embedded.doppler.clearFaults();
    assert.notEqual(code, 0);
    assert.match(
      output,
      /application bookmarked: ExternalSecret bookmarked-dev\/bookmarked-secrets \(store doppler-dev\): SecretSyncedError/,
    );
    assert.deepEqual(await embedded.secretValues("bookmarked-dev", "bookmarked-secrets"), before);
    // Taking the change back changes the ExternalSecret too, and is waited for like any other change.
    cluster.stacks.dev.application("bookmarked", bookmarked());
    assert.match(await cluster.up("dev"), /Synchronization synchronization updated/);
    cluster.stacks.dev.application("bookmarked", bookmarked("[DATABASE_URL]"));
    await cluster.up("dev");
    const after = await embedded.secretValues("bookmarked-dev", "bookmarked-secrets");
    assert.deepEqual(Object.keys(after ?? {}), ["DATABASE_URL"]);
    cluster.stacks.dev.application("bookmarked", bookmarked());
    await cluster.up("dev");
  });

  it("removes what belonged to an application that is gone", async () => {
    cluster.stacks.dev.application("whole", undefined);
    await cluster.up("dev");
    assert.equal(await embedded.externalSecret("whole-dev", "whole-config"), undefined);
    assert.ok(!(await embedded.namespaces()).includes("whole-dev"));
  });

  it("rotates a token while the Secret is read all the time, and revokes the old one only then", async () => {
    const oldNames = await embedded.tokenNames("dev");
    const reader = new TokenReader(embedded, "dev");
    cluster.stacks.dev.values = {
      ...cluster.stacks.dev.values,
      doppler: { ...(cluster.stacks.dev.values["doppler"] as object), configs: { dev: { generation: 2 } } },
    };
    await cluster.up("dev");
    const { reads, failures } = await reader.stop();
    assert.ok(reads > 20, `only ${reads} reads`);
    assert.deepEqual(failures, []);
    const names = await embedded.tokenNames("dev");
    assert.equal(names.length, 1);
    assert.match(names[0] ?? "", /-g2$/);
    assert.ok(!oldNames.includes(names[0] ?? ""));
    const value = `after-rotation-${crypto.randomUUID()}`;
    await embedded.doppler.setSecret(PROJECT, "dev", "JWT_SECRET", value);
    await eventually("a value read with the new token", 20, async () => {
      return (await embedded.secretValues("bookmarked-dev", "bookmarked-secrets"))?.["JWT_SECRET"] === value;
    });
  });

  it("destroys prd and staging, and leaves dev as it was", async () => {
    for (const environment of ["prd", "staging"] as const) {
      const { code, output } = await cluster.stacks[environment].destroy();
      assert.equal(code, 0, output);
      assert.deepEqual(await embedded.tokenNames(environment), []);
      const left = await embedded.namespaces();
      assert.ok(!left.includes(namespaceOf("shop", environment)), left.join(", "));
    }
    assert.match(await cluster.up("dev"), /\d+ unchanged/);
  });

  it("destroys dev and leaves no token, no object, no namespace of its own, and everything foreign as it was", async () => {
    await embedded.cluster.create("/api/v1/namespaces/shop-dev/configmaps", {
      metadata: { name: "foreign" },
    });
    const { code, output } = await cluster.stacks.dev.destroy();
    assert.equal(code, 0, output);
    assert.match(output, /namespace shop-dev stays, since it still holds ConfigMap foreign/);
    assert.deepEqual([...(await embedded.tokenNames("dev")), ...(await embedded.tokenNames("shared"))], []);
    const namespaces = await embedded.namespaces();
    // external-secrets was there before the stack.
    for (const kept of [FOREIGN_NAMESPACE, "shop-dev", "external-secrets"])
      assert.ok(namespaces.includes(kept), kept);
    assert.ok(!namespaces.includes("bookmarked-dev"));
    assert.ok(await embedded.cluster.get("/api/v1/namespaces/shop-dev/configmaps/foreign"));
    assert.deepEqual(await embedded.cluster.list("/apis/external-secrets.io/v1/externalsecrets"), []);
    assert.deepEqual(await embedded.cluster.list("/apis/external-secrets.io/v1/clustersecretstores"), []);
    await embedded.removeNamespaces(["shop-dev", FOREIGN_NAMESPACE, "external-secrets"]);
  });
});
