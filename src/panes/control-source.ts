import { AppError } from "../lib/errors.ts";
import { CLIENT_OF } from "../process/identity.ts";
import { attachTurn } from "../tmux/attach-turn.ts";
import type { TmuxCommand } from "../tmux/command-line.ts";
import { ANSWER_MS, ControlClient, NO_ANSWER } from "../tmux/control-client.ts";
import { tmuxError } from "../tmux/error.ts";
import { type Pane, panesCommand, parsePanes } from "../tmux/panes.ts";
import { attachFailure, refusal } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { pickPane, sessionTarget } from "../tmux/target.ts";
import { newHolder } from "./holders.ts";
import type { PaneSource, SourceHandlers, SourceOptions } from "./pane-source.ts";
import { parseStart, type Start, startCommands } from "./start.ts";

// after these, the pane may be gone
const STRUCTURE = new Set(["layout-change", "window-close", "unlinked-window-close"]);

/** Hears a pane through a control client that is attached to its session: where the pane has a pipe already. */
export class ControlSource implements PaneSource {
  readonly isComplete = false;
  readonly holder = newHolder();
  readonly deadHolders = [];
  endedBy: string | undefined;
  start: Start | undefined;
  private readonly client: ControlClient;
  private target: Pane | undefined;

  private constructor(
    private readonly server: TmuxServer,
    private readonly options: SourceOptions,
    handlers: SourceHandlers,
  ) {
    let taking: Promise<void> | void;
    this.client = new ControlClient(
      server,
      sessionTarget(options.session),
      { [CLIENT_OF]: options.stateDir },
      {
        output: (pane, data) => {
          if (pane === this.target?.id) taking = handlers.data(data);
        },
        notification: (name) => {
          if (STRUCTURE.has(name)) handlers.changed();
        },
        idle: async () => {
          await taking;
        },
        closed: (reason) => {
          this.endedBy = reason;
          handlers.ended();
        },
      },
    );
  }

  /**
   * Begins to hear a pane.
   * @throws AppError ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL, ERR_TMUX_NOT_RUNNING, ERR_TIMEOUT
   */
  static async open(server: TmuxServer, options: SourceOptions, handlers: SourceHandlers): Promise<ControlSource> {
    using turn = await attachTurn(options.stateDir);
    const source = new ControlSource(server, options, handlers);
    // a longer timer than that of the client itself would not matter
    const timer = setTimeout(() => source.client.giveUp(), Math.min(options.deadline - performance.now(), ANSWER_MS));
    try {
      await source.client.settled;
      turn[Symbol.dispose]();
      await source.begin();
      return source;
    } catch (thrown) {
      await source[Symbol.asyncDispose]();
      throw thrown;
    } finally {
      clearTimeout(timer);
    }
  }

  get pane(): Pane {
    if (!this.target) throw new Error("the source has not begun");
    return this.target;
  }

  async drained(): Promise<void> {
    // its answer comes after all that tmux had to pass on before it
    if (this.endedBy === undefined) await this.client.request(["display-message", "-p", ""]);
  }

  release(): TmuxCommand[] {
    return [];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    using _turn = await attachTurn(this.options.stateDir);
    await this.client[Symbol.asyncDispose]();
  }

  private async begin(): Promise<void> {
    const { session, pane: name, start } = this.options;
    let panes: Pane[] = [];
    let refusal: unknown;
    await this.client.ask<true>((answer) => {
      this.client.send(panesCommand(session), ({ lines, isError }) => {
        // here and not after the await: what the pane writes from now on may be in the same chunk
        try {
          if (isError) throw tmuxError("list-panes", lines.join("\n"));
          panes = parsePanes(`${lines.join("\n")}\n`);
          if (!start) this.target = pickPane(panes, { session, pane: name });
        } catch (thrown) {
          refusal = thrown;
        }
        answer(true);
      });
    });
    if (refusal !== undefined) throw refusal;
    const pane = start && panes.length > 0 ? pickPane(panes, { session, pane: name }) : this.target;
    if (!pane) throw this.refusal(session);
    // "pause" and not "off": when every client has turned a pane off, tmux stops reading what it writes
    for (const other of panes)
      if (other.id !== pane.id) this.client.send(["refresh-client", "-A", `${other.id}:pause`]);
    if (start) {
      this.start = await this.client.ask<Start>((answer) => {
        this.client.sendAll(startCommands(pane.id, start), (found) => {
          this.target = pane; // what was heard until here is in the capture
          answer(parseStart(found ?? [], start));
        });
      });
    }
  }

  private refusal(session: string): AppError {
    const reason = this.endedBy ?? "";
    if (reason === NO_ANSWER) return attachFailure(this.server, ANSWER_MS);
    const error = refusal(this.server, "attach-session", reason);
    return error.code === "ERR_COMMAND_FAILED" && reason === "the session ended"
      ? new AppError("ERR_SESSION_NOT_FOUND", `There is no session "${session}"`)
      : error;
  }
}
