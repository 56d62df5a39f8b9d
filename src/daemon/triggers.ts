import type { Log } from "../lib/log.ts";
import type { Subscription } from "../store/subscriptions.ts";
import { typeNamed } from "../subscriptions/table.ts";
import type { Firing, Tell } from "../subscriptions/type.ts";
import type { TmuxCommand } from "../tmux/command-line.ts";
import type { PlacedPane } from "../tmux/panes.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { AgentLooks, type AgentWish } from "./agent-looks.ts";
import { type Deadline, Deadlines } from "./deadlines.ts";
import { type PaneInterest, PaneWatches } from "./pane-watches.ts";
import { ProgramStatuses } from "./program-statuses.ts";
import { ProgressBars } from "./progress-bars.ts";

/** What triggers tell of subscriptions, by their ids, and of panes. */
interface TriggerHandlers {
  fire(subscription: number, firing: Firing): void;
  /** it has got that far without firing */
  progressed(subscription: number, progress: string): void;
  /** a pane may have gone */
  changed(): void;
  /** some output of a pane was not heard */
  gap(pane: string): void;
}

/** Has subscriptions fire, each by what its type is fired by (see Fires); those of the census are the engine's own. */
export class Triggers implements AsyncDisposable {
  readonly watches: PaneWatches;
  readonly agents: AgentLooks;
  private readonly deadlines = new Deadlines();

  constructor(
    options: { server: TmuxServer; stateDir: string; log: Log },
    private readonly handlers: TriggerHandlers,
  ) {
    const { changed, gap } = handlers;
    this.agents = new AgentLooks(options);
    const { server, log } = options;
    const notes = { ask: (commands: TmuxCommand[]) => tmuxAsync(server, commands), log };
    const statuses = new ProgramStatuses(notes);
    const bars = new ProgressBars(notes);
    this.watches = new PaneWatches(options, {
      changed,
      gap(pane) {
        statuses.forget(pane);
        bars.forget(pane);
        gap(pane);
      },
      left(pane) {
        statuses.forget(pane);
        bars.forget(pane);
      },
      status: (pane, pid, status) => statuses.told(pane, pid, status),
      progress: (pane, pid, bar) => bars.told(pane, pid, bar),
    });
  }

  /**
   * Has exactly these fire from now on.
   * @param panes all panes that there are now
   * @returns what the first of the panes failed with that can't be watched now, if any: the others are
   */
  async want(subscriptions: Iterable<Subscription>, panes: readonly PlacedPane[]): Promise<unknown> {
    const interests: PaneInterest[] = [];
    const agents: AgentWish[] = [];
    const deadlines: Deadline[] = [];
    for (const subscription of subscriptions) {
      const { id, server, pane, session_id: sessionId, created_at: madeAt } = subscription;
      const fires = typeNamed(subscription.type)?.fires; // none for one of a later version
      if (fires?.by === "output") {
        interests.push({ server, pane, sessionId, id, ...fires.interest(subscription, this.tell(id)) });
      }
      if (fires?.by === "agent") {
        // what it writes tells when to look
        const wrote = () => this.agents.wrote(server, pane);
        interests.push({ server, pane, sessionId, id, listen: () => ({ wrote }) });
        agents.push({ server, pane, id, follow: () => fires.follow(subscription, this.tell(id)) });
      }
      const at = fires?.by === "clock" ? fires.deadline(subscription) : null;
      if (fires?.by === "clock" && at !== null) {
        deadlines.push({ at, madeAt, pass: () => this.handlers.fire(id, fires.firing(subscription)) });
      }
    }
    const failed = await this.watches.want(interests);
    const unsized = await this.watches.resize(panes);
    await this.agents.want(agents);
    this.deadlines.set(deadlines);
    return failed ?? unsized;
  }

  /** To be called now and then: a timer does not know that a clock was set. */
  tick(): void {
    this.deadlines.check();
  }

  /** Has none fire any more. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.deadlines.close();
    await this.agents[Symbol.asyncDispose]();
    await this.watches[Symbol.asyncDispose]();
  }

  private tell(id: number): Tell {
    return {
      fire: (firing) => this.handlers.fire(id, firing),
      progressed: (progress) => this.handlers.progressed(id, progress),
    };
  }
}
