import { existsSync, lstatSync, readdirSync, rmdirSync, rmSync, statSync } from "node:fs";
import { DAY_MS } from "../lib/clock.ts";
import { errno } from "../lib/errors.ts";
import { baseName } from "../lib/names.ts";
import { checkStateDir, type StatePaths } from "../lib/paths.ts";
import { holderOfBuffer, holdersIn, isHolderAlive, letPaneGo } from "../panes/hold.ts";
import { removeViews, staleViews } from "../panes/view.ts";
import { isTableQuick, orphanedClients, processStat, startEnvironment } from "../process/identity.ts";
import { signal } from "../process/terminate.ts";
import { livingProcesses } from "../process/tree.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { ASKING_OPTION, HOLDS_OPTION, PIPE_OPTION } from "../tmux/options.ts";
import { findAbandonedPipes, releasePipes, removePipe } from "../tmux/pane-pipe.ts";
import { tmuxAsync, tmuxEachOrNothing } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { shellFolder } from "../tmux/shell-integration.ts";
import { INTEGRATION_VARIABLE } from "../tmux/shell-state.ts";

// What processes of ours that were killed left behind. This is the one place that decides what that is: doctor tells of it,
// and recover, stop and gc-run undo it.

/** The kinds of what is collected, and what several are called. */
export const KINDS = {
  session: "sessions",
  process: "processes",
  pipe: "pipes",
  hold: "holds",
  question: "questions",
  buffer: "buffers",
  client: "clients",
  file: "files",
  view: "views",
  state: "states",
  log: "logs",
  event: "events",
} as const;

/** One of them. */
export type Kind = keyof typeof KINDS;

/** Something that a process left which is no more. */
export interface LeftOver {
  kind: Exclude<Kind, "session" | "process">;
  /** it, in a word or two: the pane, the file, the process */
  what: string;
  why: string;
  /** throws what keeps it from being undone; what has gone meanwhile is undone */
  undo(): Promise<void> | void;
}

const PANE_VARIABLES = ["pane_id", HOLDS_OPTION, ASKING_OPTION, PIPE_OPTION] as const;
const BY_DEAD = "its process is no more";

/** What is left over of a tmux server and its state folder. Throws as tmux() does when the answer is in doubt. */
export async function findLeftOver(
  server: TmuxServer,
  paths: StatePaths,
  options: { timeoutMs?: number } = {},
): Promise<LeftOver[]> {
  return [...(await leftInTmux(server, paths, options)), ...leftInFiles(paths)];
}

/** What is left over as far as tmux has to tell it. Throws as findLeftOver(). */
export async function leftInTmux(
  server: TmuxServer,
  paths: StatePaths,
  options: { timeoutMs?: number } = {},
): Promise<LeftOver[]> {
  const { panes, sessions, buffers } = await lookAtTmux(server, options);
  const items = [
    ...panes.flatMap((pane) => [...holdsOf(server, pane), ...questionsOf(server, pane)]),
    ...buffers.flatMap((name) => bufferOf(server, name)),
  ];
  if (!checkStateDir(paths.dir)) return items;
  const views = staleViews(paths, sessions).map((path): LeftOver => {
    const undo = async () => {
      // a session of that name may have come meanwhile
      const now = await lookAtTmux(server, options);
      removeViews(staleViews(paths, now.sessions).filter((view) => view === path));
    };
    return { kind: "view", what: baseName(path), why: "its session is no more", undo };
  });
  return [...pipes(server, paths.dir, panes), ...items, ...views];
}

/** What is left over, whatever tmux tells. Throws ERR_UNSAFE_STATE_DIR. */
export function leftInFiles(paths: StatePaths): LeftOver[] {
  if (!checkStateDir(paths.dir)) return [];
  const clients = orphanedClients(paths.dir).map((client): LeftOver => {
    const undo = () => void signal(client, "SIGKILL");
    return { kind: "client", what: `tmux client ${client.pid}`, why: "its daemon is no more", undo };
  });
  return [...clients, ...files(paths.dir)];
}

