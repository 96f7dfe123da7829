import { strict as assert } from "node:assert";
import { parse } from "yaml";
import type { Seed } from "../../../local/doppler/seed";
import type { Api } from "./api";
import { startEmulated, type Emulated } from "./emulated";

const DOWNLOAD = "/v3/configs/config/secrets/download";
const SECRETS = "/v3/configs/config/secrets";

const TRICKY = 'line one\nline "two"\\ # $HOME: {}';

const seed: Seed = {
  projects: [
    {
      name: "first",
      environments: [
        {
          name: "Development",
          slug: "dev",
          secrets: {
            API_KEY: "dev-key",
            SMTP__USER_NAME: TRICKY,
            CHAIN: "${API_KEY} and ${LAST}",
            LAST: "${prd.API_KEY} and ${second.dev.HOST} and ${DOPPLER_CONFIG}",
            NOWHERE: "${MISSING} ${nowhere.API_KEY} ${nowhere.dev.API_KEY}",
            CIRCLE_A: "a${CIRCLE_B}",
            CIRCLE_B: "b${CIRCLE_A}",
          },
          branches: [{ name: "dev_local", secrets: { API_KEY: "branch-key" } }],
        },
        { name: "Production", slug: "prd", secrets: { API_KEY: "prd-key" } },
      ],
    },
    {
      name: "second",
      environments: [{ name: "Development", slug: "dev", secrets: { HOST: "second-host" } }],
    },
  ],
};

