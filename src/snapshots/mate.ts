import { hasNothing } from "../tmux/error.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { RESTORING_OPTION } from "../tmux/options.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { geometry } from "./layout.ts";
import type { SessionOf } from "./manifest.ts";

const VARIABLES = ["session_id", "session_name", "window_index", "window_layout", "version", RESTORING_OPTION] as const;

/**
 * Of the sessions with which a saved one shared its windows (tmux(1), new-session -t), one that is there and has them still: as many,
 * at their places, with as many panes in the same layouts. Its `$id`; undefined where there is none.
 */
export async function findMate(server: TmuxServer, { name, group, windows }: SessionOf): Promise<string | undefined> {
  if (group.length < 2) return undefined;
  const saved = windows.map(({ index, layout }) => `${index} ${geometry(layout)}`).join("\n");
  const found = new Map<string, string[]>();
  for (const row of await windowRows(server)) {
    if (row.session_name === name || !group.includes(row.session_name) || row[RESTORING_OPTION] !== "") continue;
    const own = found.get(row.session_id) ?? [];
    found.set(row.session_id, [...own, `${row.window_index} ${geometry(row.window_layout)}`]);
  }
  return [...found].find(([, own]) => own.join("\n") === saved)?.[0];
}

async function windowRows(server: TmuxServer) {
  try {
    return parseRows(VARIABLES, await tmuxAsync(server, [["list-windows", "-a", "-F", rowFormat(VARIABLES)]]));
  } catch (thrown) {
    if (hasNothing(thrown)) return [];
    throw thrown;
  }
}
