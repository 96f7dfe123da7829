import assert from "node:assert/strict";
import { once } from "node:events";
import { spawn } from "node:child_process";
import { cp, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { secretsServiceImage, secretsServiceReference } from "../../../local/images/catalogue";
import { dockerfileSettings } from "../../../local/images/dockerfile";
import { productionPackages, type LockedPackages } from "../../../local/images/productionPackages";
import { sharedLibraries } from "../../../local/images/sharedLibraries";
import { CHECKOUT } from "../../../local/node/instance";
import { runOrThrow } from "../../../local/process/run";
import { withEnvironment, withTemporaryFolder } from "./temporaryFolder";

interface ListedPackage {
  path?: string;
  extraneous?: boolean;
  dependencies?: Record<string, ListedPackage>;
}

/** Folders of a package's dependencies, and of theirs, as npm lists them. */
function foldersBelow({ dependencies = {} }: ListedPackage): string[] {
  return Object.values(dependencies)
    .filter(({ extraneous }) => extraneous !== true)
    .flatMap((each) => [each.path ?? "", ...foldersBelow(each)]);
}

describe("the image of the secrets service", function () {
  this.timeout(60_000);

  it("has the packages that npm lists for it, and none for development", async () => {
    const listed = await runOrThrow(
      "npm",
      ["ls", "--omit=dev", "--all", "--json", "--long", "--workspace", "services/secrets"],
      { cwd: CHECKOUT },
    );
    const { dependencies = {} } = JSON.parse(listed) as ListedPackage;
    const service = dependencies["secrets-service"];
    assert.ok(service);
    const lock = JSON.parse(await readFile(join(CHECKOUT, "package-lock.json"), "utf8")) as {
      packages: LockedPackages;
    };
    const found = productionPackages(lock.packages, "services/secrets");
    assert.deepEqual(
      found.map((folder) => join(CHECKOUT, folder)),
      [...new Set(foldersBelow(service))].sort(),
    );
    assert.ok(found.includes("node_modules/fastify"));
    assert.ok(!found.includes("node_modules/typescript") && !found.includes("node_modules/mocha"));
  });

  it("is compiled once into the cache, runs from its own files, and refuses to start unconfigured", async () => {
    await withTemporaryFolder(async (folder) => {
      await withEnvironment({ XDG_CACHE_HOME: folder }, async () => {
        const image = await secretsServiceImage();
        const again = await secretsServiceImage();
        assert.deepEqual(again, image);
        const services = join(folder, "secrets-platform", "services");
        const entries = await readdir(services);
        assert.equal(entries.filter((name) => name.startsWith("secrets-")).length, 1);
        const root = join(folder, "root");
        for (const [path, source] of Object.entries(image.files ?? {})) {
          await mkdir(dirname(join(root, path)), { recursive: true });
          await cp(source, join(root, path));
        }
        const [, ...rest] = image.command ?? [];
        const service = spawn(process.execPath, rest, {
          cwd: join(root, image.workingFolder ?? ""),
          env: { ...image.environment, HOST: "127.0.0.1" },
          stdio: ["ignore", "ignore", "pipe"],
        });
        const said: Buffer[] = [];
        service.stderr.on("data", (chunk: Buffer) => said.push(chunk));
        assert.deepEqual(await once(service, "close"), [2, null]);
        assert.match(Buffer.concat(said).toString(), /SECRETS_STORE/);
      });
    });
  });

  it("is run as the Dockerfile says", async () => {
    const image = await secretsServiceImage();
    assert.deepEqual(
      {
        reference: image.reference,
        user: image.user,
        folder: image.workingFolder,
        environment: image.environment,
        command: image.command,
      },
      {
        reference: await secretsServiceReference(),
        user: "65532:65532",
        folder: "/service",
        environment: { NODE_ENV: "production", HOST: "0.0.0.0", PORT: "8000" },
        command: ["node", "--max-semi-space-size=4", "services/secrets/main.js"],
      },
    );
    assert.match(image.reference, /^secrets-platform\.local\/secrets-service:\d+\.\d+\.\d+$/);
    assert.ok("service/services/secrets/main.js" in (image.files ?? {}));
    assert.ok("usr/local/bin/node" in image.executables);
  });
});

describe("the packages of a workspace", () => {
  it("are found nearest first, and leave out those for development and absent optional ones", () => {
    const packages = {
      service: { dependencies: { a: "1" }, devDependencies: { tool: "1" } } as LockedPackages[string],
      "node_modules/a": { dependencies: { b: "1", "@s/c": "1" }, optionalDependencies: { absent: "1" } },
      "node_modules/a/node_modules/b": {
        peerDependencies: { a: "1", absent: "1" },
        peerDependenciesMeta: { absent: { optional: true } },
      },
      "node_modules/b": {},
      "service/node_modules/@s/c": {},
      "node_modules/@s/c": {},
      "node_modules/tool": {},
    };
    assert.deepEqual(productionPackages(packages, "service"), [
      "node_modules/@s/c",
      "node_modules/a",
      "node_modules/a/node_modules/b",
    ]);
  });

  it("must all be locked", () => {
    assert.throws(
      () => productionPackages({ service: { dependencies: { gone: "1" } } }, "service"),
      /has no package gone, which service needs: run npm install/,
    );
  });
});

describe("settings of a Dockerfile", () => {
  const LAST = [
    "FROM base",
    "WORKDIR /service",
    "ENV ONE=1 \\",
    "  TWO=2",
    "USER 1:2",
    "HEALTHCHECK --interval=10s \\",
    '  CMD ["node", "-e", "check"]',
    'CMD ["node", "main.js"]',
  ];

  async function settingsOf(lines: readonly string[]): Promise<unknown> {
    return withTemporaryFolder(async (folder) => {
      await writeFile(join(folder, "Dockerfile"), lines.join("\n"));
      return dockerfileSettings(join(folder, "Dockerfile"));
    });
  }

  it("are those of the last stage", async () => {
    assert.deepEqual(await settingsOf(["FROM first AS build", "WORKDIR /build", "USER 7:7", ...LAST]), {
      workingFolder: "/service",
      environment: { ONE: "1", TWO: "2" },
      user: "1:2",
      command: ["node", "main.js"],
    });
  });

  for (const [instruction, replacement, complaint] of [
    ["USER 1:2", "USER somebody", /needs one USER of the form 65532:65532; found: somebody$/],
    ["USER 1:2", "", /needs one USER .*; found: none$/],
    ["WORKDIR /service", "WORKDIR /one\nWORKDIR two", /needs one WORKDIR .*; found: \/one and two$/],
    ['CMD ["node", "main.js"]', "CMD node main.js", /needs one CMD .*; found: node main\.js$/],
    ["  TWO=2", '  TWO="2 3"', /needs one ENV .*; found: ONE=1 TWO="2 3"$/],
  ] as const) {
    it(`are refused with ${JSON.stringify(replacement)} in place of ${instruction}`, async () => {
      await assert.rejects(
        settingsOf(LAST.map((line) => (line === instruction ? replacement : line))),
        complaint,
      );
    });
  }
});

describe("shared libraries", () => {
  it("of Node are the loader and files that exist", async () => {
    const libraries = await sharedLibraries(process.execPath);
    assert.ok(libraries.some((path) => /\/ld-[^/]+$/.test(path)));
    assert.ok(libraries.some((path) => /\/libc\.so[^/]*$/.test(path)));
    for (const library of libraries) assert.ok((await readFile(library)).length > 0);
  });
});
