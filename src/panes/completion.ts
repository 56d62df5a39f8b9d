import { poll } from "../lib/wait.ts";
import { Exits } from "../process/exits.ts";
import { isShellIdle } from "../process/foreground.ts";
import { commandLine, isTableQuick, processStat } from "../process/identity.ts";
import { exitCodeOf } from "../tmux/death.ts";
import { findPane, type Pane } from "../tmux/panes.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { ShellState } from "../tmux/shell-state.ts";
import { pickPane } from "../tmux/target.ts";
import { isTypingAhead } from "../tmux/typed.ts";
import { isFollowed } from "../verdict/reading.ts";
import { isAtPrompt, isBusy } from "../verdict/verdict.ts";
import { BusyError } from "./busy.ts";
import { deadPane } from "./dead-pane.ts";
import { deadlineAfter, type Ended, givenUp, lastEnded, paneGone, timeoutError } from "./ended.ts";
import { lineCleared, typeText } from "./exec.ts";
import { beforeTyping } from "./left-to-people.ts";
import { PaneListener } from "./listener.ts";
import { askedForPrompt } from "./lost-prompt.ts";
import { canBeMarked } from "./marker.ts";
import type { PaneEvent } from "./pane-event.ts";
import { nextPrompt } from "./prompt.ts";
import { runInPane } from "./run.ts";

/** Which pane is waited for, and how long (seconds; undefined: as long as it takes). */
export interface WaitOptions {
  session: string;
  pane: string;
  timeoutS: number | undefined;
  stateDir: () => string;
  /** aborted to give up; `reason` is thrown */
  signal?: AbortSignal | undefined;
  /** hear what is written meanwhile, and that some of it was not heard (see PaneListener) */
  onData?: (shown: Uint8Array) => void;
  onGap?: () => void;
  /** is told when the wait is given up, and what runs there goes on */
  onLeft?: (() => void) | undefined;
}

/** How often a shell that tells nothing is looked at (one file of /proc), and how often in a row it must be idle. */
const LOOK_MS = 10;
const LOOKS = 3;
/** The same where each look takes several processes of ps(1). */
const SLOW_LOOK_MS = 250;
const SLOW_LOOKS = 2;
/** How long after the end of a pane the rest of what it wrote may take to be heard. */
const LAST_HEARD_MS = 2000;

/** Waits until what runs in a busy pane has ended. Throws as waitForPane(). */
export async function untilIdle(
  server: TmuxServer,
  pane: Pane,
  options: WaitOptions & { deadline: number },
): Promise<Ended> {
  const { shell } = pane;
  if (shell?.word === "idle" && !pane.isTypedPending) return await untilForeground(server, { ...pane, shell }, options);
  // what a pane starts with may become a shell that tells while we wait
  const end = isFollowed(pane) ? "followed" : await untilFollowedHeard(server, pane, options);
  if (end === "idle") return lastEnded(pane);
  if (end !== "followed") return { ...lastEnded(pane), exitCode: end.exitCode, durationMs: undefined, paneEnded: true };
  await using listener = await PaneListener.open(server, { ...options, pane: pane.id });
  await listener.hold();
  // it ended before we listened
  if (!(await isBusy(listener.pane))) return lastEnded(await askedForPrompt(server, listener.pane));
  const told = listener.pane.shell;
  // a prompt has been told of already, at which the shell has not come to rest yet: that one counts
  const isComing = told?.word === "more" && !listener.pane.isTypedPending;
  return await untilPrompt(server, listener, options, isComing ? told.prompt - 1 : undefined);
}

/**
 * Types a command into a pane and waits until it has ended; in a pane that is busy, until all before it has, too.
 * @throws AppError as waitForPane
 */
export async function execAndWait(server: TmuxServer, options: WaitOptions & { command: string }): Promise<Ended> {
  const deadline = deadlineAfter(options.timeoutS);
  const pane = findPane(server, options.session, options.pane);
  if (pane.isDead) throw deadPane(pane);
  const isMute = !isFollowed(pane) && !canBeMarked(commandLine(pane.pid));
  for (let tries = 1; ; tries++) {
    try {
      if (!isMute) return await runInPane(server, { ...options, deadline, pane: pane.id, marker: false });
    } catch (thrown) {
      if (!(thrown instanceof BusyError && thrown.isForLater) || tries === TRIES) throw thrown;
    }
    const ended = await typeAhead(server, pane, { ...options, deadline, isMute });
    if (ended) return ended;
  }
}

const TRIES = 10;

