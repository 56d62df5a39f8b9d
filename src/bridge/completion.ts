import { poll } from "../lib/wait.ts";
import { isShellIdle } from "../process/foreground.ts";
import { processStat } from "../process/identity.ts";
import { findPane, type Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { pickPane } from "../tmux/target.ts";
import { activityOf, isFollowed } from "./activity.ts";
import { deadlineAfter, type Ended, lastEnded, paneGone, timeoutError } from "./ended.ts";
import { deadPane, typeText } from "./exec.ts";
import { PaneListener } from "./listener.ts";
import { runInPane } from "./run.ts";
import type { WaitOptions } from "./wait.ts";

/** How often a shell that tells nothing is looked at (one file of /proc), and how often in a row it must be idle. */
const LOOK_MS = 10;
const LOOKS = 3;

/** Waits until what runs in a busy pane has ended. Throws as waitForPane. */
export async function untilIdle(
  server: TmuxServer,
  pane: Pane,
  options: WaitOptions & { deadline: number },
): Promise<Ended> {
  if (!isFollowed(pane)) return await untilForegroundIdle(server, pane, options);
  await using listener = await PaneListener.open(server, { ...options, pane: pane.id });
  await listener.hold();
  if (!activityOf(listener.pane).isRunning) return lastEnded(listener.pane); // it ended before we listened
  return await untilPrompt(listener, options);
}

/**
 * Types a command into a pane, which may be busy, and waits until it, and all before it, has ended.
 * @throws AppError as waitForPane
 */
export async function execAndWait(server: TmuxServer, options: WaitOptions & { command: string }): Promise<Ended> {
  const { session, command: text } = options;
  const pane = findPane(server, session, options.pane);
  if (pane.isDead) throw deadPane(pane);
  // a shell that tells nothing is asked by a marker, if it is there to read one
  if (!isFollowed(pane) && !activityOf(pane).isRunning) return await runInPane(server, { ...options, marker: false });
  const deadline = deadlineAfter(options.timeoutS);
  if (!isFollowed(pane)) {
    const { panes } = typeText(server, { session, target: pane.id, text });
    return await untilForegroundIdle(server, pickPane(panes, { session, pane: pane.id }), { ...options, deadline });
  }
  await using listener = await PaneListener.open(server, { ...options, pane: pane.id });
  typeText(server, { session, target: pane.id, text, before: listener.holding() });
  return await untilPrompt(listener, { ...options, deadline });
}

async function untilPrompt(listener: PaneListener, options: WaitOptions & { deadline: number }): Promise<Ended> {
  const { pane } = listener;
  for (;;) {
    const event = await listener.next(options.deadline);
    if (event === undefined) throw timeoutError("The command did not end", options.timeoutS);
    if (event.type === "ended") {
      if (event.exitCode === undefined) throw paneGone(pane);
      return { ...lastEnded(pane), exitCode: event.exitCode, durationMs: undefined, paneEnded: true };
    }
    if (event.type !== "shell" || event.state.word !== "idle" || event.state.pid !== pane.pid) continue;
    if (event.state.prompt <= (pane.shell?.prompt ?? 0)) continue; // the prompt that was there, drawn again
    return { ...lastEnded(pane), exitCode: event.state.code, durationMs: event.state.durationMs };
  }
}

async function untilForegroundIdle(
  server: TmuxServer,
  pane: Pane,
  options: WaitOptions & { deadline: number },
): Promise<Ended> {
  activityOf(pane); // gives the shell the time to read what was typed last
  let looks = 0;
  const left = Math.min(options.deadline - performance.now(), Number.MAX_SAFE_INTEGER);
  const outcome = await poll(left, LOOK_MS, () => {
    if (processStat(pane.pid) === undefined) return "ended";
    looks = isShellIdle(pane.pid) ? looks + 1 : 0;
    return looks >= LOOKS ? "idle" : undefined;
  });
  if (outcome === undefined) throw timeoutError("The command did not end", options.timeoutS);
  if (outcome === "idle") return { ...lastEnded(pane), method: "foreground" };
  findPane(server, options.session, pane.id); // says so if the whole session or server is gone
  throw paneGone(pane);
}
