import assert from "node:assert/strict";

import { CheckRequest } from "@pulumi/pulumi/proto/provider_pb";

import { autoname } from "../../../provider/autoname";

const { Mode } = CheckRequest.AutonamingOptions;

function request(seed: string): CheckRequest {
  return new CheckRequest().setName("shop").setRandomseed(Buffer.from(seed));
}

function configured(mode: CheckRequest.AutonamingOptions.Mode, name = ""): CheckRequest {
  const options = new CheckRequest.AutonamingOptions().setMode(mode).setProposedName(name);
  return request("seed").setAutonaming(options);
}

describe("autoname", () => {
  it("makes the same name from the same seed, and another from another", () => {
    assert.match(autoname(request("one")) ?? "", /^shop-[0-9a-f]{7}$/);
    assert.equal(autoname(request("one")), autoname(request("one")));
    assert.notEqual(autoname(request("one")), autoname(request("two")));
  });

  it("follows the program's configuration", () => {
    assert.equal(autoname(configured(Mode.ENFORCE, "shop-prd")), "shop-prd");
    assert.equal(autoname(configured(Mode.DISABLE)), undefined);
  });
});
