import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";

import { DevVault } from "../../support/devVault";
import type { Provider } from "./provider";
import { startVaultProvider } from "./vaultProvider";

const POLICY = "vault:index/policy:Policy";
const INPUTS = { name: "dev-shop", policy: 'path "a" { capabilities = ["read"] }' };

describe("the embedded vault provider's connection", () => {
  let provider: Provider;

  beforeEach(async () => {
    provider = await startVaultProvider();
  });

  afterEach(async () => {
    await provider.stop();
  });

  it("takes any certificate when it is told to, and only then", async () => {
    const vault = await DevVault.start({ tls: true });
    try {
      const { address, token } = vault;
      await provider.configure({ address, token, skipTlsVerify: "true" }, ["token"]);
      assert.equal((await provider.create(POLICY, INPUTS)).id, "dev-shop");
      await provider.configure({ address, token, skipTlsVerify: "false" }, ["token"]);
      await assert.rejects(provider.create(POLICY, INPUTS), { details: /certificate/ });
    } finally {
      await vault.stop();
    }
  });

  it("does not go on waiting for an answer to a question once it is cancelled", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await once(silent, "listening");
    try {
      const { port } = silent.address() as AddressInfo;
      await provider.configure({ address: `http://127.0.0.1:${port}`, token: "t" });
      const asked = once(silent, "request");
      const read = assert.rejects(provider.read(POLICY, "dev-shop", INPUTS, INPUTS), {
        details: "cancelled",
      });
      await asked;
      const start = performance.now();
      await provider.cancel();
      await read;
      assert.ok(performance.now() - start < 2000);
    } finally {
      silent.closeAllConnections();
      silent.close();
    }
  });
});
