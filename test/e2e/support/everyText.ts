import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { Embedded } from "./embedded";

/** All that the platform wrote: state, logs, output of every command, and Helm's record of its releases, by place. */
export async function everyText(embedded: Embedded): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const folder of [embedded.backend, embedded.logs]) {
    for (const file of readdirSync(folder, { recursive: true, withFileTypes: true })) {
      const path = join(file.parentPath, file.name);
      if (file.isFile()) texts.set(path, readFileSync(path, "latin1"));
    }
  }
  const records = await embedded.cluster.list<{ data?: Record<string, string> }>(
    "/api/v1/namespaces/external-secrets/secrets",
    { labelSelector: "owner=helm" },
  );
  for (const record of records) {
    // Kubernetes' base64 around Helm's own, around gzip.
    const release = Buffer.from(record.data?.["release"] ?? "", "base64").toString("utf8");
    texts.set(
      `Helm release ${record.metadata.name}`,
      gunzipSync(Buffer.from(release, "base64")).toString("utf8"),
    );
  }
  return texts;
}
