import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readFile, readlink, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeArchive, type Image } from "../../../local/images/archive";
import { tarHeader } from "../../../local/images/tar";
import { runOrThrow } from "../../../local/process/run";
import { withTemporaryFolder } from "./temporaryFolder";

interface ImageConfiguration {
  config: { User: string; Entrypoint: string[]; Cmd?: string[]; Env: string[]; WorkingDir: string };
  rootfs: { diff_ids: string[] };
}

async function imageIn(folder: string): Promise<Image> {
  const executable = join(folder, "program");
  // Not a multiple of a block, so that the padding shows.
  await writeFile(executable, "x".repeat(1000));
  return {
    reference: "secrets-platform.local/program:1",
    executables: { "bin/program": executable },
    links: { "bin/alias": "program" },
    entrypoint: ["/bin/program"],
  };
}

async function unpack(archive: string, folder: string): Promise<void> {
  await mkdir(folder);
  await runOrThrow("tar", ["--extract", "--file", archive, "--directory", folder]);
}

/** What an unpacked archive says about its image. */
async function configurationIn(folder: string): Promise<ImageConfiguration & { tags: string[] }> {
  const [{ Config, RepoTags }] = JSON.parse(await readFile(join(folder, "manifest.json"), "utf8")) as [
    { Config: string; RepoTags: string[] },
  ];
  const configuration = JSON.parse(await readFile(join(folder, Config), "utf8")) as ImageConfiguration;
  return { ...configuration, tags: RepoTags };
}

describe("image archives", () => {
  it("are read by tar, with the layer's content, links and modes", async () => {
    await withTemporaryFolder(async (folder) => {
      const archive = join(folder, "image.tar");
      await writeArchive(await imageIn(folder), archive);
      const [outer, layer] = [join(folder, "outer"), join(folder, "layer")];
      await unpack(archive, outer);
      await unpack(join(outer, "layer.tar"), layer);
      assert.equal(await readFile(join(layer, "bin/program"), "utf8"), "x".repeat(1000));
      assert.equal((await stat(join(layer, "bin/program"))).mode & 0o7777, 0o755);
      assert.equal(await readlink(join(layer, "bin/alias")), "program");
      const listed = await runOrThrow("tar", ["--list", "--verbose", "--file", join(outer, "layer.tar")]);
      assert.match(listed, /^drwxrwxrwt 0\/0 .* tmp\/$/m);
    });
  });

  it("name the layer by its digest, and run as a user that is not root", async () => {
    await withTemporaryFolder(async (folder) => {
      const archive = join(folder, "image.tar");
      await writeArchive(await imageIn(folder), archive);
      const outer = join(folder, "outer");
      await unpack(archive, outer);
      const { config, rootfs, tags } = await configurationIn(outer);
      assert.deepEqual(tags, ["secrets-platform.local/program:1"]);
      const layer = await readFile(join(outer, "layer.tar"));
      assert.deepEqual(rootfs.diff_ids, [`sha256:${createHash("sha256").update(layer).digest("hex")}`]);
      assert.equal(config.User, "65532:65532");
      assert.deepEqual(config.Entrypoint, ["/bin/program"]);
    });
  });

  it("are the same bytes for the same content", async () => {
    await withTemporaryFolder(async (folder) => {
      const image = await imageIn(folder);
      const [first, second] = [join(folder, "first.tar"), join(folder, "second.tar")];
      await writeArchive(image, first);
      await writeArchive(image, second);
      assert.ok((await readFile(first)).equals(await readFile(second)));
    });
  });

  it("hold files that are only read, and say how the program is run", async () => {
    await withTemporaryFolder(async (folder) => {
      const archive = join(folder, "image.tar");
      const image = await imageIn(folder);
      const text = join(folder, "text");
      await writeFile(text, "content");
      // Longer than the field for names, so that the folders above it are written apart.
      const long = `${"folder/".repeat(20)}text`;
      await writeArchive(
        {
          ...image,
          files: { "service/text": text, [long]: text },
          command: ["program", "--flag"],
          environment: { PORT: "8000" },
          workingFolder: "/service",
        },
        archive,
      );
      const [outer, layer] = [join(folder, "outer"), join(folder, "layer")];
      await unpack(archive, outer);
      await unpack(join(outer, "layer.tar"), layer);
      assert.equal((await stat(join(layer, "service/text"))).mode & 0o7777, 0o644);
      assert.equal(await readFile(join(layer, long), "utf8"), "content");
      const { config } = await configurationIn(outer);
      assert.deepEqual(config.Cmd, ["program", "--flag"]);
      assert.ok(config.Env.includes("PORT=8000"));
      assert.ok(config.Env.some((variable) => variable.startsWith("PATH=/usr/local/sbin:")));
      assert.equal(config.WorkingDir, "/service");
    });
  });

  it("refuse a path that the format has no room for", () => {
    const header = (path: string): Buffer => tarHeader({ path, mode: 0o644, kind: "file", size: 1 });
    assert.throws(() => header("x".repeat(101)), /room for 155 bytes, a slash, and 100 bytes/);
    assert.throws(() => header(`${"x".repeat(156)}/name`), /room for 155 bytes/);
    assert.throws(() => header(`${"long/".repeat(31)}x/${"y".repeat(101)}`), /room for 155 bytes/);
    assert.equal(header(`${"x".repeat(155)}/${"y".repeat(100)}`).length, 512);
  });

  it("refuse a link whose target the format has no room for", () => {
    assert.throws(
      () => tarHeader({ path: "link", mode: 0o777, kind: "link", target: "x".repeat(101) }),
      /the link link points to x+, which is longer than the 100 bytes/,
    );
  });
});
