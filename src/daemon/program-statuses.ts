import type { ProgramStatus } from "../agents/program-status.ts";
import { statusNoteText } from "../agents/status-note.ts";
import { type Agent, kindNamed } from "../agents/table.ts";
import { sleep } from "../lib/wait.ts";
import { ownIdentity } from "../process/identity.ts";
import { quoteCommand, type TmuxCommand } from "../tmux/command-line.ts";
import { AGENT_STATUS_OPTION } from "../tmux/options.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { agentInPane } from "../verdict/agent.ts";

/** So long there is between two notes in a pane: a program may tell as often as it likes. */
const APART_MS = 100;

/** What was told in a pane, and by the program that was started there. */
interface Told {
  pid: number;
  status: ProgramStatus;
}

/** Notes in panes what the coding agents there tell in their output (see status-note.ts). */
export class ProgramStatuses {
  /** what was told last of each pane, and is to be noted */
  private readonly waiting = new Map<string, Told>();
  /** what is noted, but for the time, by pane */
  private readonly noted = new Map<string, string>();
  private isNoting = false;

  constructor(private readonly server: TmuxServer) {}

  /** In a pane a program has told something: it is the agent that has the terminal now, if one has. */
  told(pane: string, pid: number, status: ProgramStatus): void {
    this.waiting.set(pane, { pid, status });
    if (!this.isNoting) void this.noteAll();
  }

  /** Some of what a pane wrote was not heard: what was told before may hold no longer. */
  forget(pane: string): void {
    this.waiting.delete(pane);
    if (this.noted.delete(pane)) void this.call(withoutStatus(pane));
  }

  private async noteAll(): Promise<void> {
    this.isNoting = true;
    while (this.waiting.size > 0) {
      const now = [...this.waiting];
      this.waiting.clear();
      for (const [pane, told] of now) {
        const command = this.noteOf(pane, told);
        if (command) await this.call(command);
      }
      await sleep(APART_MS);
    }
    this.isNoting = false;
  }

  private noteOf(pane: string, { pid, status: { app, told } }: Told): TmuxCommand | undefined {
    const agent = agentInPane(pid);
    const noted = this.noted.get(pane);
    if (told === "nothing") {
      // it may have ended by now, or another one tells for itself
      const isOther = agent && !noted?.startsWith(ownerOf(agent));
      return !isOther && this.noted.delete(pane) ? withoutStatus(pane) : undefined;
    }
    const other = app === undefined ? undefined : kindNamed(app);
    if (!agent || (other && other !== agent.kind)) return undefined;
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

  private async call(command: TmuxCommand): Promise<void> {
    await tmuxAsync(this.server, [command]).catch(() => {}); // the pane is gone, or tmux hangs
  }
}

function ownerOf({ process: { pid, startTime } }: Agent): string {
  return `${pid} ${startTime} `;
}

/** Takes away what was noted of a pane. */
function withoutStatus(pane: string): TmuxCommand {
  return ["set-option", "-p", "-u", "-t", pane, AGENT_STATUS_OPTION];
}
