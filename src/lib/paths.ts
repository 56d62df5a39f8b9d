import { fs, nodePath } from "./builtin.ts";
import { config } from "./config.ts";
import { AppError, errno } from "./errors.ts";
import { FOLDER_NOTES, hasOwner, noteMade, noteOwner } from "./folder-notes.ts";
import { type FileStat, quickEntries, quickLstat } from "./quick.ts";
import { effectiveUid } from "./uid.ts";
import { effectiveUser } from "./user.ts";

/** Where everything of one tmux server's daemon and watchdog lives (absolute paths). */
export interface StatePaths {
  dir: string;
  daemonPid: string;
  daemonLock: string;
  daemonLog: string;
  daemonSocket: string;
  heartbeat: string;
  watchdogPid: string;
  watchdogLock: string;
  watchdogLog: string;
  watchdogStatus: string;
  /** held by who recovers the daemon, so that at most one does */
  recoveryLock: string;
  /** how the daemon was run that is being recovered or restarted */
  recoveryNote: string;
  database: string;
}

/** A path without slashes at its end. */
export function withoutEndSlash(path: string): string {
  let end = path.length;
  while (end > 1 && path[end - 1] === "/") end--;
  return path.slice(0, end);
}

/**
 * The state folder of a tmux server; `folder` names the subfolder of a server other than the default.
 * @throws AppError ERR_INVALID_ARGUMENT
 */
export function statePaths(folder: string | undefined): StatePaths {
  const root = stateRoot();
  return pathsIn(folder === undefined ? root : `${root}/${folder}`);
}

/** What is in a state folder, wherever that is. */
export function pathsIn(dir: string): StatePaths {
  return {
    dir,
    daemonPid: `${dir}/daemon.pid`,
    daemonLock: `${dir}/daemon.lock`,
    daemonLog: `${dir}/daemon.log`,
    daemonSocket: `${dir}/daemon.sock`,
    heartbeat: `${dir}/heartbeat`,
    watchdogPid: `${dir}/watchdog.pid`,
    watchdogLock: `${dir}/watchdog.lock`,
    watchdogLog: `${dir}/watchdog.log`,
    watchdogStatus: `${dir}/watchdog.status`,
    recoveryLock: `${dir}/recovery.lock`,
    recoveryNote: `${dir}/recovery.note`,
    database: `${dir}/state.db`,
  };
}

/**
 * Makes sure that the state folder exists and is safe: a real folder, ours, mode 0700. Its parents are made when
 * missing. Of an empty one it is noted whose it is, who comes first; a daemon that runs there notes that it is its. Throws ERR_UNSAFE_STATE_DIR otherwise; nothing unsafe is ever repaired, since it may be a trap.
 */
export function ensureStateDir({ dir }: Pick<StatePaths, "dir">): void {
  const root = stateRoot();
  ensurePrivateDir(root);
  if (dir !== root) ensurePrivateDir(dir);
  if (!hasOwner(dir) && isEmpty(dir)) noteOwner(dir, { durable: knownDurableRoot() ?? null });
}

/** Whether nothing is in a state folder, but for notes of itself and, in that of the default server, the folders of others. */
function isEmpty(dir: string): boolean {
  const names = quickEntries(dir) ?? fs().readdirSync(dir);
  return names.every((name) => FOLDER_NOTES.includes(name) || name.startsWith("server-"));
}

/** Makes sure of the folder of what is to last as ensureStateDir() does, and returns it. Throws as durableRoot(), too. */
export function ensureDurableRoot(): string {
  const root = durableRoot();
  ensurePrivateDir(root);
  return root;
}

/** As ensureStateDir(), for any folder of ours. Of one that is in no other of ours it is noted that it was made. */
export function ensurePrivateDir(dir: string): void {
  if (!checkStateDir(dir)) makePrivate(dir);
}

/** Throws ERR_UNSAFE_STATE_DIR if the folder is there and unsafe; returns whether it is there. */
export function checkStateDir(dir: string): boolean {
  const stat = quickLstat(dir) ?? lstat(dir);
  if (stat === undefined) return false;
  if (stat.kind === "link") throw unsafe(dir, "is a symbolic link");
  if (stat.kind !== "folder") throw unsafe(dir, "is not a folder");
  if (stat.uid !== effectiveUid()) throw unsafe(dir, `belongs to another user (uid ${stat.uid})`);
  if ((stat.mode & 0o777) !== 0o700) throw unsafe(dir, `has mode ${(stat.mode & 0o777).toString(8)} instead of 700`);
  return true;
}

