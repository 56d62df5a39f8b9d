import { humanDuration } from "../lib/clock.ts";
import type { MadeSession } from "../tmux/made.ts";
import type { Verdict } from "../verdict/rule.ts";

/** Whether something is typed at a pane's prompt: `unasked` where that can be found out, `unknown` where it can't. */
export type Draft = "none" | "some" | "unasked" | "unknown";

/** What one look tells of a pane. */
export interface PaneFacts extends Pick<Verdict, "state"> {
  /** as commands print it: "1", or "2.1" */
  paneId: string;
  /** whether we made it */
  isMade: boolean;
  /** whether a living process listens to it */
  isHeard: boolean;
  /** how many processes of background jobs live */
  jobs: number;
  draft: Draft;
}

/** What one look tells of a session that we made. */
export interface SessionFacts {
  name: string;
  made: MadeSession;
  /** how many clients show it that are not ours */
  clients: number;
  /** whether another session has any of its windows as well */
  isShared: boolean;
  /** whether somebody waits for what happens there, by the daemon */
  isAwaited: boolean;
  /** whether whoever collects was called from there */
  isHere: boolean;
  /** whether the process lives with which it is to end; undefined where there is none */
  isOwnerAlive: boolean | undefined;
  /** for how long nothing has happened there, ms; undefined where the clock was set, so that nobody can know */
  idleMs: number | undefined;
  panes: readonly PaneFacts[];
}

/** What becomes of a session, and why, as a person is told it; `ask`: it goes if nothing is typed at its prompts. */
export interface Judged {
  action: "keep" | "ask" | "collect";
  why: string;
}

/**
 * What becomes of a session that we made. What is in doubt stays. Pure.
 * @param ttlS the time to live of a session whose maker gave none, seconds
 */
export function judgeSession(session: SessionFacts, ttlS: number): Judged {
  const { made, isOwnerAlive } = session;
  const claim = claimOn(session);
  if (claim !== undefined) return keep(claim);
  if (isOwnerAlive === false) {
    return judgeDrafts(session, `its owner, process ${made.owner?.pid}, has ended`);
  }
  if (isOwnerAlive && made.ttlS === undefined) return keep(`its owner, process ${made.owner?.pid}, lives`);
  return judgeIdle(session, made.ttlS ?? ttlS);
}

/** Why a session is somebody's, whatever happens there; undefined if it is nobody's. */
function claimOn({ name, made, clients, isShared, isAwaited, isHere, panes }: SessionFacts): string | undefined {
  if (made.isKept) return "made with --keep";
  if (isHere) return "this was called from there";
  if (clients > 0) return "somebody looks at it";
  if (isShared) return "another session shows its windows as well";
  if (name !== made.name) return `somebody has renamed it: it was made as ${made.name}`;
  if (isAwaited) return "somebody waits for what happens there";
  const strange = panes.find(({ isMade }) => !isMade);
  if (strange) return `somebody else has made its pane ${strange.paneId}`;
  const heard = panes.find(({ isHeard }) => isHeard);
  return heard && `somebody listens to its pane ${heard.paneId}`;
}

function judgeIdle(session: SessionFacts, ttlS: number): Judged {
  const { idleMs, panes } = session;
  if (idleMs === undefined) return keep("the clock was set: for how long nothing has happened there is not known");
  if (idleMs < ttlS * 1000) {
    const [ago, limit] = [humanDuration(idleMs / 1000), humanDuration(ttlS)];
    return keep(`something happened there ${ago} ago, and its time to live is ${limit}`);
  }
  for (const { paneId, state, jobs } of panes) {
    if (state === "working") return keep(`a command runs in its pane ${paneId}`);
    if (state === "unknown") return keep(`whether a command runs in its pane ${paneId} is not known`);
    if (jobs > 0) return keep(`a job runs in the background of its pane ${paneId}`);
  }
  return judgeDrafts(
    session,
    `nothing has happened there for ${humanDuration(idleMs / 1000)}, and its time to live is ${humanDuration(ttlS)}`,
  );
}

function judgeDrafts({ panes }: SessionFacts, why: string): Judged {
  const typed = panes.find(({ draft }) => draft === "some");
  if (typed) return keep(`something is typed at the prompt of its pane ${typed.paneId}`);
  const untold = panes.find(({ draft }) => draft === "unknown");
  if (untold) return keep(`whether something is typed in its pane ${untold.paneId} is not known`);
  return { action: panes.some(({ draft }) => draft === "unasked") ? "ask" : "collect", why };
}

function keep(why: string): Judged {
  return { action: "keep", why };
}
