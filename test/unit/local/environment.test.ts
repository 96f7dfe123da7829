import assert from "node:assert/strict";
import { commandEnvironment, plainVariables } from "../../../local/stack/environment";
import { withEnvironment } from "./temporaryFolder";

const OPTIONS = {
  target: {
    stack: "local",
    environment: "dev",
    kubernetes: { context: "c", kubeconfig: "/state/kubeconfig" },
    doppler: { project: "example", host: "http://10.244.0.1:8091", token: "dp.sa.canary" },
    chart: { chart: "/cache/chart", version: "0.20.4", values: {} },
    vaultChart: { chart: "/chart", version: "1.2.3", values: {} },
    vault: {
      address: "http://10.244.0.1:8200",
      token: "bao-canary",
      encrypted: { address: "https://10.244.0.1:8210", caCertificateFile: "/state/openbao.crt" },
    },
  },
  home: "/state/pulumi",
  backend: "/state/backend",
  passphraseFile: "/state/passphrase.credential",
  folders: ["/tools/one", "/tools/two"],
};

describe("the environment of commands", () => {
  it("has no credential among the variables that may be shown", () => {
    const shown = JSON.stringify(plainVariables(OPTIONS));
    assert.ok(!shown.includes("canary"));
    assert.ok(shown.includes("file:///state/backend"));
  });

  it("says where Vault is, and who vouches for it, to its own clients and OpenBao's", () => {
    const shown = plainVariables(OPTIONS);
    for (const client of ["VAULT", "BAO"]) {
      assert.equal(shown[`${client}_ADDR`], "http://10.244.0.1:8200");
      assert.equal(shown[`${client}_CACERT`], "/state/openbao.crt");
    }
  });

  it("leaves the system's authorities to a Vault of the person's", () => {
    const vault = { address: "https://vault.example:8200" };
    const shown = plainVariables({ ...OPTIONS, target: { ...OPTIONS.target, vault } });
    assert.equal(shown.VAULT_ADDR, "https://vault.example:8200");
    assert.ok(!("VAULT_CACERT" in shown) && !("BAO_CACERT" in shown));
  });

  it("has the credentials, the tools first on PATH, and no passphrase of another stack", async () => {
    const variables = { PATH: "/usr/bin", PULUMI_CONFIG_PASSPHRASE: "another", NO_PROXY: "intranet" };
    await withEnvironment(variables, () => {
      const environment = commandEnvironment(OPTIONS);
      assert.equal(environment.DOPPLER_TOKEN, "dp.sa.canary");
      assert.equal(environment.VAULT_TOKEN, "bao-canary");
      assert.equal(environment.PATH, "/tools/one:/tools/two:/usr/bin");
      assert.equal(environment.PULUMI_CONFIG_PASSPHRASE, undefined);
      assert.equal(environment.NO_PROXY, "intranet,10.244.0.0/16,10.96.0.0/12,127.0.0.1,localhost");
      return Promise.resolve();
    });
  });
});
