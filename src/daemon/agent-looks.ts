import { deathCommand, revivalCommand } from "../agents/death-note.ts";
import { asError } from "../lib/errors.ts";
import { Exits } from "../process/exits.ts";
import { atOnce, hasEnded, isSameProcess, isTableQuick } from "../process/identity.ts";
import { seenAgent } from "../subscriptions/agent-state.ts";
import type { AgentFollower, SeenAgent } from "../subscriptions/interest.ts";
import type { TmuxCommand } from "../tmux/command-line.ts";
import { Dialogue } from "../tmux/dialogue.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { AGENT_OPTION } from "../tmux/options.ts";
import type { Ask } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { agentOfPane, endedAgent, type PaneAgent } from "../verdict/agent.ts";
import { withScreens } from "../verdict/agent-screens.ts";
import type { Lines } from "./sparing-log.ts";
import { isDue, notSeen, saw, WATCHED_VARIABLES, type Watched, type WatchedRow } from "./watched-agent.ts";

/** A subscription to what the agent in a pane does. */
export interface AgentWish {
  /** the tmux server process, for which the pane's %id holds */
  server: string;
  pane: string;
  /** the subscription's, by which it is known from one look at what is wanted to the next */
  id: number;
  /** begins to follow */
  follow(): AgentFollower;
}

/** How often it is looked, whatever happens: what a hook notes, and an end, may come without any output. */
const LOOK_MS = 1000;
/** The same where each look at processes is a process. */
const SLOW_LOOK_MS = 5000;
/** So soon after a pane has written it is looked, and once more before long: what an agent draws, it tells elsewhere a moment later. */
const SOON_MS = 100;

/**
 * Looks at the coding agents in panes for those who follow what they do: once a second, and soon after they have written. Where nothing
 * has changed by what costs little to look at, it is not looked more closely.
 */
export class AgentLooks implements AsyncDisposable {
  private readonly watched = new Map<string, Watched>();
  private dialogue: Dialogue | undefined;
  private readonly exits = new Exits();
  private looking: Promise<void> = Promise.resolve();
  private timer: Timer | undefined;
  /** when the next look is due, and when the last one began (ms of performance.now()) */
  private dueAt = Number.POSITIVE_INFINITY;
  private lookedAt = Number.NEGATIVE_INFINITY;
  private complaint: string | undefined;
  private isClosed = false;

  /**
   * @param options.ask makes its calls to tmux, instead of a client of its own
   * @param options.agentOf finds the agent in a pane, as agentOfPane()
   */
  constructor(
    private readonly options: {
      server: TmuxServer;
      log: Pick<Lines, "warn">;
      ask?: Ask;
      agentOf?: typeof agentOfPane;
    },
  ) {}

  /** Looks for exactly these from now on; returns when it has looked once for those that are new. Never throws. */
  async want(wishes: readonly AgentWish[]): Promise<void> {
    if (this.isClosed) return;
    const wanted = Map.groupBy(wishes, ({ server, pane }) => keyOf(server, pane));
    for (const key of this.watched.keys()) if (!wanted.has(key)) this.watched.delete(key);
    let isNew = false;
    for (const [key, ofPane] of wanted) {
      const [{ server, pane }] = ofPane as [AgentWish];
      const one = this.watched.get(key) ?? notSeen(server, pane);
      this.watched.set(key, one);
      const ids = new Set(ofPane.map(({ id }) => id));
      for (const id of one.followers.keys()) if (!ids.has(id)) one.followers.delete(id);
      for (const { id, follow } of ofPane) {
        if (one.followers.has(id)) continue;
        const follower = follow();
        one.followers.set(id, follower);
        one.last ??= follower.last;
        one.traces = "";
        isNew = true;
      }
    }
    if (isNew) await this.look();
    if (this.watched.size === 0) this.rest();
    else this.schedule(performance.now() + lookMs());
  }

  /** A pane has written. */
  wrote(server: string, pane: string): void {
    const one = this.watched.get(keyOf(server, pane));
    if (!one) return;
    one.hasWritten = true;
    // however much panes write
    this.schedule(Math.max(performance.now() + SOON_MS, this.lookedAt + lookMs() / 2));
  }

  /** How many agents are in each state, of those that are looked at. */
  get counts(): Record<string, number> {
    const counts: Record<string, number> = {};
    for (const { agent } of this.watched.values()) {
      if (agent) counts[agent.verdict.state] = (counts[agent.verdict.state] ?? 0) + 1;
    }
    return counts;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.isClosed = true;
    this.watched.clear();
    this.rest();
    await this.looking;
    this.exits[Symbol.dispose]();
  }

  /** Without anybody who follows, nothing is done. */
  private rest(): void {
    clearTimeout(this.timer);
    this.dueAt = Number.POSITIVE_INFINITY;
    this.dialogue?.[Symbol.dispose]();
    this.dialogue = undefined;
    this.exits.attend([]);
  }

