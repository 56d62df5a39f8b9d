import type { TmuxCommand } from "../tmux/command-line.ts";
import { parseRows } from "../tmux/format.ts";
import { abandonedPipes, removePipe } from "../tmux/left-pipes.ts";
import { HOLDS_OPTION, PIPE_OPTION } from "../tmux/options.ts";
import { PanePipe } from "../tmux/pane-pipe.ts";
import { PANE_VARIABLES } from "../tmux/pane-variables.ts";
import { findPaneBy, type Pane, panesCommand, panesOf } from "../tmux/panes.ts";
import { type Ask, tmuxEachBy } from "../tmux/run.ts";
import { indexTarget, parsePane, pickPane } from "../tmux/target.ts";
import { holdersIn, isHolderAlive, newHolder } from "./holders.ts";
import type { PaneSource, SourceHandlers, SourceOptions } from "./pane-source.ts";
import { parseStart, type Start, startCommands } from "./start.ts";

const PIPE_VARIABLES = ["pane_pipe", PIPE_OPTION, HOLDS_OPTION] as const;
const ANSWER_MS = 10_000;

/** Hears a pane through a pipe (see pane-pipe.ts), without a client. */
export class PipeSource implements PaneSource {
  readonly isComplete = true;
  readonly holder = newHolder();
  endedBy: string | undefined;

  private constructor(
    private readonly pipe: PanePipe,
    readonly pane: Pane,
    readonly start: Start | undefined,
    readonly deadHolders: readonly string[],
    handlers: SourceHandlers,
  ) {
    pipe
      .read((data) => handlers.data(data))
      .then(() => {
        this.endedBy = "its pipe ended";
        handlers.ended();
      });
  }

  /**
   * Begins to hear a pane; `taken`, the pane, when it has a pipe already: it has one at most, and that may be a person's.
   * @throws AppError ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL, ERR_TMUX_NOT_RUNNING, ERR_TIMEOUT
   */
  static async open(ask: Ask, options: SourceOptions, handlers: SourceHandlers): Promise<PipeSource | { taken: Pane }> {
    const pipe = PanePipe.open(options.stateDir);
    let taken: Pane;
    try {
      const first = await connect(ask, pipe, options);
      taken = first.pane;
      if (first.isConnected) removeEnded(options.stateDir, first);
      const found = first.isConnected ? first : await replaceAbandoned(ask, pipe, options, first);
      if (found) return new PipeSource(pipe, found.pane, found.start, found.deadHolders, handlers);
    } catch (thrown) {
      pipe[Symbol.dispose]();
      throw thrown;
    }
    pipe[Symbol.dispose]();
    return { taken };
  }

  async drained(): Promise<void> {
    if (this.endedBy === undefined) await this.pipe.drained();
  }

  release(): TmuxCommand[] {
    // one that has ended is not the pane's any more, and another may be
    return [this.pipe.isAtEnd ? this.pipe.forget(this.pane.id) : this.pipe.disconnect(this.pane.id)];
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.pipe[Symbol.dispose]();
  }
}

interface Connected {
  isConnected: boolean;
  pane: Pane;
  start: Start | undefined;
  deadHolders: string[];
  /** the value of PIPE_OPTION as it was before, and whether the pane had a pipe then */
  other: string;
  hadPipe: boolean;
}

async function connect(
  ask: Ask,
  pipe: PanePipe,
  options: SourceOptions,
  replaced: readonly string[] = [],
): Promise<Connected> {
  const { session, pane: name, deadline, start } = options;
  const left = () => Math.max(1, Math.ceil(Math.min(ANSWER_MS, deadline - performance.now())));
  const askInTime: Ask = (commands) => ask(commands, { timeoutMs: left() });
  const target = indexTarget(session, parsePane(name)) ?? (await findPaneBy(askInTime, session, name)).id;
  const commands = [
    panesCommand(session, PIPE_VARIABLES),
    pipe.connect(target, replaced),
    ["display-message", "-p", "-t", target, pipe.isConnected],
    ...(start ? startCommands(target, start) : []),
  ];
  const [list = "", , answer = "", ...shown] = await tmuxEachBy(askInTime, commands);
  const rows = parseRows([...PANE_VARIABLES, ...PIPE_VARIABLES], list);
  const pane = pickPane(panesOf(rows), { session, pane: name });
  const row = rows.find(({ pane_id }) => pane_id === pane.id);
  const holders = holdersIn(row?.[HOLDS_OPTION] ?? "");
  return {
    isConnected: answer.trim() === "1",
    pane,
    start: start && parseStart(shown.map(lines), start),
    deadHolders: holders.filter((holder) => !isHolderAlive(holder)),
    other: row?.[PIPE_OPTION] ?? "",
    hadPipe: row?.pane_pipe === "1",
  };
}

/** The pipe that a killed command of ours left in the pane may have ended before another was connected. */
function removeEnded(stateDir: string, { other, hadPipe }: Connected): void {
  if (hadPipe) return;
  for (const token of holdersIn(other)) if (!isHolderAlive(token)) removePipe(stateDir, token);
}

/** A killed command of ours may have left its pipe in the pane. */
async function replaceAbandoned(
  ask: Ask,
  pipe: PanePipe,
  options: SourceOptions,
  { other, hadPipe, pane }: Connected,
): Promise<Connected | undefined> {
  if (!hadPipe || other === "" || isHolderAlive(other)) return undefined;
  const abandoned = abandonedPipes(options.stateDir);
  if (!abandoned.includes(other)) return undefined;
  const found = await connect(ask, pipe, { ...options, pane: pane.id }, [other]);
  if (!found.isConnected) return undefined;
  removePipe(options.stateDir, other);
  return found;
}

/** The lines of an answer: each ends in a newline. */
function lines(answer: string): string[] {
  return answer.split("\n").slice(0, -1);
}
