import { sleep } from "../lib/wait.ts";
import { isResting } from "../process/foreground.ts";
import { shellName } from "../process/shell-name.ts";
import { isLineEdited } from "../process/terminal-mode.ts";
import { quoteCommands, type TmuxCommand } from "../tmux/command-line.ts";
import { inPaneAlone } from "../tmux/keyboard.ts";
import { findPane, type Pane } from "../tmux/panes.ts";
import { tmux, tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { ShellState } from "../tmux/shell-state.ts";
import { IS_OTHER_TOLD, isToldLast } from "../tmux/typed.ts";
import { isUntold } from "../verdict/reading.ts";
import { PRIVATE_KEY } from "./hand-over.ts";

/** ESC Ctrl-_, which has the shell put back what somebody has typed, if there is anything; zsh has its own use for it. */
const ASKING_KEY = ["-H", "1b", "1f"];
/** ESC Ctrl-], which means nothing to it. */
const ASKING_KEY_ZSH = ["-H", "1b", "1d"];

/** How long a command must have been silent before its shell is asked, ms. */
export const SILENT_MS = 1000;
/** How long a shell may take to tell of a prompt that it is asked for. */
export const ASKED_MS = 1500;

const NOW_MS = 500;
const AGAIN_MS = 150;
const LOOK_MS = 10;

/**
 * Asks a shell whether it waits at its prompt by now. That is a bash that runs a command, as far as it has told: a command that
 * takes away all that could tell (`unset PROMPT_COMMAND; PS1=...`) leaves it the private key. Or one whose command has ended: it
 * draws no prompt for which a pane of one row has no room. Or any whose word is not known (undefined). A key is pressed only where the line editor of the shell itself reads keys. Then the shell tells of its
 * prompt, if it is one.
 * @returns whether it was asked
 */
export async function askForPrompt(server: TmuxServer, pane: Pane, told: ShellState | undefined): Promise<boolean> {
  if (!canBeAsked(pane, told)) return false;
  if (!isResting(pane.pid) || !(await isEditingLine(server, pane)) || !isResting(pane.pid)) return false;
  await tmuxAsync(server, [press(pane, told)]);
  return true;
}

/**
 * As askForPrompt(), of a pane whose shell's word may not be known. Returns when it has told, or does not soon.
 * @returns the pane, with its word if there is one
 */
export async function askedForPrompt(server: TmuxServer, pane: Pane): Promise<Pane> {
  if (!isUntold(pane) || !canBeAsked(pane, undefined)) return pane;
  const end = performance.now() + NOW_MS;
  let askAt = 0;
  for (;;) {
    const now = performance.now();
    // where nobody knows how the terminal is set, something else may read; and one that draws its prompt may do so twice
    if (now >= askAt && isResting(pane.pid) && isLineEdited(pane.pid)) {
      tmux(server, [press(pane, undefined)]);
      askAt = now + AGAIN_MS;
    }
    await sleep(LOOK_MS);
    const asked = findPane(server, pane.session, pane.id);
    if (asked.shell || performance.now() >= end) return asked;
  }
}

function canBeAsked({ pid }: Pane, told: ShellState | undefined): boolean {
  const name = shellName(pid);
  return told ? ["run", "end"].includes(told.word) && name === "bash" : ["bash", "zsh", "fish"].includes(name);
}

/** Not the private key, where it would do: with it the shell would take what another command is about to hand over. */
function press({ id, pid }: Pane, told: ShellState | undefined): TmuxCommand {
  const isStill = told ? isToldLast(told) : IS_OTHER_TOLD;
  const key = told?.word === "run" ? PRIVATE_KEY : shellName(pid) === "zsh" ? ASKING_KEY_ZSH : ASKING_KEY;
  return ["if-shell", "-F", "-t", id, isStill, quoteCommands(inPaneAlone(id, [["send-keys", "-t", id, ...key]]))];
}

/** Whether the terminal is as a line editor sets it: what reads single keys otherwise leaves Enter what it is (icrnl). */
export async function isEditingLine(server: TmuxServer, { id, pid }: Pane): Promise<boolean> {
  const known = isLineEdited(pid);
  if (known !== undefined) return known;
  const tty = (await tmuxAsync(server, [["display-message", "-p", "-t", id, "#{pane_tty}"]])).trim();
  const flag = process.platform === "linux" ? "-F" : "-f";
  try {
    const stty = Bun.spawn(["stty", flag, tty, "-a"], { stdin: "ignore", stdout: "pipe", stderr: "ignore" });
    const words = (await stty.stdout.text()).split(/[\s;]+/);
    const isEnterOther = words.includes("-icrnl") || words.includes("inlcr");
    return isEnterOther && ["-icanon", "-echo"].every((word) => words.includes(word));
  } catch {
    return false; // without stty nobody knows
  }
}
