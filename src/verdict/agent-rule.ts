import type { AgentNote } from "../agents/note.ts";
import type { AgentSource, AgentState, AgentWait, Told } from "../agents/told.ts";

/** What is known of an agent that has the terminal of its pane. */
export interface AgentReading extends Partial<Record<AgentSource, Told | undefined>> {
  /** its sources, the best first (see AgentKind) */
  sources: readonly AgentSource[];
  /** what its hook has told last, of this very process */
  hook?: AgentNote | undefined;
  /** for how long its process has run, ms */
  ageMs: number;
  /** whether its screen, which may show what its sources hide (see AgentKind), can't be looked at */
  isUnseen?: boolean;
  /** why nothing tells its state, where none of its sources does */
  untold?: string | undefined;
}

/** What an agent does, and how that is known. */
export interface AgentVerdict {
  state: AgentState;
  /** of `waiting`, where something tells it */
  for: AgentWait | null;
  /** since when, ms since the epoch; null where nothing tells it */
  since: number | null;
  /** what decided; null where nothing does */
  source: AgentSource | "process" | null;
  /** whether the source tells of every change: of some agents the hooks do not */
  isCertain: boolean;
  because: string;
}

/** For so long an agent may start without telling anything. */
const STARTING_MS = 10_000;
/** So long a better source may take to show what a hook has told. */
const LAG_MS = 2000;

/** The states in which it is told that an agent asks nobody anything. */
const IDLE: ReadonlySet<AgentState> = new Set(["idle", "done", "failed"]);

const WORDS: Record<AgentSource, string> = {
  status: "it told so in its output",
  file: "the file that it keeps says so",
  hook: "its hook said so",
  title: "its title says so",
  screen: "what it shows asks somebody something",
  progress: "its progress bar says so",
};

/** What an agent does, at `now` (ms since the epoch). What no source tells is not known, and never idle. Pure. */
export function judgeAgent(reading: AgentReading, now: number): AgentVerdict {
  const { sources, ageMs, untold, screen, isUnseen } = reading;
  const source = sources.find((one) => reading[one] !== undefined);
  const told = source && reading[source];
  if (source === undefined || told === undefined) {
    if (ageMs < STARTING_MS) return verdict({ state: "starting" }, "process", "it was started a moment ago");
    const why = untold === undefined ? "" : `: ${untold}`;
    return verdict({ state: "unknown" }, null, `nothing tells what it does${why}`);
  }
  if (screen && IDLE.has(told.state)) return byScreen(screen);
  if (isUnseen && IDLE.has(told.state)) {
    return verdict(
      { state: "unknown" },
      null,
      "it says that it is idle also while it asks, and its screen can't be seen",
    );
  }
  if (source === "hook") return byHook(reading, told, now);
  if (source === "screen") return byScreen(told);
  if (source === "progress") return byProgress(told);
  return verdict(detailed(told, source, reading), source, WORDS[source]);
}

/**
 * Whether what an agent shows would tell more.
 * @param asksWhileIdle see AgentKind
 */
export function isScreenWanted({ state, for: wait, source }: AgentVerdict, asksWhileIdle = false): boolean {
  if (IDLE.has(state)) return asksWhileIdle;
  const isLittle = source === null || source === "process" || source === "progress";
  return isLittle || (state === "waiting" && wait === null);
}

/** By what a hook has told last. Where a better source would show it and does not, it has changed since. */
function byHook({ sources, screen, progress }: AgentReading, told: Told, now: number): AgentVerdict {
  const isOnly = sources[0] === "hook";
  const isOld = now - (told.since ?? 0) > LAG_MS;
  if (!isOnly && isOld && (told.state === "working" || told.state === "waiting")) {
    if (screen) return byScreen(screen);
    if (told.state === "working" && progress?.state === "working") return byProgress(progress);
    return verdict({ state: "unknown" }, null, `its hook said ${told.state}, and nothing else shows it`);
  }
  return { ...verdict(told, "hook", WORDS.hook), isCertain: isOnly };
}

/** Of what an agent shows that asks nobody anything. */
const SHOWN: Partial<Record<AgentState, string>> = {
  idle: "it shows where a prompt is to be written, and does nothing",
  working: "it shows how to interrupt it",
};

/** By what it shows, which may be something else in another version. */
function byScreen(told: Told): AgentVerdict {
  const because = SHOWN[told.state] ?? WORDS.screen;
  return { ...verdict(told, "screen", because), isCertain: false };
}

/** By its progress bar, which it may have forgotten to take away: it never tells that there is nothing to do. */
function byProgress({ state, percent }: Told): AgentVerdict {
  if (state !== "working") {
    const because = "nothing tells what it does but its progress bar, which shows an error or a pause";
    return verdict({ state: "unknown" }, null, because);
  }
  const because = percent === undefined ? WORDS.progress : `its progress bar is at ${percent} %`;
  return { ...verdict({ state }, "progress", because), isCertain: false };
}

/** What the others add to it: what is waited for, how the last turn ended, and since when. */
function detailed(told: Told, source: AgentSource, { status, hook, screen }: AgentReading): Told {
  if (told.state === "waiting" && told.for === undefined) {
    const asked = status?.state === "waiting" ? status : hook;
    // no hook tells that somebody has closed a dialog: the note may be of an earlier one
    const isOfThis =
      asked?.state === "waiting" && (told.since === undefined || (asked.since ?? 0) > told.since - LAG_MS);
    const wait = (isOfThis ? asked.for : undefined) ?? screen?.for;
    const since = told.since ?? (isOfThis ? asked.since : undefined);
    return { ...told, ...(wait !== undefined && { for: wait }), ...(since !== undefined && { since }) };
  }
  // a status says itself how the turn ended, or that it was broken off
  const ended = status && IDLE.has(status.state) ? status : hook;
  const isOver = told.state === "idle" && source !== "status" && (ended?.state === "done" || ended?.state === "failed");
  if (isOver) return { state: ended.state, ...(ended.since !== undefined && { since: ended.since }) };
  const since = [status, hook].find((one) => one?.state === told.state)?.since;
  return told.since === undefined && since !== undefined ? { ...told, since } : told;
}

function verdict(told: Told, source: AgentVerdict["source"], because: string): AgentVerdict {
  const isCertain = source !== null;
  return { state: told.state, for: told.for ?? null, since: told.since ?? null, source, isCertain, because };
}
