import { accessSync, constants, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { homedir } from "node:os";
import { config } from "../lib/config.ts";
import { AppError } from "../lib/errors.ts";
import { readText } from "../lib/files.ts";
import { ensureStateDir, type StatePaths } from "../lib/paths.ts";
import { killSession } from "../panes/kill.ts";
import type { Member } from "../panes/member.ts";
import { hasEnded, ownIdentity } from "../process/identity.ts";
import { sessionTurn } from "../tmux/attach-turn.ts";
import { hasNothing } from "../tmux/error.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { RESTORING_OPTION } from "../tmux/options.ts";
import { listPanes, type Pane } from "../tmux/panes.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { shellCommand } from "../tmux/shell-integration.ts";
import { sessionTarget } from "../tmux/target.ts";
import type { Difference } from "./compare.ts";
import { Making } from "./making.ts";
import type { PaneOf, Snapshot } from "./manifest.ts";
import { type Here, type Missing, type Plan, planRestore, type Starts } from "./plan.ts";
import { saveSession } from "./save.ts";

/** What is restored, and how. */
export interface RestoreOptions {
  /** under another name than it had */
  as: string | undefined;
  /** whether the snapshot comes from a person's own store */
  isOwn: boolean;
  /** which programs are started again */
  starts: Starts;
  /** whether a session of that name is saved and ended when the other one is whole; else it is an error */
  replaces: boolean;
  /** the text of a pane: undefined where there is none */
  textOf(pane: PaneOf): string | undefined;
}

/** A session that has come back. */
export interface Restored {
  name: string;
  panes: Pane[];
  /** what did not come back, and why */
  missing: Missing[];
  /** the programs that were started again */
  started: { where: string; command: string }[];
  /** what was looked at afterwards, and is not as it was */
  differences: Difference[];
  /** the session whose place it took: what it was saved as, and what of it lives on */
  replaced: { snapshot: string; survivors: Member[] } | undefined;
}

/** What restoring a snapshot here comes to. Changes nothing. */
export async function planHere(
  server: TmuxServer,
  snapshot: Snapshot,
  options: Pick<RestoreOptions, "as" | "isOwn" | "starts">,
): Promise<Plan> {
  return planRestore(snapshot, { ...options, here: await here(server) });
}

/**
 * Brings a session back. What fails half-way is taken away again.
 * @throws AppError ERR_SESSION_EXISTS; and what tmux says
 */
export async function restoreSession(
  server: TmuxServer,
  paths: StatePaths,
  snapshot: Snapshot,
  options: RestoreOptions,
): Promise<Restored> {
  ensureStateDir(paths);
  const plan = await planHere(server, snapshot, options);
  const shell = await shellCommand(paths);
  removeFolders(paths);
  const before = await sessionNow(server, plan.name);
  if (before && !options.replaces) throw exists(plan.name);
  if (before) refuseOwn(server, before, plan.name);
  const saved = before
    ? await saveSession(server, { ...ALL, session: before, note: "before it was replaced" })
    : undefined;
  const { pid, startTime } = ownIdentity();
  const folder = mkdtempSync(`${paths.dir}/${FOLDER}${pid}-${startTime}-`);
  // under another name until it is whole
  const name = before ? `${plan.name}-restoring-${pid}` : plan.name;
  const made = new Making(server, { ...plan, name }, { name: plan.name, folder, shell, made: snapshot.session.made });
  try {
    made.write(options.textOf);
    {
      using _turn = sessionTurn(paths.dir);
      await made.structure();
    }
    await made.properties();
    made.go();
    await made.arrived();
    const panes = await made.titled();
    const differences = await made.differences(snapshot, options.textOf);
    await made.done(before);
    const survivors = before ? (await killSession(server, { session: before, tree: false })).survivors : [];
    const started = await made.programs();
    return {
      name: plan.name,
      panes,
      missing: [...plan.missing, ...started.missing],
      started: started.commands,
      differences,
      replaced: saved && { snapshot: saved.id, survivors },
    };
  } catch (thrown) {
    await made.undo();
    throw thrown;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Throws ERR_INVALID_ARGUMENT when this very command runs in the session, with which it would end. */
function refuseOwn(server: TmuxServer, session: string, name: string): void {
  const isHere = config.tmux?.split(",")[0] === server.socket;
  if (!isHere || !listPanes(server, session).some(({ id }) => id === config.tmuxPane)) return;
  throw new AppError("ERR_INVALID_ARGUMENT", `This command runs in "${name}", and would end with it`, {
    hint: "Call it from another session, or give another name with --as.",
  });
}

const ALL = { withText: true, withEnvironment: true } as const;
const FOLDER = "restoring-";

/** Removes what restores that were killed have left in the state folder. */
function removeFolders({ dir }: StatePaths): void {
  for (const name of readdirSync(dir)) {
    if (!name.startsWith(FOLDER)) continue;
    const [pid = 0, startTime = 0] = name.slice(FOLDER.length).split("-").map(Number);
    if (hasEnded({ pid, startTime })) rmSync(`${dir}/${name}`, { recursive: true, force: true });
  }
}

const UNFINISHED = ["session_id", RESTORING_OPTION, "version"] as const;

/**
 * The `$id` of the session of that name; undefined where there is none, or was but what a restore that was killed has left, which
 * is ended. Throws ERR_SESSION_EXISTS for one that is just being restored.
 */
async function sessionNow(server: TmuxServer, name: string): Promise<string | undefined> {
  let text: string;
  try {
    // display-message would answer of another session
    text = await tmuxAsync(server, [["list-windows", "-t", sessionTarget(name), "-F", rowFormat(UNFINISHED)]]);
  } catch (thrown) {
    if (hasNothing(thrown) || (thrown instanceof AppError && thrown.code === "ERR_SESSION_NOT_FOUND")) return undefined;
    throw thrown;
  }
  const [row] = parseRows(UNFINISHED, text);
  const [pid = 0, startTime = 0] = (row?.[RESTORING_OPTION] ?? "").split(" ").map(Number);
  if (!row || pid === 0) return row?.session_id;
  if (!hasEnded({ pid, startTime })) throw exists(name, ", which is just being restored");
  await tmuxAsync(server, [["kill-session", "-t", `${row.session_id}:`]]);
  return undefined;
}

function exists(name: string, why = ""): AppError {
  return new AppError("ERR_SESSION_EXISTS", `There is a session "${name}" already${why}`, {
    hint: "Give another name with --as; --replace saves that one, and ends it when the other is whole.",
  });
}

async function here(server: TmuxServer): Promise<Here> {
  const told = await tmuxAsync(server, [["start-server"], ["show-options", "-gv", "update-environment"]]).catch(
    () => "",
  );
  return {
    isFolder: (path) => statSync(path, { throwIfNoEntry: false })?.isDirectory() === true,
    isProgram: (path) => isProgram(path),
    shells: (readText("/etc/shells") ?? "").split("\n").filter((line) => line.startsWith("/")),
    home: config.home ?? homedir(),
    environment: config.environment,
    updated: told.split("\n").filter((name) => name !== ""),
  };
}

function isProgram(path: string): boolean {
  if (!path.startsWith("/")) return Bun.which(path) !== null;
  try {
    accessSync(path, constants.X_OK);
    return statSync(path).isFile();
  } catch {
    return false;
  }
}
