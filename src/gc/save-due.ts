import { AppError } from "../lib/errors.ts";
import type { StatePaths } from "../lib/paths.ts";
import { COLLECTED_NOTE } from "../snapshots/retention.ts";
import { saveSessions } from "../snapshots/save.ts";
import { checkStore } from "../snapshots/storing.ts";
import { subscriptionsIn } from "../store/subscriptions-now.ts";
import { isSessionGone } from "../tmux/error.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { FoundSession } from "./sessions.ts";

/** A session that we made, and why it was ended, or stays. */
export interface JudgedSession {
  session: FoundSession;
  why: string;
}

/** One that may be ended, and the id of the snapshot by which it comes back. */
export interface SavedSession extends JudgedSession {
  snapshot: string;
}

const OPTIONS = { note: COLLECTED_NOTE, withText: true, withEnvironment: true, isAutomatic: true };

/**
 * Saves sessions before they are ended.
 * @returns those that are saved, and those that can't be, with the reason; neither are those that have gone meanwhile
 */
export async function saveDue(
  server: TmuxServer,
  paths: StatePaths,
  due: readonly JudgedSession[],
): Promise<{ saved: SavedSession[]; unsaved: JudgedSession[] }> {
  const all = await saveSessions(
    server,
    due.map(({ session }) => session.id),
    { ...OPTIONS, subscriptions: subscriptionsIn(paths.database) },
  );
  const saved: SavedSession[] = [];
  const unsaved: JudgedSession[] = [];
  for (const [i, one] of due.entries()) {
    const done = all[i];
    if (done instanceof Error) {
      if (!isSessionGone(done)) unsaved.push({ ...one, why: reason(done) });
    } else if (done) saved.push({ ...one, snapshot: done.id });
  }
  return { saved, unsaved };
}

/** Which of them could be saved, as far as that can be told while nothing is written. */
export function foreseeSaving(due: readonly JudgedSession[]): {
  due: readonly JudgedSession[];
  unsaved: JudgedSession[];
} {
  try {
    checkStore();
    return { due, unsaved: [] };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    return { due: [], unsaved: due.map((one) => ({ ...one, why: reason(thrown) })) };
  }
}

function reason({ message }: Error): string {
  return `it could not be saved: ${message}`;
}
