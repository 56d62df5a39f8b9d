import { bootId } from "../lib/believed-clock.ts";
import { asError } from "../lib/errors.ts";
import { type AliveSession, afterLook, aliveFile, ENDED_MS, inBoot } from "../snapshots/alive.ts";
import type { TmuxServer } from "../tmux/server.ts";

/** What was found at a look at a tmux server. */
interface Look {
  /** all its sessions; none at all says nothing of any: the server may have gone */
  names: ReadonlySet<string>;
  /** the server itself (`pid:start_time`) */
  server: string;
  /** those of them that are saved */
  saved: readonly Omit<AliveSession, "server">[];
  isToBeSaved(name: string): boolean;
}

/** Keeps written down which of the sessions that are saved are alive, for whoever brings them back after the machine's next start. */
export class AliveRecord {
  /** those that were not there at the last looks, and since when (ms of performance.now()) */
  private missing = new Map<string, number>();
  private complaint: string | undefined;

  constructor(
    private readonly server: TmuxServer,
    private readonly log: { error(line: string): void },
  ) {}

  /** When it is to be looked again, whether a session has ended (ms of performance.now()). */
  get lookAt(): number {
    return Math.min(...this.missing.values()) + ENDED_MS;
  }

  /**
   * Notes what was found at a look. Never throws: what could not be written down is told in the log.
   */
  async note({ names, server, saved, isToBeSaved }: Look): Promise<void> {
    const boot = bootId();
    if (boot === undefined) return; // nobody could tell the next start from this one
    const known = names.size === 0 ? [] : inBoot(aliveFile.read(this.server), boot).sessions;
    const now = performance.now();
    // what went with another server has not ended in this one
    const gone = known.filter((one) => !names.has(one.name) && (one.server === server || one.server === ""));
    this.missing = new Map(gone.map(({ name }) => [name, this.missing.get(name) ?? now]));
    if (names.size === 0) return;
    const over = gone.filter(({ name }) => now - (this.missing.get(name) ?? now) >= ENDED_MS);
    const ended = new Set([...over, ...known.filter(({ name }) => !isToBeSaved(name))].map(({ name }) => name));
    for (const name of ended) this.missing.delete(name);
    const found = saved.map((one) => ({ ...one, server }));
    try {
      await aliveFile.change(this.server, (before) => afterLook(inBoot(before, boot), { found, ended }));
      this.complaint = undefined;
    } catch (thrown) {
      const { message } = asError(thrown);
      if (this.complaint !== message) this.log.error(`it can't be noted which sessions are alive: ${message}`);
      this.complaint = message;
    }
  }
}
