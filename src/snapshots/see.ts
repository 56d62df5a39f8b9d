import { AppError } from "../lib/errors.ts";
import type { TmuxCommand } from "../tmux/command-line.ts";
import { isOfTarget } from "../tmux/error.ts";
import { tmuxAsync, tmuxEachBy } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { sourced } from "../tmux/sourced.ts";
import { readOlder } from "./history.ts";
import {
  isSame,
  ofSession,
  partCommands,
  type SeenSession,
  type Structure,
  sessionIn,
  structureCommands,
  structureIn,
} from "./seen.ts";

// The structure is looked at before and after its parts: only if it is the same both times do the parts belong together.

const TRIES = 5;

/**
 * Looks at sessions, by as many calls to tmux as for one.
 * @returns of each what it is, or why it can't be seen: ERR_SESSION_NOT_FOUND; ERR_COMMAND_FAILED when it is never the same for as
 *   long as that takes, or is just being restored
 * @throws AppError when tmux does not answer
 */
export async function seeSessions(
  server: TmuxServer,
  sessions: readonly string[],
  options: { withText: boolean },
): Promise<(SeenSession | AppError)[]> {
  const found = new Map<string, SeenSession | AppError>();
  const failed = new Map<string, AppError>();
  for (let tries = 1; tries <= TRIES; tries++) {
    const left = sessions.filter((session) => !found.has(session));
    if (left.length === 0) break;
    // one that goes spoils a look at several: those that were not seen are looked at alone
    const groups = tries === 1 ? [left] : left.map((session) => [session]);
    for (const group of groups) {
      const seen = await seeOnce(server, group, { ...options, failed });
      for (const [i, session] of group.entries()) if (seen[i]) found.set(session, seen[i]);
    }
  }
  const all: (SeenSession | AppError)[] = [];
  for (const session of sessions) {
    const seen = found.get(session) ?? failed.get(session) ?? changing(session);
    all.push(seen instanceof AppError ? seen : await withOlder(server, seen));
  }
  return all;
}

/** With what was not read of its histories yet: of a second look, where the first one has lost sight of them. */
async function withOlder(server: TmuxServer, seen: SeenSession): Promise<SeenSession> {
  if (await readHistories(server, seen)) return seen;
  const [again] = await seeOnce(server, [seen.row.session_id], { withText: true, failed: new Map() });
  if (!again || again instanceof AppError) return seen;
  await readHistories(server, again);
  return again;
}

/** Reads what was not read yet of the histories of a session. Returns whether that was all. */
async function readHistories(server: TmuxServer, seen: SeenSession): Promise<boolean> {
  const panes = seen.windows.flatMap((window) => window.panes);
  for (const pane of panes) {
    if (!pane.large) continue;
    const { shared } = pane.large;
    const { text, unread } = await readOlder(server, pane.large, shared);
    pane.older = text;
    pane.unread = unread;
    pane.text = pane.text?.slice(shared.length);
    pane.above = pane.above?.slice(shared.length);
  }
  return panes.every(({ unread }) => unread === 0);
}

function changing(session: string): AppError {
  return new AppError("ERR_COMMAND_FAILED", `The session "${session}" changes faster than it can be looked at`, {
    hint: "Try again when its windows and panes stay for a moment.",
  });
}

/**
 * Of each, undefined when windows or panes of it came or went meanwhile; of several, also when one of them went.
 * @param options.failed is told what tmux failed with in the middle, of a session that was looked at alone
 */
async function seeOnce(
  server: TmuxServer,
  sessions: readonly string[],
  { withText, failed }: { withText: boolean; failed: Map<string, AppError> },
): Promise<(SeenSession | AppError | undefined)[]> {
  // more than fits into the arguments of a process
  const ask = (commands: TmuxCommand[]) => tmuxEachBy((marked) => bySource(server, marked), commands);
  const structure = sessions.flatMap(structureCommands);
  let first: string[];
  try {
    first = await ask(structure);
  } catch (thrown) {
    if (!isOfTarget(thrown)) throw thrown;
    return sessions.length === 1 ? [thrown] : [];
  }
  const found = sessions.map((_, i) => structureIn(ofSession(first, i)));
  const parts = found.map((one) => (isThere(one) ? partCommands(one, withText) : []));
  let answers: string[];
  try {
    answers = await ask([...parts.flat(), ...structure]);
  } catch (thrown) {
    if (!isOfTarget(thrown)) throw thrown;
    // something may have gone meanwhile: who looks again is told if it is the session
    const [session = "", ...others] = sessions;
    if (others.length === 0) failed.set(session, thrown);
    return [];
  }
  const second = answers.splice(parts.flat().length);
  return found.map((one, i) => {
    const own = answers.splice(0, parts[i]?.length);
    if (!isThere(one)) return one;
    const now = ofSession(second, i);
    return isSame(ofSession(first, i), now) ? sessionIn(one, own, now) : undefined;
  });
}

function isThere(one: Structure | AppError | undefined): one is Structure {
  return one !== undefined && !(one instanceof AppError);
}

async function bySource(server: TmuxServer, commands: TmuxCommand[]): Promise<string> {
  const { command, input } = sourced(commands);
  return await tmuxAsync(server, [command], { input });
}