describe("downloads and references in the Doppler emulator", () => {
  let emulated: Emulated;
  let admin: Api;
  const dev = { project: "first", config: "dev" };

  before(async () => {
    emulated = await startEmulated({ seed });
    ({ admin } = emulated);
  });

  after(() => emulated.emulator.close());

  const download = async (query: Record<string, string>): Promise<Record<string, string>> =>
    (await admin.get(DOWNLOAD, query)).json as Record<string, string>;

  it("gives a flat map of texts with what Doppler adds, sorted by name", async () => {
    const secrets = await download({ project: "second", config: "dev" });
    assert.deepEqual(Object.entries(secrets), [
      ["DOPPLER_CONFIG", "dev"],
      ["DOPPLER_ENVIRONMENT", "dev"],
      ["DOPPLER_PROJECT", "second"],
      ["HOST", "second-host"],
    ]);
  });

  it("gives only the secrets that are asked for and exist", async () => {
    assert.deepEqual(await download({ ...dev, secrets: "API_KEY,NOT_THERE" }), { API_KEY: "dev-key" });
  });

  it("resolves references in the config, in another config and in another project", async () => {
    const secrets = await download(dev);
    assert.equal(secrets.LAST, "prd-key and second-host and dev");
    assert.equal(secrets.CHAIN, `dev-key and ${secrets.LAST}`);
  });

  it("leaves a reference to nothing, or in a circle, as it is written", async () => {
    const secrets = await download(dev);
    assert.equal(secrets.NOWHERE, "${MISSING} ${nowhere.API_KEY} ${nowhere.dev.API_KEY}");
    assert.equal(secrets.CIRCLE_A, "ab${CIRCLE_A}");
  });

  it("stops references that double again and again", async () => {
    const bomb = Object.fromEntries(
      Array.from({ length: 40 }, (_, level) => [
        `BOMB_${level}`,
        `\${BOMB_${level + 1}}\${BOMB_${level + 1}}`,
      ]),
    );
    const at = { project: "second", config: "prd" };
    await admin.post("/v3/environments", { project: "second", name: "Production", slug: "prd" });
    await admin.post(SECRETS, { ...at, secrets: { ...bomb, BOMB_40: "boom" } });
    const { BOMB_0: value = "" } = await download({ ...at, secrets: "BOMB_0" });
    assert.ok(value.length > 0 && value.length < 1024 * 1024, `${value.length} characters`);
  });

  it("gives a branch its root's secrets, with its own over them, and references seen from the branch", async () => {
    const branch = await download({ project: "first", config: "dev_local" });
    assert.equal(branch.API_KEY, "branch-key");
    assert.equal(branch.CHAIN, "branch-key and prd-key and second-host and dev_local");
    assert.equal((await download(dev)).API_KEY, "dev-key");
  });

  it("writes every format so that its readers get the value back", async () => {
    const written = (format: string): Promise<string> =>
      admin.get(DOWNLOAD, { ...dev, format, secrets: "SMTP__USER_NAME" }).then(({ text }) => text);
    assert.deepEqual(JSON.parse(await written("json")), { SMTP__USER_NAME: TRICKY });
    assert.deepEqual(parse(await written("yaml")), { SMTP__USER_NAME: TRICKY });
    assert.deepEqual(JSON.parse(await written("dotnet-json")), { Smtp: { UserName: TRICKY } });
    assert.equal(await written("docker"), 'SMTP__USER_NAME=line one\\nline "two"\\ # $HOME: {}');
    assert.equal(await written("env-no-quotes"), await written("docker"));
    assert.equal(await written("env"), 'SMTP__USER_NAME="line one\\nline \\"two\\"\\\\ # $HOME: {}"');
  });

  it("sends texts as text, and refuses a format that does not exist", async () => {
    const type = (answer: { headers: Headers }): string | null => answer.headers.get("content-type");
    assert.equal(type(await admin.get(DOWNLOAD, { ...dev, format: "env" })), "text/plain; charset=utf-8");
    assert.equal(type(await admin.get(DOWNLOAD, dev)), "application/json; charset=utf-8");
    const refused = await admin.get(DOWNLOAD, { ...dev, format: "xml" });
    assert.equal(refused.status, 400);
    assert.match(refused.text, /'format': .*dotnet-json/);
  });

  it("renames secrets as the name transformers say", async () => {
    const expected: Record<string, string> = {
      camel: "smtpUserName",
      "upper-camel": "SmtpUserName",
      "lower-snake": "smtp__user_name",
      "lower-kebab": "smtp--user-name",
      "tf-var": "TF_VAR_smtp__user_name",
      dotnet: "Smtp:UserName",
      "dotnet-env": "Smtp__UserName",
    };
    for (const [transformer, name] of Object.entries(expected)) {
      const secrets = await download({ ...dev, name_transformer: transformer, secrets: "SMTP__USER_NAME" });
      assert.deepEqual(Object.keys(secrets), [name], transformer);
    }
  });

  it("answers 304 without a body to the tag of what has not changed, and the new body after a change", async () => {
    const first = await admin.get(DOWNLOAD, dev);
    const tag = first.headers.get("etag") ?? "";
    assert.match(tag, /^W\/"[0-9a-f]{64}"$/);
    for (const header of [tag, tag.slice(2), `"other", ${tag}`, "*"]) {
      const same = await admin.get(DOWNLOAD, dev, { "if-none-match": header });
      assert.deepEqual([same.status, same.text, same.headers.get("etag")], [304, "", tag], header);
    }
    emulated.emulator.setSecret("first", "prd", "API_KEY", "changed-where-it-is-referred-to");
    const changed = await admin.get(DOWNLOAD, dev, { "if-none-match": tag });
    assert.equal(changed.status, 200);
    assert.notEqual(changed.headers.get("etag"), tag);
  });

  it("has another tag for another format of the same secrets", async () => {
    const json = await admin.get(DOWNLOAD, dev);
    const tag = json.headers.get("etag") ?? "";
    const env = await admin.get(DOWNLOAD, { ...dev, format: "env" }, { "if-none-match": tag });
    assert.equal(env.status, 200);
  });

  it("answers a secret that does not exist with nulls, as External Secrets Operator and Terraform expect", async () => {
    const answer = await admin.get("/v3/configs/config/secret", { ...dev, name: "NOT_THERE" });
    assert.equal(answer.status, 200);
    assert.deepEqual((answer.json as { value: unknown }).value, {
      raw: null,
      computed: null,
      note: "",
      rawVisibility: null,
      computedVisibility: null,
      rawValueType: null,
      computedValueType: null,
    });
  });
});
