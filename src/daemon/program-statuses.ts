import type { ProgramStatus } from "../agents/program-status.ts";
import { statusNoteText } from "../agents/status-note.ts";
import type { Agent } from "../agents/table.ts";
import { ownIdentity, type ProcessId } from "../process/identity.ts";
import { AGENT_STATUS_OPTION } from "../tmux/options.ts";
import type { Ask } from "../tmux/run.ts";
import { agentInPane } from "../verdict/agent.ts";
import { type PaneNote, PaneNotes } from "./pane-notes.ts";
import type { Lines } from "./sparing-log.ts";

const HOW = {
  option: AGENT_STATUS_OPTION,
  apartMs: 100,
  what: (pane: string) => `what the agent in pane ${pane} tells`,
};

/** Notes in panes what the coding agents there tell in their output (see status-note.ts). */
export class ProgramStatuses extends PaneNotes<ProgramStatus> {
  /** @param options.agentIn finds the agent that has the terminal of a pane, by the pid of what was started there */
  constructor(private readonly options: { ask: Ask; log: Pick<Lines, "warn">; agentIn?: typeof agentInPane }) {
    super(options, HOW);
  }

  protected override isNothing({ told }: ProgramStatus): boolean {
    return told === "nothing";
  }

  protected override ownerIn(pid: number): ProcessId | undefined {
    return this.agentIn(pid)?.process;
  }

  protected override noteOf({ pid, word, at }: { pid: number; word: ProgramStatus; at: number }): PaneNote | undefined {
    const { app, told } = word;
    const agent = this.agentIn(pid);
    // it may pass on another's word
    if (told === "nothing" || !agent || (app !== undefined && !isNameOf(app, agent))) return undefined;
    const { kind, process: owner } = agent;
    const note = { ...told, kind: kind.name, pid: owner.pid, startTime: owner.startTime, since: at };
    return { owner, said: JSON.stringify(told), text: statusNoteText(note, ownIdentity()) };
  }

  private agentIn(pid: number): Agent | undefined {
    return (this.options.agentIn ?? agentInPane)(pid);
  }
}

function isNameOf(app: string, { kind }: Agent): boolean {
  return app === kind.name || app === kind.app;
}
