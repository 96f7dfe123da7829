import assert from "node:assert/strict";

import { version as doppler } from "@pulumiverse/doppler/package.json";
import { version as random } from "@pulumi/random/package.json";
import { version as vault } from "@pulumi/vault/package.json";

import { dopplerProvider } from "../../../local/engine/providers/doppler/definition";
import { randomProvider } from "../../../local/engine/providers/random/definition";
import { vaultProvider } from "../../../local/engine/providers/vault/definition";

describe("the embedded providers", () => {
  it("have the versions of the npm packages: the engine looks for exactly these", () => {
    assert.equal(`v${dopplerProvider.version}`, doppler);
    assert.equal(randomProvider.version, random);
    assert.equal(vaultProvider.version, vault);
  });
});
