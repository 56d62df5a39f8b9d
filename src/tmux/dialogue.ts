import type { TmuxCommand } from "./command-line.ts";
import { takeEarly } from "./early-client.ts";
import { ReadingClient } from "./reading-client.ts";
import { started, stdoutOf, TIMEOUT_MS, tmuxAsync } from "./run.ts";
import type { TmuxServer } from "./server.ts";

const IDLE_MS = 500;

/** How a call is made. */
interface Turn {
  timeoutMs: number;
  isLast: boolean;
  /** must not fail */
  meanwhile: (() => Promise<unknown>) | undefined;
}

/**
 * Several calls to one tmux server, one after the other. To start a client takes longer than most commands do: where it can
 * be done, one carries out all of them.
 */
export class Dialogue implements Disposable {
  private client: ReadingClient | undefined;
  private isOver = false;
  private isBusy = false;

  /** @param idleMs how long the client may wait for the next call: a server without sessions does not end before its clients do */
  constructor(
    private readonly server: TmuxServer,
    private readonly idleMs = IDLE_MS,
  ) {}

  /**
   * Runs tmux commands in one call. Throws as tmuxAsync() does.
   * @param options.isLast whether no other call will follow
   * @param options.meanwhile what is to be done while tmux works, such as to load what its answer is for
   */
  async ask(commands: TmuxCommand[], options: Partial<Turn> = {}): Promise<string> {
    const { timeoutMs = TIMEOUT_MS, isLast = false, meanwhile } = options;
    if (this.isBusy) return await tmuxAsync(this.server, commands, { timeoutMs });
    this.isBusy = true;
    try {
      return await this.turn(commands, { timeoutMs, isLast, meanwhile });
    } finally {
      this.isBusy = false;
      if (this.isOver) this.client?.end();
    }
  }

  /** Lets the client end, if there is still one, when it has answered. */
  [Symbol.dispose](): void {
    this.isOver = true;
    if (!this.isBusy) this.client?.end();
  }

  private async turn(commands: TmuxCommand[], { timeoutMs, isLast, meanwhile }: Turn): Promise<string> {
    const { server } = this;
    this.client ??= takeEarly(server);
    if (this.client?.goOn(commands, isLast)) {
      await meanwhile?.();
      const answer = await this.client.answer(timeoutMs);
      if (answer) return stdoutOf(answer, server, commands, timeoutMs);
    }
    this.client = this.isOver || isLast ? undefined : started(() => ReadingClient.start(server, commands, this.idleMs));
    await meanwhile?.();
    const answer = await this.client?.answer(timeoutMs);
    return answer ? stdoutOf(answer, server, commands, timeoutMs) : await tmuxAsync(server, commands, { timeoutMs });
  }
}
