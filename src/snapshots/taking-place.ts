import { config } from "../lib/config.ts";
import { AppError, asError } from "../lib/errors.ts";
import type { StatePaths } from "../lib/paths.ts";
import { killSession } from "../panes/kill.ts";
import type { Member } from "../panes/member.ts";
import { subscriptionsIn } from "../store/subscriptions-now.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { listPanes } from "../tmux/panes.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { renaming } from "./as-tmux.ts";
import type { Making } from "./making.ts";
import { REPLACED_NOTE } from "./retention.ts";
import { type SaveOptions, saveSession } from "./save.ts";
import { sessionRows } from "./unfinished.ts";

/** The session whose place another one took: what it was saved as, and what of it lives on. */
export interface Replaced {
  snapshot: string;
  survivors: Member[];
}

/**
 * Gives a session the name of another, which is saved as it is by now, and ends in the same call to tmux. Throws what says under which
 * name the session is there all the same.
 */
export async function takePlace(
  server: TmuxServer,
  made: Making,
  { before, name, now, save }: { before: string; name: string; now: string; save: SaveOptions },
): Promise<Replaced> {
  try {
    const isNamed = (await sessionRows(server)).some((row) => row.session_id === before && row.session_name === name);
    if (!isNamed) throw new Error("that has ended, or has another name now");
    const { id } = await saveSession(server, save);
    await moveClients(server, before, made.sessionId ?? "");
    const first = [renaming(`${before}:`, `${name}-replaced-${process.pid}`), ...made.finishing(name)];
    const { survivors } = await killSession(server, { session: before, tree: false, first });
    return { snapshot: id, survivors };
  } catch (thrown) {
    await made.finish(now);
    const why = asError(thrown).message;
    const message = `The session came back whole as "${now}", but could not take the place of "${name}": ${why}`;
    const hint = "See what there is with session-list: one of the two may have another name now.";
    throw new AppError("ERR_COMMAND_FAILED", message, { hint, cause: thrown });
  }
}

/** Shows those who look at a session another one; not to programs (tmux(1), CONTROL MODE), which would not know it. */
async function moveClients(server: TmuxServer, from: string, to: string): Promise<void> {
  const VARIABLES = ["client_name", "client_control_mode", "version"] as const;
  const rows = parseRows(
    VARIABLES,
    await tmuxAsync(server, [["list-clients", "-t", `${from}:`, "-F", rowFormat(VARIABLES)]]),
  );
  for (const { client_name: client, client_control_mode: isProgram } of rows) {
    // one that has gone meanwhile is shown nothing
    if (isProgram !== "1") await tmuxAsync(server, [["switch-client", "-c", client, "-t", `${to}:`]]).catch(() => {});
  }
}

/** How a session is saved before another one takes its place. */
export function replacedAs(session: string, { database }: StatePaths): SaveOptions {
  const subscriptions = subscriptionsIn(database);
  return {
    session,
    note: REPLACED_NOTE,
    isAutomatic: true,
    withText: true,
    withEnvironment: true,
    subscriptions,
  };
}

/** Throws ERR_INVALID_ARGUMENT when this very command runs in the session, with which it would end. */
export function refuseOwn(server: TmuxServer, session: string, name: string): void {
  const isHere = config.tmux?.split(",")[0] === server.socket;
  if (!isHere || !listPanes(server, session).some(({ id }) => id === config.tmuxPane)) return;
  throw new AppError("ERR_INVALID_ARGUMENT", `This command runs in "${name}", and would end with it`, {
    hint: "Call it from another session, or give another name with --as.",
  });
}
