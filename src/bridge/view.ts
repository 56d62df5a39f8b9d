import { fs } from "../lib/builtin.ts";
import { isoSeconds } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { exists, readText, writeAtomic } from "../lib/files.ts";
import { ensureStateDir, type StatePaths } from "../lib/paths.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { METADATA_FORMAT, parseMetadata } from "../tmux/metadata.ts";
import { PANE_FORMAT, type Pane, parsePanes } from "../tmux/panes.ts";
import { tmuxEach } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { activityOf } from "./activity.ts";
import type { Result } from "./reply.ts";

// <session>.state is a view of what tmux knows, for scripts with jq. Nothing ever reads it back as truth.

/** Numbers the looks at tmux, so that a writer who saw less gives way to one that has written already. */
const LOOK_OPTION = "@claude_tmux_look";
const SESSION_VARIABLES = ["session_name", "session_id", "session_created", "pid", "start_time", LOOK_OPTION] as const;

/** Rewrites the views of one session, or of all, from tmux. Throws ERR_SESSION_NOT_FOUND, ERR_UNSAFE_STATE_DIR. */
export function syncViews(server: TmuxServer, paths: StatePaths, session: string | undefined): Result {
  const sessions = listSessions(server);
  if (session !== undefined && !sessions.panes.some((pane) => pane.session === session)) {
    throw new AppError("ERR_SESSION_NOT_FOUND", `There is no session "${session}"`, {
      hint: "See which there are: claude-tmux bridge session-list",
    });
  }
  ensureStateDir(paths);
  const names = session === undefined ? [...new Set(sessions.panes.map((pane) => pane.session))] : [session];
  for (const name of names) writeView(paths, name, sessions);
  if (session === undefined) removeOthers(paths, names);
  return { session: session ?? "", output: `Synced: ${names.join(", ") || "no sessions"}` };
}

interface Look {
  number: number;
  server: string;
  created: Map<string, number>;
  panes: Pane[];
  metadata: Map<string, Record<string, string>>;
}

function listSessions(server: TmuxServer): Look {
  let answers: string[];
  try {
    answers = tmuxEach(server, [
      ["set-option", "-s", "-F", LOOK_OPTION, `#{e|+:#{${LOOK_OPTION}},1}`],
      ["list-sessions", "-F", rowFormat(SESSION_VARIABLES)],
      ["list-panes", "-a", "-F", PANE_FORMAT],
      ["list-panes", "-a", "-F", METADATA_FORMAT],
    ]);
  } catch (cause) {
    // no server, no sessions: for certain
    if (!(cause instanceof AppError && cause.code === "ERR_TMUX_NOT_RUNNING")) throw cause;
    answers = [];
  }
  const [, sessionRows = "", panes = "", metadata = ""] = answers;
  const sessions = parseRows(SESSION_VARIABLES, sessionRows);
  return {
    number: Number(sessions[0]?.[LOOK_OPTION] ?? 0),
    server: `${sessions[0]?.pid}:${sessions[0]?.start_time}`,
    created: new Map(sessions.map((row) => [row.session_name, Number(row.session_created)])),
    panes: parsePanes(panes),
    metadata: parseMetadata(metadata),
  };
}

function writeView(paths: StatePaths, session: string, look: Look): void {
  const file = viewFile(paths, session);
  if (isNewer(file, look)) return;
  const panes = look.panes.filter((pane) => pane.session === session);
  const view = {
    session,
    created_at: isoSeconds((look.created.get(session) ?? 0) * 1000),
    updated_at: isoSeconds(Date.now()),
    server: look.server,
    look: look.number,
    panes: Object.fromEntries(panes.map((pane) => [pane.paneId, paneView(pane, look.metadata.get(pane.id) ?? {})])),
  };
  writeAtomic(file, `${JSON.stringify(view, undefined, 2)}\n`, { sync: false });
}

function paneView(pane: Pane, metadata: Record<string, string>) {
  const { isRunning } = activityOf(pane);
  return {
    pane_id: pane.paneId,
    pane: pane.id,
    label: pane.label,
    metadata,
    pid: pane.pid,
    command: pane.command,
    is_running: isRunning,
    last_exit_code: pane.shell?.code ?? null,
  };
}

/** Whether the file tells of a later look at the same server. */
function isNewer(file: string, look: Look): boolean {
  if (!exists(file)) return false;
  try {
    const { server, look: number } = JSON.parse(readText(file) ?? "{}");
    return server === look.server && number > look.number;
  } catch {
    return false; // a file that is no view of ours is replaced
  }
}

/** Removes the views of sessions that are no more. */
function removeOthers(paths: StatePaths, sessions: readonly string[]): void {
  const keep = new Set(sessions.map((session) => viewFile(paths, session)));
  const views = new Bun.Glob(`*${VIEW_SUFFIX}`).scanSync({
    cwd: paths.dir,
    absolute: true,
    dot: true,
    onlyFiles: false,
  });
  for (const file of views) if (!keep.has(file)) fs().rmSync(file, { force: true });
}

const VIEW_SUFFIX = ".state";

function viewFile(paths: StatePaths, session: string): string {
  // a session that a person made may be named with any characters: "/" is the one that no file name can hold,
  // so that "a/b" and "a_b" share a file
  return `${paths.dir}/${session.replaceAll("/", "_")}${VIEW_SUFFIX}`;
}
