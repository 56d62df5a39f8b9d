import { isDigits } from "../lib/names.ts";
import type { ProcessId } from "../process/identity.ts";
import { OscReader } from "./osc-reader.ts";
import type { Told } from "./told.ts";

// The progress sequence: `ESC ] 9 ; 4 ; STATE ; PERCENT BEL`, ended by BEL or ST (ConEmu's documentation, ANSI escape codes; Windows
// Terminal's, progress bar sequences). Programs of any kind show by it how far they have got, and one that is killed takes nothing back.
// What a daemon has heard of it is noted in an option of the pane, with the process that had its foreground then, and counts as long as
// both live (see status-note.ts).

/** By the number that stands for each, in the words of tmux (`pane_pb_state`, from 3.7 on). */
const STATES = ["hidden", "normal", "error", "indeterminate", "paused"] as const;

/** A progress bar, as a program has set it. */
export interface ProgressBar {
  state: (typeof STATES)[number];
  /** 0 to 100, where it was told */
  percent?: number;
}

/** A progress bar that is noted of a process. */
interface ProgressNote extends ProgressBar, ProcessId {
  /** when it was heard, ms since the epoch */
  since: number;
}

/** Finds the progress bars that programs set in the output of a pane, which comes in pieces. */
export class ProgressReader extends OscReader<ProgressBar> {
  constructor() {
    super("9;4;", readProgressBar);
  }
}

/** Reads what stands between `9;4;` and the end; undefined for what says nothing that is known. Pure. */
export function readProgressBar(text: string): ProgressBar | undefined {
  const [, number, digits = ""] = /^([0-4])(?:;(\d{0,3}))?;?$/.exec(text) ?? [];
  const state = number === undefined ? undefined : STATES[Number(number)];
  if (state === undefined || Number(digits) > 100) return undefined;
  const isMeasured = digits !== "" && state !== "hidden" && state !== "indeterminate";
  return { state, ...(isMeasured && { percent: Number(digits) }) };
}

/** The value of PROGRESS_OPTION: `PID STARTTIME STATE PERCENT SINCE`, and the pid and start time of the process that listens. Pure. */
export function progressNoteText(note: ProgressNote, listener: ProcessId): string {
  const { pid, startTime, state, percent = "-", since } = note;
  return [pid, startTime, state, percent, since, listener.pid, listener.startTime].join(" ");
}

/** Reads the value of PROGRESS_OPTION; undefined where it is not one, and where nobody listens any more. */
export function readProgressNote(text: string, isAlive: (one: ProcessId) => boolean): ProgressNote | undefined {
  const [pid = "", startTime = "", word, percent = "", since = "", ...listener] = text.split(" ");
  const state = STATES.find((one) => one === word);
  if (state === undefined || listener.length !== 2) return undefined;
  if (![pid, startTime, since, ...listener].every(isDigits) || (percent !== "-" && !isDigits(percent)))
    return undefined;
  const [listenerPid, listenerStart] = listener.map(Number) as [number, number];
  if (!isAlive({ pid: listenerPid, startTime: listenerStart })) return undefined;
  const measured = percent === "-" ? {} : { percent: Number(percent) };
  return { pid: Number(pid), startTime: Number(startTime), state, ...measured, since: Number(since) };
}

/** What an agent's progress bar tells of it: one that runs, that it works; of an error or a pause nobody knows. Pure. */
export function progressBy({ state, percent, since }: ProgressNote): Told | undefined {
  if (state === "hidden") return undefined;
  if (state === "error" || state === "paused") return { state: "unknown", since };
  return { state: "working", since, ...(percent !== undefined && { percent }) };
}
