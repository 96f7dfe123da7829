import assert from "node:assert/strict";
import { chmodSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Embedded } from "../support/embedded";
import { everyText } from "../support/everyText";
import { projectCopy } from "../support/projectCopy";
import { Outcome, PulumiStack } from "../support/pulumiStack";

const NAMESPACE = "voice-dev";
const SECRET = "shared-secrets";

const VOICE = `
name: voice-agent
namespace: { default: voice, dev: ${NAMESPACE} }
secrets:
  - name: ${SECRET}
    from: environment
    keys:
      default: { LIVEKIT_API_KEY: LIVEKIT_API_KEY, tls.pem: VOICE_CERTIFICATE, OPENAI_API_KEY: OPENAI_API_KEY }
      prd: [NEVER_ASKED_FOR_IN_DEV]
    labels: { team: voice }
    annotations: { note: of the Secret }
config:
  LIVEKIT_URL: { default: "\${LIVEKIT_URL}", dev: "\${LIVEKIT_URL_DEV}" }
  WELCOME: Hello \${CALLER}, that is $$5 or $FIVE
  LOG_LEVEL: info
`;

const MOVED = (from: string) => `
name: moved
namespace: { default: moved, dev: ${NAMESPACE} }
secrets:
  - { name: moved-secrets, ${from} }
`;

/** Values that are found nowhere else. */
const CANARIES = {
  key: `canary-key-${crypto.randomUUID()}`,
  changed: `canary-changed-${crypto.randomUUID()}`,
  certificate: `"canary" '$HOME' \${X} $$ äö €\n-----\n${`canary-certificate-${crypto.randomUUID()}\n`.repeat(1500)}`,
  openai: `canary-openai-${crypto.randomUUID()}`,
};

const VARIABLES = {
  LIVEKIT_API_KEY: CANARIES.key,
  VOICE_CERTIFICATE: CANARIES.certificate,
  OPENAI_API_KEY: CANARIES.openai,
  LIVEKIT_URL_DEV: "wss://dev.livekit.example",
  CALLER: "Zoë",
};

interface Stored {
  type: string;
  data?: Record<string, string>;
}

