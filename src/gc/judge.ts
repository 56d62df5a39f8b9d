import { existsSync } from "node:fs";
import type { StatePaths } from "../lib/paths.ts";
import { isOwnerAlive, type ProcessStat } from "../process/identity.ts";
import { openStore } from "../store/database.ts";
import { ownedSubscriptions } from "../store/owners.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { lookForDrafts } from "./drafts.ts";
import { type Judged, judgeSession, type SessionFacts } from "./rule.ts";
import { type FoundSession, lookAtServer, type ServerLook } from "./sessions.ts";

/** A session that we made, and what becomes of it. */
export type JudgedFound = Judged & { session: FoundSession };

/** A look at a server, and what becomes of the sessions that we made there. */
export interface JudgedLook extends Omit<ServerLook, "sessions"> {
  sessions: JudgedFound[];
}

/**
 * Looks at a server, and judges the sessions that we made there. Nothing is touched. Throws as tmux() does when its answer is
 * in doubt.
 * @param ttlS the time to live of sessions whose makers gave none, seconds
 */
export async function judgeServer(server: TmuxServer, paths: StatePaths, ttlS: number): Promise<JudgedLook> {
  const look = await lookAtServer(server);
  const awaited = awaitedSessions(paths);
  const own = ancestors(look.processes);
  const sessions = look.sessions.map((session) => {
    const isHere = session.panes.some(({ pid }) => own.has(pid));
    const isAwaited = session.panes.some((pane) => awaited.has(`${pane.server} ${session.id}`));
    return { ...session, facts: { ...session.facts, isHere, isAwaited } };
  });
  const isAsked = sessions.filter(({ facts }) => judgeSession(facts, ttlS).action === "ask");
  const asked = isAsked.flatMap(({ panes, facts }) => panes.filter((_, i) => facts.panes[i]?.draft === "unasked"));
  const drafts = await lookForDrafts(server, asked);
  const judged = sessions.map((session) => {
    const facts = withDrafts(session, drafts);
    return { ...judgeSession(facts, ttlS), session: { ...session, facts } };
  });
  return { ...look, sessions: judged };
}

function withDrafts({ facts, panes }: FoundSession, drafts: Awaited<ReturnType<typeof lookForDrafts>>): SessionFacts {
  const found = facts.panes.map((pane, i) => {
    return pane.draft === "unasked" ? { ...pane, draft: drafts.get(panes[i]?.id ?? "") ?? pane.draft } : pane;
  });
  return { ...facts, panes: found };
}

/** The sessions (server and id) of which somebody waits for something by the daemon. */
function awaitedSessions({ database }: StatePaths): Set<string> {
  if (!existsSync(database)) return new Set();
  try {
    using store = openStore(database);
    const living = ownedSubscriptions(store).filter(({ owner }) => isOwnerAlive(owner));
    return new Set(living.map(({ server, session_id: id }) => `${server} ${id}`));
  } catch {
    return new Set(); // without a database nobody waits by it
  }
}

/** The processes that this one was started by, and so on. */
function ancestors(processes: readonly ProcessStat[]): Set<number> {
  const parents = new Map(processes.map(({ pid, ppid }) => [pid, ppid]));
  const found = new Set<number>();
  for (let pid: number | undefined = process.pid; pid !== undefined && !found.has(pid); pid = parents.get(pid)) {
    found.add(pid);
  }
  return found;
}
