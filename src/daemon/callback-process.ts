import { dirname } from "node:path";
import { childEnv } from "../lib/config.ts";
import type { EventRecord } from "../store/events.ts";

/** The kernel takes at most 128 KB for one variable of the environment, and the line is in two of them. */
const TEXT_MAX = 16_384;

/** A process that runs a callback. */
export type CallbackProcess = Bun.Subprocess<"pipe", "pipe", "pipe">;

/** What the shell does first: without a word, which nobody can give it any more when the daemon has died, it does nothing. */
const AWAIT_WORD = "read -r _ || exit; exec </dev/null";

/**
 * Starts the process of a callback, in a group of its own. It does nothing until runCallback() lets it, so that it can be
 * written down before. Throws what the system refuses it with.
 */
export function spawnCallback(argv: string[], env: Record<string, string>): CallbackProcess {
  return Bun.spawn(argv, {
    cwd: "/",
    env,
    stdin: "pipe",
    stdout: "pipe",
    stderr: "pipe",
    detached: true, // so that all of it can be ended
  });
}

/** Lets a callback run, or where it is not to, end. False when it was killed before: then it has done nothing. */
export function runCallback({ stdin }: CallbackProcess, mayRun = true): boolean {
  try {
    if (mayRun) stdin.write("\n");
    Promise.resolve(stdin.end()).catch(() => {});
    return true;
  } catch {
    return false; // EPIPE
  }
}

/**
 * The command line of a callback, which runs where its subscription was made, or where that is no more or not known, at
 * home. The shell itself goes there: a folder on a server that does not answer must not keep the daemon waiting. Pure.
 */
export function callbackArgv(command: string, cwd: string | null): string[] {
  const home = "cd 2>/dev/null || cd /";
  if (cwd === null) return ["/bin/sh", "-c", `${AWAIT_WORD}; ${home}; ${command}`];
  return ["/bin/sh", "-c", `${AWAIT_WORD}; cd -- "$1" 2>/dev/null || ${home}; shift; ${command}`, "/bin/sh", cwd];
}

/**
 * The environment of a callback: ours, with the folder of this program first on PATH, and what it is to know of its
 * event. Pane text is only ever here, never in the command.
 */
export function callbackEnvironment(event: EventRecord, attempt: number): Record<string, string> {
  const data = Object.fromEntries(
    Object.entries(event.data).map(([key, value]) => [
      key,
      typeof value === "string" ? value.slice(0, TEXT_MAX) : value,
    ]),
  );
  const { line, match, count, exit_code: exitCode, command, last_command: last, kind, state, for: wait, former } = data;
  const text = (value: unknown) => (typeof value === "string" ? value : "");
  // of no pane, though the daemon may have been started in one
  const { TMUX_PANE: _, ...env } = childEnv({
    CLAUDE_TMUX_EVENT: JSON.stringify({ ...event, data }),
    CLAUDE_TMUX_SESSION: event.session,
    CLAUDE_TMUX_PANE: event.pane,
    CLAUDE_TMUX_PANE_ID: event.pane_id,
    CLAUDE_TMUX_LABEL: event.label,
    CLAUDE_TMUX_TYPE: event.event_type,
    CLAUDE_TMUX_LINE: text(line),
    CLAUDE_TMUX_MATCH: text(match),
    // empty where nobody knows it: never 0
    CLAUDE_TMUX_EXIT_CODE: typeof exitCode === "number" ? `${exitCode}` : "",
    CLAUDE_TMUX_COMMAND: text(command ?? last),
    CLAUDE_TMUX_AGENT: text(kind),
    CLAUDE_TMUX_STATE: text(state),
    CLAUDE_TMUX_FOR: text(wait),
    CLAUDE_TMUX_FORMER: text(former),
    CLAUDE_TMUX_COUNT: typeof count === "number" ? `${count}` : "1",
    CLAUDE_TMUX_ATTEMPT: `${attempt}`,
  });
  return { ...env, PATH: withFirst(dirname(process.execPath), env.PATH) };
}

/** A PATH with a folder before all others. Pure. */
export function withFirst(folder: string, path = "/usr/local/bin:/usr/bin:/bin"): string {
  const rest = path.split(":").filter((each) => each !== folder);
  return [folder, ...rest].join(":");
}
