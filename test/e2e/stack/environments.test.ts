import assert from "node:assert/strict";
import { DopplerClient } from "../../../clients/doppler";
import { bookmarked } from "../support/applications";
import { Embedded, eventually, PROJECT } from "../support/embedded";
import {
  environmentsCluster,
  EnvironmentsCluster,
  ENVIRONMENTS,
  FOREIGN_NAMESPACE,
  namespaceOf,
} from "../support/environments";
import { everyText } from "../support/everyText";
import { ExampleApplications } from "../support/exampleApplications";
import { PulumiStack } from "../support/pulumiStack";

/**
 * The life of a cluster with three environments, in order: dev owns the operator and the shared store, staging and
 * prd stand beside it. What a test changes, the next one finds.
 */
describe("three environments on one cluster", function () {
  this.timeout(600_000);
  this.bail(true);

  let cluster: EnvironmentsCluster;
  let embedded: Embedded;
  let canaries: EnvironmentsCluster["canaries"];

  before(async () => {
    cluster = await environmentsCluster();
    ({ embedded, canaries } = cluster);
  });

  it("a stack that does not own the operator says which one does, and makes nothing", async () => {
    const { code, output } = await cluster.stacks.prd.up();
    assert.notEqual(code, 0);
    assert.match(
      output,
      /External Secrets Operator: it is not installed, and this stack leaves that to stack "dev"/,
    );
    assert.deepEqual(await embedded.tokenNames("prd"), []);
    assert.ok(!(await embedded.namespaces()).includes("shop"));
  });

  it("takes over a token Secret that was made by hand, and says how to revoke its token", async () => {
    const byHand = await embedded.doppler.mintServiceToken(PROJECT, "dev", "made-by-hand");
    await embedded.cluster.create("/api/v1/namespaces", { metadata: { name: "external-secrets" } });
    await embedded.cluster.create("/api/v1/namespaces/external-secrets/secrets", {
      metadata: { name: "doppler-token-dev", labels: { team: "platform" } },
      data: { dopplerToken: Buffer.from(byHand.key).toString("base64") },
    });
    const output = await cluster.up("dev");
    assert.match(output, /Secret external-secrets\/doppler-token-dev was made by hand.*Revoke the old token/);
    const values = await embedded.secretValues("external-secrets", "doppler-token-dev");
    assert.ok(
      values?.["dopplerToken"] && values["dopplerToken"] !== byHand.key,
      "the token was not replaced",
    );
    assert.ok(!output.includes(byHand.key));
    await embedded.doppler.revokeServiceToken(PROJECT, "dev", byHand.slug);
  });

  it("brings up staging and prd beside it", async () => {
    await cluster.up("staging");
    await cluster.up("prd");
  });

  it("gives each environment the values of its own config, and the shared ones", async () => {
    for (const environment of ENVIRONMENTS) {
      const own = await embedded.doppler.secrets(PROJECT, environment);
      const bookmarkedNamespace = namespaceOf("bookmarked", environment);
      assert.deepEqual(await embedded.secretValues(bookmarkedNamespace, "bookmarked-secrets"), {
        DATABASE_URL: own["DATABASE_URL"],
        JWT_SECRET: canaries.get(environment),
      });
      const shop = namespaceOf("shop", environment);
      assert.deepEqual(await embedded.secretValues(shop, "shop-secrets"), {
        STRIPE_API_KEY: own["SHOP_STRIPE_API_KEY"],
      });
      assert.deepEqual(await embedded.secretValues(shop, "shop-monitoring"), {
        SENTRY_DSN: canaries.get("shared"),
      });
    }
  });

  it("makes a docker configuration that a kubelet can use", async () => {
    const shared = await embedded.doppler.secrets(PROJECT, "shared");
    const values = await embedded.secretValues("shop-dev", "shop-registry");
    const username = shared["DOCKERHUB_USERNAME"];
    const password = shared["DOCKERHUB_TOKEN"];
    assert.deepEqual(JSON.parse(values?.[".dockerconfigjson"] ?? ""), {
      auths: {
        "https://index.docker.io/v1/": {
          username,
          password,
          auth: Buffer.from(`${username ?? ""}:${password ?? ""}`).toString("base64"),
        },
      },
    });
  });

  it("gives a whole config with the declared labels and annotations", async () => {
    const values = await embedded.secretValues("whole-dev", "whole-config");
    assert.deepEqual(values, await embedded.doppler.secrets(PROJECT, "dev"));
    const secret = await embedded.cluster.get("/api/v1/namespaces/whole-dev/secrets/whole-config");
    assert.equal(secret?.metadata.labels?.["argocd.argoproj.io/secret-type"], "repository");
    assert.equal(secret.metadata.annotations?.["note"], "of the Secret");
  });

  it("mints a token of dev that cannot read prd", async () => {
    const key =
      (await embedded.secretValues("external-secrets", "doppler-token-dev"))?.["dopplerToken"] ?? "";
    const client = new DopplerClient({ host: embedded.target.doppler.host, token: key });
    assert.ok((await client.secretNames(PROJECT, "dev")).includes("JWT_SECRET"));
    await assert.rejects(client.secretNames(PROJECT, "prd"), /does not have access|Could not find/);
    await assert.rejects(client.serviceTokens(PROJECT, "dev"), "a service token must not provision");
  });

  it("changes nothing in a second update, nor in a preview with refresh", async () => {
    for (const environment of ENVIRONMENTS) {
      assert.match(await cluster.up(environment), /Resources:\n\s+\d+ unchanged\n/);
      const { code, output } = await cluster.stacks[environment].preview([
        "--refresh",
        "--expect-no-changes",
      ]);
      assert.equal(code, 0, output);
    }
  });

  it("tells application stacks what they consume, flat and not secret", async () => {
    assert.deepEqual(await cluster.stacks.prd.outputs(), {
      environment: "prd",
      "app.bookmarked.namespace": "bookmarked",
      "app.bookmarked.secrets": ["bookmarked-secrets"],
      "app.bookmarked.configMap": "bookmarked-config",
      "app.shop.namespace": "shop",
      "app.shop.secrets": ["shop-secrets", "shop-monitoring", "shop-registry"],
      "store.prd": "doppler-prd",
      "store.shared": "doppler-shared",
    });
  });

  it("lets the pods of an application stack see their values, by envFrom and key by key", async () => {
    const examples = new ExampleApplications(embedded, "dev");
    await examples.up();
    assert.equal(await examples.variable("bookmarked", "JWT_SECRET"), canaries.get("dev"));
    assert.equal(await examples.variable("bookmarked", "NODE_ENV"), "development");
    assert.equal(await examples.variable("shop", "SENTRY_DSN"), canaries.get("shared"));
    const stripe = (await embedded.secretValues("shop-dev", "shop-secrets"))?.["STRIPE_API_KEY"];
    assert.equal(await examples.variable("shop", "PAYMENT_KEY"), stripe);
    await examples.destroy();
  });

  it("refuses a second owner of the cluster, by name, before anything changes", async () => {
    const usurper = new PulumiStack("usurper", embedded, embedded.stackValues("prd"));
    usurper.application("bookmarked", bookmarked());
    await usurper.create();
    const { code, output } = await usurper.up();
    assert.notEqual(code, 0);
    assert.match(output, /ConfigMap external-secrets\/secrets-platform-owner: stack "[^"]*\/dev" owns it/);
    assert.match(output, /ExternalSecret bookmarked\/bookmarked-secrets: stack "[^"]*\/prd" owns it/);
    assert.match(await cluster.up("prd"), /\d+ unchanged/);
    usurper.remove();
  });

  it("lets no namespace that is not named read through a store", async () => {
    const name = "trespasser";
    await embedded.cluster.create(
      `/apis/external-secrets.io/v1/namespaces/${FOREIGN_NAMESPACE}/externalsecrets`,
      {
        apiVersion: "external-secrets.io/v1",
        kind: "ExternalSecret",
        metadata: { name },
        spec: {
          secretStoreRef: { kind: "ClusterSecretStore", name: "doppler-dev" },
          target: { name },
          dataFrom: [{ find: { name: { regexp: ".*" } } }],
        },
      },
    );
    await eventually("the operator's verdict", 30, async () => {
      const conditions = (await embedded.externalSecret(FOREIGN_NAMESPACE, name))?.status?.conditions;
      return conditions?.some((condition) => condition.status === "False") ?? false;
    });
    assert.equal(await embedded.secretValues(FOREIGN_NAMESPACE, name), undefined);
    await embedded.cluster.delete(
      `/apis/external-secrets.io/v1/namespaces/${FOREIGN_NAMESPACE}/externalsecrets/${name}`,
    );
  });

  it("has a webhook that refuses an ExternalSecret without any data", async () => {
    const path = `/apis/external-secrets.io/v1/namespaces/${FOREIGN_NAMESPACE}/externalsecrets`;
    await assert.rejects(
      embedded.cluster.create(path, {
        apiVersion: "external-secrets.io/v1",
        kind: "ExternalSecret",
        metadata: { name: "empty" },
        spec: { secretStoreRef: { kind: "ClusterSecretStore", name: "doppler-dev" } },
      }),
      /admission webhook.*either data or dataFrom/,
    );
  });

  it("leaves no value in plain text in state, output, logs or Helm's release", async () => {
    const tokens = await Promise.all(
      ["doppler-token-dev", "doppler-token-shared", "doppler-token-prd"].map((name) =>
        embedded.secretValues("external-secrets", name),
      ),
    );
    const searched = [
      ...canaries.values(),
      ...tokens.map((values) => values?.["dopplerToken"] ?? assert.fail("a token Secret is missing")),
      embedded.target.doppler.token,
    ].flatMap((value) => [value, Buffer.from(value).toString("base64")]);
    const texts = await everyText(embedded);
    for (const environment of ENVIRONMENTS) {
      texts.set(`state of ${environment}`, await cluster.stacks[environment].exportState());
    }
    assert.ok(texts.size > 10, "too little was searched");
    const found = [...texts].filter(([, text]) => searched.some((value) => text.includes(value)));
    assert.deepEqual(
      found.map(([place]) => place),
      [],
    );
  });
});
