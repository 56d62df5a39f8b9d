import { hostname } from "node:os";
import { readClocks } from "../lib/believed-clock.ts";
import { config } from "../lib/config.ts";
import { AppError } from "../lib/errors.ts";
import { baseName } from "../lib/names.ts";
import { VERSION } from "../lib/self.ts";
import { isInteractiveShell, isShell } from "../process/foreground.ts";
import { commandLine } from "../process/identity.ts";
import { linkTarget } from "../process/proc-table.ts";
import type { ProcessStat } from "../process/process-table.ts";
import { livingProcesses } from "../process/tree.ts";
import type { Subscription } from "../store/subscriptions.ts";
import { decodeAll } from "../tmux/metadata.ts";
import { MADE_OPTION, METADATA_OPTION } from "../tmux/options.ts";
import type { Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { isServerAtLeast } from "../tmux/version.ts";
import { isFollowed } from "../verdict/reading.ts";
import { isBusy } from "../verdict/verdict.ts";
import { exportedBy, withoutSecretValues } from "./environment.ts";
import type { PaneOf, SessionOf, Snapshot, WindowOf } from "./manifest.ts";
import { type Part, partsOf } from "./parts.ts";
import type { Miss } from "./plan-terms.ts";
import { jobsIn, programIn } from "./running.ts";
import { isSecret, isSecretText } from "./secrets.ts";
import type { SeenPane, SeenSession, SeenWindow } from "./see.ts";
import type { NewSnapshot } from "./storing.ts";
import { subscribedTo, unheardBy } from "./subscribed.ts";
import { keptText } from "./text.ts";

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

interface Gathered {
  processes: readonly ProcessStat[];
  withEnvironment: boolean;
  subscriptions: readonly Subscription[];
  unheard: (pane: Pane, one: Subscription) => number;
  parts: Part[];
  leftOut: Snapshot["left_out"];
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
    environment: gathered.withEnvironment ? withoutSecretValues(seen.environment) : { set: {}, hidden: [] },
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

/** Notes what of a place is not stored. */
function missing(where: string, { leftOut }: Gathered): Miss {
  return (what, why) => leftOut.push({ where, what, why });
}

async function windowOf(
  { row, options, panes }: SeenWindow,
  sameAs: number | null,
  gathered: Gathered,
): Promise<WindowOf> {
  const kept: PaneOf[] = [];
  for (const pane of panes) kept.push(await paneOf(pane, gathered));
  return {
    index: Number(row.window_index),
    name: row.window_name,
    // tmux itself switches it off for a window that somebody has named
    is_named: options["automatic-rename"] === "off",
    width: Number(row.window_width),
    height: Number(row.window_height),
    layout: row.window_layout,
    options: withoutSecret(foreign(options), `window ${row.window_index}`, "the option", gathered),
    is_zoomed: row.window_zoomed_flag === "1",
    same_as: sameAs,
    panes: kept,
  };
}

async function paneOf(
  { pane, row, options, text, above, older, unread }: SeenPane,
  gathered: Gathered,
): Promise<PaneOf> {
  const { processes, parts, withEnvironment } = gathered;
  const where = `pane ${pane.window}.${pane.index}`;
  if (unread > 0)
    missing(where, gathered)(
      `the oldest ${unread} rows of its history`,
      "it was cleared, dropped rows at its limit or changed its size while they were read",
    );
  const argv = pane.isDead ? [] : commandLine(pane.pid);
  // one that runs a script is that script
  const isOfShell = isShell(argv) && (isFollowed(pane) || isInteractiveShell(argv));
  const tells = isOfShell && withEnvironment && isFollowed(pane);
  const exported = tells ? exportedBy(pane) : undefined;
  if (tells && !exported) missing(where, gathered)("what its shell exports", "the shell could not tell");
  const isWaiting = isOfShell && !(await isBusy(pane));
  const kept = text === undefined ? undefined : keptText(text, isWaiting ? above : undefined, pane.width, older);
  // before 3.3, tmux prints blanks that nobody has written, up to the widest that the pane was
  const shown = isServerAtLeast(row.version, "3.3") ? kept : kept?.replace(/ +$/gm, "");
  const own = shown === undefined ? [] : partsOf(shown);
  parts.push(...own);
  return {
    id: pane.id,
    index: pane.index,
    width: pane.width,
    height: pane.height,
    title: row.pane_title,
    // tmux tells that of the program in front, which may have gone elsewhere
    cwd: (isOfShell ? folderOf(pane.pid) : undefined) ?? row.pane_current_path,
    label: pane.label || null,
    metadata: withoutSecret(decodeAll(options[METADATA_OPTION] ?? ""), where, "the metadata", gathered),
    options: withoutSecret(foreign(options), where, "the option", gathered),
    history_limit: Number(row.history_limit),
    is_active: row.pane_active === "1",
    is_last: row.pane_last === "1",
    is_dead: pane.isDead,
    shell: isOfShell ? shellOf(pane.pid, argv) : null,
    environment: exported ? withoutSecretValues(exported.set) : null,
    program: pane.isDead || isWaiting ? null : programIn(pane.pid, processes, { isOfShell, exported }),
    jobs: isOfShell ? jobsIn(pane.pid, processes, exported) : [],
    subscriptions: subscribedTo(
      gathered.subscriptions,
      { server: pane.server, sessionId: pane.sessionId, pane: pane.id },
      missing(where, gathered),
      (one) => gathered.unheard(pane, one),
    ),
    text:
      shown === undefined
        ? null
        : { parts: own.map(({ sum }) => sum), lines: own.reduce((n, part) => n + linesIn(part.text), 0) },
  };
}

/** The folder of a process; undefined where it is not known, or gone. */
function folderOf(pid: number): string | undefined {
  const folder = linkTarget(`/proc/${pid}/cwd`);
  return folder?.endsWith(" (deleted)") ? undefined : folder;
}

/** The file that a shell was started from; its name alone where that is not told. */
function shellOf(pid: number, [name = ""]: readonly string[]): string {
  const called = baseName(name).replace(/^-/, "");
  // a file that an upgrade has replaced meanwhile
  const file = linkTarget(`/proc/${pid}/exe`)?.replace(/ \(deleted\)$/, "");
  // one file may be many shells (busybox)
  return file !== undefined && (baseName(file) === called || isShell([file])) ? file : called;
}

/** What is no secret by its name or value; the others are told. */
function withoutSecret(
  records: Readonly<Record<string, string>>,
  where: string,
  what: string,
  { leftOut }: Gathered,
): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(records)) {
    if (isSecret(name, value) || isSecretText(value))
      leftOut.push({ where, what: `${what} ${name}`, why: "it held a secret, which is not stored" });
    else kept[name] = value;
  }
  return kept;
}

/** Options that are not ours: those are bound to what they were set for. */
function foreign(options: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !name.startsWith("@claude_tmux_")));
}

function linesIn(text: string): number {
  return text.split("\n").length - 1;
}
