import { bootId } from "../lib/believed-clock.ts";
import { asError } from "../lib/errors.ts";
import { type Alive, type AliveSession, afterLook, aliveFile, ENDED_MS, inBoot } from "../snapshots/alive.ts";
import type { TmuxServer } from "../tmux/server.ts";

/** What was found at a look at a tmux server. */
interface Look {
  /** all its sessions; none at all says nothing of any: the server may have gone */
  names: ReadonlySet<string>;
  /** the server itself (`pid:start_time`) */
  server: string;
  /** those of them that are saved */
  saved: readonly AliveSession[];
  isToBeSaved(name: string): boolean;
}

/** Keeps written down which of the sessions that are saved are alive, for whoever brings them back after the machine's next start. */
export class AliveRecord {
  /** those that were not there at the last looks at a server, and since when (ms of performance.now()) */
  private missing = new Map<string, number>();
  private server: string | undefined;
  private complaint: string | undefined;

  constructor(
    private readonly of: TmuxServer,
    private readonly log: { error(line: string): void },
  ) {}

  /** When it is to be looked again, whether a session has ended (ms of performance.now()). */
  get lookAt(): number {
    return Math.min(...this.missing.values()) + ENDED_MS;
  }

  /**
   * Notes what was found at a look. Never throws: what could not be written down is told in the log.
   */
  async note(look: Look): Promise<void> {
    try {
      await this.write(look);
      this.complaint = undefined;
    } catch (thrown) {
      const { message } = asError(thrown);
      if (this.complaint !== message) this.log.error(`it can't be noted which sessions are alive: ${message}`);
      this.complaint = message;
    }
  }

  /** What was written down; one that can't be read any more is set aside. */
  private async known(): Promise<Alive | undefined> {
    try {
      return aliveFile.read(this.of);
    } catch (thrown) {
      const aside = await aliveFile.setAside(this.of);
      if (!aside) throw thrown;
      this.log.error(`which sessions were alive before is not known: ${aside.why}; it is called ${aside.path} now`);
      return undefined;
    }
  }

  private async write({ names, server, saved, isToBeSaved }: Look): Promise<void> {
    const boot = bootId();
    if (boot === undefined) return; // nobody could tell the next start from this one
    if (names.size === 0) {
      this.missing.clear();
      return;
    }
    const known = inBoot(await this.known(), boot).sessions;
    const now = performance.now();
    // what went with another server has ended as well, once this one has answered without it for so long
    if (server !== this.server) this.missing.clear();
    this.server = server;
    const gone = known.filter(({ name }) => !names.has(name));
    this.missing = new Map(gone.map(({ name }) => [name, this.missing.get(name) ?? now]));
    const over = gone.filter(({ name }) => now - (this.missing.get(name) ?? now) >= ENDED_MS);
    const ended = new Set([...over, ...known.filter(({ name }) => !isToBeSaved(name))].map(({ name }) => name));
    for (const name of ended) this.missing.delete(name);
    await aliveFile.change(this.of, (before) => afterLook(inBoot(before, boot), { found: saved, ended }));
  }
}
