import type { Sighting } from "../matching/sightings.ts";
import type { ShellState } from "../tmux/shell-state.ts";
import type { PaneAgent } from "../verdict/agent.ts";
import type { Finished } from "./command-ends.ts";

/** What somebody wants to know of a pane by what it writes. */
export interface Interest {
  /** by which it is known from one look at what is wanted to the next: no other one in the pane has it */
  id: number;
  lines?: LineInterest;
  /** Begins to listen, once what the pane has written before is dealt with. */
  listen?(pane: HeardPane): Listener;
}

/** Lines that match are wanted, each once for each time that it appears. */
export interface LineInterest {
  /** in RE2 syntax */
  pattern: string;
  /** how far another watch has got, as it told: those that have come since count too. Null: from now on */
  progress: string | null;
  /** `progress` tells how far it has got by that: to be asked when it is written down */
  matched(sighting: Sighting, progress: () => string | undefined): void;
  /** it has got that far, without a match */
  progressed(progress: string): void;
}

/** Who is told of each look at the coding agent in a pane. */
export interface AgentFollower {
  /** the one that it has told of last, or another follower before it */
  readonly last: SeenAgent | undefined;
  /** what was seen now; undefined where no agent has the pane; `ended` where the last one has ended well */
  seen(agent: PaneAgent | "ended" | undefined): void;
}

/** An agent that was seen in a pane. */
export interface SeenAgent {
  kind: string;
  pid: number;
  startTime: number;
  /** whether its hooks tell of it: then they tell of its end as well, whoever runs meanwhile */
  isEndTold: boolean;
  /** whether it told of itself in its output, and that is noted now: then its end was told to this very daemon, if it tells it */
  isHeard: boolean;
}

/** What is known of a pane when one begins to listen to it. */
export interface HeardPane {
  /** what its shell told last */
  shell: ShellState | undefined;
  /** when its window had last written something when it began to be followed (ms since the epoch) */
  activityAt: number;
}

/** Who is told what happens in a pane, until it is disposed of. */
export interface Listener extends Partial<Disposable> {
  /** the pane has written */
  wrote?(bytes: Uint8Array): void;
  /** a command has ended; `progress` is how far one has got by that */
  finished?(finished: Finished, progress: string): void;
}
