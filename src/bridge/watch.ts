import { within } from "../lib/wait.ts";
import { dropEchoes } from "../matching/echo.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { wordOf } from "../tmux/shell-state.ts";
import { activityOf, isFollowed } from "./activity.ts";
import { captureLines } from "./capture.ts";
import { deadlineAfter, paneGone, timeoutError } from "./ended.ts";
import { compileMatcher, type Found, findInPane, type WatchOptions } from "./find.ts";
import { LineReader } from "./lines.ts";
import { PaneListener } from "./listener.ts";

/** How long output must pause before what stands on the screen is looked at. */
const QUIET_MS = 20;
/** How long the last look, at the deadline, may take. */
const LAST_LOOK_MS = 1000;

/**
 * Waits until a line of a pane matches: one of the last that stand there, one that is written from now on, however
 * fast it scrolls away, or one that a program draws on the screen.
 * @throws AppError ERR_TIMEOUT; ERR_COMMAND_FAILED when the pane ends without; as findInPane
 */
export async function watchPane(
  server: TmuxServer,
  options: WatchOptions & { timeoutS: number; stateDir: () => string; signal?: AbortSignal },
): Promise<Found> {
  const matches = await compileMatcher(options.pattern);
  const deadline = deadlineAfter(options.timeoutS);
  await using listener = await PaneListener.open(server, options);
  await listener.hold();
  const { pane } = listener;
  // what is there is looked at after listening has begun, so that no line falls between
  const look = () => findInPane(server, matches, { ...options, pane: pane.id });
  const there = look();
  if (there.lines.length > 0) return there;
  using reader = new LineReader({ start: "", ansi: false });
  const found = async (lines: string[]): Promise<Found | undefined> => {
    const matching = lines.filter(matches);
    if (matching.length === 0) return undefined;
    const { typings } = captureLines(server, { ...options, pane: pane.id, lines: 1, all: false, ansi: false });
    const left = dropEchoes(matching, typings);
    return left.length > 0 ? { pane, lines: left } : undefined;
  };
  // what a shell that tells writes at its prompt is the prompt, and the echo
  let isOutput = !isFollowed(pane) || activityOf(pane).isRunning;
  for (let isQuiet = true; ; ) {
    const pause = isQuiet ? deadline : Math.min(deadline, performance.now() + QUIET_MS);
    const event = await listener.next(pause);
    if (event === undefined) {
      // what stands there counts when output pauses: a line without an end, or one that was drawn
      const patience = Math.max(deadline - performance.now(), LAST_LOOK_MS);
      const shown = await within(patience, listener.screen());
      const result = shown && (shown.some(matches) ? look() : undefined);
      if (result && result.lines.length > 0) return result;
      if (performance.now() >= deadline) {
        const hint = "See what it shows with pane-capture, and what runs there with pane-status.";
        throw timeoutError(`No line matched ${options.pattern}`, options.timeoutS, {}, hint);
      }
      isQuiet = true;
      continue;
    }
    if (event.type === "ended") {
      const last = await found([await reader.unfinished()]).catch(() => undefined);
      if (last) return last;
      // a held pane still shows what tmux did not pass on
      const left = event.exitCode === undefined ? undefined : look();
      if (left && left.lines.length > 0) return left;
      throw paneGone(pane);
    }
    isQuiet = false;
    if (event.type === "shell" && wordOf(event.state, pane)) {
      isOutput = event.state.word === "run";
      reader.drop();
    }
    const lines = await reader.read(event);
    const result = isOutput ? await found(lines) : undefined;
    if (result) return result;
  }
}
