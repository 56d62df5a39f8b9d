import { AppError } from "../lib/errors.ts";
import { CLIENT_OF, processStat } from "../process/identity.ts";
import { ANSWER_MS, ControlClient, NO_ANSWER } from "../tmux/control-client.ts";
import { type Pane, panesCommand, parsePanes } from "../tmux/panes.ts";
import { noAnswer, requireTmux, type TmuxCommand, tmuxAsync, tmuxError } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { MarkScanner, parseShellState, type ShellState } from "../tmux/shell-state.ts";
import { pickPane, sessionTarget } from "../tmux/target.ts";
import { EventQueue } from "./event-queue.ts";
import { holdPane, letPaneGo } from "./hold.ts";
import { lineOfRow, parseRow, ROW_FORMAT } from "./last-words.ts";
import { findEnd } from "./pane-end.ts";
import type { PaneEvent } from "./pane-event.ts";

/** Where listening began. */
export interface Start {
  lines: string[];
  cursorLine: string;
  row: number | undefined;
}

/** How often the pane's process is looked at (one file of /proc): tmux does not tell of the death of a held pane. */
const DEATH_CHECK_MS = 10;
/** How long the end of listening waits for a tmux that hangs: whoever gives up does so because of that. */
const RELEASE_MS = 1000;

// after these, the pane may be gone
const STRUCTURE = new Set(["layout-change", "window-close", "unlinked-window-close"]);

/**
 * Listens to one pane through a control client of its own: every byte that it writes from now on, what its shell tells,
 * and its end, without polling tmux. A slow reader slows the pane down instead of filling memory.
 */
export class PaneListener implements AsyncDisposable {
  private readonly queue = new EventQueue();
  private readonly scanner = new MarkScanner();
  private readonly client: ControlClient;
  private timer: Timer | undefined;
  private diedAt: number | undefined;
  private closedBy: string | undefined;
  private asking = 0;
  private isHeld = false;
  private isEnding = false;
  private isDone = false;
  private target: Pane | undefined;

  private constructor(
    private readonly server: TmuxServer,
    session: string,
    stateDir: string,
  ) {
    this.client = new ControlClient(
      server,
      sessionTarget(session),
      { [CLIENT_OF]: stateDir },
      {
        output: (pane, data) => {
          if (pane === this.target?.id) this.hear(data);
        },
        notification: (name) => {
          if (STRUCTURE.has(name)) this.checkEnd();
        },
        idle: async () => {
          if (this.asking === 0) await this.queue.room();
        },
        closed: (reason) => {
          this.closedBy = reason;
          this.checkEnd();
        },
      },
    );
  }

  /**
   * Begins to listen; what the pane writes after that is heard.
   * @throws AppError ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL, ERR_TMUX_NOT_RUNNING
   */
  static async open(
    server: TmuxServer,
    options: { session: string; pane: string; stateDir: () => string; signal?: AbortSignal | undefined },
  ): Promise<PaneListener> {
    options.signal?.throwIfAborted();
    const listener = new PaneListener(server, options.session, options.stateDir());
    options.signal?.addEventListener("abort", () => listener.queue.abort(options.signal?.reason), { once: true });
    try {
      await listener.begin(options.session, options.pane);
      return listener;
    } catch (thrown) {
      await listener[Symbol.asyncDispose]();
      throw thrown;
    }
  }

  /** The pane, as it was when listening began. */
  get pane(): Pane {
    if (!this.target) throw new Error("the listener has not begun");
    return this.target;
  }

  /** The commands that hold the pane (see hold.ts), for a call to tmux that its owner makes anyway. */
  holding(): TmuxCommand[] {
    this.isHeld = true;
    return holdPane(this.pane.id);
  }

