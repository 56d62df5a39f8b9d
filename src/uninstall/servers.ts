import { existsSync, readdirSync } from "node:fs";
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

/** By how its daemon or watchdog was called, or by its name where the folder has it. */
function serverOf(folder: string | undefined, paths: StatePaths): TmuxServer | undefined {
  for (const lock of [paths.daemonLock, paths.watchdogLock]) {
    const [flag, value = ""] = lastHolder(lock)?.args.slice(0, 2) ?? [];
    const server = flag === "-L" ? serverBy({ name: value }) : flag === "-S" ? serverBy({ path: value }) : undefined;
    if (server?.stateFolder === folder) return server;
  }
  const server = serverBy({ name: folder?.slice("server-".length) ?? "default" });
  // what looks like the end of a name may be a hash of a socket's path, which the folder does not tell
  const isGuess = server !== undefined && /-[0-9a-z]{8}$/.test(folder ?? "") && !existsSync(server.socket);
  return server?.stateFolder === folder && !isGuess ? server : undefined;
}

function serverBy(options: { name?: string; path?: string }): TmuxServer | undefined {
  try {
    return resolveServer(options);
  } catch {
    return undefined; // no name of a socket
  }
}
