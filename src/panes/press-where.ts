import { poll } from "../lib/wait.ts";
import { quoteCommands } from "../tmux/command-line.ts";
import { inPaneAlone } from "../tmux/keyboard.ts";
import type { Ask } from "../tmux/run.ts";
import { toProgram } from "./typable.ts";

const PRESSED = "\u241epressed";
/** In so long nobody finds a screen half drawn. */
const DRAWING_MS = 250;
const LOOK_MS = 50;

/**
 * Presses keys in a pane in the very moment in which a tmux format is true there, if that is soon; returns whether they were.
 * @param withinMs 0: now or not at all
 */
export async function pressWhere(
  ask: Ask,
  pane: string,
  keys: readonly string[],
  format: string,
  withinMs = DRAWING_MS,
): Promise<boolean> {
  const press = inPaneAlone(pane, [...toProgram(pane), ["send-keys", "-t", pane, ...keys]]);
  const then = quoteCommands([...press, ["display-message", "-p", PRESSED]]);
  const step = [["if-shell", "-F", "-t", pane, format, then, ""]];
  const isPressed = await poll(withinMs, LOOK_MS, async () => (await ask(step)).includes(PRESSED));
  return isPressed === true;
}
