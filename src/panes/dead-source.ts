import type { TmuxCommand } from "../tmux/command-line.ts";
import type { Pane } from "../tmux/panes.ts";
import { newHolder } from "./holders.ts";
import type { PaneSource } from "./pane-source.ts";

/** A pane whose program has ended, and that stays: there is nothing to hear. */
export class DeadSource implements PaneSource {
  readonly isComplete = false;
  readonly holder = newHolder();
  readonly deadHolders = [];
  readonly start = undefined;
  readonly endedBy = "its program has ended";

  constructor(readonly pane: Pane) {}

  async drained(): Promise<void> {}

  release(): TmuxCommand[] {
    return [];
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
