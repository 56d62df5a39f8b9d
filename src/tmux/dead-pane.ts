import { constants } from "node:os";

/**
 * The number of the signal that ended the program of a dead pane, from what the pane shows: tmux before 3.3 has no
 * `pane_dead_signal`, and says it on the screen alone, last. Undefined when it does not say so. Only for a pane that tmux
 * has reported dead and whose process is gone: any program can write such a line. Pure.
 */
export function signalShown(screen: string): number | undefined {
  const last = screen.trimEnd().split("\n").at(-1) ?? "";
  const [, signal] = /^Pane is dead \(signal (\w+), [^()]*\)$/.exec(last) ?? [];
  if (signal === undefined) return undefined;
  // its number with the C libraries of Linux, its name without "SIG" with those of BSD and macOS
  const names: Record<string, number> = constants.signals;
  return /^\d+$/.test(signal) ? Number(signal) : names[`SIG${signal.toUpperCase()}`];
}
