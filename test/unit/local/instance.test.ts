import assert from "node:assert/strict";
import { currentInstance, instanceNamed, nameOfCheckout } from "../../../local/node/instance";
import { withEnvironment } from "./temporaryFolder";

describe("an instance", () => {
  it("is named after its checkout, and no two checkouts share a name", () => {
    const [one, two] = ["/home/ada/work/platform", "/home/bob/work/platform"].map(nameOfCheckout);
    assert.match(one ?? "", /^platform-[0-9a-f]{8}$/);
    assert.notEqual(one, two);
  });

  for (const path of ["/", "/srv/My Très_Long.Checkout-Name of the platform", "/a/---"]) {
    it(`has a name that can be used for a checkout at ${path}`, () => {
      assert.doesNotThrow(() => instanceNamed(nameOfCheckout(path)));
    });
  }

  it("has another name when its state lies elsewhere", async () => {
    const here = nameOfCheckout("/srv/platform");
    await withEnvironment({ XDG_STATE_HOME: "/elsewhere" }, () => {
      assert.notEqual(nameOfCheckout("/srv/platform"), here);
      return Promise.resolve();
    });
  });

  it("keeps to the folder of states, and has a control group of its own", async () => {
    await withEnvironment({ XDG_STATE_HOME: "/state" }, () => {
      const instance = instanceNamed("second");
      assert.equal(instance.folder, "/state/secrets-platform/second");
      assert.equal(instance.kubeconfig, "/state/secrets-platform/second/kubeconfig");
      assert.equal(instance.cgroup, "/secrets-platform-second");
      return Promise.resolve();
    });
  });

  it("leaves room for sockets, whose paths are short", () => {
    const longest = instanceNamed("i".repeat(32));
    const socket = `${longest.sockets}/containerd.sock.ttrpc`;
    assert.ok(Buffer.byteLength(socket) < 108, socket);
  });

  it("can be named by the environment", async () => {
    await withEnvironment({ SECRETS_PLATFORM_INSTANCE: "second" }, () => {
      assert.equal(currentInstance().name, "second");
      return Promise.resolve();
    });
  });

  for (const name of ["Upper", "../up", "", "ends-", "a".repeat(33)]) {
    it(`refuses the name "${name}"`, () => {
      assert.throws(() => instanceNamed(name), /cannot name an instance/);
    });
  }
});
