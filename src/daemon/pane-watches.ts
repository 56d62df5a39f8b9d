import { asError } from "../lib/errors.ts";
import type { Log } from "../lib/log.ts";
import type { Interest } from "../subscriptions/interest.ts";
import { abandonedPipes, releasePipes } from "../tmux/left-pipes.ts";
import type { PlacedPane } from "../tmux/panes.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { LastWords } from "./last-words.ts";
import { Memory } from "./memory.ts";
import { outputOf } from "./pane-output.ts";
import { type WatchedHandlers, WatchedPane } from "./watched-pane.ts";

/** So many panes begin to be watched at a time: each takes a call to tmux. */
const AT_ONCE = 8;
/** So many commands fit the arguments of one call to tmux. */
const CALL_COMMANDS = 20;
const RELEASE_MS = 1000;

/** An interest, and the pane that it is in. */
export interface PaneInterest extends Interest {
  /** the tmux server process, for which the two ids below hold */
  server: string;
  pane: string;
  sessionId: string;
}

/** The panes in whose output somebody takes an interest, and no others. */
export class PaneWatches implements AsyncDisposable {
  private readonly watches = new Map<string, WatchedPane>();
  /** the session of each, by the same key */
  private readonly sessions = new Map<string, string>();
  /** the dead panes at the last look, each with the pid of what ran in it */
  private dead: ReadonlySet<string> = new Set();
  private abandoned: string[] | undefined;
  private isClosed = false;
  /** those that have written since their memory was last freed */
  private readonly writing = new Set<WatchedPane>();
  private readonly memory = new Memory();

  constructor(
    private readonly options: { server: TmuxServer; stateDir: string; log: Log },
    private readonly handlers: Omit<WatchedHandlers, "failed" | "wrote"> & {
      /** a pane is not heard any more */
      left(pane: string): void;
    },
  ) {}

  /**
   * Watches the panes that these interests are in, and leaves the others.
   * @returns what the first of those failed with that can't be watched now, if any: the others are
   */
  async want(interests: readonly PaneInterest[]): Promise<unknown> {
    if (this.isClosed) return undefined;
    const wanted = Map.groupBy(interests, ({ server, pane }) => keyOf(server, pane));
    const others = [...this.watches].filter(([key]) => !wanted.has(key));
    // one that a command hears stays until that has ended
    for (const [, watch] of others) if (watch.isTapped) await watch.want([]);
    await this.leave(others.flatMap(([key, watch]) => (watch.isTapped ? [] : [key])));
    const left = [...wanted];
    let failed: Error | undefined;
    const next = async () => {
      for (let each = left.shift(); each && !this.isClosed; each = left.shift()) {
        try {
          await this.watch(...each);
        } catch (thrown) {
          failed ??= asError(thrown);
        }
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, next));
    await this.releaseAbandoned();
    return failed;
  }

  /** What a pane writes from now on, until the signal is aborted; undefined for one that is not watched. */
  output(pane: string, signal: AbortSignal): ReadableStream<Uint8Array> | undefined {
    const watch = [...this.watches].find(([key]) => key.endsWith(` ${pane}`))?.[1];
    return watch && outputOf(watch, signal, () => this.handlers.changed());
  }

  /**
   * Follows the panes to the sizes that they have now.
   * @returns what the first of those failed with that can't be followed, if any: the others are
   */
  async resize(panes: readonly PlacedPane[]): Promise<unknown> {
    let failed: Error | undefined;
    for (const { server, id, width, height } of panes) {
      try {
        await this.watches.get(keyOf(server, id))?.resize(width, height);
      } catch (thrown) {
        failed ??= asError(thrown);
      }
    }
    await this.renew(panes);
    return failed;
  }

  /**
   * Attaches other control clients after a pane has died that stays. What tmux has not passed on by then to one that is
   * attached it counts as being in the pane for ever: up to 3.7 it crashes by that when the pane is respawned.
   */
  private async renew(panes: readonly PlacedPane[]): Promise<void> {
    const dead = panes.filter(({ isDead }) => isDead).map(({ server, id, pid }) => `${keyOf(server, id)} ${pid}`);
    const before = this.dead;
    this.dead = new Set(dead);
    if (this.dead.isSubsetOf(before)) return;
    await Promise.all([...this.watches.values()].map((watch) => watch.renew()));
  }

