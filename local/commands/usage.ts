/** A mistake in how a command was called. Ends it with exit code 2. */
export class UsageError extends Error {}

/** Throws unless this machine can run the embedded platform itself. */
export function requireLinuxAndRoot(): void {
  const user = process.getuid?.();
  if (process.platform === "linux" && user === 0) return;
  const found =
    process.platform === "linux" ? `user ${user ?? "unknown"} on Linux` : `the system ${process.platform}`;
  throw new UsageError(
    `the embedded platform needs Linux and root, because it makes namespaces; this is ${found}.\n` +
      (process.platform === "linux" ? "Run it with sudo, or use" : "Use") +
      " any cluster that exists, with the same result:\n" +
      "  npm run local -- --context NAME --doppler-host URL\n" +
      "(npm run local -- --help tells more)",
  );
}
