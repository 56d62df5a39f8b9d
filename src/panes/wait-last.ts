import { AppError, changed } from "../lib/errors.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { WaitOptions } from "./completion.ts";
import { lastLinesOf, lastOf } from "./counted.ts";
import type { Ended } from "./ended.ts";
import { LineReader } from "./lines.ts";
import { lookAt } from "./look.ts";
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
    const { session, id: pane } = ended.pane;
    if (!ended.paneEnded) return { ...ended, lastLines: await shownLines(server, { session, pane }) };
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

/** The last lines of what ran in a pane last; where that can't be told, those that it shows. */
async function shownLines(server: TmuxServer, place: { session: string; pane: string }): Promise<string[]> {
  const look = await lookAt(server, place);
  return lastLinesOf(look) ?? lastOf(look.lines);
}

/** How the program of a dead pane ended. */
async function deathOf(server: TmuxServer, { session, pane: name }: WaitOptions): Promise<Record<string, unknown>> {
  const pane = paneDetails(server, session, name);
  const { lines } = await lookAt(server, { session, pane: pane.id });
  // tmux says so in words of its own
  const written = lines.filter((line) => !/^Pane is dead(?: \([^()]*\))?$/.test(line));
  return { exit_code: lastExitCode(pane, pane.state), last_lines: lastOf(written) };
}

function withFacts(error: AppError, more: Record<string, unknown>): AppError {
  return changed(error, { details: { ...error.details, ...more } });
}
