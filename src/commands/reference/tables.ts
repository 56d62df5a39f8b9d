import type { ErrorCode } from "../../lib/errors.ts";
import { SETTINGS, type Setting } from "../../lib/settings.ts";

/** A table of the reference, for the pages of `help` and the man page. */
export interface Table {
  title: string;
  /** what the two or three columns are called */
  columns: readonly string[];
  rows: readonly (readonly string[])[];
}

// `code` and nothing else of Markdown: the man page takes it, too

const EXIT_CODES: Table = {
  title: "Exit codes",
  columns: ["exit code", "means"],
  rows: [
    ["0", "done, or yes"],
    ["1", "no, not found, or failed"],
    ["2", "wrong usage or invalid input; for `pane-is-running` and `pane-has-pattern`, where 1 means no, any error"],
    ["124", "timed out"],
    [
      "125",
      "`pane-run` itself failed, or the code is not known (`exit_code` is null); every other but 124 is the command's",
    ],
    ["127", "tmux is missing or too old"],
    ["128 + n", "ended by signal n"],
  ],
};

const ADVICE: Record<ErrorCode, string> = {
  ERR_SESSION_EXISTS: "take another name, or end the session with `session-kill`",
  ERR_SESSION_NOT_FOUND: "see which there are with `session-list`; names must be exact",
  ERR_PANE_NOT_FOUND: "the hint lists the panes",
  ERR_AMBIGUOUS_LABEL: "name one of the panes in the hint by its `%id`",
  ERR_INVALID_NAME:
    "a session name is 1 to 50 letters, digits, `_` or `-`, and not `daemon`, `tmp`, `root`, `admin` or `system`",
  ERR_INVALID_ARGUMENT: "see `--help` of the command",
  ERR_INVALID_PATTERN: "write it in RE2 syntax; `\\(` is a literal parenthesis",
  ERR_MAX_PANES: "end a pane, or raise `CLAUDE_TMUX_MAX_PANES`",
  ERR_TIMEOUT: "the command goes on: wait longer with `pane-wait`, or look with `pane-capture`",
  ERR_TMUX_MISSING: "install tmux 3.2 or newer",
  ERR_TMUX_TOO_OLD:
    "install tmux 3.2 or newer, and end the server that the old one runs; where the sentence names two versions, put the server's tmux first on PATH",
  ERR_TMUX_NOT_RUNNING: "make a session first; with `-L` or `-S`, check which server was meant",
  ERR_COMMAND_FAILED:
    "the sentence says what failed: a pane that was killed, a shell that did not take a command, or what tmux answered; `claude-tmux doctor` looks for causes",
  ERR_COMMAND_ENDED: "the command ended before what was waited for: `exit_code` and `last_lines` say how",
  ERR_PANE_BUSY:
    "wait with `pane-wait`; for a shell in a shell (ssh, docker exec, su) use `pane-run --marker`; of `mcp`: a coding agent there may ask a person for leave",
  ERR_PANE_DEAD: "its program has ended: remove the pane with `pane-kill`, or restart it with tmux's respawn-pane",
  ERR_NOT_OWNER:
    "a process is another user's, and only they or root can end it; or a file in the state folder is not yours: look at who made it, and remove it; of `mcp`: what an agent asks leave for is a person's to answer",
  ERR_SNAPSHOT_NOT_FOUND: "see which there are with `session-snapshots`",
  ERR_SNAPSHOT_DAMAGED: "`session-snapshot-verify` says what of it is damaged; `session-snapshots` lists older ones",
  ERR_SNAPSHOT_VERSION: "use the version of claude-tmux that wrote it, or a newer one",
  ERR_UNSAFE_STATE_DIR:
    "a folder of state is a link, someone else's or open to others: remove it, `chmod 700` it, or set the variable that the hint names",
  ERR_DAEMON_RUNNING: "`daemon status` says more; `daemon stop` ends it",
  ERR_DAEMON_NOT_RUNNING: "`daemon start` starts it, `daemon logs` says why it ended",
};

const ERRORS: Table = {
  title: "Errors",
  columns: ["error.code", "what to do"],
  rows: Object.entries(ADVICE),
};

