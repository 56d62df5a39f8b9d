import { hostname } from "node:os";
import { readClocks } from "../lib/believed-clock.ts";
import { config } from "../lib/config.ts";
import { baseName } from "../lib/names.ts";
import { VERSION } from "../lib/self.ts";
import { isShell } from "../process/foreground.ts";
import { commandLine, processStat } from "../process/identity.ts";
import { linkTarget } from "../process/proc-table.ts";
import type { ProcessStat } from "../process/process-table.ts";
import { foregroundJob, isBorder, livingProcesses } from "../process/tree.ts";
import { decodeAll } from "../tmux/metadata.ts";
import { MADE_OPTION, METADATA_OPTION } from "../tmux/options.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { isBusy } from "../verdict/verdict.ts";
import type { EnvironmentOf, PaneOf, ProgramOf, SessionOf, Snapshot, WindowOf } from "./manifest.ts";
import { type Part, partsOf } from "./parts.ts";
import { isSecret, withoutSecrets } from "./secrets.ts";
import { type SeenPane, type SeenSession, type SeenWindow, seeSession } from "./see.ts";
import { storeSnapshot } from "./store.ts";
import { keptText } from "./text.ts";

/** What is saved, and what is said of it. */
export interface SaveOptions {
  session: string;
  note: string | undefined;
  /** whether what panes show is saved */
  withText: boolean;
  /** whether the session's environment is */
  withEnvironment: boolean;
  /** whether nobody has asked for just this one */
  isAutomatic?: boolean;
}

/** A snapshot that was saved. */
export interface Saved {
  id: string;
  snapshot: Snapshot;
  /** what was written */
  bytes: number;
}

/** Saves a session. Throws ERR_SESSION_NOT_FOUND, and what storing throws. */
export async function saveSession(server: TmuxServer, options: SaveOptions): Promise<Saved> {
  const { snapshot, parts } = await takeSnapshot(server, options);
  return { snapshot, ...(await storeSnapshot(snapshot, parts)) };
}

/** All that is known of a session now, and the parts of what its panes show. Throws as seeSession(). */
export async function takeSnapshot(
  server: TmuxServer,
  options: SaveOptions,
): Promise<{ snapshot: Snapshot; parts: Part[] }> {
  const seen = await seeSession(server, options.session, options);
  const processes = livingProcesses();
  const parts: Part[] = [];
  const session = await sessionOf(seen, options, { processes, parts });
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
    session,
  };
  return { snapshot, parts };
}

interface Gathered {
  processes: readonly ProcessStat[];
  parts: Part[];
}

async function sessionOf(seen: SeenSession, options: SaveOptions, gathered: Gathered): Promise<SessionOf> {
  const { row } = seen;
  const windows: WindowOf[] = [];
  for (const window of seen.windows) windows.push(await windowOf(window, gathered));
  return {
    name: row.session_name,
    cwd: row.session_path,
    environment: options.withEnvironment ? environmentOf(seen.environment) : { set: {}, hidden: [] },
    options: foreign(seen.options),
    group: row.session_group_list === "" ? [] : row.session_group_list.split(","),
    stack: row.session_stack
      .split(",")
      .filter((index) => index !== "")
      .map(Number),
    made: row[MADE_OPTION] || null,
    windows,
  };
}

async function windowOf({ row, options, panes }: SeenWindow, gathered: Gathered): Promise<WindowOf> {
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
    options: foreign(options),
    is_zoomed: row.window_zoomed_flag === "1",
    panes: kept,
  };
}

async function paneOf({ pane, row, options, text, above }: SeenPane, { processes, parts }: Gathered): Promise<PaneOf> {
  const argv = pane.isDead ? [] : commandLine(pane.pid);
  const isOfShell = isShell(argv);
  const isWaiting = isOfShell && !(await isBusy(pane));
  const shown = text === undefined ? undefined : keptText(text, isWaiting ? above : undefined, pane.width);
  const own = shown === undefined ? [] : partsOf(shown);
  parts.push(...own);
  return {
    id: pane.id,
    index: pane.index,
    width: pane.width,
    height: pane.height,
    title: row.pane_title,
    cwd: row.pane_current_path,
    label: pane.label || null,
    metadata: { ...decodeAll(options[METADATA_OPTION] ?? "") },
    options: foreign(options),
    history_limit: Number(row.history_limit),
    is_active: row.pane_active === "1",
    is_last: row.pane_last === "1",
    is_dead: pane.isDead,
    shell: isOfShell ? shellOf(pane.pid, argv) : null,
    program: pane.isDead || isWaiting ? null : programIn(pane.pid, processes, isOfShell),
    text:
      shown === undefined
        ? null
        : { parts: own.map(({ sum }) => sum), lines: own.reduce((n, part) => n + linesIn(part.text), 0) },
  };
}

/** The file that a shell was started from; its name alone where that is not told. */
function shellOf(pid: number, [name = ""]: readonly string[]): string {
  return linkTarget(`/proc/${pid}/exe`) ?? baseName(name).replace(/^-/, "");
}

/** What has the terminal of a pane: the leader of its foreground group, as the kernel has it. */
function programIn(shell: number, processes: readonly ProcessStat[], isOfShell: boolean): ProgramOf | null {
  const job = isOfShell ? foregroundJob(processes, shell, ({ pid }) => isBorder(pid)) : [];
  const group = processStat(shell)?.tpgid;
  const pid = isOfShell ? (job.find((each) => each.pid === group) ?? job[0])?.pid : shell;
  const argv = pid === undefined ? [] : commandLine(pid);
  if (pid === undefined || argv.length === 0) return null;
  const shown = withoutSecrets(argv);
  return {
    argv: shown,
    cwd: linkTarget(`/proc/${pid}/cwd`) ?? null,
    is_cut: shown.some((word, i) => word !== argv[i]),
  };
}

function environmentOf(environment: ReadonlyMap<string, string | null>): EnvironmentOf {
  const set: Record<string, string | null> = {};
  const hidden: string[] = [];
  for (const [name, value] of environment) {
    if (value !== null && isSecret(name, value)) hidden.push(name);
    else set[name] = value;
  }
  return { set, hidden };
}

/** Options that are not ours: those are bound to what they were set for. */
function foreign(options: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => !name.startsWith("@claude_tmux_")));
}

function linesIn(text: string): number {
  return text.split("\n").length - 1;
}
