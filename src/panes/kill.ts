import { poll, sleep } from "../lib/wait.ts";
import { commandLine, isAlive, type ProcessStat, processStat } from "../process/identity.ts";
import { signal } from "../process/terminate.ts";
import {
  descendantsOf,
  isBorder,
  isShared,
  livingProcesses,
  type PaneOfProcesses,
  processesOf,
} from "../process/tree.ts";
import type { TmuxCommand } from "../tmux/command-line.ts";
import { Dialogue } from "../tmux/dialogue.ts";
import { hasNothing } from "../tmux/error.ts";
import { type Pane, panesCommand, parsePanes } from "../tmux/panes.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { pickPane } from "../tmux/target.ts";
import { isBusy } from "../verdict/verdict.ts";
import { type Member, paneOfProcesses } from "./member.ts";

/** What became of the processes of what was killed. */
export interface Killed {
  /** those that live on */
  survivors: Member[];
  /** those that lived on, and were ended */
  ended: Member[];
}

/** How long what tmux has told to end (SIGHUP) may take to it, before it is said to live on. */
const HANGUP_MS = 500;
/** The same after SIGTERM, and after SIGKILL. */
const TERMINATE_MS = 3000;
const KILL_MS = 1000;
const STARTING_MS = 25;
const LOOK_MS = 2;

/**
 * Ends a pane and what runs in it; with the last pane of a session, the session.
 * @param options.tree end also what lives on
 * @throws AppError ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL
 */
export async function killPane(
  server: TmuxServer,
  { session, pane: name, tree }: { session: string; pane: string; tree: boolean },
): Promise<{ pane: Pane } & Killed> {
  const kill = (panes: readonly Pane[]) => {
    const pane = pickPane(panes, { session, pane: name });
    return { panes: [pane], command: ["kill-pane", "-t", pane.id] };
  };
  const { panes, ...killed } = await killAll(server, { session, tree, kill });
  return { pane: panes[0] as Pane, ...killed };
}

/**
 * Ends a session and every pane in it, but for those that another session has as well.
 * @param options.tree end also what lives on
 * @param options.first what tmux does before that, in the same call
 * @throws AppError ERR_SESSION_NOT_FOUND
 */
export async function killSession(
  server: TmuxServer,
  { session, tree, first = [] }: { session: string; tree: boolean; first?: TmuxCommand[] },
): Promise<Killed> {
  const kill = (panes: readonly Pane[]) => ({ panes, command: ["kill-session", "-t", `${panes[0]?.sessionId}:`] });
  const { survivors, ended } = await killAll(server, { session, tree, kill, first });
  return { survivors, ended };
}

interface Killing {
  panes: readonly Pane[];
  command: TmuxCommand;
}

async function killAll(
  server: TmuxServer,
  {
    session,
    tree,
    kill,
    first = [],
  }: { session: string; tree: boolean; kill: (panes: readonly Pane[]) => Killing; first?: TmuxCommand[] },
): Promise<Killing & Killed> {
  using dialogue = new Dialogue(server);
  const listing = dialogue.ask([panesCommand(session)]);
  // while tmux starts to work; and before anything has ended, whose children would be others' then
  const processes = livingProcesses();
  const killing = kill(parsePanes(await listing));
  const { survivors, ended } = await endPanes(server, {
    panes: killing.panes,
    processes,
    kill: () => dialogue.ask([...first, killing.command], { isLast: true }),
    isToEnd: () => tree,
  });
  const told = (members: readonly PaneMember[]) => members.map(({ member }) => member);
  return { ...killing, survivors: told(survivors), ended: told(ended) };
}

/**
 * Has tmux end panes, and finds out what of them lives on.
 * @param options.processes all processes, as they were when tmux told of the panes
 * @param options.kill has tmux end them, or some of them
 * @param options.isToEnd whether a process that lives on is to be ended as well
 * @returns what lives on, what has ended with its pane, and what was ended since it had not
 */
export async function endPanes(
  server: TmuxServer,
  options: {
    panes: readonly Pane[];
    processes: readonly ProcessStat[];
    kill(): Promise<unknown>;
    isToEnd(member: PaneMember): boolean;
  },
): Promise<{ survivors: PaneMember[]; hungUp: PaneMember[]; ended: PaneMember[] }> {
  const before = await membersOf(options.processes, options.panes);
  await options.kill();
  const left = await afterHangup(server, before);
  const hungUp = before.filter(({ stat }) => !isAlive(stat));
  return { hungUp, ...(await endMembers(left, options.isToEnd)) };
}

