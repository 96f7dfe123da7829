import assert from "node:assert/strict";
import {
  copyFileSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, dirname, join } from "node:path";

import { installEngine, type EngineOptions, type EnginePart } from "../../../local/engine/install";
import { obtainPart } from "../../../local/parts";

/** A proxy that nothing listens at: so that no download succeeds. */
const NO_NETWORK = { HTTPS_PROXY: "http://127.0.0.1:9", HTTP_PROXY: "http://127.0.0.1:9", NO_PROXY: "" };

describe("installEngine", () => {
  let folder: string;
  let options: EngineOptions;
  let lines: string[];
  const saved = { ...process.env };

  beforeEach(async () => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), "install-")));
    lines = [];
    const { path } = await obtainPart("pulumi");
    options = {
      pulumi: path,
      home: join(folder, "home"),
      bin: join(folder, "bin"),
      log: (line) => lines.push(line),
    };
    Object.assign(process.env, NO_NETWORK, {
      XDG_CACHE_HOME: join(folder, "cache"),
      PULUMI_HOME: join(folder, "users"),
      HOME: folder,
      PATH: [dirname(process.execPath), "/usr/bin", "/bin"].join(delimiter),
    });
  });

  afterEach(() => {
    for (const name of Object.keys(process.env)) {
      if (!(name in saved)) {
        Reflect.deleteProperty(process.env, name);
      }
    }
    Object.assign(process.env, saved);
    rmSync(folder, { recursive: true });
  });

  /** A program that is no script, as the vendors' are. */
  function binary(path: string): void {
    mkdirSync(dirname(path), { recursive: true });
    copyFileSync("/bin/true", path);
  }

  /** As if downloads had just failed: the CLI takes ten seconds to find out. */
  function withoutDownloads(): void {
    const plugins = join(folder, "cache", "secrets-platform", "plugins");
    mkdirSync(plugins, { recursive: true });
    for (const plugin of ["doppler-0.9.0", "random-4.21.1", "vault-7.8.0"]) {
      writeFileSync(join(plugins, `${plugin}.unavailable`), "");
    }
  }

  function sources(parts: EnginePart[]): Record<string, string> {
    return Object.fromEntries(parts.map(({ name, version, source }) => [`${name} ${version}`, source]));
  }

  /** Every file, with what tells that it was written again. */
  function files(): string[] {
    return ["bin", "home"].flatMap((part) =>
      readdirSync(join(folder, part), { recursive: true, encoding: "utf8" }).map((name) => {
        const { ino, ctimeMs } = lstatSync(join(folder, part, name));
        return `${name} ${ino} ${ctimeMs}`;
      }),
    );
  }

  it("lays out this project's own parts where there are no others, and changes nothing the second time", async () => {
    const parts = await installEngine({ ...options, vendorPlugins: false });
    assert.deepEqual(sources(parts), {
      "nodejs 3.256.0": "embedded",
      "doppler 0.9.0": "embedded",
      "random 4.21.1": "embedded",
      "vault 7.8.0": "embedded",
    });
    const before = files();
    assert.ok(before.length >= 9);
    assert.deepEqual(await installEngine({ ...options, vendorPlugins: false }), parts);
    assert.deepEqual(files(), before);
    assert.deepEqual(lines, []);
  });

  it("tries a download once, and remembers that it failed", async () => {
    assert.equal(sources(await installEngine(options))["random 4.21.1"], "embedded");
    assert.match(lines.join("\n"), /looking for the vendor's plugin random 4\.21\.1/);
    assert.match(
      lines.join("\n"),
      /random 4\.21\.1 cannot be had; delete .*random-4\.21\.1\.unavailable to try again/,
    );
    lines = [];
    const start = performance.now();
    await installEngine(options);
    assert.deepEqual(lines, []);
    assert.ok(performance.now() - start < 1000);
  });

  it("takes the vendor's plugin of the user's own Pulumi home, but no other version, and no script", async () => {
    withoutDownloads();
    const users = join(folder, "users", "plugins");
    binary(join(users, "resource-random-v4.21.1", "pulumi-resource-random"));
    mkdirSync(join(users, "resource-doppler-v0.9.0"));
    writeFileSync(join(users, "resource-doppler-v0.9.0", "pulumi-resource-doppler"), "#!/bin/sh\n", {
      mode: 0o755,
    });
    binary(join(users, "resource-doppler-v0.8.0", "pulumi-resource-doppler"));
    const parts = await installEngine(options);
    assert.equal(sources(parts)["random 4.21.1"], "vendor");
    assert.equal(sources(parts)["doppler 0.9.0"], "embedded");
    const random = parts.find(({ name }) => name === "random")?.path ?? "";
    assert.equal(realpathSync(random), join(users, "resource-random-v4.21.1", "pulumi-resource-random"));
  });

  it("takes the vendor's language host that stands beside the CLI", async () => {
    withoutDownloads();
    const cli = join(folder, "vendors", "pulumi");
    mkdirSync(dirname(cli));
    copyFileSync(options.pulumi, cli);
    binary(join(folder, "vendors", "pulumi-language-nodejs"));
    const [besides] = await installEngine({ ...options, pulumi: cli });
    assert.equal(besides?.source, "vendor");
    assert.equal(realpathSync(besides.path), join(folder, "vendors", "pulumi-language-nodejs"));

    process.env["PATH"] = [join(folder, "vendors"), process.env["PATH"]].join(delimiter);
    const [onPath] = await installEngine(options);
    assert.equal(onPath?.source, "vendor");
    const [own] = await installEngine({ ...options, vendorPlugins: false });
    assert.equal(own?.source, "embedded");
  });

  it("says where the Kubernetes provider is from, and links it", async () => {
    const built = join(folder, "built", "pulumi-resource-kubernetes");
    binary(built);
    const parts = await installEngine({ ...options, vendorPlugins: false, kubernetesProvider: built });
    assert.equal(sources(parts)["kubernetes 4.25.0"], "built");
    const linked = join(options.home, "plugins", "resource-kubernetes-v4.25.0", "pulumi-resource-kubernetes");
    assert.equal(realpathSync(linked), built);
  });
});
