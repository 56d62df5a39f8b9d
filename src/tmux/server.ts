import { nodePath } from "../lib/builtin.ts";
import { config } from "../lib/config.ts";
import { AppError } from "../lib/errors.ts";
import { exists } from "../lib/files.ts";
import { durableRoot, withoutEndSlash } from "../lib/paths.ts";
import { effectiveUid } from "../lib/uid.ts";

/** One tmux server, the way tmux(1) names it: by a socket name (-L) or a socket path (-S). */
export interface TmuxServer {
  /** the options that make tmux talk to it */
  flags: ["-L" | "-S", string];
  /** the absolute path of its socket */
  socket: string;
  /** the subfolder of the state folder for it; undefined for the default server */
  stateFolder: string | undefined;
}

/**
 * The server that -L, -S or $TMUX name, in this order, else tmux's default one. Pure but for the environment.
 * @throws AppError ERR_INVALID_ARGUMENT
 */
export function resolveServer(options: { name?: string | undefined; path?: string | undefined }): TmuxServer {
  if (options.name !== undefined && options.path !== undefined) {
    throw new AppError("ERR_INVALID_ARGUMENT", "-L and -S were both given; a server has one socket");
  }
  const folder = `${tmuxTmpdir()}/tmux-${effectiveUid()}`;
  if (options.path !== undefined) return byPath(nodePath().normalize(options.path), folder);
  if (options.name !== undefined) return byName(options.name, folder);
  const inherited = config.tmux?.split(",")[0];
  return inherited ? byPath(inherited, folder) : byName("default", folder);
}

/**
 * The parent of tmux's socket folder: $TMUX_TMPDIR, or /tmp if it is not set or not there (expand_paths() in tmux.c).
 */
export function tmuxTmpdir(): string {
  const folder = withoutEndSlash(config.tmuxTmpdir);
  return folder === "/tmp" || exists(folder) ? folder : "/tmp";
}

function byName(name: string, folder: string): TmuxServer {
  if (name === "" || name.includes("/") || name === "." || name === "..") {
    throw new AppError("ERR_INVALID_ARGUMENT", `-L "${name}" is not a socket name`, {
      hint: "Give a name without slashes, or a path with -S.",
    });
  }
  return {
    flags: ["-L", name],
    socket: `${folder}/${name}`,
    stateFolder: isDefault(name) ? undefined : `server-${fileName(name)}${folderMark(folder)}`,
  };
}

/** The state folders that the server of a socket may have, whatever TMUX_TMPDIR and state folder whoever asks for it has. Pure. */
export function stateFoldersOf(socket: string): string[] {
  const slash = socket.lastIndexOf("/");
  const name = `server-${fileName(socket.slice(slash + 1))}`;
  return [name, `${name}-${hash(socket)}`, `${name}-${hash(socket.slice(0, slash))}`];
}

/** tmux's default server: the state folder itself is its own. */
function isDefault(name: string): boolean {
  // with another TMUX_TMPDIR it is another server, which has its own state only if that was moved as well
  return name === "default" && (tmuxTmpdir() === "/tmp" || config.stateDir !== undefined);
}

/**
 * The part of the durable folder that is about one tmux server, whatever state folder is used: by its socket. Throws as
 * durableRoot().
 */
export function durableDir({ socket }: TmuxServer): string {
  return `${durableRoot()}/server-${fileName(socket.slice(socket.lastIndexOf("/") + 1))}-${hash(socket)}`;
}

/** Tells servers of the same name in different folders apart. */
function folderMark(folder: string): string {
  return tmuxTmpdir() === "/tmp" || config.stateDir !== undefined ? "" : `-${hash(folder)}`;
}

function byPath(path: string, folder: string): TmuxServer {
  if (!path.startsWith("/")) {
    throw new AppError("ERR_INVALID_ARGUMENT", `-S "${path}" is not an absolute path`, {
      hint: "The daemon runs in another folder: give the socket's path from / on.",
    });
  }
  const slash = path.lastIndexOf("/");
  const name = path.slice(slash + 1);
  if (path.slice(0, slash) === folder) return byName(name, folder);
  return { flags: ["-S", path], socket: path, stateFolder: `server-${fileName(name)}-${hash(path)}` };
}

const PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.@+-";

/** The name itself where it is harmless; else with a hash, so that two servers never share a folder. */
function fileName(name: string): string {
  // every command comes by here: no regular expression and no Array.from, whose first use takes its time
  let safe = "";
  for (const letter of name.slice(0, 40)) safe += PLAIN.includes(letter) ? letter : "_";
  return safe === name ? name : `${safe}-${hash(name)}`;
}

function hash(text: string): string {
  return Bun.hash(text).toString(36).slice(0, 8);
}
