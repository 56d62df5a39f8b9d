import { Exits } from "../process/exits.ts";
import type { Death } from "../tmux/death.ts";
import type { PlacedPane } from "../tmux/panes.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { Change } from "./census.ts";
import { codeOf, endData, type LastWords } from "./last-words.ts";
import type { FoundPane } from "./panes-now.ts";

/** Those who follow the output of panes. */
interface Followers {
  settle(server: string, pane: string): Promise<void>;
  lastWords(server: string, pane: string): Promise<LastWords | undefined>;
}

/** Learns how panes end, and tells it in their events, as far as anybody can know it. */
export class PaneEnds implements Disposable {
  private readonly exits = new Exits();
  /** the pid of the program in each pane, by its server and id */
  private pids = new Map<string, number>();
  /** the programs of dead panes of which tmux does not tell how they ended */
  private untold: number[] = [];
  /** programs that have ended and of which tmux has not heard so, and for how many looks in a row */
  private overdue = { pids: "", looks: 0 };

  /** @param look makes tmux look for programs that have ended */
  constructor(
    private readonly server: TmuxServer,
    private readonly look = () => tmuxAsync(server, [["run-shell", "-b", "true"]]),
  ) {}

  /** Attends to the programs of these panes. */
  attend(panes: readonly FoundPane[]): void {
    const living = panes.filter(({ isDead }) => !isDead);
    this.untold = panes.filter(({ isDead, death }) => isDead && !isTold(death)).map(({ pid }) => pid);
    this.pids = new Map(living.map((pane) => [keyOf(pane.server, pane.id), pane.pid]));
    this.exits.attend([...this.pids.values()]);
  }

  /**
   * To be called every now and then: makes tmux look for programs that have ended. It is not told of one that ends while it
   * waits for utempter, which it calls when a pane's output ends: just then. The end of any other child makes it look.
   */
  async remind(): Promise<void> {
    const pids = [...this.exits.ended(), ...this.untold].join(" ");
    const looks = pids === this.overdue.pids ? this.overdue.looks + 1 : 1;
    this.overdue = { pids, looks };
    if (pids === "" || !isReminderDue(looks)) return;
    await this.look().catch(() => {}); // the server may be gone, or hang
  }

  /** Writes into the event of a pane's end how it ended, once all that it wrote before has fired. */
  async describe({ event, server }: Change, panes: readonly FoundPane[], followers: Followers): Promise<void> {
    await followers.settle(server, event.pane);
    const followed = await followers.lastWords(server, event.pane);
    const dead = panes.find((pane) => pane.id === event.pane && pane.server === server);
    const words = followed ?? (dead && (await this.shown(dead)));
    const how = isTold(dead?.death) ? dead?.death : await this.exitOf(server, event.pane);
    event.data = endData(how, words);
    const code = codeOf(how);
    if (code !== undefined) followed?.finish(code);
  }

  [Symbol.dispose](): void {
    this.exits[Symbol.dispose]();
  }

  private async exitOf(server: string, pane: string) {
    const pid = this.pids.get(keyOf(server, pane));
    return pid === undefined ? undefined : await this.exits.of(pid);
  }

  /** What a dead pane shows that nobody followed, as long as it is there. */
  private async shown({ id }: PlacedPane): Promise<Pick<LastWords, "command" | "lines"> | undefined> {
    try {
      const text = await tmuxAsync(this.server, [["capture-pane", "-p", "-J", "-t", id]]);
      return { command: "", lines: text.split("\n") };
    } catch {
      return undefined; // somebody has removed it
    }
  }
}

/** Whether tmux is reminded, after so many looks: not at once, when it may be about to hear of it, and ever more seldom. Pure. */
export function isReminderDue(looks: number): boolean {
  return looks >= 2 && (looks & (looks - 1)) === 0;
}

function isTold(death: Death | undefined): boolean {
  return death?.exitCode !== undefined || death?.signal !== undefined;
}

function keyOf(server: string, pane: string): string {
  return `${server} ${pane}`;
}
