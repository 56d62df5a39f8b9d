import { dirname } from "node:path";
import { config } from "../lib/config.ts";
import { baseName } from "../lib/names.ts";
import { statePaths } from "../lib/paths.ts";
import { quotedWords } from "../lib/shell.ts";
import { effectiveUid } from "../lib/uid.ts";
import { programOf, type Role } from "../process/identity.ts";
import { isOwnDurable, startVariable } from "../process/owner.ts";
import { resolveServer, type TmuxServer } from "../tmux/server.ts";
import type { KnownServer } from "./servers.ts";

/** A tmux server that is left as it is, with its daemon, hooks, options and state. */
export interface LeftServer {
  server: string;
  /** what runs of it: its daemon, or its watchdog alone; null: neither */
  role: Role | null;
  pid: number | null;
  /** its state folder */
  state: string;
  /** the folder of what is to last of whose it is; null: nobody knows */
  owner: string | null;
  /** whether `--all` would take it in */
  is_ours: boolean;
  why: string;
  /** what would uninstall it; null: its socket is not known */
  command: string | null;
}

/** Why a server is left, and what would not leave it. */
export function leftServer(known: KnownServer, { isPurge }: { isPurge: boolean }): LeftServer {
  const { name, paths, running, durable } = known;
  return {
    server: name,
    role: running.at(-1)?.role ?? null,
    pid: running.at(-1)?.pid ?? null,
    state: paths.dir,
    owner: durable ?? null,
    is_ours: known.isOurs,
    why: whyLeft(known),
    command: commandFor(known, isPurge ? ["--purge"] : []) ?? null,
  };
}

/** Why a server is left as it is. */
export function whyLeft({ isOurs, durable, serves }: KnownServer): string {
  if (serves !== undefined) return `its state folder is that of a daemon that serves the tmux server at ${serves}`;
  if (isOurs) return "another tmux server of yours";
  return durable === undefined ? "it is not known whose it is" : `it belongs to ${durable}`;
}

/**
 * What this program is needed for by those that are left, in words; undefined where none of their processes runs it, and nothing starts
 * it for them. They go on without its file, as far as they do not start it again.
 * @param units the files by which a service manager starts it for them
 */
export function stillUsed(left: readonly KnownServer[], units: readonly string[]): string | undefined {
  const processes = left.flatMap(({ name, running }) =>
    running
      .filter(({ pid }) => programOf(pid)?.replace(/ \(deleted\)$/, "") === process.execPath)
      .map(({ role, pid }) => `the ${role} of ${name} (pid ${pid})`),
  );
  const used = [...processes, ...units];
  if (used.length === 0) return undefined;
  return `${process.execPath} is still used by ${used.join(", ")}. Once it is deleted, nothing starts them again when they end, no claude-tmux stops them, and callbacks, hooks of agents and key bindings that call it fail.`;
}

/** A command line that means just this server; undefined where none is known. */
function commandFor({ server, paths, durable, running, serves }: KnownServer, more: string[]): string | undefined {
  if (server === undefined || serves !== undefined) return undefined;
  const pid = running[0]?.pid;
  const stateDir = pid === undefined ? config.stateDir : startVariable(pid, "CLAUDE_TMUX_STATE_DIR");
  const moved = stateDir === config.stateDir ? [] : [["CLAUDE_TMUX_STATE_DIR", stateDir ?? ""]];
  const { variables, flags } = flagsFor(server, paths.dir);
  const set = [...homeFor(durable), ...moved, ...variables].map(([name, value = ""]) => {
    return `${name}=${value === "" ? "" : quotedWords([value])}`;
  });
  return [...set, "claude-tmux", quotedWords([...flags, "uninstall", ...more])].join(" ");
}

function homeFor(durable: string | undefined): string[][] {
  if (durable === undefined || isOwnDurable(durable)) return [];
  const end = "/.local/state/claude-tmux";
  if (!durable.endsWith(end)) return [["XDG_STATE_HOME", dirname(durable)]];
  const unset = config.stateHome === undefined ? [] : [["XDG_STATE_HOME", ""]];
  return [...unset, ["HOME", durable.slice(0, -end.length)]];
}

/** The options that lead to a server, and to its state folder, as tmux's own folder of sockets is part of its name. */
function flagsFor({ socket }: TmuxServer, dir: string): { variables: string[][]; flags: string[] } {
  const [name, folder] = [baseName(socket), dirname(socket)];
  const leadsThere = (options: { name: string } | { path: string }) => {
    const found = resolveServer(options);
    return found.socket === socket && statePaths(found.stateFolder).dir === dir;
  };
  if (leadsThere({ name })) return { variables: [], flags: ["-L", name] };
  if (leadsThere({ path: socket }) || baseName(folder) !== `tmux-${effectiveUid()}`)
    return { variables: [], flags: ["-S", socket] };
  return { variables: [["TMUX_TMPDIR", dirname(folder)]], flags: ["-L", name] };
}
