import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  canaryValue,
  KustomizeTree,
  Migrated,
  SECRET_KEYS,
  SECRET_PATCHES,
} from "../../support/kustomizeTree";
import { Embedded } from "../support/embedded";
import { everyText } from "../support/everyText";
import { PulumiStack } from "../support/pulumiStack";

const NAMESPACE = "voice-staging";
const SECRET = `/api/v1/namespaces/${NAMESPACE}/secrets/shared-secrets`;

/** What a team has in Kustomize comes to a cluster through the platform, and is the same byte for byte. */
describe("npm run migrate -- kustomize, on a cluster", function () {
  this.timeout(450_000);
  this.bail(true);

  const environment = {
    LIVEKIT_URL_STAGING: "wss://staging.example.com",
    ...Object.fromEntries(SECRET_KEYS.map((key) => [key, canaryValue(key, "staging")])),
  };

  let embedded: Embedded;
  let stack: PulumiStack;
  let tree: KustomizeTree;

  before(async () => {
    embedded = await Embedded.connect();
    stack = new PulumiStack("kustomize", embedded, embedded.stackValues("dev"));
    tree = new KustomizeTree(SECRET_PATCHES);
    await stack.create();
  });

  after(() => {
    tree.remove();
    stack.remove();
  });

  const migrate = (...words: string[]): Promise<Migrated> =>
    tree.migrate(
      ["kustomize", ".", "--overlay", "staging=dev", "--without", "prod", "--name", "voice", ...words],
      environment,
    );

  function check(): Promise<Migrated> {
    const { context, kubeconfig } = embedded.target.kubernetes;
    return migrate(
      "--check",
      "--context",
      context,
      ...(kubeconfig === undefined ? [] : ["--kubeconfig", kubeconfig]),
    );
  }

  it("finds nothing there before", async () => {
    const { code, output } = await check();
    assert.equal(code, 1);
    assert.match(output, /dev: Secret voice-staging\/shared-secrets: is not there/);
  });

  it("pulumi up makes of its file what Kustomize makes of the tree", async () => {
    const written = await migrate("--write", "apps");
    assert.equal(written.code, 0, written.output);
    stack.application("voice", readFileSync(join(tree.folder, "apps", "voice.yaml"), "utf8"));
    const up = await stack.up({ environment });
    assert.equal(up.code, 0, up.output);
    const { code, output } = await check();
    assert.match(output, /^the same in dev: 2 objects, byte for byte/);
    assert.equal(code, 0);
    const texts = await everyText(embedded);
    assert.deepEqual(
      [...texts].filter(([, text]) => text.includes("canary-staging-")).map(([place]) => place),
      [],
    );
  });

  it("tells each key that is another one in the cluster", async () => {
    await embedded.cluster.merge(SECRET, {
      data: { OPENAI_API_KEY: null, CARTESIA_API_KEY: "eA==", MORE: "eA==" },
    });
    const { code, output } = await check();
    assert.equal(code, 1);
    assert.deepEqual(output.trimEnd().split("\n").slice(1), [
      "  dev: Secret voice-staging/shared-secrets: CARTESIA_API_KEY: has another value",
      "  dev: Secret voice-staging/shared-secrets: OPENAI_API_KEY: is not there",
      "  dev: Secret voice-staging/shared-secrets: MORE: is too much",
    ]);
  });

  it("goes again", async () => {
    const { code, output } = await stack.destroy();
    assert.equal(code, 0, output);
    await embedded.removeNamespaces([NAMESPACE]);
  });
});
