import { AppError } from "../lib/errors.ts";
import { sleep } from "../lib/wait.ts";
import { processStat, readSize } from "../process/identity.ts";
import { terminalMode } from "../process/terminal-mode.ts";
import { groupOf } from "../process/tree.ts";
import { findPaneBy, type Pane } from "../tmux/panes.ts";
import type { Ask } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { verdictOf } from "../verdict/verdict.ts";
import { waitingOf } from "../verdict/waiting.ts";
import type { Answer } from "./ask-answer.ts";
import { askedScreen } from "./asked-screen.ts";
import { isGivenUp } from "./ended.ts";
import { runInPane } from "./run.ts";

/** What is asked, and for how long. */
interface Question {
  text: string;
  timeoutS: number;
  /** ms of performance.now() */
  deadline: number;
  stateDir: () => string;
  signal?: AbortSignal | undefined;
}

/** How often the command is looked at, and how long it must have written nothing to be asking something. */
const LOOK_MS = 150;
/** The same of one that draws on the whole screen. */
const SETTLED_MS = 300;

/**
 * Asks a shell at its prompt: the answer is what the command writes until it has ended, or asks something itself and goes on, with the prompt of
 * that. Throws as runInPane().
 */
export async function askShell(server: TmuxServer, ask: Ask, pane: Pane, question: Question): Promise<Answer> {
  const { text: command, signal, ...rest } = question;
  const asking = new AbortController();
  let heardAt = performance.now();
  const onOutput = () => {
    heardAt = performance.now();
  };
  const ended = new AbortController();
  const place = { session: pane.session, pane: pane.id };
  const signals = AbortSignal.any([asking.signal, ...(signal ? [signal] : [])]);
  const run = runInPane(server, { ...rest, ...place, command, marker: false, onOutput, signal: signals });
  const looking = untilAsking(ask, pane, { silentMs: () => performance.now() - heardAt, ended: ended.signal });
  looking.then((end) => end && asking.abort(new AppError("ERR_TIMEOUT", "The command asks something")));
  try {
    const { output, exitCode, paneEnded } = await run;
    return { pane, output: output.text, prompt: "", end: "end", isCut: output.isCut, exitCode, paneEnded };
  } catch (thrown) {
    const end = isGivenUp(thrown, asking.signal) ? await looking : undefined;
    if (end === undefined || !(thrown instanceof AppError)) throw thrown;
    const { lines, left } = await askedScreen(ask, pane);
    if (end === "screen") return { pane, output: lines.join("\n"), prompt: left, end, isCut: false };
    const { partial_output: said, output_truncated: isCut } = thrown.details as Said;
    return { pane, output: withoutLast(said ?? ""), prompt: left, end, isCut: isCut === true };
  } finally {
    ended.abort();
    await looking;
  }
}

/** What is in the details of a run that was given up. */
interface Said {
  partial_output?: string;
  output_truncated?: boolean;
}

/** How the command asks something: it reads a line, or draws on the whole screen. undefined when it has ended before, or can't be looked at. */
async function untilAsking(
  ask: Ask,
  { session, id }: Pane,
  { silentMs, ended }: { silentMs: () => number; ended: AbortSignal },
): Promise<"line" | "screen" | undefined> {
  let last: string | undefined;
  while (await sleep(LOOK_MS, ended)) {
    if (silentMs() < LOOK_MS) {
      last = undefined;
      continue;
    }
    try {
      const now = await findPaneBy(ask, session, id);
      const { isFullScreen, lines, left } = await askedScreen(ask, now);
      const screen = [...lines, left].join("\n");
      const isAsking = now.shell?.word === "run" && (isFullScreen || (await isReading(now)));
      // twice in a row, with nothing drawn between: what has just begun may go on
      if (isAsking && screen === last && silentMs() >= (isFullScreen ? SETTLED_MS : LOOK_MS))
        return isFullScreen ? "screen" : "line";
      last = isAsking ? screen : undefined;
    } catch {
      return undefined; // what becomes of it, its run tells
    }
  }
  return undefined;
}

/**
 * Whether a command waits for a line, for certain: one that looks at its terminal while it works (ssh, docker) does not.
 */
async function isReading(pane: Pane): Promise<boolean> {
  const { waitingFor } = await waitingOf(pane, await verdictOf(pane));
  const mode = terminalMode(pane.pid);
  if (waitingFor === "prompt") return true;
  if (waitingFor === "line" || waitingFor === "password") {
    return groupOf(processStat(pane.pid)?.tpgid ?? 0).some((pid) => readSize(pid) !== undefined);
  }
  // a line editor leaves Ctrl-C what it is, and wants Enter as it is
  return waitingFor === "keys" && mode?.isCanonical === false && mode.isEnterPlain && mode.interrupts;
}

/** Without what stands on the line that it has not ended: its prompt. */
function withoutLast(text: string): string {
  const end = text.lastIndexOf("\n");
  return end === -1 ? "" : text.slice(0, end);
}
