import { AppError } from "../lib/errors.ts";
import { isTableQuick, processStat } from "../process/identity.ts";
import type { TmuxCommand } from "../tmux/command-line.ts";
import { Dialogue } from "../tmux/dialogue.ts";
import type { Pane } from "../tmux/panes.ts";
import type { Ask } from "../tmux/run.ts";
import { ScreenFilter } from "../tmux/screen-filter.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { MarkScanner, parseShellState, type ShellState, wordOf } from "../tmux/shell-state.ts";
import { DeadSource } from "./dead-source.ts";
import { EventQueue } from "./event-queue.ts";
import { holdPane, letPaneGo } from "./hold.ts";
import { findEnd } from "./pane-end.ts";
import type { PaneEnd, PaneEvent } from "./pane-event.ts";
import type { PaneSource, SourceOptions } from "./pane-source.ts";
import { PipeSource } from "./pipe-source.ts";
import type { Start, StartOptions } from "./start.ts";

/** How often the pane's process is looked at: tmux does not tell of the death of a held pane. One file of /proc. */
const DEATH_CHECK_MS = 10;
/** The same where each look is a process, ps(1). */
const SLOW_DEATH_CHECK_MS = 500;
/** How long the end of listening waits for a tmux that hangs: whoever gives up does so because of that. */
const RELEASE_MS = 1000;
/** How long it may take to hear a pane again: the turn to attach a client may be that of others first. */
const AGAIN_MS = 10_000;
/** How many of a pane's lines are looked at after a gap. */
const HISTORY_MAX = 100_000;

/** What is listened to. */
interface ListenOptions {
  session: string;
  /** as a person names it */
  pane: string;
  stateDir: () => string;
  /** aborted to give up */
  signal?: AbortSignal | undefined;
  /** ms of performance.now() until which it may take to begin */
  deadline?: number;
  /** what the pane shows already that is wanted (see start) */
  start?: StartOptions;
  /** hears all that is shown as well, in order */
  onData?: ((shown: Uint8Array) => void) | undefined;
  /** something was not heard: what is heard next does not go on from what was heard before */
  onGap?: (() => void) | undefined;
  /** throws for a pane that is not to be listened to, before a client is attached for it */
  refuse?(pane: Pane): void;
}

/**
 * Listens to one pane: every byte that it writes from now on, what its shell tells, and its end. By a pipe; where the pane
 * has one already, by the daemon whose it is, or else by a control client.
 */
export class PaneListener implements AsyncDisposable {
  private readonly queue = new EventQueue();
  private scanner = new MarkScanner();
  private filter = new ScreenFilter({ links: true });
  private source: PaneSource | undefined;
  private first: PaneSource | undefined;
  private timer: Timer | undefined;
  private diedAt: number | undefined;
  private isHeld = false;
  private isEnding = false;
  private isDone = false;

  private readonly dialogue: Dialogue;
  private readonly giveUp = () => this.queue.abort(this.options.signal?.reason);

  private constructor(
    private readonly server: TmuxServer,
    private readonly options: ListenOptions,
  ) {
    this.dialogue = new Dialogue(server);
  }

  /**
   * Begins to listen; what the pane writes after that is heard.
   * @throws AppError ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL, ERR_TMUX_NOT_RUNNING, ERR_TIMEOUT
   */
  static async open(server: TmuxServer, options: ListenOptions): Promise<PaneListener> {
    options.signal?.throwIfAborted();
    const listener = new PaneListener(server, options);
    options.signal?.addEventListener("abort", listener.giveUp, { once: true });
    try {
      await listener.begin();
      return listener;
    } catch (thrown) {
      await listener[Symbol.asyncDispose]();
      throw thrown;
    }
  }

  /** The pane, as it was when listening began. */
  get pane(): Pane {
    if (!this.first) throw new Error("the listener has not begun");
    return this.first.pane;
  }

  /** What the pane showed when listening began, if that was asked for. */
  get start(): Start {
    if (!this.first?.start) throw new Error("the start was not asked for");
    return this.first.start;
  }