function lstat(dir: string): FileStat | undefined {
  try {
    const stat = fs().lstatSync(dir);
    const kind = stat.isSymbolicLink() ? "link" : stat.isDirectory() ? "folder" : "other";
    return { kind, uid: stat.uid, mode: stat.mode };
  } catch (cause) {
    if (errno(cause) === "ENOENT") return undefined;
    throw unsafe(dir, `cannot be looked at (${errno(cause) ?? cause})`);
  }
}

/** The state folder of the default tmux server; those of others are in it. Throws ERR_INVALID_ARGUMENT. */
export function stateRoot(): string {
  const dir = config.stateDir ?? `/tmp/claude-tmux-states-${effectiveUser()}`;
  if (!dir.startsWith("/")) {
    throw new AppError("ERR_INVALID_ARGUMENT", `CLAUDE_TMUX_STATE_DIR is "${dir}", which is not an absolute path`, {
      hint: "Daemon and commands run in different folders and must agree: give a path that starts with /.",
    });
  }
  return withoutEndSlash(dir);
}

/**
 * The folder of what must outlive the machine's next start: `claude-tmux` in $XDG_STATE_HOME, or in ~/.local/state (XDG Base
 * Directory Specification, which has a relative path ignored). Throws ERR_INVALID_ARGUMENT when neither is known.
 */
export function durableRoot(from: Home = config): string {
  const { stateHome } = from;
  const home = ownHome(from);
  if (stateHome?.startsWith("/")) return `${withoutEndSlash(stateHome)}/claude-tmux`;
  if (home?.startsWith("/")) return `${withoutEndSlash(home)}/.local/state/claude-tmux`;
  throw new AppError("ERR_INVALID_ARGUMENT", "HOME is not set, so it is unknown where to keep what is to last", {
    hint: "Set HOME, or XDG_STATE_HOME, to a folder of yours.",
  });
}

/** durableRoot(), or undefined where it is not known. */
export function knownDurableRoot(from?: Home): string | undefined {
  try {
    return durableRoot(from);
  } catch {
    return undefined;
  }
}

/** What tells where that is: $XDG_STATE_HOME, $HOME and $SUDO_USER. */
export type Home = Pick<typeof config, "stateHome" | "home" | "sudoUser">;

/** HOME; under a sudo(8) that left it another user's, the effective user's own. */
function ownHome({ home, sudoUser }: Home): string | undefined {
  if (
    home === undefined ||
    sudoUser === undefined ||
    fs().statSync(home, { throwIfNoEntry: false })?.uid === effectiveUid()
  )
    return home;
  return process.getBuiltinModule("node:os").userInfo().homedir;
}

/** The variable that says where a path of ours is: one of what is to last, or one of the state folder. */
export function settingOf(path: string): "XDG_STATE_HOME" | "CLAUDE_TMUX_STATE_DIR" {
  const root = knownDurableRoot();
  // without a home, nothing of ours is there
  return root !== undefined && `${path}/`.startsWith(`${root}/`) ? "XDG_STATE_HOME" : "CLAUDE_TMUX_STATE_DIR";
}

function makePrivate(dir: string): void {
  try {
    const above = fs().mkdirSync(nodePath().dirname(dir), { recursive: true });
    fs().mkdirSync(dir, { mode: 0o700 });
    if (dir === knownDurableRoot() || dir === stateRoot()) noteMade(dir, above ?? dir);
  } catch (cause) {
    if (errno(cause) === "EEXIST" && checkStateDir(dir)) return;
    if (cause instanceof AppError) throw cause;
    throw new AppError("ERR_UNSAFE_STATE_DIR", `The state folder ${dir} cannot be made (${errno(cause) ?? cause})`, {
      hint: `Set ${settingOf(dir)} to a folder that you may create.`,
      cause,
    });
  }
  checkStateDir(dir);
}

function unsafe(dir: string, why: string): AppError {
  return new AppError("ERR_UNSAFE_STATE_DIR", `The state folder ${dir} ${why}, so it is not used`, {
    hint: `Look at who made it; remove it or fix it yourself (chmod 700), or set ${settingOf(dir)} to another folder.`,
  });
}
