import { homedir } from "node:os";
import { join } from "node:path";

/** Where instances keep their state: `$XDG_STATE_HOME/secrets-platform`, or `~/.local/state/secrets-platform`. */
export function stateHome(): string {
  const home = process.env.XDG_STATE_HOME;
  return join(
    home === undefined || home === "" ? join(homedir(), ".local", "state") : home,
    "secrets-platform",
  );
}