  /** Waits until what a pane has written so far is dealt with, if it is followed. */
  async settle(server: string, pane: string): Promise<void> {
    await this.watches.get(keyOf(server, pane))?.settle();
  }

  /** What there is to say of a pane that has ended; undefined if it was not followed. */
  async lastWords(server: string, pane: string): Promise<LastWords | undefined> {
    return await this.watches.get(keyOf(server, pane))?.lastWords();
  }

  /** How many panes are followed, and in how many sessions. */
  get counts(): { sessions: number; watchedPanes: number } {
    return { sessions: new Set(this.sessions.values()).size, watchedPanes: this.watches.size };
  }

  /** To be called from time to time: has quiet panes free memory, and gives back what is not needed. */
  freeMemory(): void {
    for (const watch of this.writing) {
      const isMuch = watch.freeMemory();
      if (isMuch !== undefined) this.writing.delete(watch);
      if (isMuch) this.memory.freed();
    }
    this.memory.tick();
  }

  /** Leaves them all. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.isClosed = true; // a look that is not over would begin with them again
    await this.leave([...this.watches.keys()]);
  }

  private async watch(key: string, interests: readonly PaneInterest[]): Promise<void> {
    const [{ pane = "", sessionId = "" } = {}] = interests;
    this.sessions.set(key, sessionId);
    const watch = this.watches.get(key) ?? this.begin(key, pane, sessionId);
    await watch.want(interests);
  }

  private begin(key: string, pane: string, sessionId: string): WatchedPane {
    const { server, stateDir, log } = this.options;
    // those of the daemon before: looked for once, since that is a look at every process
    this.abandoned ??= abandonedPipes(stateDir);
    const handlers: WatchedHandlers = {
      ...this.handlers,
      failed: (thrown) => log.error(asError(thrown)),
      wrote: (bytes) => {
        this.memory.read(bytes);
        this.writing.add(watch);
      },
    };
    const watch: WatchedPane = new WatchedPane({ server, stateDir, pane, abandoned: this.abandoned }, handlers);
    this.writing.add(watch);
    this.watches.set(key, watch);
    log.info(`watching pane ${pane} of session ${sessionId}`);
    return watch;
  }

  /** What a killed daemon has left in panes that nobody watches any more. */
  private async releaseAbandoned(): Promise<void> {
    const { server, stateDir } = this.options;
    this.abandoned ??= abandonedPipes(stateDir);
    const left = this.abandoned;
    this.abandoned = [];
    await releasePipes(server, stateDir, left).catch(() => {}); // the server may be gone
  }

  private async leave(keys: readonly string[]): Promise<void> {
    const leaving = keys.flatMap((key) => {
      const watch = this.watches.get(key);
      return watch ? [{ watch, isDead: [...this.dead].some((pane) => pane.startsWith(`${key} `)) }] : [];
    });
    for (const { watch } of leaving) this.writing.delete(watch);
    for (const key of keys) {
      this.watches.delete(key);
      this.sessions.delete(key);
    }
    const commands = (await Promise.all(leaving.map(({ watch, isDead }) => watch.release(isDead)))).flat();
    const calls = Array.from({ length: Math.ceil(commands.length / CALL_COMMANDS) }, (_, i) =>
      commands.slice(i * CALL_COMMANDS, (i + 1) * CALL_COMMANDS),
    );
    const { server } = this.options;
    for (const call of calls) await tmuxAsync(server, call, { timeoutMs: RELEASE_MS }).catch(() => {});
    await Promise.all(leaving.map(({ watch }) => watch[Symbol.asyncDispose]()));
    // until then it was still heard
    for (const { watch } of leaving) this.handlers.left(watch.pane);
  }
}

/** Another tmux server at the same socket may have a pane of the same id. */
function keyOf(server: string, pane: string): string {
  return `${server} ${pane}`;
}
