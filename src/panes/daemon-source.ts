import { fetchOutput } from "../ipc/pane-output.ts";
import type { TmuxCommand } from "../tmux/command-line.ts";
import { untilDrained } from "../tmux/pane-pipe.ts";
import { findPaneBy, type Pane } from "../tmux/panes.ts";
import type { Ask } from "../tmux/run.ts";
import { newHolder } from "./holders.ts";
import type { PaneSource, SourceHandlers, SourceOptions } from "./pane-source.ts";

/** Hears a pane through the daemon, which has its pipe. */
export class DaemonSource implements PaneSource {
  readonly isComplete = true;
  readonly holder = newHolder();
  readonly deadHolders = [];
  readonly start = undefined;
  endedBy: string | undefined;
  private heardAt = performance.now();
  private readonly reading: Promise<void>;

  private constructor(
    readonly pane: Pane,
    private readonly abort: AbortController,
    reader: ReadableStreamDefaultReader<Uint8Array>,
    handlers: SourceHandlers,
  ) {
    this.reading = this.read(reader, handlers).catch(() => this.end(handlers));
  }

  /** Begins to hear a pane; undefined when no daemon hears it, or what it shows already is wanted as well. */
  static async open(
    ask: Ask,
    options: SourceOptions & { daemonSocket: string },
    handlers: SourceHandlers,
  ): Promise<DaemonSource | undefined> {
    const { session, pane: name, start, daemonSocket } = options;
    // the point in the output at which the daemon begins is not known
    if (start) return undefined;
    const { id } = await findPaneBy(ask, session, name);
    const abort = new AbortController();
    const reader = await fetchOutput(daemonSocket, id, abort.signal);
    if (!reader) return undefined;
    // asked after hearing has begun, so that what the shell tells is known or heard
    const pane = await findPaneBy(ask, session, id);
    return new DaemonSource(pane, abort, reader, handlers);
  }

  async drained(): Promise<void> {
    if (this.endedBy === undefined) await untilDrained(() => this.heardAt, this.reading);
  }

  release(): TmuxCommand[] {
    return [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.abort.abort();
    await this.reading;
  }

  private async read(reader: ReadableStreamDefaultReader<Uint8Array>, handlers: SourceHandlers): Promise<void> {
    for (;;) {
      const { done, value } = await reader.read();
      if (done || !value) break;
      this.heardAt = performance.now();
      await handlers.data(value);
    }
    this.end(handlers);
  }

  private end(handlers: SourceHandlers): void {
    if (this.abort.signal.aborted) return;
    this.endedBy = "the daemon does not hear it any more";
    handlers.ended();
  }
}
