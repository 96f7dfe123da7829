import assert from "node:assert/strict";
import { loadProject } from "../../../config/loading";
import { stackOutputs } from "../../../plan/outputs";
import { Plan, planStack } from "../../../plan/plan";
import { ENVIRONMENTS, inProject } from "../config/project";

const SERVICE = `
name: keys
namespace: { default: keys, dev: keys-dev }
secrets: [{ name: values, from: doppler, keys: [JWT_KEY, BOT_TOKEN] }]
`;
const SHOP = `
name: shop
namespace: shop
secretsService: { keys: [JWT_KEY] }
config: { PORT: 3000 }
`;
const BOT = `
name: bot
namespace: bots
environments: [dev]
secretsService: { keys: [BOT_*], identity: serviceAccount }
`;

function plan(files: Record<string, string>, secretsService?: object): Plan {
  const values = {
    environments: ENVIRONMENTS,
    kubernetes: { context: "kind" },
    doppler: { project: "example" },
    ...(secretsService && { secretsService }),
  };
  const inFolder = Object.fromEntries(
    Object.entries(files).map(([name, text]) => [`apps/${name}.yaml`, text]),
  );
  return inProject(inFolder, (folder) => {
    const { configuration, applications } = loadProject({ stack: "dev", values, folder });
    const identity = { organization: "o", project: "p", stack: "dev", environment: "dev" };
    return planStack(identity, configuration, applications);
  });
}

describe("the plan of the secrets service", () => {
  const files = { service: SERVICE, shop: SHOP, bot: BOT };
  const configured = { image: "registry.example/keys:1", application: "keys" };

  it("names its address, and who may ask for what as whom", () => {
    const { secretsService } = plan(files, configured);
    assert.equal(secretsService?.url, "http://keys.keys-dev.svc");
    assert.equal(secretsService.application.name, "keys");
    assert.deepEqual(
      secretsService.callers.map(({ application: { name }, keys, tokenSecret }) => [name, keys, tokenSecret]),
      [
        ["bot", ["BOT_*"], undefined],
        ["shop", ["JWT_KEY"], "shop-secrets-service"],
      ],
    );
  });

  it("writes into the callers' ConfigMaps what their client reads, and into no other", () => {
    const url = "http://keys.keys-dev.svc";
    const { applications } = plan(files, configured);
    assert.deepEqual(
      applications.map(({ name, configMap, config }) => [name, configMap, config]),
      [
        [
          "bot",
          "bot-config",
          {
            SECRETS_SERVICE_URL: url,
            SECRETS_SERVICE_TOKEN_FILE: "/var/run/secrets/secrets-service/token",
          },
        ],
        ["keys", undefined, {}],
        ["shop", "shop-config", { PORT: "3000", SECRETS_SERVICE_URL: url }],
      ],
    );
  });

  it("tells application stacks the address, and each caller the Secret with its token", () => {
    const outputs = stackOutputs(plan(files, configured));
    assert.equal(outputs["secretsService.url"], "http://keys.keys-dev.svc");
    assert.deepEqual(outputs["app.shop.secrets"], ["shop-secrets-service"]);
    assert.deepEqual(outputs["app.bot.secrets"], []);
    assert.deepEqual(outputs["app.keys.secrets"], ["values"]);
  });

  it("is none where nobody's Secrets would be served, or the stack runs none", () => {
    const other = { shop: "name: shop\nnamespace: shop\nconfig: { A: b }\n" };
    for (const configuration of [undefined, { image: "registry.example/keys:1" }]) {
      const planned = plan(other, configuration);
      assert.equal(planned.secretsService, undefined);
      assert.equal(stackOutputs(planned)["secretsService.url"], undefined);
    }
  });
});