/** "2 pipes, 1 hold". Pure. */
export function countKinds(items: readonly { kind: Kind }[]): string {
  const kinds = Map.groupBy(items, ({ kind }) => kind);
  return [...kinds].map(([kind, { length }]) => `${length} ${length === 1 ? kind : KINDS[kind]}`).join(", ");
}

/** Undoes what is left over, as far as it can be, and returns that. */
export async function undoLeftOver<L extends LeftOver>(items: readonly L[]): Promise<L[]> {
  const undone: L[] = [];
  for (const item of items) {
    try {
      await item.undo();
      undone.push(item);
    } catch {
      // a pane that has gone meanwhile, a full disk: the next one finds what is left still
    }
  }
  return undone;
}

type PaneRow = Record<(typeof PANE_VARIABLES)[number], string>;

/** Without a server there is, for certain, nothing in it. */
async function lookAtTmux(
  server: TmuxServer,
  options: { timeoutMs?: number },
): Promise<{ panes: PaneRow[]; sessions: string[]; buffers: string[] }> {
  const commands = [
    ["list-panes", "-a", "-F", rowFormat(PANE_VARIABLES)],
    ["list-sessions", "-F", rowFormat(["session_name", "version"])],
    ["list-buffers", "-F", "#{buffer_name}"],
  ];
  const [panes = "", sessions = "", buffers = ""] = await tmuxEachOrNothing(server, commands, options);
  const names = parseRows(["session_name", "version"], sessions).map(({ session_name }) => session_name);
  return { panes: parseRows(PANE_VARIABLES, panes), sessions: names, buffers: buffers.split("\n") };
}

function pipes(server: TmuxServer, stateDir: string, panes: readonly PaneRow[]): LeftOver[] {
  const { used, unused } = findAbandonedPipes(stateDir);
  const item = (token: string, undo: LeftOver["undo"]): LeftOver => {
    const pane = panes.find((row) => row[PIPE_OPTION] === token)?.pane_id;
    return {
      kind: "pipe",
      what: pane === undefined ? `pipe-${token}` : `the pipe of pane ${pane}`,
      why: BY_DEAD,
      undo,
    };
  };
  return [
    ...used.map((token) => item(token, () => releasePipes(server, stateDir, [token]))),
    ...unused.map((token) => item(token, () => removePipe(stateDir, token))),
  ];
}

function holdsOf(server: TmuxServer, row: PaneRow): LeftOver[] {
  const dead = holdersIn(row[HOLDS_OPTION]).filter((holder) => !isHolderAlive(holder));
  if (dead.length === 0) return [];
  const undo = async () => void (await tmuxAsync(server, letPaneGo(row.pane_id, dead)));
  return [{ kind: "hold", what: `the hold of pane ${row.pane_id}`, why: BY_DEAD, undo }];
}

function questionsOf(server: TmuxServer, { pane_id: pane, [ASKING_OPTION]: holder }: PaneRow): LeftOver[] {
  if (holder === "" || isHolderAlive(holder)) return [];
  const isSame = `#{==:#{${ASKING_OPTION}},${holder}}`;
  // a person may have set it to anything
  if (!/^[\d-]+$/.test(holder)) return [];
  const unset = ["if-shell", "-F", "-t", pane, isSame, `set-option -pu -t ${pane} ${ASKING_OPTION}`];
  const undo = async () => void (await tmuxAsync(server, [unset]));
  return [{ kind: "question", what: `the turn to ask in pane ${pane}`, why: BY_DEAD, undo }];
}

function bufferOf(server: TmuxServer, name: string): LeftOver[] {
  const holder = holderOfBuffer(name);
  if (holder === undefined || isHolderAlive(holder)) return [];
  const undo = async () => void (await tmuxAsync(server, [["delete-buffer", "-b", name]]));
  return [{ kind: "buffer", what: `paste buffer ${name}`, why: BY_DEAD, undo }];
}

