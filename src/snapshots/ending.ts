import { config } from "../lib/config.ts";
import { AppError } from "../lib/errors.ts";
import { quotedWords } from "../lib/shell.ts";
import { listPanes } from "../tmux/panes.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { Command } from "./arriving.ts";
import { showableLine } from "./harmless.ts";
import type { Snapshot } from "./manifest.ts";
import { takeSnapshot } from "./save.ts";
import { sessionRows } from "./unfinished.ts";

/** What ends with a session: of its windows, those that no other session has as well. */
export interface Ending {
  session: string;
  windows: number;
  panes: number;
  /** what runs in those panes, in front or as a job of a shell */
  programs: Command[];
}

/**
 * What ends with a session that is there.
 * @param id its `$id`
 * @param snapshot the session as it is
 */
export async function endingWith(server: TmuxServer, id: string, { session }: Snapshot): Promise<Ending> {
  const rows = await tmuxAsync(server, [["list-panes", "-a", "-F", "#{session_id} #{pane_id}"]]);
  const others = rows.split("\n").map((row) => row.split(" "));
  const shared = new Set(others.flatMap(([of, pane]) => (of === id ? [] : [pane])));
  const own = session.windows.filter(
    ({ same_as, panes }) => same_as === null && !panes.some((pane) => shared.has(pane.id)),
  );
  const programs = own.flatMap(({ index, panes }) =>
    panes.flatMap((pane) =>
      [...(pane.program ? [pane.program] : []), ...pane.jobs].map(({ argv }) => ({
        where: `pane ${index}.${pane.index}`,
        command: showableLine(quotedWords(argv)),
      })),
    ),
  );
  return { session: session.name, windows: own.length, panes: own.flatMap(({ panes }) => panes).length, programs };
}

/** What would end with the session of that name; undefined where there is none. Throws as refuseOwn(). Changes nothing. */
export async function wouldEnd(server: TmuxServer, name: string): Promise<Ending | undefined> {
  const id = (await sessionRows(server)).find((row) => row.session_name === name)?.session_id;
  if (id === undefined) return undefined;
  refuseOwn(server, id, name);
  const how = { session: id, note: undefined, withText: false, withEnvironment: false, subscriptions: [] };
  return endingWith(server, id, (await takeSnapshot(server, how)).snapshot);
}

/** Throws ERR_INVALID_ARGUMENT when this very command runs in the session, with which it would end. */
export function refuseOwn(server: TmuxServer, session: string, name: string): void {
  const isHere = config.tmux?.split(",")[0] === server.socket;
  if (!isHere || !listPanes(server, session).some(({ id }) => id === config.tmuxPane)) return;
  throw new AppError("ERR_INVALID_ARGUMENT", `This command runs in "${name}", and would end with it`, {
    hint: "Call it from another session, or give another name with --as.",
  });
}
