import { fs } from "../lib/builtin.ts";
import { AppError } from "../lib/errors.ts";
import { baseName } from "../lib/names.ts";
import { type SocketPeer, socketPeer } from "../lib/socket-peer.ts";
import { effectiveUid } from "../lib/uid.ts";
import type { TmuxServer } from "./server.ts";
import { isServerAtLeast } from "./version.ts";

// What clients and servers say to each other changed in tmux 3.6. A newer server drops an older client in the middle of its
// first words ("server exited unexpectedly"); an older server answers a newer client's commands, but takes a control client
// for something else, and never answers it.
const CHANGED_IN = "3.6";
/** How long a server that ends may go on accepting, ms. */
const ENDING_MS = 600;
const VERSION_MS = 2000;

/** A running tmux server as far as it is known without its answer. */
export interface RunningServer {
  socket: string;
  pid: number;
  version: string | undefined;
  /** the program that it runs, if that is still where it was */
  program: string | undefined;
}

/** Whether a tmux client and a tmux server of these versions understand each other. Pure. */
export function isUnderstood(client: string, server: string): boolean {
  return isServerAtLeast(client, CHANGED_IN) === isServerAtLeast(server, CHANGED_IN);
}

/**
 * The error for a server that drops the tmux on PATH although it runs; undefined when none runs, or when it is just ending.
 * @param client the version of the tmux on PATH
 */
export function droppedBy(server: TmuxServer, client: string): AppError | undefined {
  const peer = socketPeer(server.socket);
  if (!peer) return undefined;
  const running = { socket: server.socket, ...identify(peer) };
  const { version } = running;
  if (version === client) return undefined; // what it drops is its own kind: it ends
  if (version !== undefined && !isUnderstood(client, version)) return mismatch(running, client);
  for (let ms = 0; ms < ENDING_MS; ms += 50) {
    Bun.sleepSync(50);
    if (!socketPeer(server.socket)) return undefined;
  }
  return mismatch(running, client);
}

/** The sentence for a server and a tmux on PATH that don't understand each other, and what to do. Pure. */
export function mismatch(server: RunningServer, client: string): AppError {
  const { socket, pid, version, program } = server;
  const who = pid > 0 ? `${socket} (PID ${pid})` : socket;
  const known = version !== undefined && !isUnderstood(client, version);
  const message = known
    ? `The tmux server at ${who} is ${version}, and the tmux on PATH is ${client}: they don't understand each other`
    : `A tmux server runs at ${who}, but it does not understand the tmux on PATH, ${client}: it is of another version`;
  const first = `Put the tmux that started it${program === undefined ? "" : ` (${program})`} first on PATH`;
  const hint = `${first}, or end the server when nobody needs its sessions any more.`;
  return new AppError("ERR_TMUX_TOO_OLD", message, { hint });
}

/** The error for a tmux on PATH that a server answers, but not as a control client; undefined when their versions are not why. */
export function shutOutBy(server: TmuxServer, versions: { client: string; server: string }): AppError | undefined {
  if (isUnderstood(versions.client, versions.server)) return undefined;
  const peer = socketPeer(server.socket);
  const known = peer ? identify(peer) : { pid: 0, program: undefined };
  return mismatch({ socket: server.socket, ...known, version: versions.server }, versions.client);
}

/** What the process table tells of who listens at a tmux socket. */
function identify({ pid, uid }: SocketPeer): Omit<RunningServer, "socket"> {
  const unknown = { pid, version: undefined, program: undefined };
  // never starts a program of somebody else's
  if (pid <= 0 || uid !== effectiveUid()) return unknown;
  try {
    const link = `/proc/${pid}/exe`;
    const program = fs().readlinkSync(link);
    if (!baseName(program).startsWith("tmux")) return unknown;
    // by the link, since an upgrade has removed or replaced the file itself; tmux up to 3.3 says by what name it was called
    const options = { argv0: "tmux", stdin: "ignore", stderr: "ignore", timeout: VERSION_MS } as const;
    const { stdout } = Bun.spawnSync([link, "-V"], options);
    const [, version] = /^tmux (\S+)$/.exec(stdout.toString().trim()) ?? [];
    return { pid, version, program: program.endsWith(" (deleted)") ? undefined : program };
  } catch {
    return unknown; // no /proc, or it has ended
  }
}
