import { AppError } from "../lib/errors.ts";
import { LinkedAbort } from "../lib/linked-abort.ts";
import { sleep } from "../lib/wait.ts";
import { processStat, readsTerminal, terminalOf } from "../process/identity.ts";
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
/** How long nothing must have been heard when it is seen to ask. */
const SETTLED_MS = 200;
/** How long after the screen its output may be heard. */
const LAG_MS = 600;
const LAST_MAX = 4096;

/**
 * Asks a shell at its prompt: the answer is what the command writes until it has ended, or asks something itself and goes on, with the prompt of
 * that. Throws as runInPane().
 */
export async function askShell(server: TmuxServer, ask: Ask, pane: Pane, question: Question): Promise<Answer> {
  const { text: command, signal, ...rest } = question;
  // a program that was killed may have left the terminal so
  const wasFullScreen = (await askedScreen(ask, pane)).isFullScreen;
  const asking = new AbortController();
  using given = new LinkedAbort(asking.signal, signal);
  const ended = new AbortController();
  const heard = new Heard();
  const place = { session: pane.session, pane: pane.id };
  const run = runInPane(server, {
    ...rest,
    ...place,
    command,
    marker: false,
    onOutput: (piece) => heard.take(piece),
    signal: given.signal,
  });
  const looking = untilAsking(ask, pane, { heard, wasFullScreen, ended: ended.signal });
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
    return { pane, output: withoutPrompt(said ?? "", left), prompt: left, end, isCut: isCut === true };
  } finally {
    ended.abort();
    await looking;
  }
}

/** What was heard of a command last, and when. */
class Heard {
  private at = performance.now();
  private last = "";

  take(piece: Uint8Array): void {
    this.at = performance.now();
    this.last = (this.last + new TextDecoder().decode(piece)).slice(-LAST_MAX);
  }

  get silentMs(): number {
    return performance.now() - this.at;
  }

  /** Whether it ends in what the screen shows left of the cursor: the screen may be ahead of it. */
  endsIn(left: string): boolean {
    return left.trim() !== "" && Bun.stripANSI(this.last).trimEnd().endsWith(left.trim());
  }
}

/** What is in the details of a run that was given up. */
interface Said {
  partial_output?: string;
  output_truncated?: boolean;
}

/** How the command asks something: it reads a line, or draws on the whole screen. undefined when it has ended before. */
async function untilAsking(
  ask: Ask,
  place: Pick<Pane, "session" | "id">,
  { heard, wasFullScreen, ended }: { heard: Heard; wasFullScreen: boolean; ended: AbortSignal },
): Promise<"line" | "screen" | undefined> {
  let last: string | undefined;
  let since = 0;
  while (await sleep(LOOK_MS, ended)) {
    const isSilent = heard.silentMs >= LOOK_MS;
    const found = isSilent ? await look(ask, place, wasFullScreen).catch(() => undefined) : undefined;
    // nothing is drawn between two looks: what has just begun may go on
    const isSame = found !== undefined && found.screen === last;
    if (!isSame) since = performance.now();
    last = found?.screen;
    if (!isSame || heard.silentMs < SETTLED_MS) continue;
    if (found.isFullScreen) return "screen";
    if (heard.endsIn(found.left) || performance.now() - since >= LAG_MS) return "line";
  }
  return undefined;
}

/** The screen, while the command asks something there. */
async function look(ask: Ask, { session, id }: Pick<Pane, "session" | "id">, wasFullScreen: boolean) {
  const now = await findPaneBy(ask, session, id);
  if (now.shell?.word !== "run") return undefined;
  const { isFullScreen, lines, left } = await askedScreen(ask, now);
  const isDrawn = isFullScreen && !wasFullScreen;
  if (!isDrawn && !(await isReading(now))) return undefined;
  return { isFullScreen: isDrawn, left, screen: [...lines, left].join("\n") };
}

/** Whether a command waits for an answer, for certain: one that looks at its terminal while it works (ssh, docker) does not. */
async function isReading(pane: Pane): Promise<boolean> {
  const { waitingFor } = await waitingOf(pane, await verdictOf(pane));
  if (waitingFor === "prompt" || waitingFor === "password") return true;
  const mode = terminalMode(pane.pid);
  if (waitingFor === "line") {
    const tty = terminalOf(pane.pid) ?? "";
    return groupOf(processStat(pane.pid)?.tpgid ?? 0).some((pid) => readsTerminal(pid, tty));
  }
  // a line editor leaves Ctrl-C what it is, and wants Enter as it is
  return waitingFor === "keys" && mode?.isCanonical === false && mode.isEnterPlain && mode.interrupts;
}

/** What was said before the prompt, which is on the line that it has not ended. */
function withoutPrompt(text: string, left: string): string {
  const start = text.lastIndexOf("\n") + 1;
  const isPrompt = left.trim() !== "" && text.slice(start).trimEnd() === left.trimEnd();
  return isPrompt ? text.slice(0, Math.max(0, start - 1)) : text;
}
