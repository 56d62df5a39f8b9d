/** How the program of a dead pane ended, as far as tmux tells: with an exit code, or by a signal, or neither is known. */
export interface Death {
  exitCode?: number;
  signal?: number;
}

/** What readDeath needs of a pane. */
export const DEATH_VARIABLES = ["pane_dead", "pane_dead_status", "pane_dead_signal"] as const;

// BSD's tmux writes the names of signals, Linux's their numbers; these are BSD's
const SIGNALS: Readonly<Record<string, number>> = {
  ...{ HUP: 1, INT: 2, QUIT: 3, ILL: 4, TRAP: 5, ABRT: 6, FPE: 8, KILL: 9, BUS: 10, SEGV: 11, SYS: 12 },
  ...{ PIPE: 13, ALRM: 14, TERM: 15, XCPU: 24, XFSZ: 25, USR1: 30, USR2: 31 },
};

/** Reads how a pane's program ended; undefined while it lives. Tmux before 3.3 does not tell of signals. Pure. */
export function readDeath(row: Record<(typeof DEATH_VARIABLES)[number], string>): Death | undefined {
  if (row.pane_dead !== "1") return undefined;
  const { pane_dead_status: status, pane_dead_signal: name } = row;
  if (status !== "") return { exitCode: Number(status) };
  const signal = SIGNALS[name.toUpperCase()] ?? Number(name);
  return name !== "" && Number.isInteger(signal) ? { signal } : {};
}

/** The exit code that a shell would give for it: 128 and the number for a signal. Pure. */
export function exitCodeOf({ exitCode, signal }: Death): number | undefined {
  return exitCode ?? (signal === undefined ? undefined : 128 + signal);
}
