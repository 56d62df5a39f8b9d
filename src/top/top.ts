import { asError, expectedError } from "../lib/errors.ts";
import { LinkedAbort } from "../lib/linked-abort.ts";
import { sleep } from "../lib/wait.ts";
import { Dialogue } from "../tmux/dialogue.ts";
import { hasNothing } from "../tmux/error.ts";
import { type Pane, parsePanes } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { carryOut, type Deeds, Doer, type Stage } from "./deeds.ts";
import { Painter } from "./draw.ts";
import { frame } from "./frame.ts";
import { Holder } from "./holder.ts";
import { type Key, keyHearer } from "./keys.ts";
import { firstRows, Looker } from "./look.ts";
import { Pace } from "./pace.ts";
import { type Deed, press } from "./press.ts";
import type { Row } from "./row.ts";
import { Terminal } from "./terminal.ts";
import { type Asked, inSight, rowsInSight, START, type View, withRows } from "./view.ts";

/** How long tmux's client may wait for the next question: longer than until that. */
const CLIENT_MS = 10_000;

/** What the view is of. */
export interface TopOptions {
  server: TmuxServer;
  /** waits for what panesCommand() lists of it, which has been asked for */
  listed: () => string;
  /** the command line that makes a session there */
  create: string;
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
  private dialogue: Dialogue;
  private readonly looker: Looker;
  /** when it is looked next, ms of performance.now(), and what ends the wait for that */
  private lookAt = 0;
  private wake = new AbortController();
  private readonly over = new AbortController();
  private readonly fail = (thrown: unknown) => this.over.abort(thrown);
  private readonly holder: Holder;
  private readonly painter: Painter;
  private readonly doer = new Doer();

  constructor(
    private readonly options: TopOptions,
    private readonly terminal: Terminal,
  ) {
    const { signal } = this.over;
    this.dialogue = new Dialogue(options.server, CLIENT_MS);
    this.looker = new Looker((commands) => this.dialogue.ask(commands));
    this.view = { ...START, ...terminal.size(), create: this.options.create };
    this.holder = new Holder(terminal, { signal, onBack: () => this.redraw(), fail: this.fail });
    this.painter = new Painter(
      () => this.lines(),
      (text) => terminal.write(text, signal),
      this.fail,
    );
  }

  async run(): Promise<void> {
    const { holder, over } = this;
    const { signal } = this.options;
    const end = () => over.abort(signal.reason);
    const resize = () => this.redraw();
    signal.addEventListener("abort", end, { once: true });
    try {
      // before anything is drawn: what keeps it from being so is told below the command
      this.view = { ...this.view, rows: firstRows(this.listed()) };
      await holder.take();
      this.draw();
      process.on("SIGWINCH", resize);
      // whoever has no terminal any more is told nothing
      void holder.read(() => keyHearer((keys) => this.pressAll(keys))).then(() => this.quit(), this.fail);
      await this.watch();
    } finally {
      process.off("SIGWINCH", resize);
      signal.removeEventListener("abort", end);
      over.abort(LEFT);
      holder.release();
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
    const pace = new Pace();
    await this.lookOrSay();
    while (!this.over.signal.aborted) {
      if (!this.holder.isAway) await this.looker.see(this.inSight());
      this.view = withRows(this.view, this.looker.withLines(this.view.rows));
      this.draw();
      using woken = new LinkedAbort(this.wake.signal, this.over.signal);
      await sleep(untilLook(this.holder.isAway, this.lookAt - performance.now()), woken.signal);
      if (this.wake.signal.aborted) this.wake = new AbortController();
      if (this.holder.isAway || this.over.signal.aborted || performance.now() < this.lookAt) continue;
      await this.lookOrSay();
      this.lookAt = performance.now() + pace.next(this.view.rows);
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

  private draw(): void {
    this.painter.draw();
  }

  private lines(): string[] | undefined {
    if (this.holder.isAway || this.over.signal.aborted) return undefined;
    const { selected } = this.view;
    const screen = selected === undefined ? [] : this.looker.screenOf(selected);
    return frame({ ...this.view, screen }, Date.now(), this.options.isColorful);
  }

  private quit(): void {
    this.over.abort(LEFT);
  }

  private suspend(): void {
    this.holder.suspend();
  }

  /** All of it anew, in the size that the terminal has. */
  private redraw(): void {
    this.painter.forget();
    this.view = inSight({ ...this.view, ...this.terminal.size() });
    this.draw();
    this.lookNow();
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
    without: (run) => this.holder.without(run),
  };

  private ask(row: Row, asked: Asked): void {
    if (this.view.mode.is !== "list") return; // a person does something else by now
    this.view = { ...this.view, message: undefined, mode: { is: "answer", row, asked, text: "" } };
    this.draw();
  }
}

/** How long it is until the next look, ms: while somebody else has the terminal there is none. Pure. */
export function untilLook(isAway: boolean, leftMs: number): number {
  return isAway ? Number.POSITIVE_INFINITY : Math.max(0, leftMs);
}

/** Why it is over when nothing was wrong. */
const LEFT = new Error("left");
