import { baseName } from "../lib/names.ts";
import { isResting } from "../process/foreground.ts";
import { commandLine } from "../process/identity.ts";
import type { Pane } from "../tmux/panes.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { ShellState } from "../tmux/shell-state.ts";
import { isToldLast } from "../tmux/typed.ts";
import { PRIVATE_KEY } from "./hand-over.ts";

/** How long a command must have been silent before its shell is asked, ms. */
export const SILENT_MS = 1000;

/**
 * Asks a bash that runs a command, as far as it has told, whether it waits at its prompt by now: a command that takes away
 * all that could tell (`unset PROMPT_COMMAND; PS1=...`) leaves it the private key. It is pressed only where the line editor
 * of the shell itself reads keys. Then the shell tells of its prompt, if it is one.
 * @returns whether it was asked
 */
export async function askForPrompt(server: TmuxServer, pane: Pane, told: ShellState): Promise<boolean> {
  if (told.word !== "run" || baseName(commandLine(pane.pid)[0] ?? "").replace(/^-/, "") !== "bash") return false;
  if (!isResting(pane.pid) || !(await isEditingLine(server, pane)) || !isResting(pane.pid)) return false;
  const press = `send-keys -t ${pane.id} ${PRIVATE_KEY.join(" ")}`;
  await tmuxAsync(server, [["if-shell", "-F", "-t", pane.id, isToldLast(told), press]]);
  return true;
}

/** Whether a pane's terminal is as line editors set it: what reads single keys otherwise leaves Enter what it is (icrnl). */
export async function isEditingLine(server: TmuxServer, { id }: Pane): Promise<boolean> {
  const tty = (await tmuxAsync(server, [["display-message", "-p", "-t", id, "#{pane_tty}"]])).trim();
  const flag = process.platform === "linux" ? "-F" : "-f";
  try {
    const stty = Bun.spawn(["stty", flag, tty, "-a"], { stdin: "ignore", stdout: "pipe", stderr: "ignore" });
    const words = (await stty.stdout.text()).split(/[\s;]+/);
    return ["-icanon", "-echo", "-icrnl"].every((word) => words.includes(word));
  } catch {
    return false; // without stty nobody knows
  }
}
