import { baseName } from "../lib/names.ts";
import { checkStateDir, type StatePaths } from "../lib/paths.ts";
import { letPaneGo } from "../panes/hold.ts";
import { holderOfBuffer, holdersIn, isHolderAlive } from "../panes/holders.ts";
import { removeViews, staleViews } from "../panes/view.ts";
import { endUnfinished, isUnfinished, type SessionRow, UNFINISHED_VARIABLES } from "../snapshots/unfinished.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { findAbandonedPipes, releasePipes, removePipe } from "../tmux/left-pipes.ts";
import { ASKING_OPTION, HOLDS_OPTION, PIPE_OPTION } from "../tmux/options.ts";
import { tmuxAsync, tmuxEachOrNothing } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { LeftOver } from "./kinds.ts";
import { leftInFiles } from "./left-files.ts";

// What processes of ours that were killed left behind. This is the one place that decides what that is: doctor tells of it,
// and recover, stop and gc-run undo it.

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
    ...sessions.filter(isUnfinished).map((session) => unfinished(server, session)),
    ...panes.flatMap((pane) => [...holdsOf(server, pane), ...questionsOf(server, pane)]),
    ...buffers.flatMap((name) => bufferOf(server, name)),
  ];
  if (!checkStateDir(paths.dir)) return items;
  const views = staleViews(paths, sessions.map(nameOf)).map((path): LeftOver => {
    const undo = async () => {
      // a session of that name may have come meanwhile
      const now = await lookAtTmux(server, options);
      removeViews(staleViews(paths, now.sessions.map(nameOf)).filter((view) => view === path));
    };
    return { kind: "view", what: baseName(path), why: "its session is no more", undo };
  });
  return [...pipes(server, paths.dir, panes), ...items, ...views];
}

type PaneRow = Record<(typeof PANE_VARIABLES)[number], string>;

/** Without a server there is, for certain, nothing in it. */
async function lookAtTmux(
  server: TmuxServer,
  options: { timeoutMs?: number },
): Promise<{ panes: PaneRow[]; sessions: SessionRow[]; buffers: string[] }> {
  const commands = [
    ["list-panes", "-a", "-F", rowFormat(PANE_VARIABLES)],
    ["list-sessions", "-F", rowFormat(UNFINISHED_VARIABLES)],
    ["list-buffers", "-F", "#{buffer_name}"],
  ];
  const [panes = "", sessions = "", buffers = ""] = await tmuxEachOrNothing(server, commands, options);
  return {
    panes: parseRows(PANE_VARIABLES, panes),
    sessions: parseRows(UNFINISHED_VARIABLES, sessions),
    buffers: buffers.split("\n"),
  };
}

function nameOf({ session_name: name }: SessionRow): string {
  return name;
}

function unfinished(server: TmuxServer, session: SessionRow): LeftOver {
  const undo = async () => {
    if (!(await endUnfinished(server, session))) throw new Error("somebody looks at it now");
  };
  return { kind: "restore", what: `session ${session.session_name}`, why: BY_DEAD, undo };
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
