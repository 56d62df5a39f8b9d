import { sumOf } from "../lib/sum.ts";
import type { Subscription } from "../store/subscriptions.ts";
import { quoteCommand, secretMark } from "../tmux/command-line.ts";
import { hasNothing } from "../tmux/error.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { COMPLETING_OPTION, LABEL_OPTION, METADATA_OPTION, RESTORING_OPTION } from "../tmux/options.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { retained } from "./retention.ts";
import { takeSnapshot } from "./save.ts";
import { listSnapshots, removeSnapshots } from "./store.ts";
import { storeSnapshot } from "./storing.ts";
import { isBeingCompleted } from "./unfinished.ts";
import type { Wish } from "./wishes.ts";

const VARIABLES = [
  "session_name",
  "session_id",
  "version",
  "pid",
  "start_time",
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
  // what its shell has told, and when it wrote last: programs, their conversations and variables are known by no more
  "pane_path",
  "window_activity",
  "history_size",
  "cursor_y",
  LABEL_OPTION,
  METADATA_OPTION,
  RESTORING_OPTION,
  COMPLETING_OPTION,
] as const;
type Variable = (typeof VARIABLES)[number];
/** All but those that change with what panes show. */
const BARE = VARIABLES.filter((name) => name !== "history_size" && name !== "cursor_y");

/** What a session is in short: without what its panes show, and with that. */
export type Signature = { bare: string; whole: string };

/**
 * What each session is in short, and which server has them (`pid:start_time`), by two questions to tmux: undefined for those that
 * are not wanted now, of which no more is asked than that they are there. Throws as tmux().
 */
export async function signatures(
  server: TmuxServer,
  isWanted: (session: string) => boolean,
): Promise<{ server: string; sessions: Map<string, Signature | undefined> }> {
  let text: string;
  try {
    text = await tmuxAsync(server, [["list-panes", "-a", "-F", rowFormat(VARIABLES)]]);
  } catch (thrown) {
    if (hasNothing(thrown)) return { server: "", sessions: new Map() };
    throw thrown;
  }
  // one that is just being made is none yet
  const rows = parseRows(VARIABLES, text).filter((row) => row[RESTORING_OPTION] === "");
  const sessions = [...Map.groupBy(rows, (row) => row.session_name)];
  // nor is one all that it is to be while its programs are just being started
  const wanted = sessions.filter(([name, rows]) => isWanted(name) && !rows.some(isBeingCompleted));
  const properties = wanted.length === 0 ? [] : await propertiesOf(server, wanted);
  const found = new Map<string, Signature | undefined>(sessions.map(([name]) => [name, undefined]));
  for (const [i, [name, panes]] of wanted.entries()) {
    const told = (names: readonly Variable[]) => panes.map((row) => names.map((key) => row[key]).join("\n"));
    const sum = (names: readonly Variable[]) => sumOf([...told(names), properties[i]].join("\n"));
    found.set(name, { bare: sum(BARE), whole: sum(VARIABLES) });
  }
  return { server: rows[0] ? `${rows[0].pid}:${rows[0].start_time}` : "", sessions: found };
}

/** The options and the environment of each session, its windows and its panes, as tmux prints them: by one call for all. */
async function propertiesOf(
  server: TmuxServer,
  sessions: readonly (readonly [string, readonly Record<Variable, string>[]])[],
): Promise<string[]> {
  const mark = secretMark();
  const commands = sessions.flatMap(([, panes]) => {
    const idsOf = (name: "session_id" | "window_id" | "pane_id") => [...new Set(panes.map((row) => row[name]))];
    return [
      ...idsOf("session_id").flatMap((id) => [
        ["show-environment", "-t", `${id}:`],
        ["show-options", "-t", `${id}:`],
      ]),
      ...idsOf("window_id").map((id) => ["show-options", "-w", "-t", id]),
      ...idsOf("pane_id").map((id) => ["show-options", "-p", "-t", id]),
      ["display-message", "-p", mark],
    ];
  });
  // each on a line of its own: the same as one long list of commands takes tmux twice as long
  const input = `${commands.map(quoteCommand).join("\n")}\n`;
  const text = await tmuxAsync(server, [["source-file", "-"]], { input });
  // ours change with what runs, and are not stored
  return text.replace(/^@claude_tmux_.*\n/gm, "").split(`${mark}\n`);
}

/**
 * Saves a session unless its newest automatic snapshot tells the same, and removes those automatic ones of it that are not to be
 * kept. Throws as saveSession().
 * @returns the id of the newest one, and how many bytes were written for it: 0 where nothing had to be
 */
export async function autosave(
  server: TmuxServer,
  session: string,
  { wish: { keep, scrollback }, subscriptions }: { wish: Wish; subscriptions: readonly Subscription[] },
): Promise<{ id: string; bytes: number }> {
  const options = {
    session,
    note: undefined,
    withText: scrollback,
    withEnvironment: true,
    isAutomatic: true,
    subscriptions,
  };
  const { snapshot, parts } = await takeSnapshot(server, options);
  const own = listSnapshots(session).flatMap(({ id, snapshot: stored }) =>
    stored?.is_automatic && stored.note === null && stored.socket === snapshot.socket && stored.session.name === session
      ? [{ id, stored }]
      : [],
  );
  const [newest] = own;
  if (newest && JSON.stringify(newest.stored.session) === JSON.stringify(snapshot.session))
    return { id: newest.id, bytes: 0 };
  const saved = await storeSnapshot(snapshot, parts);
  const all = [{ taken_at: saved.takenAt, order: saved.order }, ...own.map(({ stored }) => stored)];
  const kept = retained(all, saved.takenAt, keep);
  const old = own.filter(({ stored }) => !kept.has(stored));
  // that old ones stay is no failure of this one: the next takes them
  if (old.length > 0) await removeSnapshots(old.map(({ id }) => id)).catch(() => {});
  return { id: saved.id, bytes: saved.bytes };
}
