import { hasNothing } from "../tmux/error.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { RESTORING_OPTION } from "../tmux/options.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { geometry } from "./layout.ts";
import type { SessionOf } from "./manifest.ts";

const VARIABLES = ["session_id", "session_name", "window_index", "window_layout", "version", RESTORING_OPTION] as const;

/** A session whose windows another one is to share. */
export interface Mate {
  /** its `$id` */
  id: string;
  name: string;
}

/** What sharing depends on. */
interface Coming {
  /** the other name that the session is to have */
  as: string | undefined;
  /** whether the snapshot comes from a person's own store */
  isOwn: boolean;
}

/**
 * Of the sessions with which a saved one shared its windows (tmux(1), new-session -t), one that is there and has them still: as many,
 * at their places, with as many panes in the same layouts. Else why the saved one gets windows of its own, in words; undefined
 * where it had them alone. A copy, one whose place is taken, and a stranger's never share: who works in them, or ends them, means
 * none that others have.
 */
export async function findMate(
  server: TmuxServer,
  { name, group, windows }: SessionOf,
  { as, isOwn }: Coming,
): Promise<Mate | string | undefined> {
  if (group.length < 2) return undefined;
  if (!isOwn) return "the snapshot is not one of your own (--trust): its windows are its own";
  if (as !== undefined) return "under another name (--as), its windows are its own";
  const rows = await windowRows(server);
  if (rows.some((row) => row.session_name === name))
    return "a session of that name is there: the windows of what takes its place are its own";
  const saved = windows.map(({ index, layout }) => `${index} ${geometry(layout)}`).join("\n");
  const found = new Map<string, { mate: Mate; own: string[] }>();
  for (const row of rows) {
    if (!group.includes(row.session_name) || row[RESTORING_OPTION] !== "") continue;
    const one = found.get(row.session_id) ?? { mate: { id: row.session_id, name: row.session_name }, own: [] };
    one.own.push(`${row.window_index} ${geometry(row.window_layout)}`);
    found.set(row.session_id, one);
  }
  const mate = [...found.values()].find(({ own }) => own.join("\n") === saved)?.mate;
  return mate ?? "none of them is there with these windows: when they are restored after it, they share its own";
}

async function windowRows(server: TmuxServer) {
  try {
    return parseRows(VARIABLES, await tmuxAsync(server, [["list-windows", "-a", "-F", rowFormat(VARIABLES)]]));
  } catch (thrown) {
    if (hasNothing(thrown)) return [];
    throw thrown;
  }
}