/** Ends processes, but for those that serve others as well, and tells them from those that live on. */
export async function endMembers(
  members: readonly PaneMember[],
  isToEnd: (member: PaneMember) => boolean,
): Promise<{ survivors: PaneMember[]; ended: PaneMember[] }> {
  const toEnd = members.filter(isToEnd);
  const over = await end(toEnd); // and what they have started meanwhile is among them
  const all = [...new Set([...members, ...toEnd])];
  return {
    survivors: all.filter(({ stat }) => !over.includes(stat)),
    ended: all.filter(({ stat }) => over.includes(stat)),
  };
}

/** A process, the pane that it belongs to, and how it is told. */
export interface PaneMember {
  pane: PaneOfProcesses;
  stat: ProcessStat;
  member: Member;
}

/** What runs in panes; of one that waits at its prompt, not its shell, which ends with its terminal. */
export async function membersOf(all: readonly ProcessStat[], panes: readonly Pane[]): Promise<PaneMember[]> {
  const owners = panes.map((pane) => paneOfProcesses(all, pane));
  const found = processesOf(all, owners);
  const members: PaneMember[] = [];
  for (const pane of owners) {
    const shell = all.filter(({ pid }) => pid === pane.pid);
    const own = shell.length > 0 && (await isBusy(pane)) ? shell : [];
    for (const stat of [...own, ...(found.get(pane.id) ?? [])]) {
      members.push(memberOf(pane, stat));
    }
  }
  return members;
}

function memberOf(pane: PaneMember["pane"], stat: ProcessStat): PaneMember {
  return { pane, stat, member: { pid: stat.pid, command: commandLine(stat.pid).join(" ") } };
}

/** Those that live on after tmux has let their panes go. */
async function afterHangup(server: TmuxServer, members: readonly PaneMember[]): Promise<PaneMember[]> {
  const living = () => members.filter(({ stat }) => isAlive(stat));
  await poll(HANGUP_MS, LOOK_MS, () => living().length === 0);
  if (members.length === 0) return [];
  // what something starts as it ends can't be told for a moment, while it becomes another program (execve(2))
  await sleep(STARTING_MS);
  const left = withNew(living(), members);
  if (left.length === 0) return [];
  // another session may have the window, too: then its panes were not killed
  const kept = new Set(await panesOfServer(server));
  return left.filter(({ pane }) => !kept.has(pane.id));
}

/** Members, and what they have started since they were looked at: some start anew when they are told to hang up. */
function withNew(living: readonly PaneMember[], members: readonly PaneMember[]): PaneMember[] {
  const all = livingProcesses();
  const known = new Set(members.map(({ stat }) => stat.pid));
  const panes = new Map(members.map(({ pane }) => [pane.id, pane]));
  const started = [...panes.values()].flatMap((pane) => {
    // by what their environment says of the pane, which has gone; and by who of it lives
    const told = processesOf(all, [{ ...pane, isDead: true }]).get(pane.id) ?? [];
    const own = living.filter((member) => member.pane.id === pane.id).map(({ stat }) => stat.pid);
    const stats = [...told, ...descendantsOf(all, own, ({ pid }) => isBorder(pid))];
    return [...new Map(stats.map((stat) => [stat.pid, stat])).values()].map((stat) => memberOf(pane, stat));
  });
  return [...living, ...started.filter(({ stat }) => !known.has(stat.pid))];
}

/** The panes that there are. Throws when that is in doubt: none but a server that is gone has none. */
async function panesOfServer(server: TmuxServer): Promise<string[]> {
  try {
    return (await tmuxAsync(server, [["list-panes", "-a", "-F", "#{pane_id}"]])).split("\n");
  } catch (thrown) {
    if (hasNothing(thrown)) return [];
    throw thrown;
  }
}

/** Ends members, but for those that serve others as well: SIGTERM, and then SIGKILL. Returns those that have ended. */
async function end(members: PaneMember[]): Promise<ProcessStat[]> {
  const own = () => members.filter(({ stat }) => !isShared(stat.pid) && isAlive(stat));
  const isOver = () => own().length === 0;
  for (const { stat } of own()) {
    if (send(stat, "SIGTERM") && processStat(stat.pid)?.state === "T") send(stat, "SIGCONT");
  }
  if (!(await poll(TERMINATE_MS, LOOK_MS, isOver))) {
    members.push(...withNew(own(), members).filter((member) => !members.includes(member)));
    for (const { stat } of own()) send(stat, "SIGKILL");
    await poll(KILL_MS, LOOK_MS, isOver);
  }
  return members.flatMap(({ stat }) => (isAlive(stat) ? [] : [stat]));
}

/** Another user's process can't be signalled: it lives on. */
function send(stat: ProcessStat, name: NodeJS.Signals): boolean {
  try {
    return signal(stat, name);
  } catch {
    return false;
  }
}
