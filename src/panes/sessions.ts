import { readClocks } from "../lib/believed-clock.ts";
import { fs, nodePath } from "../lib/builtin.ts";
import { uptimeS } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { maker } from "../process/maker.ts";
import { quoteCommand, quoteCommands } from "../tmux/command-line.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { type Lifetime, madePaneText, madeSessionText } from "../tmux/made.ts";
import { MAY_END_BY_WINDOW, refusedWindow, WINDOW_SIZE } from "../tmux/manual-size.ts";
import { KEY_OPTION, LABEL_OPTION, MADE_OPTION, MADE_PANE_OPTION } from "../tmux/options.ts";
import { type Pane, panesCommand, parsePanes } from "../tmux/panes.ts";
import { tmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { newShellKey } from "../tmux/shell-state.ts";
import { sourced } from "../tmux/sourced.ts";
import { stayUnattached } from "../tmux/stay-unattached.ts";
import { sessionTarget } from "../tmux/target.ts";
import { isServerBefore } from "../tmux/version.ts";

/** The label of the pane that a new session begins with. */
const FIRST_LABEL = "main";
const REFUSED = "refused";

/** How a session is made: all of it already valid. */
export interface SessionOptions {
  name: string;
  cwd: string | undefined;
  size: { width: number; height: number };
  env: string[];
  /** the command of its first pane (see shellCommand); empty: tmux's own choice */
  shell: string[];
  /** what it is for */
  note: string | undefined;
  /** when it may go */
  lifetime: Lifetime;
}

/**
 * Makes a detached session with one pane labelled `main`, which is returned.
 * @throws AppError ERR_SESSION_EXISTS; ERR_COMMAND_FAILED also where that would end the server (see manual-size.ts)
 */
export function createSession(server: TmuxServer, options: SessionOptions): Pane {
  const target = sessionTarget(options.name);
  const size = ["-x", `${options.size.width}`, "-y", `${options.size.height}`];
  const create = ["new-session", "-d", "-s", options.name, ...size];
  // tmux expands formats in the name that -c gives, "#(command)" among them, and has no way to write "#["
  const cwd = options.cwd?.includes("#") ? options.cwd : undefined;
  if (options.cwd !== undefined && cwd === undefined) create.push("-c", options.cwd);
  for (const pair of options.env) create.push("-e", pair);
  create.push(...options.shell);
  const set = (option: string, value: string) => ["set-option", "-p", "-t", target, option, value];
  const [ofSession, ofPane] = madeTexts(options);
  const tags = [["set-option", "-t", target, MADE_OPTION, ofSession], set(MADE_PANE_OPTION, ofPane)];
  // tmux 3.2 ignores -x and -y. resize-window makes a size the window's own for good, which is undone: that of a terminal
  // that attaches counts
  const resize = [
    quoteCommand(["resize-window", "-t", target, ...size]),
    quoteCommand(["set-option", "-w", "-u", "-t", target, "window-size"]),
  ].join(" ; ");
  const fit = ["if-shell", "-F", "-t", target, isServerBefore(3), resize];
  // before the new shell can ask for it
  const key = options.shell.length > 0 ? [set(KEY_OPTION, newShellKey())] : [];
  const label = set(LABEL_OPTION, FIRST_LABEL);
  const steps = quoteCommands([
    create,
    stayUnattached(target),
    ...tags,
    ...key,
    label,
    fit,
    panesCommand(options.name),
  ]);
  const make = (unless: string) => {
    const { command, input } = sourced([["if-shell", "-F", unless, `display-message -p ${REFUSED}`, steps]]);
    return whileEnding(() => tmux(server, [["start-server"], command], { input, cwd }));
  };
  let answer = make(MAY_END_BY_WINDOW);
  if (answer === `${REFUSED}\n`) {
    if (tmux(server, [WINDOW_SIZE]).trim() === "manual") throw refusedWindow();
    answer = make("0");
  }
  const [pane] = parsePanes(answer);
  if (!pane) throw new AppError("ERR_COMMAND_FAILED", `Session "${options.name}" ended at once`);
  return pane;
}

/** What says that the session is ours, and its pane. */
function madeTexts({ name, note, lifetime }: SessionOptions): [session: string, pane: string] {
  const made = { by: maker(), at: Date.now() };
  // elsewhere than on Linux nothing tells whether the clock was set
  const { uptime, boot } = uptimeS() === undefined ? {} : readClocks();
  const clock = uptime === undefined || boot === undefined ? {} : { uptime, boot };
  return [
    madeSessionText({ ...made, name, ...(note !== undefined && { note }), ...lifetime, ...clock }),
    madePaneText(made),
  ];
}

const ENDING_TRIES = 25;
const ENDING_MS = 20;

/**
 * Starts a server unless one runs. One that is just ending (`tmux kill-server` a moment ago) takes the call and is gone,
 * with all that it may have done: then the next is started.
 */
function whileEnding<T>(start: () => T): T {
  for (let tries = 1; ; tries++) {
    try {
      return start();
    } catch (cause) {
      const isEnding = cause instanceof AppError && cause.code === "ERR_TMUX_NOT_RUNNING";
      if (!isEnding || tries === ENDING_TRIES) throw cause;
      pause(ENDING_MS);
    }
  }
}

// a function of its own: the mere mention of sleepSync costs a tenth of a millisecond
function pause(ms: number): void {
  Bun.sleepSync(ms);
}

/** A session of the tmux server. */
export interface Session {
  name: string;
  /** its $id */
  id: string;
  windows: number;
  /** whether a client shows it */
  isAttached: boolean;
  /** ms since the epoch */
  createdAt: number;
}

/** All sessions of the server, by name; an empty list when no server runs. */
export function listSessions(server: TmuxServer): Session[] {
  const variables = [
    "session_name",
    "session_id",
    "session_windows",
    "session_created",
    "session_attached",
    "version",
  ] as const;
  let text: string;
  try {
    text = tmux(server, [["list-sessions", "-F", rowFormat(variables)]]);
  } catch (cause) {
    // without a server there are, for certain, no sessions; any other failure proves nothing
    if (cause instanceof AppError && cause.code === "ERR_TMUX_NOT_RUNNING") text = "";
    else throw cause;
  }
  const sessions: Session[] = [];
  for (const row of parseRows(variables, text)) {
    sessions.push({
      name: row.session_name,
      id: row.session_id,
      windows: Number(row.session_windows),
      isAttached: Number(row.session_attached) > 0,
      createdAt: Number(row.session_created) * 1000,
    });
  }
  return sessions;
}

/** Checks that a path names a folder; returns it from the root on. Throws ERR_INVALID_ARGUMENT. */
export function parseFolder(path: string): string {
  const folder = nodePath().resolve(path);
  if (fs().statSync(folder, { throwIfNoEntry: false })?.isDirectory()) return folder;
  throw new AppError("ERR_INVALID_ARGUMENT", `--cwd "${path}" is not a folder`);
}
