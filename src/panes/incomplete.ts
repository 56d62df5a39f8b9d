import { AppError } from "../lib/errors.ts";
import { poll, sleep } from "../lib/wait.ts";
import { isResting } from "../process/foreground.ts";
import { quoteCommands } from "../tmux/command-line.ts";
import { inPaneAlone } from "../tmux/keyboard.ts";
import type { Pane } from "../tmux/panes.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { ShellState } from "../tmux/shell-state.ts";
import { isLastTyped, isToldLast } from "../tmux/typed.ts";
import type { PaneListener } from "./listener.ts";
import { nextPrompt } from "./prompt.ts";
import { isSecondaryPrompt, leftOfCursor } from "./secondary-prompt.ts";

/** How long a shell may take to come to rest at its secondary prompt, and how long it must then stay there. */
const REST_MS = 1000;
const STILL_MS = 50;
/** How long it may take to show its prompt after Ctrl-C. */
const CANCEL_MS = 2000;
const GONE_ON = "gone on";

/** A command that a shell has taken, and of which it waits for the rest, as it has told. */
interface Incomplete {
  rest: ShellState;
  /** of the typing that handed it over */
  stamp: string;
  /** what it wrote so far; undefined when nothing of it has run */
  partial: string | undefined;
}

/**
 * Cancels, by Ctrl-C, a command that is not complete, so that its shell is at its prompt again: only while that shell waits for
 * the rest of it, nothing else has been typed by us, and nothing stands at its secondary prompt, as far as that can be told from it.
 * @returns the error that tells of it; undefined when the shell did not stay there, since somebody has gone on with the command
 * @throws AppError as tmuxAsync()
 */
export async function cancelIncomplete(
  server: TmuxServer,
  listener: PaneListener,
  { rest, stamp, partial }: Incomplete,
): Promise<AppError | undefined> {
  const { pane } = listener;
  if (!(await poll(REST_MS, 5, () => isResting(pane.pid)))) return undefined;
  await sleep(STILL_MS);
  if ((await listener.shell())?.text !== rest.text || !isResting(pane.pid)) return undefined;
  const { text, x, y } = await leftOfCursor(server, pane);
  // fish shows no prompt on the lines that go on
  if (!isSecondaryPrompt(text) && text.trim() !== "") return incomplete(pane, { partial, isCancelled: false });
  const isThere = `#{?${isLastTyped(stamp)},#{&&:${isToldLast(rest)},#{==:#{cursor_x} #{cursor_y},${x} ${y}}},0}`;
  const press = inPaneAlone(pane.id, [["send-keys", "-t", pane.id, "C-c"]]);
  const otherwise = quoteCommands([["display-message", "-p", GONE_ON]]);
  const said = await tmuxAsync(server, [["if-shell", "-F", "-t", pane.id, isThere, quoteCommands(press), otherwise]]);
  if (said.includes(GONE_ON)) return undefined;
  const back = await nextPrompt(server, listener, performance.now() + CANCEL_MS, rest.prompt);
  return incomplete(pane, { partial, isCancelled: back?.type === "shell" });
}

/** The error for a command of which a shell waits for the rest. */
function incomplete(pane: Pane, how: { partial: string | undefined; isCancelled: boolean }): AppError {
  const where = `the shell of pane ${pane.paneId} of "${pane.session}"`;
  const ran = how.partial === undefined ? "nothing of it was run" : "what comes before that was run";
  const now = how.isCancelled
    ? "It was cancelled, and the shell is at its prompt."
    : "The shell may still wait: look with pane-capture; Ctrl-C (pane-send-keys C-c) cancels it.";
  return new AppError("ERR_COMMAND_FAILED", `The command is not complete: ${where} waits for the rest; ${ran}`, {
    hint: `${now} A quote, a here-document, or a word like if or do, is open at its end.`,
    details: how.partial === undefined ? {} : { partial_output: how.partial },
  });
}