/** Types a command into a pane that is busy, and waits; undefined when it was not typed, since the pane waits by now. */
async function typeAhead(
  server: TmuxServer,
  pane: Pane,
  options: WaitOptions & { command: string; deadline: number; isMute: boolean },
): Promise<Ended | undefined> {
  const { session, command: text } = options;
  const leave = (thrown: unknown) => {
    throw givenUp(thrown, options.signal);
  };
  await beforeTyping((commands) => tmuxAsync(server, commands), { session, pane: pane.id });
  if (!isFollowed(pane)) {
    const clear = await lineCleared(server, pane);
    const typed = typeText(server, { session, target: pane.id, text, clear });
    const now = pickPane(typed?.panes ?? [], { session, pane: pane.id });
    return await untilIdle(server, now, options).catch(leave);
  }
  await using listener = await PaneListener.open(server, { ...options, pane: pane.id });
  const only = isTypingAhead(pane);
  const clear = await lineCleared(server, pane);
  const typed = typeText(server, { session, target: pane.id, text, before: listener.holding(), only, clear });
  if (!typed) return undefined;
  // what ran before may have ended between the two: only a prompt after the typing counts
  const now = pickPane(typed.panes, { session, pane: pane.id });
  return await untilPrompt(server, listener, options, now.shell?.prompt).catch(leave);
}

async function untilPrompt(
  server: TmuxServer,
  listener: PaneListener,
  options: WaitOptions & { deadline: number },
  after?: number,
): Promise<Ended> {
  const { pane } = listener;
  const prompted = await nextPrompt(server, listener, options.deadline, after);
  if (prompted === undefined) throw timeoutError("The command did not end", options.timeoutS);
  if (prompted.type === "shell") {
    const { code: exitCode, durationMs } = prompted.state;
    return { ...lastEnded(pane), pane: { ...pane, shell: prompted.state }, exitCode, durationMs };
  }
  if (prompted.exitCode === undefined) throw paneGone(pane);
  return { ...lastEnded(pane), exitCode: prompted.exitCode, durationMs: undefined, paneEnded: true };
}

/**
 * Waits until a shell at its prompt has its terminal back, from a program that a key has started, or from what has shown
 * the prompt as part of a record.
 */
async function untilForeground(
  server: TmuxServer,
  pane: Pane & { shell: ShellState },
  options: WaitOptions & { deadline: number },
): Promise<Ended> {
  const { shell } = pane;
  const left = Math.min(options.deadline - performance.now(), Number.MAX_SAFE_INTEGER);
  const isBack = await poll(left, LOOK_MS, () => options.signal?.throwIfAborted() ?? isAtPrompt(shell, pane.pid));
  if (!isBack) throw timeoutError("The command did not end", options.timeoutS);
  const now = findPane(server, options.session, pane.id);
  if (now.isDead) throw paneGone(now);
  return (await isBusy(now)) ? await untilIdle(server, now, options) : lastEnded(now);
}

/** The same as untilFollowed(); what is written meanwhile is heard, where somebody wants to hear it. */
async function untilFollowedHeard(
  server: TmuxServer,
  pane: Pane,
  options: WaitOptions & { deadline: number },
): ReturnType<typeof untilFollowed> {
  if (!options.onData) return await untilFollowed(server, pane, options);
  await using listener = await PaneListener.open(server, { ...options, pane: pane.id });
  await listener.hold();
  const end = await untilFollowed(server, pane, options);
  const until = performance.now() + LAST_HEARD_MS;
  let event: PaneEvent | undefined;
  // all that it wrote is told before its end
  if (typeof end === "object")
    do event = await listener.next(until);
    while (event && event.type !== "ended");
  return end;
}

/** Waits until a shell that tells nothing is idle, has turned out to be one that tells, or has ended with its pane. */
async function untilFollowed(
  server: TmuxServer,
  pane: Pane,
  options: WaitOptions & { deadline: number },
): Promise<"idle" | "followed" | { exitCode: number }> {
  using exits = new Exits();
  exits.attend([pane.pid]);
  await isBusy(pane); // gives the shell the time to read what was typed last
  const isQuick = isTableQuick();
  const [everyMs, enough] = isQuick ? [LOOK_MS, LOOKS] : [SLOW_LOOK_MS, SLOW_LOOKS];
  let looks = 0;
  const left = Math.min(options.deadline - performance.now(), Number.MAX_SAFE_INTEGER);
  const outcome = await poll(left, everyMs, () => {
    options.signal?.throwIfAborted();
    const stat = processStat(pane.pid);
    if (stat === undefined) return "ended" as const;
    const isIdle = stat.tpgid === stat.pgrp && isShellIdle(pane.pid);
    // many questions: where they take long, they are asked when the shell waits, whatever it has become
    if ((isQuick || isIdle) && isFollowed(pane)) return "followed" as const;
    looks = isIdle ? looks + 1 : 0;
    return looks >= enough ? ("idle" as const) : undefined;
  });
  if (outcome === undefined) throw timeoutError("The command did not end", options.timeoutS);
  if (outcome !== "ended") return outcome;
  const exit = await exits.of(pane.pid);
  const exitCode = exit && exitCodeOf(exit);
  if (exitCode !== undefined) return { exitCode };
  findPane(server, options.session, pane.id); // says so if the whole server is gone
  throw paneGone(pane);
}
