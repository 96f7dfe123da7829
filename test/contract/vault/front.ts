import { once } from "node:events";
import { createServer, request, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

/** What happens to a request: it never arrives, its answer gets lost, or something else answers in between. */
export type Fault = "none" | "loses-request" | "loses-answer" | { status: number; body?: string };

/** What stands before a server, and does not always do what it should. */
export interface Front {
  address: string;
  /** One a request, the oldest first; none are left: everything passes. */
  faults: Fault[];
  stop: () => void;
}

/** @param address URL of the server behind it */
export async function startFront(address: string): Promise<Front> {
  const faults: Fault[] = [];
  const server = createServer((incoming, outgoing) => {
    const fault = faults.shift() ?? "none";
    if (typeof fault === "object") {
      outgoing.writeHead(fault.status).end(fault.body);
    } else if (fault === "loses-request") {
      incoming.socket.destroy();
    } else {
      pass(address, incoming, outgoing, fault === "loses-answer");
    }
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    address: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    faults,
    stop: () => {
      server.close();
      server.closeAllConnections();
    },
  };
}

function pass(
  address: string,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  losesAnswer: boolean,
): void {
  const { method, headers, url = "" } = incoming;
  const forwarded = request(address + url, { method, headers }, (answer) => {
    if (losesAnswer) {
      answer.resume().once("end", () => incoming.socket.destroy());
    } else {
      outgoing.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(outgoing);
    }
  });
  forwarded.once("error", () => incoming.socket.destroy());
  incoming.pipe(forwarded);
}
