import type { ProgramStatus } from "../agents/program-status.ts";
import { statusNoteText } from "../agents/status-note.ts";
import type { Agent } from "../agents/table.ts";
import { AppError, asError } from "../lib/errors.ts";
import { sleep } from "../lib/wait.ts";
import { ownIdentity } from "../process/identity.ts";
import { quoteCommand, type TmuxCommand } from "../tmux/command-line.ts";
import { AGENT_STATUS_OPTION } from "../tmux/options.ts";
import type { Ask } from "../tmux/run.ts";
import { agentInPane } from "../verdict/agent.ts";
import type { Lines } from "./sparing-log.ts";

/** So long there is between two notes in a pane: a program may tell as often as it likes. */
const APART_MS = 100;
/** What is noted in a pane where a call had no answer: nobody knows what. */
const SOMETHING = "";

/** What was told in a pane, and by the program that was started there. */
interface Told {
  pid: number;
  status: ProgramStatus;
}

/** What is to be done in a pane. */
interface Due {
  /** whether what is noted there holds no longer, whatever was told since */
  isStale: boolean;
  told?: Told;
}

/** Notes in panes what the coding agents there tell in their output (see status-note.ts). */
export class ProgramStatuses {
  private readonly due = new Map<string, Due>();
  /** what is noted, but for the time, by pane */
  private readonly noted = new Map<string, string>();
  private isNoting = false;

  /** @param options.agentIn finds the agent that has the terminal of a pane, by the pid of what was started there */
  constructor(private readonly options: { ask: Ask; log: Pick<Lines, "warn">; agentIn?: typeof agentInPane }) {}

  /** In a pane a program has told something: it is the agent that has the terminal now, if one has. */
  told(pane: string, pid: number, status: ProgramStatus): void {
    this.do(pane, { isStale: this.due.get(pane)?.isStale === true, told: { pid, status } });
  }

  /** Some of what a pane wrote was not heard: what was told before may hold no longer. */
  forget(pane: string): void {
    this.do(pane, { isStale: true });
  }

  private do(pane: string, due: Due): void {
    this.due.set(pane, due);
    if (!this.isNoting) void this.noteAll();
  }

  private async noteAll(): Promise<void> {
    this.isNoting = true;
    while (this.due.size > 0) {
      for (const pane of [...this.due.keys()]) await this.noteIn(pane);
      await sleep(APART_MS);
    }
    this.isNoting = false;
  }

  /** Never throws. */
  private async noteIn(pane: string): Promise<void> {
    const due = this.due.get(pane); // as it is by now
    this.due.delete(pane);
    try {
      const command = due && this.commandFor(pane, due);
      if (command) await this.options.ask([command]);
    } catch (thrown) {
      const { message } = asError(thrown);
      const code = thrown instanceof AppError ? thrown.code : undefined;
      if (code !== undefined && code !== "ERR_TIMEOUT") {
        this.noted.delete(pane); // it is gone
        return;
      }
      this.options.log.warn(`cannot note what the agent in pane ${pane} tells: ${message}`);
      this.noted.set(pane, SOMETHING);
      // what it told before must not stay
      if (code !== undefined || due?.told) this.due.set(pane, { ...this.due.get(pane), isStale: true });
    }
  }

  private commandFor(pane: string, { isStale, told }: Due): TmuxCommand | undefined {
    const noted = isStale ? undefined : this.noted.get(pane);
    const note = told && this.noteOf(pane, told, noted);
    if (note) return note;
    const isOver = isStale || (told?.status.told === "nothing" && this.isOwn(told.pid, noted));
    return isOver && this.noted.delete(pane) ? withoutStatus(pane) : undefined;
  }

  private noteOf(
    pane: string,
    { pid, status: { app, told } }: Told,
    noted: string | undefined,
  ): TmuxCommand | undefined {
    const agent = told === "nothing" ? undefined : this.agentIn(pid);
    // it may pass on another's word
    if (told === "nothing" || !agent || (app !== undefined && !isNameOf(app, agent))) return undefined;
    const text = ownerOf(agent) + JSON.stringify(told);
    if (noted === text) return undefined;
    this.noted.set(pane, text);
    const { kind, process } = agent;
    const note = { ...told, kind: kind.name, pid: process.pid, startTime: process.startTime, since: Date.now() };
    const option = [AGENT_STATUS_OPTION, statusNoteText(note, ownIdentity())];
    // another server at the same socket may have a pane of that id
    const isSame = `#{==:#{pane_pid},${pid}}`;
    return ["if-shell", "-F", "-t", pane, isSame, quoteCommand(["set-option", "-p", "-t", pane, ...option])];
  }

  /** Whether who takes back a word is who gave it: that one may have ended by now, or another one tells for itself. */
  private isOwn(pid: number, noted = SOMETHING): boolean {
    const agent = this.agentIn(pid);
    return !agent || noted === SOMETHING || noted.startsWith(ownerOf(agent));
  }

  private agentIn(pid: number): Agent | undefined {
    return (this.options.agentIn ?? agentInPane)(pid);
  }
}

function isNameOf(app: string, { kind }: Agent): boolean {
  return app === kind.name || app === kind.app;
}

function ownerOf({ process: { pid, startTime } }: Agent): string {
  return `${pid} ${startTime} `;
}

/** Takes away what was noted of a pane. */
function withoutStatus(pane: string): TmuxCommand {
  return ["set-option", "-p", "-u", "-t", pane, AGENT_STATUS_OPTION];
}
