import { fs } from "../lib/builtin.ts";
import { isoSeconds } from "../lib/clock.ts";
import { config } from "../lib/config.ts";
import { AppError } from "../lib/errors.ts";
import { exists, readText, writeAtomic } from "../lib/files.ts";
import { flockExclusive } from "../lib/libc.ts";
import { ensureStateDir, type StatePaths } from "../lib/paths.ts";
import { quickClose, quickOpenLock } from "../lib/quick.ts";
import { sleep } from "../lib/wait.ts";
import { parseRows } from "../tmux/format.ts";
import { LOOK_OPTION } from "../tmux/options.ts";
import { PANE_VARIABLES } from "../tmux/pane-variables.ts";
import { panesCommand } from "../tmux/panes.ts";
import { startTmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { isRunning } from "../verdict/rule.ts";
import { verdictOf } from "../verdict/verdict.ts";
import { DESCRIBED_VARIABLES, type DescribedPane, describe } from "./metadata.ts";
import { lastExitCode } from "./pane-state.ts";

// <session>.state is a view of what tmux knows, for scripts with jq. Nothing ever reads it back as truth.

/**
 * Rewrites the views of one session, or of all, from tmux, and first brings what version 3.0 left there. Returns the names
 * of the sessions.
 * @throws AppError ERR_SESSION_NOT_FOUND, ERR_UNSAFE_STATE_DIR
 */
export async function syncViews(server: TmuxServer, paths: StatePaths, session: string | undefined): Promise<string[]> {
  let look = startLook(server, session);
  // while tmux answers
  ensureStateDir(paths);
  if (exists(config.legacyDir)) {
    const { importLegacy } = await import("./legacy.ts");
    if (importLegacy(server, paths)) look = startLook(server, session);
  }
  const seen = look();
  const names = [...seen.created.keys()];
  if (session !== undefined && names.length === 0) {
    throw new AppError("ERR_SESSION_NOT_FOUND", `There is no session "${session}"`, {
      hint: "See which there are: claude-tmux session-list",
    });
  }
  let failure: unknown;
  for (const name of names) {
    try {
      await writeView(paths, name, seen);
    } catch (thrown) {
      failure ??= thrown; // the others' views are written all the same
    }
  }
  if (session === undefined) removeViews(staleViews(paths, names));
  if (failure !== undefined) throw failure;
  return names;
}

interface Look {
  number: number;
  server: string;
  /** seconds since the epoch, by the session's name */
  created: Map<string, number>;
  panes: DescribedPane[];
}

/** Asks tmux about one session, or all; the function that it returns waits for the answer. */
function startLook(server: TmuxServer, session: string | undefined): () => Look {
  const more = [...DESCRIBED_VARIABLES, "session_created", LOOK_OPTION] as const;
  const answer = startTmux(server, [
    ["set-option", "-s", "-F", LOOK_OPTION, `#{e|+:#{${LOOK_OPTION}},1}`],
    panesCommand(session, more),
  ]);
  return () => {
    const rows = parseRows([...PANE_VARIABLES, ...more], orNothing(answer));
    const created = new Map<string, number>();
    for (const row of rows) created.set(row.session_name, Number(row.session_created));
    const panes = describe(rows);
    return { number: Number(rows[0]?.[LOOK_OPTION] ?? 0), server: panes[0]?.server ?? "", created, panes };
  };
}

/** No server, no sessions: for certain. */
function orNothing(answer: () => string): string {
  try {
    return answer();
  } catch (cause) {
    if (cause instanceof AppError && cause.code === "ERR_TMUX_NOT_RUNNING") return "";
    throw cause;
  }
}

/**
 * Looks at a view and replaces it while no other writer does, so that none puts an older look in the place of a newer one.
 * A writer that hangs is not waited for for long.
 */
async function alone(paths: StatePaths, write: () => void): Promise<void> {
  const lock = quickOpenLock(`${paths.dir}/views.lock`);
  try {
    for (let i = 0; lock >= 0 && i < TURN_MS && !flockExclusive(lock); i++) await sleep(1);
    write();
  } finally {
    if (lock >= 0) quickClose(lock);
  }
}

const TURN_MS = 1000;

async function writeView(paths: StatePaths, session: string, look: Look): Promise<void> {
  const panes: Record<string, object> = {}; // a loop: the first use of map and filter takes longer than all they do
  for (const pane of look.panes) {
    if (pane.session === session) panes[pane.paneId] = await paneView(pane);
  }
  const view = {
    session,
    created_at: isoSeconds((look.created.get(session) ?? 0) * 1000),
    updated_at: isoSeconds(Date.now()),
    server: look.server,
    look: look.number,
    panes,
  };
  const file = viewFile(paths, session);
  await alone(paths, () => {
    if (!isNewer(file, look)) writeAtomic(file, `${JSON.stringify(view, undefined, 2)}\n`, { sync: false });
  });
}

async function paneView(pane: DescribedPane) {
  return {
    pane_id: pane.paneId,
    pane: pane.id,
    label: pane.label,
    metadata: pane.metadata,
    pid: pane.pid,
    command: pane.command,
    is_running: isRunning(await verdictOf(pane)),
    last_exit_code: lastExitCode(pane, pane.state),
  };
}

/** Whether the file tells of a later look at the same server. */
function isNewer(file: string, look: Look): boolean {
  try {
    const text = readText(file);
    if (text === undefined) return false;
    const { server, look: number } = JSON.parse(text);
    return server === look.server && number > look.number;
  } catch {
    return false; // a file that is no view of ours is replaced
  }
}

/** The views of sessions that are no more, by the names of those that there are: their files. */
export function staleViews(paths: StatePaths, sessions: readonly string[]): string[] {
  const keep = new Set(sessions.map((session) => viewFile(paths, session)));
  const options = { cwd: paths.dir, absolute: true, dot: true, onlyFiles: false };
  const views = new Bun.Glob(`*${VIEW_SUFFIX}`).scanSync(options);
  return [...views].filter((file) => !keep.has(file) && isView(file));
}

/** Whether a file is a view that we have written: the folder may be one in which a person keeps other things. */
export function isView(file: string): boolean {
  if (!file.endsWith(VIEW_SUFFIX)) return false;
  try {
    const { session, panes } = JSON.parse(readText(file) ?? "");
    return typeof session === "string" && typeof panes === "object";
  } catch {
    return false;
  }
}

/** Removes views. */
export function removeViews(files: readonly string[]): void {
  for (const file of files) fs().rmSync(file, { force: true });
}

const VIEW_SUFFIX = ".state";

/** The view of a session. */
export function viewFile(paths: StatePaths, session: string): string {
  // a session that a person made may be named with any characters: "/" is the one that no file name can hold,
  // so that "a/b" and "a_b" share a file
  const name = session.replaceAll("/", "_");
  return `${paths.dir}/${name.length * 3 <= NAME_MAX ? name : shortened(name)}${VIEW_SUFFIX}`;
}

/** Bytes of a file name, that of a file still being written included: at most 255 on nearly every file system. */
const NAME_MAX = 200;

function shortened(name: string): string {
  const bytes = Buffer.from(name);
  return bytes.length <= NAME_MAX ? name : `${bytes.subarray(0, NAME_MAX)}-${Bun.hash(name).toString(36)}`;
}
