import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { relative } from "node:path";
import { sendToVault } from "../../../clients/vaultHttp";
import { Embedded } from "../support/embedded";
import { OpenBaoPod } from "../support/openbaoPod";
import { projectCopy } from "../support/projectCopy";
import { PulumiStack } from "../support/pulumiStack";
import { ledger } from "../support/vaultApplications";

const VALUES = { username: "one", password: "first" };

/** The same stack with Vault at different places: outside of the cluster with TLS, and as a pod of it. */
describe("places of Vault", function () {
  this.timeout(600_000);
  this.bail(true);

  let embedded: Embedded;
  let stack: PulumiStack;

  before(async () => {
    embedded = await Embedded.connect();
    stack = new PulumiStack("places", embedded, {});
    stack.application("ledger", ledger());
    await stack.create();
  });

  after(() => {
    stack.remove();
  });

  const values = () => embedded.secretValues("ledger-dev", "credentials");

  describe("outside of the cluster, with TLS", () => {
    const access = () => {
      const { vault } = embedded.target;
      assert.ok(vault?.encrypted && vault.token, "the embedded platform has no encrypted Vault");
      return { ...vault.encrypted, token: vault.token };
    };
    const configuration = (file: string) => ({
      address: access().address,
      caCertificateFile: relative(projectCopy(), file),
    });

    it("refuses a certificate of another authority, and does not take it for a Vault that is not ready yet", async () => {
      const wrong = embedded.target.vault?.encrypted?.caCertificateFile.replace(
        "openbao.crt",
        "apiserver.crt",
      );
      stack.values = embedded.stackValues("dev", { vault: configuration(wrong ?? "") });
      const { code, output } = await stack.up();
      assert.notEqual(code, 0);
      assert.match(
        output,
        /nothing was changed.*Vault at https:.*certificate.*Correct.*vault\.caCertificateFile/s,
      );
      assert.deepEqual(
        (await embedded.namespaces()).filter((name) => name.endsWith("-dev")),
        [],
      );
    });

    it("syncs, with the kubernetes auth method and the mount that it finds or makes", async () => {
      const { address, caCertificateFile, token } = access();
      const { status } = await sendToVault(
        { address, token, caCertificate: readFileSync(caCertificateFile, "utf8") },
        "POST",
        "secret/data/ledger/credentials",
        { data: VALUES },
      );
      assert.equal(status, 200);
      stack.values = embedded.stackValues("dev", { vault: configuration(caCertificateFile) });
      const { code, output } = await stack.up();
      assert.equal(code, 0, output);
      assert.deepEqual(await values(), VALUES);
      assert.match((await stack.up()).output, /Resources:\n\s+\d+ unchanged\n/);
      const destroyed = await stack.destroy();
      assert.equal(destroyed.code, 0, destroyed.output);
    });
  });

  describe("as a pod of the cluster", () => {
    let pod: OpenBaoPod;

    before(async () => {
      pod = new OpenBaoPod(embedded);
      await pod.create();
    });

    after(async () => {
      await pod.remove();
    });

    it("syncs, and reviews tokens with its own ServiceAccount", async () => {
      await pod.put("ledger/credentials", VALUES);
      stack.values = embedded.stackValues("dev", {
        // No name resolves in the embedded cluster's pods.
        vault: { address: pod.address, inCluster: true, kubernetesHost: "https://10.96.0.1:443" },
      });
      const environment = { VAULT_TOKEN: pod.token };
      const { code, output } = await stack.up({ environment });
      assert.equal(code, 0, output);
      assert.deepEqual(await values(), VALUES);
      assert.doesNotMatch(output, /vault-dev-reviewer/);
      const destroyed = await stack.destroy({ environment });
      assert.equal(destroyed.code, 0, destroyed.output);
    });
  });
});