  /** The commands that hold the pane (see hold.ts), for a call to tmux that its owner makes anyway. */
  holding(): TmuxCommand[] {
    this.isHeld = true;
    return holdPane(this.pane.id, this.holder);
  }

  /** Holds the pane, so that how it ends is known. */
  async hold(): Promise<void> {
    await this.call(this.holding());
  }

  /** Makes a call to tmux about the pane. Throws as tmuxAsync() does. */
  readonly call: Ask = (commands, options) => this.dialogue.ask(commands, options);

  /**
   * The next event; undefined when none comes before the deadline (ms of performance.now()). After `ended` nothing comes.
   * @throws AppError when the pane can't be heard any more although it may live: ERR_TMUX_NOT_RUNNING,
   *   ERR_COMMAND_FAILED; the reason of the signal, when it was aborted
   */
  next(deadline = Number.POSITIVE_INFINITY): Promise<PaneEvent | undefined> {
    return this.queue.next(deadline);
  }

  /** What stands on the pane's screen now, as lines, without blanks at their ends; undefined when it is gone. */
  async screen(): Promise<string[] | undefined> {
    const text = await this.ask(["capture-pane", "-p", "-J", "-t", this.pane.id]);
    return text?.split("\n").map((line) => line.trimEnd());
  }

  /**
   * What the pane's shell has told last.
   * @param other something else whose word is taken as well: a marker
   */
  async shell(other?: { pid: number; key: string }): Promise<ShellState | undefined> {
    const text = await this.ask(["display-message", "-p", "-t", this.pane.id, "#{pane_path}"]);
    const state = parseShellState(text?.trimEnd() ?? "");
    return wordOf(state, this.pane) ?? (other && wordOf(state, other));
  }

  /** Stops listening, and lets the pane go. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.isDone = true;
    clearInterval(this.timer);
    this.options.signal?.removeEventListener("abort", this.giveUp);
    this.queue.close();
    const commands = [...this.releasing(), ...(this.source?.release() ?? [])];
    const last = { timeoutMs: RELEASE_MS, isLast: true };
    if (commands.length > 0) await this.dialogue.ask(commands, last).catch(() => {});
    this.dialogue[Symbol.dispose]();
    await this.source?.[Symbol.asyncDispose]();
  }

  private async begin(): Promise<void> {
    const { session, pane, start, deadline = Number.POSITIVE_INFINITY } = this.options;
    this.source = await this.hear({ session, pane, deadline, start, stateDir: this.options.stateDir() });
    this.first = this.source;
    if (this.pane.isDead || this.source.endedBy !== undefined) this.checkEnd();
    const check = () => {
      if (processStat(this.pane.pid) === undefined) this.checkEnd();
    };
    this.timer = setInterval(check, isTableQuick() ? DEATH_CHECK_MS : SLOW_DEATH_CHECK_MS);
  }

  /** By a pipe, by the daemon that has the pane's, or else by a control client. */
  private async hear(options: SourceOptions): Promise<PaneSource> {
    const handlers = {
      data: (bytes: Uint8Array) => {
        this.take(bytes);
        return this.queue.room();
      },
      changed: () => this.checkEnd(),
      ended: () => this.checkEnd(),
    };
    const pipe = await PipeSource.open(this.call, options, handlers);
    if (pipe instanceof PipeSource) return pipe;
    // what runs there by now may be the very command that is listened to
    if (!this.first) this.options.refuse?.(pipe.taken);
    if (pipe.taken.isDead) return new DeadSource(pipe.taken);
    const { DaemonSource } = await import("./daemon-source.ts");
    const daemonSocket = `${options.stateDir}/daemon.sock`;
    const relayed = await DaemonSource.open(this.call, { ...options, daemonSocket }, handlers);
    if (relayed) return relayed;
    const { ControlSource } = await import("./control-source.ts");
    return await ControlSource.open(this.server, options, handlers);
  }

