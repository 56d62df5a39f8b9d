import { aliveFile } from "../snapshots/alive.ts";
import { beyondNumber, COLLECTED_MAX, USUAL_KEEP } from "../snapshots/retention.ts";
import { countSnapshots, listSnapshots, removeSnapshots } from "../snapshots/store.ts";
import { wishesFile, wishFor } from "../snapshots/wishes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { LeftOver } from "./kinds.ts";

/**
 * Automatic snapshots beyond those that are to be kept: of this server's sessions, also of those that the daemon does not save any
 * more, or that have long gone; and of those that were collected. What can't be looked at stays.
 */
export function findOldSnapshots(server: TmuxServer): LeftOver[] {
  const old = beyond(server);
  let removal: Promise<unknown> | undefined;
  const undo = async () => {
    // all at once: for each removal, all others are read for what they need
    removal ??= removeSnapshots(old.map(({ id }) => id));
    await removal;
  };
  return old.map(({ id, why }) => ({ kind: "snapshot", what: id, why, undo }));
}

/** Which sessions were alive when the daemon looked last, or are to come back: any where that is not known. */
function aliveIn(server: TmuxServer): (session: string) => boolean {
  const alive = aliveFile.read(server);
  if (!alive) return () => true;
  const names = new Set([...alive.sessions, ...alive.before].map(({ name }) => name));
  return (session) => names.has(session);
}

function beyond(server: TmuxServer): { id: string; why: string }[] {
  try {
    const { all, most } = countSnapshots();
    // they are not read for nothing, hour by hour
    if (all <= COLLECTED_MAX && most <= USUAL_KEEP) return [];
    const stored = listSnapshots().flatMap(({ id, snapshot }) => (snapshot ? [{ id, snapshot }] : []));
    const wishes = wishesFile.read(server);
    const wished = (session: string) => (wishes && wishFor(wishes, session)?.keep) ?? USUAL_KEEP;
    const keep = (session: string) => Math.max(USUAL_KEEP, wished(session));
    return beyondNumber(stored, { socket: server.socket, now: Date.now(), keep, isAlive: aliveIn(server) });
  } catch {
    return []; // it is not known where they are, or their folder is not ours alone
  }
}
