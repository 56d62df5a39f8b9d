import { existsSync, readdirSync } from "node:fs";
import { fetchStatus } from "../ipc/client.ts";
import { FOLDER_NOTES, readOwner } from "../lib/folder-notes.ts";
import { checkStateDir, pathsIn, type StatePaths, statePaths, stateRoot } from "../lib/paths.ts";
import { canonical } from "../process/canonical.ts";
import { lastHolder, runningAs } from "../process/holder.ts";
import { programOf, type Role, servedFolders } from "../process/identity.ts";
import { durableOf, isOwnDurable } from "../process/owner.ts";
import { listeningSockets } from "../process/sockets.ts";
import { resolveServer, stateFoldersOf, type TmuxServer } from "../tmux/server.ts";

/** A tmux server that a daemon of ours serves, or of which there is state. */
export interface KnownServer {
  name: string;
  /** undefined where its socket is not known */
  server: TmuxServer | undefined;
  paths: StatePaths;
  /** the watchdog and the daemon, if they run */
  running: { role: Role; pid: number }[];
  /** the folder of what is to last of whose it is; undefined where nobody knows */
  durable: string | undefined;
  /** whether that is this process's own */
  isOurs: boolean;
  /** where it was asked for: the socket that its daemon serves instead */
  serves?: string;
}

/**
 * The server that was asked for, which is ours unless it is told to be another's; and the others: those in the same folder of state, and
 * those whose daemons run elsewhere and have to do with us, by their durable folder, their program or the tmux server.
 * Throws ERR_UNSAFE_STATE_DIR.
 */
export async function knownServers(
  server: TmuxServer,
  paths: StatePaths,
): Promise<{ asked: KnownServer; others: KnownServer[] }> {
  const name = server.stateFolder === undefined ? "default" : nameOf(server);
  const known = await look(paths, name, server);
  const socket = known.running.length > 0 ? await socketOf(paths) : undefined;
  const isServed = socket === undefined || canonical(socket) === canonical(server.socket);
  const isOurs = isServed && (known.durable === undefined || known.isOurs);
  const asked = { ...known, isOurs, ...(!isServed && { serves: socket }) };
  const others: KnownServer[] = [];
  for (const dir of otherFolders(paths.dir)) {
    const folder = dir.slice(dir.lastIndexOf("/") + 1);
    const other = await look(pathsIn(dir), dir === stateRoot() ? "default" : isIn(dir) ? folder : dir);
    const isHere = () => hasState(dir) || other.running.length > 0 || liveSocketOf(folder) !== undefined;
    if (isIn(dir) ? isHere() : hasToDo(other, server)) others.push(other);
  }
  return { asked, others };
}

/** The daemons that have to do with us are those of our HOME, of this very program, or of the same tmux server. */
function hasToDo({ isOurs, running, server }: KnownServer, asked: TmuxServer): boolean {
  const isSame = server !== undefined && canonical(server.socket) === canonical(asked.socket);
  return running.length > 0 && (isOurs || isSame || running.some(({ pid }) => programOf(pid) === process.execPath));
}

/** Whether a folder is that of all state, or is in it. */
function isIn(dir: string): boolean {
  return `${dir}/`.startsWith(`${stateRoot()}/`);
}

function otherFolders(own: string): string[] {
  const root = stateRoot();
  const names = checkStateDir(root) ? readdirSync(root).filter((name) => name.startsWith("server-")) : [];
  const folders = new Set([root, ...names.map((name) => `${root}/${name}`), ...servedFolders()]);
  return [...folders].filter((dir) => dir !== own && canonical(dir) !== canonical(own) && isSafe(dir));
}

/** Also one that was deleted under its daemon. */
function isSafe(dir: string): boolean {
  try {
    checkStateDir(dir);
    return true;
  } catch {
    return false;
  }
}

/** Whether anything is kept in a state folder, beside the folders of other servers. */
function hasState(dir: string): boolean {
  return (
    existsSync(dir) && readdirSync(dir).some((name) => !name.startsWith("server-") && !FOLDER_NOTES.includes(name))
  );
}

async function look(paths: StatePaths, name: string, asked?: TmuxServer): Promise<KnownServer> {
  const running = (["watchdog", "daemon"] as const).flatMap((role) => {
    const holder = runningAs(role, role === "daemon" ? paths.daemonLock : paths.watchdogLock);
    return holder ? [{ role, pid: holder.pid }] : [];
  });
  const durable = durableOf(paths);
  const server = asked ?? (await serverOf(paths));
  return {
    name: asked || !server ? name : nameOf(server),
    server,
    paths,
    running,
    durable,
    isOurs: isOwnDurable(durable),
  };
}

/** As -L takes it, or the path of its socket. */
function nameOf({ socket }: TmuxServer): string {
  const name = socket.slice(socket.lastIndexOf("/") + 1);
  return serverBy({ name })?.socket === socket ? name : socket;
}

/** The socket of a tmux server that runs, and whose state folder that is by its name: where no daemon was, nothing notes it. */
function liveSocketOf(stateFolder: string): string | undefined {
  // the plain name may be that of any server
  return listeningSockets()?.find((socket) => stateFoldersOf(socket).slice(1).includes(stateFolder));
}

/**
 * By what is noted there, by what its daemon says, by how that was called, by its name where the folder has it, or by that of a server
 * that runs.
 */
async function serverOf(paths: StatePaths): Promise<TmuxServer | undefined> {
  const root = stateRoot();
  const stateFolder = paths.dir === root ? undefined : paths.dir.slice(paths.dir.lastIndexOf("/") + 1);
  const socket = await socketOf(paths);
  if (socket !== undefined) return { flags: ["-S", socket], socket, stateFolder };
  for (const lock of [paths.daemonLock, paths.watchdogLock]) {
    const [flag, value = ""] = lastHolder(lock)?.args.slice(0, 2) ?? [];
    const server = flag === "-L" ? serverBy({ name: value }) : flag === "-S" ? serverBy({ path: value }) : undefined;
    if (server && statePaths(server.stateFolder).dir === paths.dir) return server;
  }
  const server = serverBy({ name: stateFolder?.slice("server-".length) ?? "default" });
  // what looks like the end of a name may be a hash of a socket's path, which the folder does not tell
  const isGuess = server !== undefined && /-[0-9a-z]{8}$/.test(stateFolder ?? "") && !existsSync(server.socket);
  if (server && statePaths(server.stateFolder).dir === paths.dir && !isGuess) return server;
  const live = stateFolder === undefined ? undefined : liveSocketOf(stateFolder);
  return live === undefined ? undefined : { flags: ["-S", live], socket: live, stateFolder };
}

async function socketOf(paths: StatePaths): Promise<string | undefined> {
  const { socket } = readOwner(paths.dir) ?? {};
  if (socket !== undefined || !existsSync(paths.daemonSocket)) return socket;
  return await fetchStatus(paths.daemonSocket).then(
    (status) => status.socket,
    () => undefined, // one of an earlier version that hangs, or none
  );
}

function serverBy(options: { name?: string; path?: string }): TmuxServer | undefined {
  try {
    return resolveServer(options);
  } catch {
    return undefined; // no name of a socket
  }
}
