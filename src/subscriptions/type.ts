import type { NewSubscription, Subscription } from "../store/subscriptions.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { ShellState } from "../tmux/shell-state.ts";
import type { AgentFollower, Interest } from "./interest.ts";

/** Declares a type of subscription: all that is particular to it. */
export function subscriptionType<const N extends string, const D extends Details>(
  type: SubscriptionType<N, D>,
): SubscriptionType<N, D> {
  return type;
}

/** A type of subscription: how it is asked for, what is stored of it, and what fires it. */
export interface SubscriptionType<N extends string = string, D extends Details = Details> {
  /** also that of its events */
  name: N;
  /** whether a pane is named; without an optional one it is for any pane of the session, and with none for the session */
  pane: "required" | "optional" | "none";
  /** the words that follow the pane, in order */
  details: D;
  /** what it fires for, in words */
  help: string;
  /** whether it ends with its first firing, whoever asks for it */
  isOnce?: boolean;
  /**
   * What is stored of its details.
   * @param now ms since the epoch
   * @throws AppError ERR_INVALID_ARGUMENT, ERR_INVALID_PATTERN
   */
  read?(details: DetailValues<D>, now: number): Partial<Stored>;
  /**
   * From which moment on it counts: this one, also if the daemon gets to it only later. It is stored as its progress; null
   * where that is all the same. May ask tmux.
   */
  begin?(pane: NamedPane, stored: Stored): string | null;
  /** What nobody has heard yet, where that can be told: how much of it at least, by how far one had got. May ask tmux. */
  unheard?: {
    unit: "line" | "command";
    count(pane: NamedPane, subscription: Pick<NewSubscription, "pattern" | "progress">): number;
  };
  fires: Fires;
}

/** Words by name, and what they mean; an optional one may be left out or be "". */
export type Details = Readonly<Record<string, { kind: keyof Meanings; isOptional?: true }>>;

/** What a word of each kind means. */
interface Meanings {
  text: string;
  seconds: number;
  count: number;
}

/** What words mean, by name. */
export type DetailValues<D extends Details> = {
  [K in keyof D]: Meanings[D[K]["kind"]] | ("isOptional" extends keyof D[K] ? undefined : never);
};

/** What a database holds of a subscription's details, also that of an earlier version. */
export type Stored = Pick<NewSubscription, "pattern" | "deadline" | "seconds">;

/** The pane that a subscription is made for. */
export interface NamedPane {
  server: TmuxServer;
  /** its %id; "" when it is for a whole session */
  id: string;
  shell: ShellState | undefined;
}

/** What fires subscriptions of a type. */
export type Fires =
  /** what a pane writes */
  | { by: "output"; interest(subscription: Subscription, tell: Tell): Omit<Interest, "id"> }
  /** what the coding agent in a pane does */
  | { by: "agent"; follow(subscription: Subscription, tell: Tell): AgentFollower }
  /** a time of the clock (ms since the epoch) */
  | { by: "clock"; deadline(subscription: Subscription): number | null; firing(subscription: Subscription): Firing }
  /** the event of its name, which is in the log whether anybody subscribed to it or not (see CENSUS_EVENTS) */
  | { by: "census" };

/** What one subscription tells. */
export interface Tell {
  fire(firing: Firing): void;
  /** it has got that far without firing */
  progressed(progress: string): void;
}

/** What a subscription fires for, as its event tells it. */
export interface Firing {
  message: string;
  /** what is the same for all of its events */
  about?: Record<string, unknown>;
  /** what is of this one alone */
  details?: Record<string, unknown>;
  /** how far its pane has been dealt with by that, asked when it is written */
  progress?(): string | undefined;
}
