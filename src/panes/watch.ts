import type { TmuxServer } from "../tmux/server.ts";
import { Counted, LINES } from "./counted.ts";
import { deadlineAfter, orPaneGone } from "./ended.ts";
import { compiledMeanwhile, type Found } from "./find.ts";
import { type Look, lookAt } from "./look.ts";
import { ended, isOver, jobsOfTyped, type WatchTimeoutOptions } from "./watch-end.ts";

/**
 * Waits until a line of a pane matches: one that its last command has written, one that is written from now on, however
 * fast it scrolls away, or one that a program draws on the screen.
 * @param interruptible gives the waiting itself the signal to stop, where there is any
 * @throws AppError ERR_TIMEOUT; ERR_COMMAND_ENDED when that command, or the pane, ends without; as findInPane
 */
export async function watchPane(
  server: TmuxServer,
  options: WatchTimeoutOptions,
  interruptible: (wait: (signal: AbortSignal) => Promise<Found>) => Promise<Found>,
): Promise<Found> {
  const deadline = deadlineAfter(options.timeoutS);
  const { session, pane, lines = LINES } = options;
  const rows = options.existing === "all" ? { rows: lines } : {};
  const { matcherFor, found: last } = await compiledMeanwhile(options.pattern, (meanwhile) =>
    lookAt(server, { session, pane, ...rows, meanwhile }),
  );
  const find = async (there: Look) => new Counted(there, await matcherFor(there.lines), options).found;
  let there = last;
  if (options.existing === "all") {
    const found = await find(last);
    if (found.length > 0) return { pane: last.pane, lines: found };
    there = await lookAt(server, { session, pane });
  }
  const found = await find(there);
  if (found.length > 0) return { pane: there.pane, lines: found };
  if (isOver(there, options) && !jobsOfTyped(there).areRunning()) throw ended(server, options, there, {});
  // many find what they look for: the rest is loaded, and signals are taken, when there is something to wait for
  return await interruptible(async (signal) => {
    const [matches, { untilLine }] = await Promise.all([matcherFor(), import("./watching.ts")]);
    try {
      return await untilLine(server, { ...options, matches, deadline, signal }, there);
    } catch (thrown) {
      throw await orPaneGone(thrown, there.pane);
    }
  });
}
