import assert from "node:assert/strict";
import { tokenFile } from "../../../local/node/kubeconfig";
import type { Credentials } from "../../../local/node/credentials";

const CREDENTIALS: Credentials = {
  kubernetes: {
    admin: "token-a",
    "controller-manager": "token-c",
    scheduler: "token-s",
    kubelet: "token-k",
    proxy: "token-p",
    coredns: "token-d",
  },
  openbao: "",
  doppler: "",
  passphrase: "",
};

describe("the API server's tokens", () => {
  it("give each server the identity that roles are bound to, and no more", () => {
    assert.deepEqual(tokenFile(CREDENTIALS, "node-1").trimEnd().split("\n"), [
      "token-a,admin,admin,system:masters",
      "token-c,system:kube-controller-manager,system:kube-controller-manager",
      "token-s,system:kube-scheduler,system:kube-scheduler",
      "token-k,system:node:node-1,system:node:node-1,system:nodes",
      "token-p,system:kube-proxy,system:kube-proxy",
      "token-d,coredns,coredns",
    ]);
  });
});
