import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { SecretRefused, SecretsClient, SecretsUnreachable } from "../../../../consumer/secretsClient";
import { freePort } from "../../../support/devVault";

describe("SecretsClient", () => {
  let server: Server;
  let requests: number;

  const clientOf = async (answer: RequestListener, timeoutMilliseconds = 1_000): Promise<SecretsClient> => {
    requests = 0;
    server = createServer((request, response) => {
      requests++;
      answer(request, response);
    });
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    return new SecretsClient({ url: `http://127.0.0.1:${port}`, token: "canary", timeoutMilliseconds });
  };

  afterEach(() => {
    server.close();
    server.closeAllConnections();
  });

  it("sends a request again when its connection breaks", async () => {
    const client = await clientOf((request, response) => {
      if (requests < 3) request.socket.destroy();
      else response.end('{"value":"v"}');
    });
    assert.equal(await client.get("A B"), "v");
    assert.equal(requests, 3);
  });

  for (const status of [400, 403, 429, 500, 503]) {
    it(`takes ${status} for an answer`, async () => {
      const client = await clientOf((_request, response) =>
        response.writeHead(status).end('{"code":"some_code"}'),
      );
      await assert.rejects(
        client.get("A"),
        (error: SecretRefused) => error.status === status && error.code === "some_code",
      );
      assert.equal(requests, 1);
    });
  }

  it("does not send again what takes too long, before the answer or within it", async () => {
    for (const answer of [
      () => undefined,
      (_: unknown, response: { write(text: string): unknown }) => response.write("{"),
    ]) {
      const client = await clientOf(answer, 100);
      await assert.rejects(client.get("A"), /SecretsUnreachable: .*within 100 ms/);
      assert.equal(requests, 1);
      server.close();
      server.closeAllConnections();
    }
  });

  it("follows no redirect, and says nothing of the token", async () => {
    const client = await clientOf((_request, response) =>
      response.writeHead(302, { location: "http://127.0.0.1:1/" }).end(),
    );
    await assert.rejects(
      client.get("A"),
      (error: Error) => error instanceof SecretsUnreachable && !error.message.includes("canary"),
    );
  });

  it("gives up where nothing listens", async () => {
    const client = new SecretsClient({ url: `http://127.0.0.1:${await freePort()}`, token: "t", retries: 1 });
    await assert.rejects(client.get("A"), /ECONNREFUSED/);
  });
});
