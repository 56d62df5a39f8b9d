import type { TmuxCommand } from "../tmux/command-line.ts";
import type { Pane } from "../tmux/panes.ts";
import type { Start, StartOptions } from "./start.ts";

/** What a source of a pane's output tells. */
export interface SourceHandlers {
  /** the pane has written this; more is read when it resolves */
  data(bytes: Uint8Array): Promise<void> | void;
  /** panes may have come or gone */
  changed(): void;
  /** nothing more is heard: the pane may have ended, or it goes on and what it writes is missed */
  ended(): void;
}

/** A way to hear a pane, from one point in its output on. */
export interface PaneSource extends AsyncDisposable {
  /** the pane as it was at that point */
  readonly pane: Pane;
  /** what it showed at that point, if that was asked for */
  readonly start: Start | undefined;
  /** names the listener among those who hold the pane (see hold.ts) */
  readonly holder: string;
  /** those of them who are dead */
  readonly deadHolders: readonly string[];
  /** why nothing more is heard, if so */
  readonly endedBy: string | undefined;
  /** whether all that the pane wrote is heard when it ends; else a dead pane must be looked at for its last words */
  readonly isComplete: boolean;
  /** Resolves when all that the pane, which has ended, has written has been handed over, as far as that can be known. */
  drained(): Promise<void>;
  /** The commands that are to be carried out before it is disposed of. */
  release(): TmuxCommand[];
}

/** Which pane is heard. */
export interface SourceOptions {
  session: string;
  /** as a person names it */
  pane: string;
  stateDir: string;
  /** ms of performance.now() until which it may take to begin */
  deadline: number;
  /** what of it that is there already is wanted */
  start: StartOptions | undefined;
}
