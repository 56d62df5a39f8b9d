import { asError, expectedError } from "../lib/errors.ts";
import { sleep } from "../lib/wait.ts";
import { Dialogue } from "../tmux/dialogue.ts";
import { hasNothing } from "../tmux/error.ts";
import { type Pane, parsePanes } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { carryOut, type Deeds, Doer, type Stage } from "./deeds.ts";
import { changes } from "./draw.ts";
import { frame } from "./frame.ts";
import { type Key, KeyReader } from "./keys.ts";
import { firstRows, Looker } from "./look.ts";
import { type Deed, press } from "./press.ts";
import type { Row } from "./row.ts";
import { Terminal } from "./terminal.ts";
import { type Asked, inSight, rowsInSight, START, type View, withRows } from "./view.ts";

/** How often it is looked: while something changes, and when nothing has for a while, ms. */
const TICK_MS = 1000;
const QUIET_TICK_MS = 3000;
const QUIET_AFTER_TICKS = 5;
/** How long tmux's client may wait for the next question: longer than until that. */
const CLIENT_MS = 10_000;
/** A terminal that stops nobody, as that of a popup, is back after so long. */
const STOP_MS = 100;

/** What the view is of. */
export interface TopOptions {
  server: TmuxServer;
  /** waits for what panesCommand() lists of it, which has been asked for */
  listed: () => string;
  isColorful: boolean;
  /** what the keys do until a signal ends it */
  deeds: (signal: AbortSignal) => Deeds;
  /** aborted to end it; its reason is thrown */
  signal: AbortSignal;
}

/** Shows all panes of a server in the terminal, until a person leaves it, and does what the keys say. */
export async function showTop(options: TopOptions): Promise<void> {
  using terminal = Terminal.open();
  const leave = () => terminal.leave();
  process.on("exit", leave); // also by a bug
  try {
    await new Top(options, terminal).run();
  } finally {
    process.off("exit", leave);
  }
}

class Top {
  private view: View;
  private drawn: readonly string[] | undefined;
  private dialogue: Dialogue;
  private readonly looker: Looker;
  /** when it is looked next, ms of performance.now(), and what ends the wait for that */
  private lookAt = 0;
  private wake = new AbortController();
  /** ends the reading of keys, for now */
  private reading = new AbortController();
  private readonly over = new AbortController();
  /** while somebody else has the terminal */
  private isAway = false;
  private isWriting = false;
  /** whether something was to be drawn while it wrote */
  private isStale = false;
  private readonly doer = new Doer();
  private readonly handlers = {
    SIGWINCH: () => this.redraw(),
    SIGTSTP: () => this.suspend(),
    SIGCONT: () => void this.goOn(),
  };

  constructor(
    private readonly options: TopOptions,
    private readonly terminal: Terminal,
  ) {
    this.dialogue = new Dialogue(options.server, CLIENT_MS);
    this.looker = new Looker((commands) => this.dialogue.ask(commands));
    this.view = { ...START, ...terminal.size() };
  }

  async run(): Promise<void> {
    const { terminal, over } = this;
    const { signal } = this.options;
    const end = () => over.abort(signal.reason);
    signal.addEventListener("abort", end, { once: true });
    try {
      // before anything is drawn: what keeps it from being so is told below the command
      this.view = { ...this.view, rows: firstRows(this.listed()) };
      await terminal.enter(over.signal);
      this.draw();
      for (const [name, handler] of Object.entries(this.handlers)) process.on(name, handler);
      void this.typing().catch((thrown) => over.abort(thrown));
      await this.watch();
    } finally {
      for (const [name, handler] of Object.entries(this.handlers)) process.off(name, handler);
      signal.removeEventListener("abort", end);
      this.reading.abort();
      over.abort(LEFT);
      terminal.leave();
      await this.doer.end();
      this.dialogue[Symbol.dispose]();
    }
    if (over.signal.reason !== LEFT) throw over.signal.reason;
  }

  private listed(): Pane[] {
    try {
      return parsePanes(this.options.listed());
    } catch (thrown) {
      if (hasNothing(thrown)) return [];
      throw thrown;
    }
  }

  /** Looks, again and again. */
  private async watch(): Promise<void> {
    let quiet = 0;
    let before = "";
    await this.lookOrSay();
    while (!this.over.signal.aborted) {
      if (!this.isAway) await this.looker.see(this.inSight());
      this.view = withRows(this.view, this.looker.withLines(this.view.rows));
      this.draw();
      await sleep(
        untilLook(this.isAway, this.lookAt - performance.now()),
        AbortSignal.any([this.wake.signal, this.over.signal]),
      );
      if (this.wake.signal.aborted) this.wake = new AbortController();
      if (this.isAway || this.over.signal.aborted || performance.now() < this.lookAt) continue;
      await this.lookOrSay();
      const now = JSON.stringify(
        this.view.rows.map(({ id, state, for: wait, job, line }) => [id, state, wait, job, line]),
      );
      quiet = now === before ? quiet + 1 : 0;
      before = now;
      this.lookAt = performance.now() + (quiet < QUIET_AFTER_TICKS ? TICK_MS : QUIET_TICK_MS);
    }
  }

  /** Asks what there is. Throws as Looker.look(). */
  private async look(): Promise<void> {
    const rows = await this.looker.look();
    if (rows.length === 0) {
      // a server without sessions ends when its last client does
      this.dialogue[Symbol.dispose]();
      this.dialogue = new Dialogue(this.options.server, CLIENT_MS);
    }
    this.view = withRows(this.view, rows);
  }