const FILES: Table = {
  title: "Files in the state folder",
  columns: ["file", "holds"],
  rows: [
    [
      "state.db",
      "subscriptions, the event log and the queue of callbacks (SQLite); a damaged one is renamed to `state.db.damaged-TIME`, and a new one begun",
    ],
    ["daemon.pid, watchdog.pid", "the process ids, for scripts"],
    ["daemon.lock, watchdog.lock", "who holds the role; locked for life"],
    ["daemon.sock", "the daemon's socket"],
    ["heartbeat", "written every 500 ms"],
    [
      "daemon.log, watchdog.log",
      "`[YYYY-MM-DD HH:MM:SS] LEVEL: message`; from 10 MB on rotated to `daemon.log.1` and `watchdog.log.1`",
    ],
    ["watchdog.status", "restarts, for `watchdog status` and for the next watchdog if this one is killed"],
    [
      "recovery.lock, recovery.note",
      "a lock, so that one recovery runs at a time, and a note of what it has to start again",
    ],
    ["SESSION.state, views.lock", "a JSON view of a session, written by `state-sync`, and whose turn it is to write"],
    [
      "owner.json, made",
      "whose the folder is, by the folder of what is to last, and of which tmux server; and that claude-tmux has made it: see `uninstall`",
    ],
    ["legacy.imported", "that the labels and metadata of version 3.0 have been taken over"],
    ["shell-HASH/", "the shell integration"],
    ["pipe-PID-…", "a named pipe by which a pane is heard, for as long as it is"],
    ["attach.lock", "whose turn it is to attach a client, or to make or end a session"],
    [
      "gc.lock, gc.last, gc.ended",
      "a lock, so that one collection runs at a time, when the last one was, and the sessions whose processes end with them",
    ],
    [
      "~/.local/state/claude-tmux/",
      "what outlives the machine's next start (in `$XDG_STATE_HOME`, if that is set): what `install` has written, and the following",
    ],
    [
      "~/.local/state/claude-tmux/SERVER/",
      "of each tmux server: `gc.json`, what `gc-enable` has set; `autosave.json`, which sessions `session-autosave` has the daemon save; `alive.json`, which of them were alive when it looked last, for `daemon restore`. Of those that can't be read, the first two are not written over, and `doctor` tells; the third is called `alive.json.damaged` then",
    ],
    [
      "~/.local/state/claude-tmux/snapshots/",
      "the snapshots of sessions: `ID.json`, the manifest of each; `parts/`, what panes showed, compressed, each part once; `lock`, so that none is removed while one is written",
    ],
    [
      "~/.local/state/claude-tmux/prompts/",
      "a file for each key of `agent-prompt`, named by its hash: what became of the prompt, of which it holds a hash; for 30 days",
    ],
    ["typed", "when something was last typed into a pane"],
  ],
};

const ENVIRONMENT: Table = {
  title: "Environment",
  columns: ["variable", "default", "sets"],
  rows: [
    ...Object.values<Setting>(SETTINGS).map(({ name, default: usual, sets }) => [name, `${usual}`, sets]),
    ["TMUX, TMUX_TMPDIR", "", "which tmux server is meant, as for tmux itself"],
    ["NO_COLOR", "", "plain text"],
    ["DEBUG", "", "errors come with their stack"],
  ],
};

/** The tables, by the name of the page that each is on. */
export const TABLES: Readonly<Record<string, Table>> = {
  "exit-codes": EXIT_CODES,
  errors: ERRORS,
  files: FILES,
  environment: ENVIRONMENT,
};

/** The two or three cells of a row: what it is about, the default if there is one, and what is to be said. */
export function cellsOf(row: readonly string[]): { name: string; fallback: string; text: string } {
  return { name: row[0] ?? "", fallback: row.length > 2 ? (row[1] ?? "") : "", text: row.at(-1) ?? "" };
}

/** A table in Markdown. Pure. */
export function tableText({ columns, rows }: Table): string {
  const line = (cells: readonly string[]) => `| ${cells.join(" | ")} |`.replaceAll("|  |", "| |");
  const body = rows.map(([name = "", ...rest]) => line([codes(name), ...rest]));
  return [line(columns.map(codeIfDotted)), line(columns.map(() => "---")), ...body].join("\n");
}

/** "a, b" as `a`, `b`; numbers as they are. */
function codes(names: string): string {
  if (/^\d/.test(names)) return names;
  return names
    .split(", ")
    .map((name) => `\`${name}\``)
    .join(", ");
}

function codeIfDotted(column: string): string {
  return column.includes(".") ? `\`${column}\`` : column;
}
