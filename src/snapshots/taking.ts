import { hostname } from "node:os";
import { readClocks } from "../lib/believed-clock.ts";
import { config } from "../lib/config.ts";
import { AppError } from "../lib/errors.ts";
import { VERSION } from "../lib/self.ts";
import type { ProcessStat } from "../process/process-table.ts";
import { livingProcesses } from "../process/tree.ts";
import type { Subscription } from "../store/subscriptions.ts";
import { MADE_OPTION } from "../tmux/options.ts";
import type { Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { storedVariables } from "./environment.ts";
import { foreign, type Gathered, missing, shownText, withoutSecret } from "./gathered.ts";
import type { PaneOf, SessionOf, Snapshot, WindowOf } from "./manifest.ts";
import type { Part } from "./parts.ts";
import { withoutSecretsIn } from "./secret-arguments.ts";
import type { SeenSession, SeenWindow } from "./seen.ts";
import type { NewSnapshot } from "./storing.ts";
import { subscribedTo, unheardBy } from "./subscribed.ts";
import { paneOf } from "./taking-pane.ts";

/** How sessions are saved, and what is said of it. */
export interface HowToSave {
  note: string | undefined;
  /** whether what panes show is saved */
  withText: boolean;
  /** whether the session's environment is */
  withEnvironment: boolean;
  /** all that have not ended: those to the session and its panes are saved with it; undefined where they can't be read */
  subscriptions: readonly Subscription[] | undefined;
  /** whether a daemon hears what they are for: else it is looked for what they have not heard */
  isHeard?: boolean;
  /** whether nobody has asked for just this one */
  isAutomatic?: boolean;
}

/**
 * Snapshots of sessions that were seen, in one look at the process table.
 * @returns of each the snapshot, or what kept it from being seen
 */
export async function snapshotsOf(
  server: TmuxServer,
  all: readonly (SeenSession | AppError)[],
  options: HowToSave,
): Promise<(NewSnapshot | AppError)[]> {
  const processes = livingProcesses();
  // what some panes do shows only after a moment
  return await Promise.all(
    all.map((seen) => (seen instanceof AppError ? seen : snapshotOf(server, { seen, processes, options }))),
  );
}

async function snapshotOf(
  server: TmuxServer,
  { seen, processes, options }: { seen: SeenSession; processes: readonly ProcessStat[]; options: HowToSave },
): Promise<NewSnapshot> {
  const parts: Part[] = [];
  const leftOut: Snapshot["left_out"] = [];
  const { withEnvironment, subscriptions = [] } = options;
  if (options.subscriptions === undefined)
    leftOut.push({ where: "session", what: "its subscriptions", why: "their database can't be read" });
  const unheard = (pane: Pane, one: Subscription) => (options.isHeard === false ? unheardBy(server, pane, one) : 0);
  const session = await sessionOf(seen, { processes, parts, leftOut, withEnvironment, subscriptions, unheard });
  const snapshot: Snapshot = {
    taken_at: Date.now(),
    note: options.note ?? null,
    is_automatic: options.isAutomatic === true,
    host: hostname(),
    home: config.home ?? null,
    socket: server.socket,
    boot: readClocks().boot || null,
    tmux_version: seen.row.version,
    program_version: VERSION,
    left_out: leftOut,
    session,
  };
  return { snapshot, parts };
}

async function sessionOf(seen: SeenSession, gathered: Gathered): Promise<SessionOf> {
  const { row } = seen;
  const windows: WindowOf[] = [];
  for (const window of seen.windows) {
    const twin = seen.windows.find(({ row: other }) => other.window_id === window.row.window_id);
    const sameAs = twin === window ? null : Number(twin?.row.window_index);
    windows.push(await windowOf(window, sameAs, gathered));
  }
  for (const name of seen.hiddenVariables) {
    const why = "variables that programs do not get are not stored";
    gathered.leftOut.push({ where: "session", what: `the variable ${name}`, why });
  }
  for (const { where, hooks } of seen.hooks) {
    const why = "hooks are not stored";
    for (const hook of hooks) gathered.leftOut.push({ where, what: `the hook ${hook}`, why });
  }
  for (const { row: window } of seen.windows) {
    const others = Number(window.window_linked_sessions || 1) - 1;
    const isTwice = seen.windows.filter((other) => other.row.window_id === window.window_id).length > 1;
    const what = "that another session shows it as well";
    if (others > 0 && !isTwice && row.session_group_list === "")
      gathered.leftOut.push({
        where: `window ${window.window_index}`,
        what,
        why: "it comes back as a window of its own",
      });
  }
  return {
    name: row.session_name,
    cwd: row.session_path,
    environment: gathered.withEnvironment
      ? storedVariables(seen.environment, missing("session", gathered))
      : { set: {}, hidden: [] },
    options: withoutSecret(foreign(seen.options), "session", "the option", gathered),
    group: row.session_group_list === "" ? [] : row.session_group_list.split(","),
    stack: row.session_stack
      .split(",")
      .filter((index) => index !== "")
      .map(Number),
    made: row[MADE_OPTION] || null,
    subscriptions: subscribedTo(
      gathered.subscriptions,
      { server: seen.windows[0]?.panes[0]?.pane.server ?? "", sessionId: row.session_id, pane: "" },
      missing("session", gathered),
    ),
    windows,
  };
}

async function windowOf(
  { row, options, panes }: SeenWindow,
  sameAs: number | null,
  gathered: Gathered,
): Promise<WindowOf> {
  const kept: PaneOf[] = [];
  for (const pane of panes) kept.push(await paneOf(pane, gathered));
  // tmux itself switches it off for a window that somebody has named
  const isNamed = options["automatic-rename"] === "off";
  return {
    index: Number(row.window_index),
    name: isNamed
      ? shownText(row.window_name, "its name", missing(`window ${row.window_index}`, gathered))
      : withoutSecretsIn(row.window_name),
    is_named: isNamed,
    width: Number(row.window_width),
    height: Number(row.window_height),
    layout: row.window_layout,
    options: withoutSecret(foreign(options), `window ${row.window_index}`, "the option", gathered),
    is_zoomed: row.window_zoomed_flag === "1",
    same_as: sameAs,
    panes: kept,
  };
}
