import { formatPrompts } from "../../daemon/commands.ts";
import { AppError } from "../../lib/errors.ts";
import { ensureStateDir } from "../../lib/paths.ts";
import { compilePattern, type Pattern } from "../../matching/pattern.ts";
import { readCapture } from "../../matching/places.ts";
import { type Progress, progressNow, TRAIL_MAX } from "../../matching/progress.ts";
import { namedSession } from "../../panes/place.ts";
import { openStore } from "../../store/database.ts";
import {
  addSubscription,
  type NewSubscription,
  SUBSCRIPTION_TYPES,
  type SubscriptionType,
} from "../../store/subscriptions.ts";
import { findPane, listPanes } from "../../tmux/panes.ts";
import { tmuxEach } from "../../tmux/run.ts";
import type { TmuxServer } from "../../tmux/server.ts";
import type { ShellState } from "../../tmux/shell-state.ts";
import { activate } from "../activate.ts";
import { command, sessionArg } from "../define.ts";
import { seconds } from "../kinds.ts";
import { print, printError, printJson } from "../print.ts";

const takesDetail = (before: readonly string[]) => ["pattern-match", "timeout", "silence"].includes(before[1] ?? "");

export default command({
  summary: "Be told of what happens in a session or a pane; prints the subscription's id",
  examples: [
    `claude-tmux daemon subscribe dev pattern-match build "tests? failed" 'notify-send "$CLAUDE_TMUX_LINE"'`,
    "claude-tmux daemon subscribe dev command-finished build 'echo \"$CLAUDE_TMUX_EVENT\" | jq .data.exit_code >>codes'",
    "claude-tmux daemon subscribe dev timeout build 600 'claude-tmux bridge pane-exec dev build exit'",
    "claude-tmux daemon subscribe dev pane-exit \"\" 'echo pane $CLAUDE_TMUX_PANE_ID is gone >>log'",
  ],
  notes: `TYPES, AND WHAT THEY TAKE

  pattern-match PANE PATTERN [CALLBACK]   each line that appears and matches a regular expression (RE2 syntax)
  command-finished PANE [CALLBACK]        each command that ends, with exit code, duration and the command; in panes
                                          whose shell has our integration (bash, zsh, fish in panes of the bridge)
  silence PANE SECONDS [CALLBACK]         no output for so long; again after the next output
  timeout PANE SECONDS [CALLBACK]         once, after so many seconds
  pane-exit [PANE] [CALLBACK]             the pane, or with "" or nothing any pane of the session, has ended
  session-closed [CALLBACK]               the session has ended

The callback runs under /bin/sh with the facts in its environment: CLAUDE_TMUX_EVENT (JSON), CLAUDE_TMUX_SESSION,
CLAUDE_TMUX_PANE, CLAUDE_TMUX_PANE_ID, CLAUDE_TMUX_LABEL, CLAUDE_TMUX_TYPE, CLAUDE_TMUX_LINE, CLAUDE_TMUX_MATCH,
CLAUDE_TMUX_COUNT and CLAUDE_TMUX_ATTEMPT, in the folder where this was called (at home if that is gone), with the folder
of claude-tmux first on PATH. What it leaves running in the background should have its output redirected.

A subscription that fires more often than CLAUDE_TMUX_EVENTS_PER_S (200) has one event for the rest of that second:
data.count (CLAUDE_TMUX_COUNT) says how many it stands for, data.line is the first and data.last_line the last of them.
When 1,000 of its callbacks wait, all that it fires for within a minute is one event.

A time-out is a time of the clock: it passes while the machine sleeps or is off. When somebody sets the clock ahead,
it is believed after two minutes.

It takes effect at once if the daemon runs, else when it starts.`,
  args: {
    session: sessionArg,
    type: {
      type: "positional",
      description: SUBSCRIPTION_TYPES.join(", "),
      required: true,
      values: SUBSCRIPTION_TYPES,
    },
    pane: { type: "positional", description: "the pane, as everywhere", required: false, names: "pane" },
    detail: {
      type: "positional",
      description: "the pattern, or the seconds",
      required: false,
      raw: true,
      rawAfter: takesDetail,
    },
    callback: { type: "positional", description: "a shell command to run", required: false, raw: true },
    once: { type: "boolean", description: "end the subscription when it has fired" },
  },
  async run({ session, type, pane, detail, callback, once }, { server, paths, json, quiet }) {
    const wish = readWish(type, [pane, detail, callback]);
    const { place, shell } = locate(server, namedSession(server, session), wish.pane);
    const { deadline, seconds: time } = wish;
    const subscription: NewSubscription = {
      ...place,
      type: wish.type,
      pattern: wish.pattern ?? null,
      deadline: deadline ?? null,
      seconds: time ?? null,
      progress: progressOf(server, place.pane, wish, shell),
      callback: wish.callback || null,
      cwd: currentFolder(),
      once: wish.type === "timeout" || wish.type === "session-closed" || once === true,
    };
    ensureStateDir(paths);
    using store = openStore(paths.database);
    const id = addSubscription(store, subscription);
    if (json) printJson({ id });
    else print(`${id}`);
    const delay = await activate(paths);
    if (delay && !quiet) printError(delay.text);
    return 0;
  },
});

