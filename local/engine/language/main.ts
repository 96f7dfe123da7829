import { version } from "@pulumi/pulumi/version";

import { serveLanguageHost } from "./server";

/** The engine and `pulumi about` ask for the version with this option. */
if (process.argv.includes("--version")) {
  process.stdout.write(`${version}\n`);
} else {
  void serveLanguageHost();
}