  private schedule(at: number): void {
    if (at >= this.dueAt || this.isClosed) return;
    clearTimeout(this.timer);
    this.dueAt = at;
    this.timer = setTimeout(() => this.lookAndGoOn(), at - performance.now());
  }

  private async lookAndGoOn(): Promise<void> {
    this.dueAt = Number.POSITIVE_INFINITY;
    const hasWritten = [...this.watched.values()].some((one) => one.hasWritten);
    await this.look();
    if (this.watched.size > 0) this.schedule(this.lookedAt + (hasWritten ? lookMs() / 2 : lookMs()));
  }

  /** One look after the other. */
  private look(): Promise<void> {
    this.looking = this.looking.then(async () => {
      try {
        await this.lookNow();
        this.complaint = undefined;
      } catch (thrown) {
        this.warn("look at the agents in panes", thrown);
      }
    });
    return this.looking;
  }

  private warn(what: string, thrown: unknown): void {
    const { message } = asError(thrown);
    if (message !== this.complaint) this.options.log.warn(`cannot ${what}: ${message}`);
    this.complaint = message;
  }

  private async lookNow(): Promise<void> {
    if (this.watched.size === 0) return;
    this.lookedAt = performance.now();
    const written = new Set([...this.watched.values()].filter(({ hasWritten }) => hasWritten));
    for (const one of written) one.hasWritten = false; // what comes from now on may be later than the look
    try {
      await this.lookAt(written);
    } catch (thrown) {
      for (const one of written) one.hasWritten = true; // it was not looked at
      throw thrown;
    }
  }

  private async lookAt(written: ReadonlySet<Watched>): Promise<void> {
    const ask = this.options.ask ?? this.asking();
    const { agentOf = agentOfPane } = this.options;
    const rows = new Map<string, WatchedRow>();
    for (const row of parseRows(
      WATCHED_VARIABLES,
      await ask([["list-panes", "-a", "-F", rowFormat(WATCHED_VARIABLES)]]),
    )) {
      rows.set(keyOf(`${row.pid}:${row.start_time}`, row.pane_id), row);
    }
    const close = atOnce(() =>
      [...this.watched].flatMap(([key, one]) => {
        const row = rows.get(key);
        if (!row || !isDue(one, row, written.has(one))) return [];
        const agent = agentOf(row);
        one.isShown = agent === undefined || agent.withScreen !== undefined;
        return [{ one, pane: one.pane, agent, noted: row[AGENT_OPTION] }];
      }),
    );
    for (const { one, agent, noted } of await withScreens(ask, close)) {
      if (agent?.withScreen) one.hasWritten = true; // its screen could not be seen
      const taken = await this.take(one, agent);
      const command = taken && endNote(one.pane.id, taken, noted);
      // a pane that has gone by now needs none
      if (command) await ask([command]).catch((thrown) => this.warn("note the end of an agent", thrown));
    }
    if (close.length === 0) return;
    this.exits.attend([...this.watched.values()].flatMap(({ last }) => (last ? [last.pid] : [])));
  }

  private asking(): Ask {
    this.dialogue ??= new Dialogue(this.options.server, 2 * lookMs());
    const { dialogue } = this;
    return (commands) => dialogue.ask(commands);
  }

  /** Has followers see what is there; returns that. */
  private async take(one: Watched, seen: PaneAgent | undefined): Promise<PaneAgent | undefined> {
    const agent = seen ?? (one.last && hasEnded(one.last) ? await this.endOf(one, one.last) : undefined);
    saw(one, agent === "ended" ? undefined : agent);
    if (agent === "ended") one.last = undefined;
    else if (seen) one.last = seenAgent(seen);
    for (const follower of one.followers.values()) follower.seen(agent);
    return agent === "ended" ? undefined : agent;
  }

  /**
   * What became of an agent that has ended. Of one that tells of its end a note would be left if it had not; another has ended well with 0
   * alone.
   */
  private async endOf({ agent }: Watched, last: SeenAgent): Promise<PaneAgent | "ended"> {
    if (last.isEndTold || last.isHeard) return "ended";
    if (agent?.verdict.state === "dead" && isSameProcess(agent, last)) return agent;
    const exit = await this.exits.of(last.pid);
    return exit && "exitCode" in exit && exit.exitCode === 0 ? "ended" : endedAgent(last);
  }
}

/** What is noted in a pane of an agent that has ended, or that has come after one; undefined for nothing. */
function endNote(pane: string, agent: PaneAgent, noted: string): TmuxCommand | undefined {
  if (agent.verdict.state !== "dead") return revivalCommand(pane, noted);
  const { kind, pid, startTime, conversation } = agent;
  const known = { kind, pid, startTime, since: Date.now(), ...(conversation !== undefined && { conversation }) };
  return deathCommand(pane, known, noted);
}

function lookMs(): number {
  return isTableQuick() ? LOOK_MS : SLOW_LOOK_MS;
}

function keyOf(server: string, pane: string): string {
  return `${server} ${pane}`;
}
