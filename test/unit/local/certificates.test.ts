import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { readFile, rm, stat } from "node:fs/promises";
import { certificatesOf, openbaoCertificate, type Certificates } from "../../../local/node/certificates";
import { instanceNamed, type Instance } from "../../../local/node/instance";
import { withEnvironment, withTemporaryFolder } from "./temporaryFolder";

/** Gives work an instance with certificates, in an empty folder. */
function withCertificates(
  work: (instance: Instance, certificates: Certificates) => Promise<void>,
): Promise<void> {
  return withTemporaryFolder((folder) =>
    withEnvironment({ XDG_STATE_HOME: folder }, async () => {
      const instance = instanceNamed("certificates");
      await work(instance, await certificatesOf(instance, "openssl"));
    }),
  );
}

async function read(file: string): Promise<X509Certificate> {
  return new X509Certificate(await readFile(file));
}

describe("the certificates of a node", function () {
  this.timeout(20_000);

  it("stand for the address that pods name, each its own authority, with keys for their owner alone", () =>
    withCertificates(async (instance, { server, openbao }) => {
      assert.equal(openbaoCertificate(instance), openbao.certificate);
      for (const { certificate, key } of [server, openbao]) {
        const shown = await read(certificate);
        assert.equal(shown.checkIP("10.244.0.1"), "10.244.0.1");
        assert.ok(shown.ca && shown.verify(shown.publicKey));
        assert.equal((await stat(key)).mode & 0o777, 0o600);
      }
    }));

  it("are made once; OpenBao's also where an older version has made the others", () =>
    withCertificates(async (instance, { server, openbao }) => {
      const before = await read(server.certificate);
      const replaced = await read(openbao.certificate);
      await rm(openbao.certificate);
      await certificatesOf(instance, "openssl");
      const made = await read(openbao.certificate);
      assert.notEqual(made.fingerprint256, replaced.fingerprint256);
      await certificatesOf(instance, "openssl");
      assert.equal((await read(openbao.certificate)).fingerprint256, made.fingerprint256);
      assert.equal((await read(server.certificate)).fingerprint256, before.fingerprint256);
    }));
});
