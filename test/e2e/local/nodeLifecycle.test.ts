import assert from "node:assert/strict";
import { SERVICE_NAMES, type ServiceName } from "../../../local/node/services/service";
import { instanceNamed } from "../../../local/node/instance";
import { initProcess } from "../../../local/node/namespace";
import { kill, waitForEnd } from "../../../local/node/processes";
import { runningRecord } from "../../../local/node/records";
import { down } from "../../../local/commands/down";
import type { Progress } from "../../../local/commands/progress";
import { BUSYBOX_IMAGE } from "../../../local/images/catalogue";
import { Platform } from "../../../local/platform";
import { namespacesOf, tracesOf } from "./traces";

const SILENT: Progress = { step: (_title, work) => work() };

const APPLICATION = `
apiVersion: v1
kind: Secret
metadata: { name: greeting }
stringData: { GREETING: hello }
---
apiVersion: apps/v1
kind: Deployment
metadata: { name: greeter }
spec:
  selector: { matchLabels: { app: greeter } }
  template:
    metadata: { labels: { app: greeter } }
    spec:
      containers:
        - name: greeter
          image: ${BUSYBOX_IMAGE}
          imagePullPolicy: Never
          command: [sh, -c, 'echo says $GREETING; echo "$GREETING" > /tmp/page; exec httpd -f -p 8080 -h /tmp']
          envFrom: [{ secretRef: { name: greeting } }]
          readinessProbe: { tcpSocket: { port: 8080 }, periodSeconds: 1 }
---
apiVersion: v1
kind: Service
metadata: { name: greeter }
spec: { selector: { app: greeter }, ports: [{ port: 80, targetPort: 8080 }] }
`;

// A Service leads to a pod a moment after the pod is ready.
const FETCH = `
(async () => {
  for (let attempt = 0; attempt < 50; attempt += 1) {
    const page = await fetch(process.argv[1]).then((response) => response.text(), () => undefined);
    if (page !== undefined) return process.stdout.write(page);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
})()`;

async function kubectl(platform: Platform, words: readonly string[], input?: string): Promise<string> {
  const options = input === undefined ? {} : { input };
  const { code, stdout, stderr } = await platform.exec(["kubectl", ...words], {
    ...options,
    timeout: 100_000,
  });
  assert.equal(code, 0, stderr);
  return stdout.trim();
}

/** Process ids of all servers, which tell whether one was started anew. */
async function serverPids(platform: Platform): Promise<Map<ServiceName, number | undefined>> {
  const entries = SERVICE_NAMES.map(async (name): Promise<[ServiceName, number | undefined]> => {
    const record = await runningRecord(platform.node.instance, name);
    return [name, record?.process.pid];
  });
  return new Map(await Promise.all(entries));
}

