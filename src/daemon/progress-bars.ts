import { type ProgressBar, progressNoteText } from "../agents/progress-bar.ts";
import { ownIdentity, type ProcessId, processStat } from "../process/identity.ts";
import { PROGRESS_OPTION } from "../tmux/options.ts";
import type { Ask } from "../tmux/run.ts";
import { type PaneNote, PaneNotes } from "./pane-notes.ts";
import type { Lines } from "./sparing-log.ts";

/** Each is a call to tmux, and some programs move theirs many times a second. */
const HOW = { option: PROGRESS_OPTION, apartMs: 1000, what: (pane: string) => `the progress bar of pane ${pane}` };

/** Notes in panes the progress bars that programs show there (see progress-bar.ts): of the process that leads the foreground. */
export class ProgressBars extends PaneNotes<ProgressBar> {
  constructor(options: { ask: Ask; log: Pick<Lines, "warn"> }) {
    super(options, HOW);
  }

  protected override isNothing({ state }: ProgressBar): boolean {
    return state === "hidden";
  }

  protected override ownerIn(pid: number): ProcessId | undefined {
    const { tpgid = 0 } = processStat(pid) ?? {};
    return tpgid > 0 ? processStat(tpgid) : undefined;
  }

  protected override noteOf({ pid, word, at }: { pid: number; word: ProgressBar; at: number }): PaneNote | undefined {
    const owner = this.ownerIn(pid);
    if (!owner) return undefined;
    const text = progressNoteText({ ...word, pid: owner.pid, startTime: owner.startTime, since: at }, ownIdentity());
    return { owner, said: JSON.stringify(word), text };
  }
}
