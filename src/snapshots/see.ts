import { AppError } from "../lib/errors.ts";
import { type TmuxCommand, tmuxAsync, tmuxEachBy } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { sourced } from "../tmux/sourced.ts";
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
  for (let tries = 1; tries <= TRIES; tries++) {
    const left = sessions.filter((session) => !found.has(session));
    if (left.length === 0) break;
    // one that goes spoils a look at several: those that were not seen are looked at alone
    const groups = tries === 1 ? [left] : left.map((session) => [session]);
    for (const group of groups) {
      const seen = await seeOnce(server, group, options);
      for (const [i, session] of group.entries()) if (seen[i]) found.set(session, seen[i]);
    }
  }
  return sessions.map((session) => found.get(session) ?? changing(session));
}

function changing(session: string): AppError {
  return new AppError("ERR_COMMAND_FAILED", `The session "${session}" changes faster than it can be looked at`, {
    hint: "Try again when its windows and panes stay for a moment.",
  });
}

/** Of each, undefined when windows or panes of it came or went meanwhile; of several, also when one of them went. */
async function seeOnce(
  server: TmuxServer,
  sessions: readonly string[],
  { withText }: { withText: boolean },
): Promise<(SeenSession | AppError | undefined)[]> {
  // more than fits into the arguments of a process
  const ask = (commands: TmuxCommand[]) => tmuxEachBy((marked) => bySource(server, marked), commands);
  const structure = sessions.flatMap(structureCommands);
  let first: string[];
  try {
    first = await ask(structure);
  } catch (thrown) {
    if (!isOfSession(thrown)) throw thrown;
    return sessions.length === 1 ? [thrown] : [];
  }
  const found = sessions.map((_, i) => structureIn(ofSession(first, i)));
  const parts = found.map((one) => (isThere(one) ? partCommands(one, withText) : []));
  let answers: string[];
  try {
    answers = await ask([...parts.flat(), ...structure]);
  } catch (thrown) {
    // something has gone meanwhile: who looks again is told if it is the session
    if (isOfSession(thrown)) return [];
    throw thrown;
  }
  const second = answers.splice(parts.flat().length);
  return found.map((one, i) => {
    const own = answers.splice(0, parts[i]?.length);
    if (!isThere(one)) return one;
    return isSame(ofSession(first, i), ofSession(second, i)) ? sessionIn(one, own) : undefined;
  });
}
function isThere(one: Structure | AppError | undefined): one is Structure {
  return one !== undefined && !(one instanceof AppError);
}

/** Whether a call failed since something in it is not there. */
function isOfSession(thrown: unknown): thrown is AppError {
  return thrown instanceof AppError && /NOT_FOUND|NOT_RUNNING|COMMAND_FAILED/.test(thrown.code);
}

async function bySource(server: TmuxServer, commands: TmuxCommand[]): Promise<string> {
  const { command, input } = sourced(commands);
  return await tmuxAsync(server, [command], { input });
}