/** Null when it was removed. */
function currentFolder(): string | null {
  try {
    return process.cwd();
  } catch {
    return null;
  }
}

/** What is subscribed to, as the command line says it. */
interface Wish {
  type: SubscriptionType;
  pane: string | undefined;
  pattern?: string;
  match?: Pattern;
  deadline?: number;
  seconds?: number;
  callback: string | undefined;
}

/** Reads the arguments that follow the type, which says what they are. Throws ERR_INVALID_ARGUMENT, ERR_INVALID_PATTERN. */
function readWish(typeName: string, words: (string | undefined)[]): Wish {
  const type = subscriptionType(typeName);
  const rest = words.filter((word) => word !== undefined);
  const take = (name: string) => {
    const word = rest.shift();
    if (word === undefined) throw new AppError("ERR_INVALID_ARGUMENT", `<${name}> is missing for ${type}`);
    return word;
  };
  const wish: Wish = { type, pane: undefined, callback: undefined };
  if (type === "pane-exit") wish.pane = rest.shift() || undefined;
  else if (type !== "session-closed") wish.pane = take("pane");
  if (type === "pattern-match") {
    wish.pattern = take("pattern");
    wish.match = compilePattern(wish.pattern);
  }
  if (type === "timeout") wish.deadline = Date.now() + Math.round(seconds("<seconds>", take("seconds")) * 1000);
  if (type === "silence") wish.seconds = seconds("<seconds>", take("seconds"));
  wish.callback = rest.shift();
  if (rest[0] !== undefined) {
    throw new AppError("ERR_INVALID_ARGUMENT", `"${rest[0]}" is one argument too many for ${type}`);
  }
  return wish;
}

/**
 * The pane, or for a whole session the session, that the names mean now, and what the pane's shell tells.
 * Throws ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND.
 */
export function locate(server: TmuxServer, session: string, pane: string | undefined) {
  if (pane !== undefined) {
    const {
      server: id,
      session: name,
      sessionId,
      id: paneId,
      paneId: index,
      label,
      shell,
    } = findPane(server, session, pane);
    const place = { server: id, session: name, session_id: sessionId, pane: paneId, pane_id: index, label };
    return { place, shell };
  }
  const [first] = listPanes(server, session);
  const place = {
    server: first?.server ?? "",
    session: first?.session ?? session,
    session_id: first?.sessionId ?? "",
    pane: "",
    pane_id: "",
    label: "",
  };
  return { place, shell: undefined };
}

/** From which moment on a subscription counts: this one, also if the daemon gets to it only later. Null where that is all the same. */
function progressOf(server: TmuxServer, pane: string, wish: Wish, shell: ShellState | undefined): string | null {
  if (wish.match) return JSON.stringify(progressIn(server, pane, wish.match));
  return wish.type === "command-finished" ? formatPrompts(shell) : null;
}

/** From which point in its output on a pane is watched: this one, also if the daemon gets to it only later. */
export function progressIn(server: TmuxServer, pane: string, match: Pattern): Progress {
  const capture = ["capture-pane", "-p", "-t", pane];
  const history = ["-S", `-${TRAIL_MAX}`];
  const answers = tmuxEach(server, [
    [...capture, ...history],
    [...capture, ...history, "-J"],
    [...capture, "-a", "-q"],
    [...capture, "-a", "-q", "-J"],
    ["display-message", "-p", "-t", pane, PLACE_FORMAT],
  ]);
  const place = answers.pop() ?? "";
  const [cols = 0, firstRow = 0, isAlternate = 0, y = 0, savedY = 0] = place.split(" ").map(Number);
  const [rows = [], lines = [], savedRows = [], savedLines = []] = answers.map((answer) => answer.split("\n"));
  const saved = isAlternate === 1 ? { rows: savedRows, lines: savedLines } : undefined;
  const captured = Math.min(TRAIL_MAX, firstRow);
  const { normal } = readCapture({ cols, historySize: firstRow, captured, rows, lines, saved });
  return progressNow(normal, { cols, firstRow, cursorRow: firstRow + (saved ? savedY : y) }, match);
}

const PLACE_FORMAT = "#{pane_width} #{history_size} #{alternate_on} #{cursor_y} #{alternate_saved_y}";

function subscriptionType(type: string): SubscriptionType {
  const known = SUBSCRIPTION_TYPES.find((candidate) => candidate === type);
  if (known) return known;
  throw new AppError("ERR_INVALID_ARGUMENT", `"${type}" is not a type of subscription`, {
    hint: `Give one of: ${SUBSCRIPTION_TYPES.join(", ")}`,
  });
}