/** Files that somebody was writing, or left for a shell, and folders of shells of earlier versions. */
function files(stateDir: string): LeftOver[] {
  const folders = entriesOf(stateDir)
    .map((name) => `${stateDir}/${name}`)
    .filter(isShellFolder);
  const found = [...partsIn(stateDir), ...folders.flatMap(leftForShells)];
  const items = found.map(
    ([path, why]): LeftOver => ({ kind: "file", what: baseName(path), why, undo: () => rmSync(path, { force: true }) }),
  );
  const old = folders.filter((folder) => folder !== shellFolder(stateDir) && isOld(folder));
  const used = old.length > 0 ? foldersInUse() : undefined;
  // where nobody can know, nothing is removed under a shell
  const unused = used === undefined ? [] : old.filter((folder) => !used.has(folder));
  const oldItems = unused.map((folder): LeftOver => {
    const undo = () => removeShellFolder(folder);
    return { kind: "file", what: baseName(folder), why: "it is of another version, and no shell uses it", undo };
  });
  return [...items, ...oldItems];
}

/** What is in a folder; nothing if it has gone meanwhile. */
function entriesOf(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (cause) {
    if (errno(cause) === "ENOENT") return [];
    throw cause;
  }
}

/** Whether nobody has left anything in a folder for so long that no shell is about to be started with it. */
function isOld(folder: string): boolean {
  const stat = statSync(folder, { throwIfNoEntry: false });
  return stat !== undefined && Date.now() - stat.mtimeMs > DAY_MS;
}

/** The files that are written as a whole, by another name first (see writeAtomic). */
const WRITTEN =
  /^(.+\.state|(daemon|watchdog)\.pid|watchdog\.status|heartbeat|recovery\.note|gc\.(last|ended)|legacy\.imported|typed|start\.sh|bash\.sh|\.zshenv|fish\.fish|draft\.sh)\.(\d+)\.part$/;

/** Whether a file is one of ours that is being written, or was. */
export function isPart(name: string): boolean {
  return WRITTEN.test(name);
}

function partsIn(folder: string): [path: string, why: string][] {
  return entriesOf(folder).flatMap((name) => {
    const pid = WRITTEN.exec(name)?.at(-1);
    // who lives may be writing it
    return pid !== undefined && processStat(Number(pid)) === undefined ? [[`${folder}/${name}`, BY_DEAD]] : [];
  });
}

const SHELL_FILES = /^(start\.sh|bash\.sh|\.zshenv|fish\.fish|draft\.sh|(take|key)-\d+|.*\.\d+\.part)$/;

/** Whether a folder is one of the shell integration, of whatever version. */
export function isShellFolder(path: string): boolean {
  if (!/\/shell-[0-9a-z]{8,}$/.test(path) || !lstatSync(path, { throwIfNoEntry: false })?.isDirectory()) return false;
  return ["start.sh", ".zshenv"].every((name) => existsSync(`${path}/${name}`));
}

/** Removes a folder of the shell integration, with what we have written there. Throws when there is something else in it. */
export function removeShellFolder(path: string): void {
  for (const name of entriesOf(path)) if (SHELL_FILES.test(name)) rmSync(`${path}/${name}`, { force: true });
  rmdirSync(path);
}

/** What was left for shells that have ended. */
function leftForShells(folder: string): [path: string, why: string][] {
  const left = entriesOf(folder).flatMap((name): [string, string][] => {
    const [, pid] = /^(?:take|key)-(\d+)$/.exec(name) ?? [];
    const isGone = pid !== undefined && processStat(Number(pid)) === undefined;
    return isGone ? [[`${folder}/${name}`, "its shell is no more"]] : [];
  });
  return [...partsIn(folder), ...left];
}

/** The folders of the integrations with which living shells were started; undefined where that can't be known of all. */
function foldersInUse(): Set<string> | undefined {
  if (!isTableQuick()) return undefined;
  const variable = `${INTEGRATION_VARIABLE}=`;
  const folders = livingProcesses().flatMap(({ pid }) =>
    startEnvironment(pid).flatMap((pair) => (pair.startsWith(variable) ? [pair.slice(variable.length)] : [])),
  );
  return new Set(folders);
}
