import { AppError, changed } from "../lib/errors.ts";
import { isPaneGone } from "../tmux/error.ts";
import type { Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { ShellState } from "../tmux/shell-state.ts";
import { WAITING } from "../verdict/rule.ts";
import type { WaitOptions } from "./completion.ts";
import { lastLinesOf, lastOf } from "./counted.ts";
import type { Ended } from "./ended.ts";
import { LineReader } from "./lines.ts";
import { type Look, lookAt } from "./look.ts";
import { lastExitCode } from "./pane-state.ts";
import { paneDetails } from "./panes.ts";
import { waitForPane } from "./wait.ts";

/** What is kept of what a pane writes, bytes: enough for its last lines. */
const KEPT_MAX = 64 * 1024;

/**
 * Waits as waitForPane(), and tells the last lines that were written: of a pane that goes away with what runs there, those that were
 * heard. Of one that is dead already, the error says how it ended, too.
 */
export async function waitForLastLines(
  server: TmuxServer,
  options: WaitOptions,
  interruptible: (wait: (signal: AbortSignal) => Promise<Ended>) => Promise<Ended>,
): Promise<Ended> {
  let heard = new Uint8Array();
  const onData = (bytes: Uint8Array) => {
    const all = new Uint8Array(heard.length + bytes.length);
    all.set(heard);
    all.set(bytes, heard.length);
    heard = all.slice(-KEPT_MAX);
  };
  // what was heard before may not be the last by far
  const onGap = () => {
    heard = new Uint8Array();
  };
  try {
    const ended = await waitForPane(server, { ...options, onData, onGap }, interruptible);
    const shown = ended.paneEnded ? "gone" : await shownLines(server, ended.pane);
    if (shown !== "gone") return shown ? { ...ended, lastLines: shown } : ended;
    return heard.length === 0 ? ended : { ...ended, lastLines: await linesOf(heard) };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    if (thrown.code === "ERR_PANE_DEAD") throw withFacts(thrown, await deathOf(server, options));
    if (thrown.code !== "ERR_COMMAND_ENDED" || heard.length === 0) throw thrown;
    throw withFacts(thrown, { last_lines: await linesOf(heard) });
  }
}

async function linesOf(heard: Uint8Array): Promise<string[]> {
  using reader = new LineReader({ start: "", ansi: false });
  return lastOf([...(await reader.read({ type: "data", data: heard })), await reader.unfinished()]);
}

/**
 * The last lines of what ran in a pane last; where that can't be told, those that it shows; undefined where something else has begun
 * there since the end: its lines are none of them. "gone" where the pane has ended since.
 */
async function shownLines(
  server: TmuxServer,
  { session, id: pane, shell }: Pane,
): Promise<string[] | "gone" | undefined> {
  let look: Look;
  try {
    look = await lookAt(server, { session, pane });
  } catch (thrown) {
    if (isPaneGone(thrown)) return "gone";
    throw thrown;
  }
  return isSamePrompt(shell, look.pane.shell) ? (lastLinesOf(look) ?? lastOf(look.lines)) : undefined;
}

/** Whether a shell is where it was at the end, at that prompt; so is one that told of none. Pure. */
export function isSamePrompt(end: ShellState | undefined, now: ShellState | undefined): boolean {
  if (!end) return true;
  const isAt = now?.pid === end.pid && now.prompt === end.prompt;
  return isAt && (WAITING.includes(now.word) || now.word === end.word);
}

/** How the program of a dead pane ended; nothing where the pane has gone since. */
async function deathOf(server: TmuxServer, { session, pane: name }: WaitOptions): Promise<Record<string, unknown>> {
  try {
    const pane = paneDetails(server, session, name);
    const { lines } = await lookAt(server, { session, pane: pane.id });
    // tmux says so in words of its own
    const written = lines.filter((line) => !/^Pane is dead(?: \([^()]*\))?$/.test(line));
    return { exit_code: lastExitCode(pane, pane.state), last_lines: lastOf(written) };
  } catch (thrown) {
    if (isPaneGone(thrown)) return {};
    throw thrown;
  }
}

function withFacts(error: AppError, more: Record<string, unknown>): AppError {
  return changed(error, { details: { ...error.details, ...more } });
}