describe("a node", function () {
  this.timeout(300_000);

  const platform = new Platform("e2e-node");
  const { node } = platform;

  before(async () => {
    await node.start(SILENT);
  });

  after(async () => {
    await down(platform, { purge: true }, SILENT);
  });

  it("runs a pod that reads its Secret, shows its log, and serves behind a Service", async () => {
    await kubectl(platform, ["apply", "-f", "-"], APPLICATION);
    await kubectl(platform, ["rollout", "status", "deployment/greeter", "--timeout=90s"]);
    assert.equal(await kubectl(platform, ["logs", "deployment/greeter"]), "says hello");
    const address = await kubectl(platform, ["get", "service/greeter", "-o", "jsonpath={.spec.clusterIP}"]);
    const fromNode = await platform.exec([process.execPath, "--eval", FETCH, `http://${address}/page`], {
      timeout: 60_000,
    });
    assert.equal(fromNode.stdout, "hello\n", fromNode.stderr);
    const request = `printf 'GET /page HTTP/1.0\\r\\n\\r\\n' | nc -w 5 ${address} 80`;
    const fromPod = await kubectl(platform, ["exec", "deployment/greeter", "--", "sh", "-c", request]);
    assert.match(fromPod, /hello$/);
  });

  it("has a pod find a Service of another namespace by name, and again after the server of names ended", async () => {
    await kubectl(platform, ["create", "namespace", "elsewhere"]);
    await kubectl(platform, [
      ...["run", "visitor", "--namespace=elsewhere", `--image=${BUSYBOX_IMAGE}`, "--image-pull-policy=Never"],
      ...["--restart=Never", "--", "sleep", "1000"],
    ]);
    const ready = ["wait", "pod/visitor", "--namespace=elsewhere", "--for=condition=Ready", "--timeout=60s"];
    await kubectl(platform, ready);
    const inVisitor = ["exec", "visitor", "--namespace=elsewhere", "--"];
    const fetchByName = [...inVisitor, ...["wget", "-q", "-O", "-", "http://greeter.default.svc/page"]];
    assert.equal(await kubectl(platform, fetchByName), "hello");

    const unknown = await platform.exec(["kubectl", ...inVisitor, "nslookup", "greeter.example.com"]);
    assert.match(unknown.stdout, /can't find greeter\.example\.com: NXDOMAIN/);
    const rights = await platform.exec(["kubectl", "auth", "can-i", "list", "secrets", "--as=coredns"]);
    assert.equal(rights.stdout.trim(), "no");

    const record = await runningRecord(node.instance, "coredns");
    assert.ok(record);
    await kill(record.process);
    await node.start(SILENT);
    assert.equal(await kubectl(platform, fetchByName), "hello");
  });

  it("has servers that no network but its own reaches", async () => {
    const { stdout } = await platform.exec(["ip", "-oneline", "route"]);
    assert.ok(!stdout.includes("default"), stdout);
  });

  it("changes nothing when it is started again", async () => {
    const before = await serverPids(platform);
    assert.ok([...before.values()].every((pid) => pid !== undefined));
    const start = performance.now();
    await node.start(SILENT);
    assert.ok(performance.now() - start < 60_000);
    assert.deepEqual(await serverPids(platform), before);
  });

  it("starts again only what has ended", async () => {
    const before = await serverPids(platform);
    const record = await runningRecord(node.instance, "kube-scheduler");
    assert.ok(record);
    await kill(record.process);
    await node.start(SILENT);
    const after = await serverPids(platform);
    assert.notEqual(after.get("kube-scheduler"), undefined);
    assert.notEqual(after.get("kube-scheduler"), before.get("kube-scheduler"));
    for (const name of SERVICE_NAMES) {
      if (name !== "kube-scheduler") assert.equal(after.get(name), before.get(name), name);
    }
  });

  it("runs beside the node of another checkout, and outlives it", async () => {
    const other = new Platform("e2e-other");
    try {
      await other.node.start(SILENT);
      const names = await Promise.all(
        [platform, other].map((each) => kubectl(each, ["get", "nodes", "-o", "name"])),
      );
      assert.deepEqual(names, ["node/e2e-node", "node/e2e-other"]);
    } finally {
      await down(other, { purge: true }, SILENT);
    }
    assert.equal(await kubectl(platform, ["get", "nodes", "-o", "name"]), "node/e2e-node");
  });

  it("leaves no process, mount or interface behind when it is killed, and goes on with its data", async () => {
    const namespaces = await namespacesOf(node.instance);
    const init = await initProcess(node.instance);
    assert.ok(init);
    process.kill(init.pid, "SIGKILL");
    assert.ok(await waitForEnd(init, 10_000));
    const traces = await untilNoMoreThan(() => tracesOf(node.instance, namespaces), isControlGroup);
    assert.deepEqual(
      traces.filter((trace) => !isControlGroup(trace)),
      [],
    );
    await node.start(SILENT);
    await kubectl(platform, ["rollout", "status", "deployment/greeter", "--timeout=90s"]);
    assert.equal(await kubectl(platform, ["logs", "deployment/greeter"]), "says hello");
  });

  it("leaves nothing at all behind when it is stopped", async () => {
    const namespaces = await namespacesOf(node.instance);
    assert.ok((await tracesOf(node.instance, namespaces)).length > SERVICE_NAMES.length);
    assert.equal(await node.stop(), true);
    assert.deepEqual(await tracesOf(node.instance, namespaces), []);
    assert.equal(await node.stop(), false);
  });

  it("leaves nothing behind either when it is stopped after it was killed", async () => {
    await node.start(SILENT);
    const namespaces = await namespacesOf(node.instance);
    const init = await initProcess(node.instance);
    assert.ok(init);
    await kill(init);
    await node.stop();
    assert.deepEqual(await tracesOf(node.instance, namespaces), []);
  });

  it("refuses work while it is not running, and says how to start it", async () => {
    const stopped = new Platform(instanceNamed("e2e-never").name);
    await assert.rejects(stopped.node.exec(["true"]), /e2e-never is not running\. Start it: npm run local/);
  });
});

function isControlGroup(trace: string): boolean {
  return trace.startsWith("control group");
}

/** What is found once nothing but the expected is left, or five seconds later. */
async function untilNoMoreThan(
  find: () => Promise<string[]>,
  expected: (trace: string) => boolean,
): Promise<string[]> {
  for (let attempt = 0; ; attempt += 1) {
    const traces = await find();
    if (attempt === 50 || traces.every(expected)) return traces;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
