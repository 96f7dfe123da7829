import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { mkdir, readFile, readlink, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { writeArchive, type Image } from "../../../local/images/archive";
import { tarHeader } from "../../../local/images/tar";
import { runOrThrow } from "../../../local/process/run";
import { withTemporaryFolder } from "./temporaryFolder";

interface ImageConfiguration {
  config: { User: string; Entrypoint: string[] };
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
      const manifest = JSON.parse(await readFile(join(outer, "manifest.json"), "utf8")) as [
        { Config: string; RepoTags: string[]; Layers: string[] },
      ];
      const [{ Config, RepoTags }] = manifest;
      assert.deepEqual(RepoTags, ["secrets-platform.local/program:1"]);
      const { config, rootfs } = JSON.parse(
        await readFile(join(outer, Config), "utf8"),
      ) as ImageConfiguration;
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

  it("refuse a path that the format has no room for", () => {
    assert.throws(
      () => tarHeader({ path: `${"long/".repeat(20)}name`, mode: 0o644, kind: "file", size: 1 }),
      /longer than the 100 bytes/,
    );
  });
});
