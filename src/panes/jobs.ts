import { isTableQuick, processStat } from "../process/identity.ts";
import { jobsOf } from "../process/jobs.ts";
import type { Pane } from "../tmux/panes.ts";

/** By how much an age may be wrong that the process table and the clock tell: ps(1) counts whole seconds. */
const SLACK_S = 2;
const LOOK_MS = 100;
const SLOW_LOOK_MS = 2000;

/** The jobs that a command has left in the background of a pane's shell, which waits at its prompt. */
export class CommandJobs {
  private readonly startedAt: number;
  private known: number[] = [];

  /** @param ageS how many seconds ago the command was started: what is older is not its own */
  constructor(
    private readonly pane: Pick<Pane, "pid">,
    ageS: number,
  ) {
    this.startedAt = performance.now() - ageS * 1000;
  }

  /** How often to look: where there is no /proc, each look is a process. */
  readonly everyMs = isTableQuick() ? LOOK_MS : SLOW_LOOK_MS;

  /** Whether any of them lives. */
  areRunning(): boolean {
    // those that are known are asked about first: the whole table takes long
    if (isTableQuick() && this.known.some((pid) => processStat(pid) !== undefined)) return true;
    this.known = jobsOf(this.pane.pid, (performance.now() - this.startedAt) / 1000 + SLACK_S);
    return this.known.length > 0;
  }
}