  /** Holds the pane, so that its last words are heard when it ends. */
  async hold(): Promise<void> {
    await tmuxAsync(this.server, this.holding());
  }

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
    const lines = await this.ask(["capture-pane", "-p", "-J", "-t", this.pane.id]);
    return lines?.map((line) => line.trimEnd());
  }

  /** What the pane's shell has told last, up to now. */
  async shell(): Promise<ShellState | undefined> {
    const lines = await this.ask(["display-message", "-p", "-t", this.pane.id, "#{pane_path}"]);
    return parseShellState(lines?.[0] ?? "");
  }

  /**
   * The pane's text up to the very point from which on `next` tells of output: the lines above the cursor's, `lines` of
   * them at most, what stands on the cursor's line, and its row (see last-words.ts). Call it before the first `next`.
   */
  async capture(options: { lines: number; ansi: boolean }): Promise<Start> {
    const { id } = this.pane;
    const range = ["-t", id, "-S", `-${options.lines}`];
    const commands = [
      ["display-message", "-p", "-t", id, `#{pane_height} #{cursor_y} ${ROW_FORMAT}`],
      ["capture-pane", "-p", ...range],
      ["capture-pane", "-p", "-J", ...(options.ansi ? ["-e"] : []), ...range],
    ];
    const answers = await this.client.ask<string[][]>((answer) => {
      this.client.sendAll(commands, (found) => {
        this.queue.clear(); // what was heard until here is in the capture
        answer(found);
      });
    });
    const [state = [], rows = [], joined = []] = answers ?? [];
    const [height = "", cursorY = "", ...row] = (state[0] ?? "").split(" ");
    const at = lineOfRow(rows, joined, rows.length - Number(height) + Number(cursorY));
    const lines = joined.slice(Math.max(0, at - options.lines), at);
    return { lines, cursorLine: joined[at] ?? "", row: parseRow(row.join(" ")) };
  }

  /** Stops listening, lets the pane go and ends the control client. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.isDone = true;
    clearInterval(this.timer);
    this.queue.close();
    const release = this.isHeld
      ? tmuxAsync(this.server, letPaneGo(this.pane.id), { timeoutMs: RELEASE_MS }).catch(() => {})
      : undefined;
    await Promise.all([release, this.client[Symbol.asyncDispose]()]);
  }

  private async begin(session: string, name: string): Promise<void> {
    const list = panesCommand(session);
    let panes: Pane[] = [];
    let refusal: unknown;
    await this.client.ask<true>((answer) => {
      this.client.send(list, ({ lines, isError }) => {
        // here and not after the await: what the pane writes from now on may be in the same chunk
        try {
          if (isError) throw tmuxError("list-panes", lines.join("\n"));
          panes = parsePanes(`${lines.join("\n")}\n`);
          this.target = pickPane(panes, { session, pane: name });
        } catch (thrown) {
          refusal = thrown;
        }
        answer(true);
      });
    });
    if (refusal !== undefined) throw refusal;
    const pane = this.target;
    if (!pane) throw this.refusal(session);
    // "pause" and not "off": when every client has turned a pane off, tmux stops reading what it writes
    for (const other of panes)
      if (other.id !== pane.id) this.client.send(["refresh-client", "-A", `${other.id}:pause`]);
    if (pane.isDead) this.checkEnd();
    this.timer = setInterval(() => {
      if (processStat(pane.pid) === undefined) this.checkEnd();
    }, DEATH_CHECK_MS);
  }

  /** The answer comes behind output, which must be taken in for it to be read, however far behind the reader is. */
  private async ask(command: TmuxCommand): Promise<string[] | undefined> {
    this.asking++;
    this.queue.release();
    try {
      return await this.client.request(command);
    } finally {
      this.asking--;
    }
  }

  private refusal(session: string): AppError {
    const reason = this.closedBy ?? "";
    if (reason === NO_ANSWER) return noAnswer(this.server, "attach-session", ANSWER_MS);
    const error = tmuxError("attach-session", reason);
    if (error.code === "ERR_COMMAND_FAILED") requireTmux();
    return error.code === "ERR_COMMAND_FAILED" && reason === "the session ended"
      ? new AppError("ERR_SESSION_NOT_FOUND", `There is no session "${session}"`)
      : error;
  }

  private hear(data: Uint8Array): void {
    for (const part of this.scanner.push(data)) {
      if (part.type === "data") this.queue.add(part);
      else {
        const state = parseShellState(part.text);
        if (state) this.queue.add({ type: "shell", at: performance.now(), state });
      }
    }
  }

  /** Something says that the pane may have ended: finds out, and tells it after everything that it wrote. */
  private checkEnd(): void {
    if (this.isEnding || this.isDone || !this.target) return;
    this.isEnding = true;
    if (processStat(this.target.pid) === undefined) this.diedAt ??= performance.now();
    findEnd(this.server, this.target, { closedBy: () => this.closedBy, ask: (command) => this.ask(command) })
      .then((end) => {
        if (!end) return;
        clearInterval(this.timer);
        this.queue.add({ type: "ended", at: this.diedAt ?? performance.now(), ...end });
      })
      .catch((thrown: unknown) => this.queue.fail(thrown))
      .finally(() => {
        this.isEnding = false;
      });
  }
}
