import { AppError } from "../lib/errors.ts";
import { hasNoSessions } from "../tmux/error.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { LABEL_OPTION, METADATA_OPTION, RESTORING_OPTION } from "../tmux/options.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { retained } from "./retention.ts";
import { takeSnapshot } from "./save.ts";
import { listSnapshots, removeSnapshots, storeSnapshot } from "./store.ts";
import type { Wish } from "./wishes.ts";

const VARIABLES = [
  "session_name",
  "session_id",
  "version",
  "window_id",
  "window_index",
  "window_name",
  "window_layout",
  "window_active",
  "window_zoomed_flag",
  "pane_id",
  "pane_pid",
  "pane_active",
  "pane_title",
  "pane_current_path",
  "pane_current_command",
  "pane_dead",
  "history_size",
  "cursor_y",
  LABEL_OPTION,
  METADATA_OPTION,
  RESTORING_OPTION,
] as const;
/** These change with what panes show. */
const OF_TEXT: readonly string[] = ["history_size", "cursor_y"];

/** What each session is in short, by one question to tmux: without what panes show, and with that. Throws as tmux(). */
export async function signatures(server: TmuxServer): Promise<Map<string, { bare: string; whole: string }>> {
  const found = new Map<string, { bare: string; whole: string }>();
  let text: string;
  try {
    text = await tmuxAsync(server, [["list-panes", "-a", "-F", rowFormat(VARIABLES)]]);
  } catch (thrown) {
    if (thrown instanceof AppError && (hasNoSessions(thrown) || thrown.code === "ERR_TMUX_NOT_RUNNING")) return found;
    throw thrown;
  }
  for (const row of parseRows(VARIABLES, text)) {
    // one that is just being made is none yet
    if (row[RESTORING_OPTION] !== "") continue;
    const before = found.get(row.session_name) ?? { bare: "", whole: "" };
    let [bare, whole] = [before.bare, before.whole];
    for (const name of VARIABLES) {
      whole += `${row[name]}\n`;
      if (!OF_TEXT.includes(name)) bare += `${row[name]}\n`;
    }
    found.set(row.session_name, { bare, whole });
  }
  return found;
}

/**
 * Saves a session unless its newest automatic snapshot tells the same, and removes those automatic ones of it that are not to be
 * kept. Throws as saveSession().
 * @returns what was written; undefined where nothing had to be
 */
export async function autosave(
  server: TmuxServer,
  session: string,
  { keep, scrollback }: Wish,
): Promise<{ id: string; bytes: number } | undefined> {
  const options = { session, note: undefined, withText: scrollback, withEnvironment: true, isAutomatic: true };
  const { snapshot, parts } = await takeSnapshot(server, options);
  const own = listSnapshots(session).flatMap(({ id, snapshot: stored }) =>
    stored?.is_automatic && stored.socket === snapshot.socket && stored.session.name === session
      ? [{ id, stored }]
      : [],
  );
  const newest = own[0]?.stored.session;
  if (newest && JSON.stringify(newest) === JSON.stringify(snapshot.session)) return undefined;
  const saved = await storeSnapshot(snapshot, parts);
  const moments = own.map(({ stored }) => stored.taken_at);
  const kept = retained([saved.takenAt, ...moments], saved.takenAt, keep);
  const old = own.filter(({ stored }) => !kept.has(stored.taken_at));
  if (old.length > 0) await removeSnapshots(old.map(({ id }) => id));
  return { id: saved.id, bytes: saved.bytes };
}