  private async lookOrSay(): Promise<void> {
    try {
      await this.look();
    } catch (thrown) {
      const known = expectedError(asError(thrown));
      if (!known) throw thrown;
      this.say(known.message, true);
    }
  }

  /** Has it looked at once. */
  private lookNow(): void {
    this.lookAt = 0;
    this.wake.abort();
  }

  /** The panes whose last lines are in sight, and the one that is shown. */
  private inSight(): string[] {
    const { selected } = this.view;
    return [...new Set([...rowsInSight(this.view).map(({ id }) => id), ...(selected === undefined ? [] : [selected])])];
  }

  private say(text: string, isError = false): void {
    this.view = { ...this.view, message: { text, isError } };
    this.draw();
  }

  /** Shows what has changed, unless the terminal still takes what was shown before: then that is what follows. */
  private draw(): void {
    this.isStale = this.isWriting;
    if (this.isAway || this.isWriting || this.over.signal.aborted) return;
    const { selected } = this.view;
    const screen = selected === undefined ? [] : this.looker.screenOf(selected);
    const lines = frame({ ...this.view, screen }, Date.now(), this.options.isColorful);
    const text = changes(this.drawn, lines);
    this.drawn = lines;
    if (text === "") return;
    this.isWriting = true;
    void this.terminal
      .write(text, this.over.signal)
      .then(() => {
        this.isWriting = false;
        if (this.isStale) this.draw();
      })
      .catch((thrown) => this.over.abort(thrown));
  }

  private quit(): void {
    this.over.abort(LEFT);
  }

  /** All of it anew, in the size that the terminal has. */
  private redraw(): void {
    this.drawn = undefined;
    this.view = inSight({ ...this.view, ...this.terminal.size() });
    this.draw();
    this.lookNow();
  }

  private async typing(): Promise<void> {
    while (!this.over.signal.aborted) {
      this.reading = new AbortController();
      const keys = new KeyReader();
      let timer: Timer | undefined;
      for await (const bytes of this.terminal.input(this.reading.signal)) {
        clearTimeout(timer);
        this.pressAll(keys.push(bytes));
        if (keys.patienceMs !== undefined) timer = setTimeout(() => this.pressAll(keys.end()), keys.patienceMs);
      }
      if (!this.isAway) this.over.abort(LEFT); // the terminal has gone
      while (this.isAway) await sleep(STOP_MS / 2, this.over.signal);
    }
  }

  private pressAll(keys: readonly Key[]): void {
    for (const key of keys) {
      const before = this.view.mode.is;
      const { view, deed } = press(this.view, key);
      this.view = view;
      if (deed) this.do(deed);
      // what was typed ahead was not meant for what is asked now
      if (before === "list" && view.mode.is === "stop") break;
    }
    this.draw();
    this.wake.abort();
  }

  private do(deed: Deed): void {
    if (!("row" in deed)) {
      this[deed.do]();
      return;
    }
    const isBegun = this.doer.begin(async (signal) => {
      try {
        if (await carryOut(deed, this.options.deeds(signal), this.stage)) this.quit();
      } catch (thrown) {
        this.over.abort(thrown);
      }
      this.lookNow();
    });
    if (!isBegun) this.say("One thing after the other: wait for what is being done", true);
  }

  private readonly stage: Stage = {
    say: (text, isError) => this.say(text, isError),
    ask: (row, asked) => this.ask(row, asked),
    rows: async () => {
      await this.look();
      return this.view.rows;
    },
    without: (run) => this.without(run),
  };

  private ask(row: Row, asked: Asked): void {
    if (this.view.mode.is !== "list") return; // a person does something else by now
    this.view = { ...this.view, message: undefined, mode: { is: "answer", row, asked, text: "" } };
    this.draw();
  }

  /** Runs what has the terminal meanwhile. */
  private async without<T>(run: () => Promise<T>): Promise<T> {
    this.isAway = true;
    this.reading.abort();
    this.terminal.leave();
    try {
      return await run();
    } finally {
      await this.back();
    }
  }

  /** Stops this program, and whoever runs it, as Ctrl-Z does; whoever continues it finds all of it drawn anew. */
  private suspend(): void {
    if (this.isAway) return;
    this.isAway = true;
    this.terminal.leave();
    process.off("SIGTSTP", this.handlers.SIGTSTP);
    process.kill(0, "SIGTSTP");
    setTimeout(() => void this.goOn(), STOP_MS);
  }

  /** After a stop, whoever stopped it: a shell has set the terminal for itself. */
  private async goOn(): Promise<void> {
    if (process.listenerCount("SIGTSTP") === 0) process.on("SIGTSTP", this.handlers.SIGTSTP);
    if (!this.over.signal.aborted && !this.reading.signal.aborted) await this.back();
  }

  private async back(): Promise<void> {
    if (this.over.signal.aborted) return;
    await this.terminal.enter(this.over.signal);
    if (this.over.signal.aborted) return;
    this.isAway = false;
    this.redraw();
  }
}

/** How long it is until the next look, ms: while somebody else has the terminal there is none. Pure. */
export function untilLook(isAway: boolean, leftMs: number): number {
  return isAway ? Number.POSITIVE_INFINITY : Math.max(0, leftMs);
}

/** Why it is over when nothing was wrong. */
const LEFT = new Error("left");
