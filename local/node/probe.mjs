// Waits inside a node until a server answers, then ends with exit code 0; with 1 when it does not within the time.
// Node itself cannot enter another process's network, so this runs there as a program of its own.
//
// usage: node probe.mjs URL SECONDS    (http:, https: or unix:; gives up when its standard input closes)
import { get as getPlain } from "node:http";
import { get as getEncrypted } from "node:https";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const [target = "", seconds = "1"] = process.argv.slice(2);
const TIMEOUT = 2000;

function answers() {
  return new Promise((resolve) => {
    const no = () => resolve(false);
    if (target.startsWith("unix:")) {
      const socket = connect(target.slice("unix:".length), () => resolve(socket.destroy() && true));
      socket.on("error", no);
      return;
    }
    // Servers of the node show certificates that nobody has signed. Nothing secret is sent to them here.
    const request = target.startsWith("https:")
      ? getEncrypted(target, { timeout: TIMEOUT, rejectUnauthorized: false, agent: false })
      : getPlain(target, { timeout: TIMEOUT, agent: false });
    request.on("response", (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    request.on("timeout", () => request.destroy(new Error("no answer")));
    request.on("error", no);
  });
}

// Signals to the process that entered the node do not arrive here.
process.stdin.on("close", () => process.exit(1)).resume();

const deadline = performance.now() + Number(seconds) * 1000;
while (!(await answers())) {
  if (performance.now() > deadline) process.exit(1);
  await sleep(100);
}
process.exit(0);