  private get holder(): string {
    return this.first?.holder ?? "";
  }

  /** The commands that let the pane go, for this listener and for those that were killed while they held it. */
  private releasing(): TmuxCommand[] {
    const own = this.isHeld ? [this.holder] : [];
    const holders = [...own, ...(this.first?.deadHolders ?? [])];
    this.isHeld = false;
    return holders.length > 0 ? letPaneGo(this.pane.id, holders) : [];
  }

  private async ask(command: TmuxCommand): Promise<string | undefined> {
    return await this.call([command]).catch(() => undefined);
  }

  private take(data: Uint8Array): void {
    for (const part of this.scanner.push(data)) {
      if (part.type === "data") {
        const shown = this.filter.push(part.data);
        if (shown.length === 0) continue;
        this.options.onData?.(shown);
        this.queue.add({ type: "data", data: shown });
      } else {
        this.filter.interrupt();
        const state = parseShellState(part.text);
        // what another program prints is not the shell's word; that of a marker is for who has typed it to know
        if (state && (state.pid === 0 || !this.first || wordOf(state, this.pane)))
          this.queue.add({ type: "shell", at: performance.now(), state });
      }
    }
  }

  /** Something says that the pane may have ended: finds out, and tells it after everything that it wrote. */
  private checkEnd(): void {
    if (this.isEnding || this.isDone || !this.source || !this.first) return;
    this.isEnding = true;
    this.findEnd(this.source)
      .catch((thrown: unknown) => this.queue.fail(thrown))
      .finally(() => {
        this.isEnding = false;
      });
  }

  private async findEnd(source: PaneSource): Promise<void> {
    if (processStat(this.pane.pid) === undefined) this.diedAt ??= performance.now();
    const at = this.diedAt ?? performance.now();
    const end = await findEnd(this.server, this.pane);
    if (!end) return source.endedBy === undefined ? undefined : await this.goOn(source, at);
    clearInterval(this.timer);
    // a pane that is still there, dead, has the pipe that it was given, unless that broke off
    const isCut = source.isComplete && source.endedBy !== undefined && end.exitCode !== undefined;
    if (isCut) this.queue.add({ type: "gap", start: undefined });
    const isComplete = source.isComplete && !isCut;
    // a dead pane that nobody holds any more goes away, and its pipe with it
    if (isComplete && end.exitCode !== undefined) await this.call(this.releasing()).catch(() => {});
    await source.drained();
    this.tellEnd(end, { at: this.diedAt ?? at, isComplete });
  }

  /** The pane lives, and is not heard any more: hears it again. */
  private async goOn(source: PaneSource, at: number): Promise<void> {
    const { stateDir, start } = this.options;
    const { session, id: pane } = this.pane;
    this.source = undefined;
    const release = source.release();
    if (release.length > 0) await this.call(release, { timeoutMs: RELEASE_MS }).catch(() => {});
    await source[Symbol.asyncDispose]();
    const deadline = performance.now() + AGAIN_MS;
    try {
      const all = { lines: HISTORY_MAX, ansi: start?.ansi === true };
      this.source = await this.hear({ session, pane, deadline, start: all, stateDir: stateDir() });
    } catch (cause) {
      const end = await findEnd(this.server, this.pane);
      if (end) return this.tellEnd(end, { at, isComplete: false });
      throw new AppError("ERR_COMMAND_FAILED", `Pane ${pane} can't be followed any more: ${source.endedBy}`, {
        hint: "It is still alive; try again.",
        cause,
      });
    }
    if (this.isDone) await this.source[Symbol.asyncDispose]();
    this.scanner = new MarkScanner();
    this.filter = new ScreenFilter({ links: true });
    this.queue.add({ type: "gap", start: this.source.start });
    this.options.onGap?.();
  }

  private tellEnd(end: PaneEnd, how: { at: number; isComplete: boolean }): void {
    clearInterval(this.timer);
    if (!how.isComplete) this.options.onGap?.();
    this.queue.add({ type: "ended", ...how, ...end });
  }
}
