import { readdirSync } from "node:fs";
import { checkStateDir, type StatePaths, statePaths, stateRoot } from "../lib/paths.ts";
import { lastHolder } from "../process/holder.ts";
import { resolveServer, type TmuxServer } from "../tmux/server.ts";

/** A tmux server of which there is state, and that state; which server it is may not be known. */
export interface KnownServer {
  name: string;
  server: TmuxServer | undefined;
  paths: StatePaths;
}

/** The servers of which there is state, the one that was asked for first. Throws ERR_UNSAFE_STATE_DIR. */
export function knownServers(server: TmuxServer, paths: StatePaths): KnownServer[] {
  const root = stateRoot();
  const names = checkStateDir(root) ? readdirSync(root).filter((name) => name.startsWith("server-")) : [];
  const folders = [undefined, ...names];
  const others = folders.flatMap((folder): KnownServer[] => {
    const other = statePaths(folder);
    return other.dir === paths.dir || !isSafe(other)
      ? []
      : [{ name: folder ?? "default", server: serverOf(folder, other), paths: other }];
  });
  return [{ name: server.stateFolder ?? "default", server, paths }, ...others];
}

function isSafe({ dir }: StatePaths): boolean {
  try {
    return checkStateDir(dir);
  } catch {
    return false;
  }
}

/** By its name where the folder has it, or by how its daemon or watchdog was called. */
function serverOf(folder: string | undefined, paths: StatePaths): TmuxServer | undefined {
  const candidates = [folder === undefined ? ["-L", "default"] : ["-L", folder.slice("server-".length)]];
  for (const lock of [paths.daemonLock, paths.watchdogLock]) candidates.push(lastHolder(lock)?.args.slice(0, 2) ?? []);
  for (const [flag, value] of candidates) {
    if (value === undefined || (flag !== "-L" && flag !== "-S")) continue;
    try {
      const server = resolveServer(flag === "-L" ? { name: value } : { path: value });
      if (server.stateFolder === folder) return server;
    } catch {
      // no name of a socket
    }
  }
  return undefined;
}
