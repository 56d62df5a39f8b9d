import { sleep } from "../lib/wait.ts";
import type { Pane } from "../tmux/panes.ts";
import type { ShellState } from "../tmux/shell-state.ts";
import { type Reading, readPane, readShell } from "./reading.ts";
import { isRunning, judge, type Verdict, WAITING } from "./rule.ts";

/** What a pane does that tmux has told of just now. Where one look does not tell it, that takes up to 0.1 s. */
export function verdictOf(pane: Pane): Promise<Verdict> {
  return untilSure(() => readPane(pane));
}

/**
 * Makes ready what a verdict needs, for who waits for tmux to tell of the pane: code takes longest at its first use. Never
 * throws.
 */
export function prepareVerdict(): void {
  judge([readShell("idle", process.pid)]);
}

/** Whether something may run in a pane: what is not known is not taken for idle. */
export async function isBusy(pane: Pane): Promise<boolean> {
  return isRunning(await verdictOf(pane)) !== false;
}

/** The prompt at which the pane's shell waits, with nothing before it to deal with, if it has told so. */
export async function promptOf(pane: Pane): Promise<ShellState | undefined> {
  return hasPrompt(pane.shell) && (await verdictOf(pane)).state === "idle" ? pane.shell : undefined;
}

/** Whether the shell of that pid, which has told this last, waits at its prompt. */
export async function isAtPrompt(told: ShellState, pid: number): Promise<boolean> {
  return hasPrompt(told) && (await untilSure(() => readShell(told.word, pid))).state === "idle";
}

function hasPrompt(shell: ShellState | undefined): boolean {
  return shell !== undefined && WAITING.includes(shell.word);
}

async function untilSure(look: () => Reading): Promise<Verdict> {
  const looks: [Reading, ...Reading[]] = [look()];
  for (;;) {
    const found = judge(looks);
    if (!("againMs" in found)) return found;
    await sleep(found.againMs);
    looks.push(look());
  }
}
