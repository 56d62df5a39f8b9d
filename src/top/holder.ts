import { sleep } from "../lib/wait.ts";
import type { Terminal } from "./terminal.ts";

/** A terminal that stops nobody, as that of a popup, is back after so long. */
const STOP_MS = 100;

/** Who holds a terminal, and for how long. */
export interface Holding {
  /** the end of it; aborted by whoever ends it */
  signal: AbortSignal;
  /** the terminal is here again, and shows what somebody else has left there */
  onBack(): void;
  /** takes what made it impossible to have the terminal back */
  fail(thrown: unknown): void;
  /** stops this program, and whoever runs it */
  stop?(): void;
}

/** Holds the terminal, but while somebody else has it: a program that is run there, or the shell that has stopped this one. */
export class Holder {
  private isLeft = false;
  private reading = new AbortController();
  private readonly handlers = { SIGTSTP: () => this.suspend(), SIGCONT: () => this.goOn() };

  constructor(
    private readonly terminal: Pick<Terminal, "enter" | "leave" | "input">,
    private readonly holding: Holding,
  ) {}

  /** Whether somebody else has it. */
  get isAway(): boolean {
    return this.isLeft;
  }

  /** Takes it. Throws as Terminal.enter(). */
  async take(): Promise<void> {
    await this.terminal.enter(this.holding.signal);
    for (const [name, handler] of Object.entries(this.handlers)) process.on(name, handler);
  }

  /** Leaves it for good, as it was. */
  release(): void {
    for (const [name, handler] of Object.entries(this.handlers)) process.off(name, handler);
    this.reading.abort();
    this.terminal.leave();
  }

  /**
   * Reads what is typed until the terminal has gone, or the signal is aborted.
   * @param hearer makes what hears it, anew each time that the terminal is back
   */
  async read(hearer: () => (bytes: Uint8Array) => void): Promise<void> {
    const { signal } = this.holding;
    while (!signal.aborted) {
      this.reading = new AbortController();
      const hear = hearer();
      for await (const bytes of this.terminal.input(this.reading.signal)) hear(bytes);
      if (!this.isLeft) return;
      // a signal that is aborted ends no more than one sleep
      while (this.isLeft && !signal.aborted) await sleep(STOP_MS / 2, signal);
    }
  }

  /** Runs what has the terminal meanwhile. */
  async without<T>(run: () => Promise<T>): Promise<T> {
    this.isLeft = true;
    this.reading.abort();
    this.terminal.leave();
    try {
      return await run();
    } finally {
      await this.back();
    }
  }

  /** Stops this program, and whoever runs it, as Ctrl-Z does; whoever continues it finds all of it drawn anew. */
  suspend(): void {
    if (this.isLeft) return;
    this.isLeft = true;
    this.terminal.leave();
    process.off("SIGTSTP", this.handlers.SIGTSTP);
    (this.holding.stop ?? stopGroup)();
    setTimeout(() => this.goOn(), STOP_MS);
  }

  /** After a stop, whoever stopped it: a shell has set the terminal for itself. */
  private goOn(): void {
    if (this.holding.signal.aborted) return;
    if (!process.listeners("SIGTSTP").includes(this.handlers.SIGTSTP)) process.on("SIGTSTP", this.handlers.SIGTSTP);
    // what is run in the terminal still has it
    if (!this.reading.signal.aborted) void this.back().catch(this.holding.fail);
  }

  private async back(): Promise<void> {
    const { signal, onBack } = this.holding;
    if (signal.aborted) return;
    await this.terminal.enter(signal);
    if (signal.aborted) return;
    this.isLeft = false;
    onBack();
  }
}

function stopGroup(): void {
  process.kill(0, "SIGTSTP");
}