/** Secrets that an update fills from its own environment. */
describe("Secrets from the environment", function () {
  this.timeout(600_000);
  this.bail(true);

  let embedded: Embedded;
  let stack: PulumiStack;
  let namespaces: string[];

  before(async () => {
    embedded = await Embedded.connect();
    stack = new PulumiStack("environment-source", embedded, embedded.stackValues("dev"));
    stack.application("voice-agent", VOICE);
    await stack.create();
    await embedded.cluster.create("/api/v1/namespaces", { metadata: { name: NAMESPACE } });
    await embedded.cluster.create(`/api/v1/namespaces/${NAMESPACE}/secrets`, {
      metadata: { name: SECRET },
      stringData: { LIVEKIT_API_KEY: "made-by-hand", LEFT: "made-by-hand" },
    });
    namespaces = await embedded.namespaces();
  });

  after(() => {
    stack.remove();
  });

  /** Whatever is printed holds no value. */
  function successful({ code, output }: Outcome): string {
    assert.equal(code, 0, output);
    for (const [name, value] of Object.entries(CANARIES)) {
      for (const needle of needles(value)) assert.ok(!output.includes(needle), `${name} was shown`);
    }
    return output;
  }

  const up = async (environment: Record<string, string> = VARIABLES, flags: string[] = []) =>
    successful(await stack.up({ environment, flags }));

  it("refuses to update without the values, names all of them at once, and makes nothing", async () => {
    const { code, output } = await stack.up({ environment: { OPENAI_API_KEY: "", CALLER: "Zoë" } });
    assert.notEqual(code, 0);
    assert.match(output, /4 mistakes in the configuration\. Nothing was changed\./);
    assert.match(
      output,
      /voice-agent\.yaml:8:\d+ {2}secrets\[0\]\.keys\.default\.LIVEKIT_API_KEY\s+found {2}the variable LIVEKIT_API_KEY, which is not set/,
    );
    assert.match(output, /the variable VOICE_CERTIFICATE, which is not set/);
    assert.match(output, /the variable OPENAI_API_KEY, which is empty/);
    assert.match(
      output,
      /config\.LIVEKIT_URL\.dev\s+found {2}the variable LIVEKIT_URL_DEV, which is not set/,
    );
    assert.doesNotMatch(output, /CALLER|NEVER_ASKED_FOR_IN_DEV|^\s+at .*\.[tj]s:\d+/m);
    assert.deepEqual(await embedded.namespaces(), namespaces);
    assert.deepEqual(Object.keys((await embedded.secretValues(NAMESPACE, SECRET)) ?? {}).sort(), [
      "LEFT",
      "LIVEKIT_API_KEY",
    ]);
  });

  it("previews without the values, says which are missing, and announces the Secret made by hand", async () => {
    const output = successful(await stack.preview([], { environment: { CALLER: "Zoë" } }));
    assert.match(output, /warning: pulumi up would fail, since values are missing/);
    for (const name of ["LIVEKIT_API_KEY", "VOICE_CERTIFICATE", "OPENAI_API_KEY", "LIVEKIT_URL_DEV"])
      assert.match(output, new RegExp(`the variable ${name}, which is not set`));
    assert.match(output, /\+ kubernetes:core\/v1:Secret/);
    assert.match(
      output,
      /Secret voice-dev\/shared-secrets was made by hand: its contents are replaced by those of the environment/,
    );
  });

  it("refuses stand-ins in a preview and in an update, by name", async () => {
    for (const value of ["ChangeMe", "${LIVEKIT_API_KEY}"]) {
      const environment = { ...VARIABLES, LIVEKIT_API_KEY: value };
      for (const { code, output } of [
        await stack.preview([], { environment }),
        await stack.up({ environment }),
      ]) {
        assert.notEqual(code, 0);
        assert.match(output, /1 mistake in the configuration/);
        assert.match(output, /the variable LIVEKIT_API_KEY, whose value is still/);
        assert.ok(!output.includes(value), output);
      }
    }
    assert.deepEqual(await embedded.namespaces(), namespaces);
  });

  it("writes the values into the Secret and the ConfigMap", async () => {
    assert.match(await up(), /Secret voice-dev\/shared-secrets was made by hand/);
    assert.deepEqual(await embedded.secretValues(NAMESPACE, SECRET), {
      LEFT: "made-by-hand",
      LIVEKIT_API_KEY: CANARIES.key,
      "tls.pem": CANARIES.certificate,
      OPENAI_API_KEY: CANARIES.openai,
    });
    const secret = await embedded.cluster.get<Stored>(`/api/v1/namespaces/${NAMESPACE}/secrets/${SECRET}`);
    assert.equal(secret?.type, "Opaque");
    const { labels = {}, annotations = {} } = secret.metadata;
    assert.equal(labels["team"], "voice");
    assert.equal(labels["secrets-platform/application"], "voice-agent");
    assert.equal(annotations["note"], "of the Secret");
    assert.match(annotations["secrets-platform/owner"] ?? "", /\/environment-source$/);
    const configMap = await embedded.cluster.get<Stored>(
      `/api/v1/namespaces/${NAMESPACE}/configmaps/voice-agent-config`,
    );
    assert.deepEqual(configMap?.data, {
      LIVEKIT_URL: "wss://dev.livekit.example",
      WELCOME: "Hello Zoë, that is $5 or $FIVE",
      LOG_LEVEL: "info",
    });
    const outputs = await stack.outputs();
    assert.deepEqual(outputs["app.voice-agent.secrets"], [SECRET]);
    assert.equal(outputs["app.voice-agent.configMap"], "voice-agent-config");
  });

  it("shows it as in sync, without a refresh", async () => {
    const { output } = await stack.status();
    assert.match(output, /^voice-agent +voice-dev +shared-secrets +environment +in sync$/m);
  });

  it("changes nothing when no value has changed", async () => {
    const output = await up();
    assert.match(output, /\d+ unchanged/);
    assert.doesNotMatch(output, /\d+ (?:created|updated|changed|replaced|deleted)|made by hand/);
  });

  it("shows a changed value as changed and not as text, and writes it", async () => {
    const changed = { ...VARIABLES, LIVEKIT_API_KEY: CANARIES.changed };
    const preview = successful(await stack.preview([], { environment: changed }));
    assert.match(preview, /~ kubernetes:core\/v1:Secret: \(update\)/);
    assert.match(preview, /~ LIVEKIT_API_KEY: \[secret\] => \[secret\]/);
    assert.doesNotMatch(preview, /~ (?:OPENAI_API_KEY|tls\.pem)/);
    assert.match(preview, /~ 1 to update/);
    assert.match(await up(changed), /~ 1 updated/);
    const values = await embedded.secretValues(NAMESPACE, SECRET);
    assert.equal(values?.["LIVEKIT_API_KEY"], CANARIES.changed);
    assert.equal(values["OPENAI_API_KEY"], CANARIES.openai);
  });

  it("reads a file that the stack names, under the variables of the process, and warns when others can read it", async () => {
    const file = join(stack.folder, ".env.dev");
    const name = relative(projectCopy(), file);
    stack.values = { ...stack.values, environmentFile: name };
    const { code, output } = await stack.up();
    assert.notEqual(code, 0);
    assert.match(output, /environmentFile\s+found {2}".*\.env\.dev", a file that cannot be read \(ENOENT\)/);
    writeFileSync(
      file,
      `LIVEKIT_API_KEY=${CANARIES.key}\nOPENAI_API_KEY="${CANARIES.openai}"\nLIVEKIT_URL_DEV='wss://of-file'\n`,
      { mode: 0o600 },
    );
    const { VOICE_CERTIFICATE, CALLER, LIVEKIT_URL_DEV } = VARIABLES;
    const written = await up({ VOICE_CERTIFICATE, CALLER, LIVEKIT_URL_DEV });
    assert.match(written, /~ 1 updated/);
    assert.doesNotMatch(written, /chmod 600/);
    assert.equal((await embedded.secretValues(NAMESPACE, SECRET))?.["LIVEKIT_API_KEY"], CANARIES.key);
    chmodSync(file, 0o644);
    assert.match(
      await up({ VOICE_CERTIFICATE, CALLER, LIVEKIT_URL_DEV }),
      /warning: .*\.env\.dev can be read by others than its owner: chmod 600/,
    );
  });

  it("refuses to fill a Secret that an operator has made, since it would go with the operator's object", async () => {
    stack.application("moved", MOVED("from: doppler, keys: [JWT_SECRET]"));
    await up();
    stack.application("moved", MOVED("from: environment, keys: { JWT_SECRET: OPENAI_API_KEY }"));
    const { code, output } = await stack.up({ environment: VARIABLES });
    assert.notEqual(code, 0);
    assert.match(
      output,
      /Secret voice-dev\/moved-secrets: it was made from ExternalSecret moved-secrets, and is deleted with it/,
    );
    stack.application("moved", undefined);
    await up();
    assert.equal(await embedded.secretValues(NAMESPACE, "moved-secrets"), undefined);
  });

  it("leaves no value in the state, in logs or in what was printed", async () => {
    const texts = await everyText(embedded);
    texts.set("exported state", await stack.exportState());
    const found = [...texts].flatMap(([place, text]) =>
      Object.entries(CANARIES)
        .filter(([, value]) => needles(value).some((needle) => text.includes(needle)))
        .map(([name]) => `${name} in ${place}`),
    );
    assert.deepEqual(found, []);
  });

  it("removes the Secret and the ConfigMap with their application, and everything in the end", async () => {
    stack.application("voice-agent", undefined);
    await up({});
    assert.equal(await embedded.secretValues(NAMESPACE, SECRET), undefined);
    const path = `/api/v1/namespaces/${NAMESPACE}/configmaps/voice-agent-config`;
    assert.equal(await embedded.cluster.get(path), undefined);
    const { code, output } = await stack.destroy();
    assert.equal(code, 0, output);
    await embedded.removeNamespaces([NAMESPACE]);
  });
});

/** Forms in which a value could be found: its part that is unique, as it is and as Kubernetes writes it. */
function needles(value: string): string[] {
  const unique = /canary-\w+-[-0-9a-f]{36}/.exec(value)?.[0] ?? assert.fail();
  return [unique, Buffer.from(value).toString("base64")];
}
