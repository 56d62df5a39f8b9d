import { AppError, errno } from "../lib/errors.ts";
import { commandLine, isAlive, type ProcessId, type ProcessStat } from "../process/identity.ts";
import { signal } from "../process/terminate.ts";
import type { PaneOfProcesses } from "../process/tree.ts";
import { type Pane, serverPidOf } from "../tmux/panes.ts";

/** A process that belongs to a pane, as people are told of it. */
export interface Member {
  pid: number;
  /** the words that it was started with */
  command: string;
}

/** A pane as processesOf() takes it, by the processes that there are while its server lives. */
export function paneOfProcesses(all: readonly ProcessStat[], pane: Pane): Pane & PaneOfProcesses {
  const serverPid = serverPidOf(pane);
  return { ...pane, serverPid, serverStart: all.find(({ pid }) => pid === serverPid)?.startTime ?? 0 };
}

/** Reads how processes were started, before they end. Those that are gone are left out. */
export function describeMembers(processes: readonly ProcessId[]): Member[] {
  return processes.flatMap((id) => {
    const command = commandLine(id.pid).join(" ");
    return isAlive(id) ? [{ pid: id.pid, command }] : [];
  });
}

/** Throws ERR_NOT_OWNER when any of these processes of a pane is one that this user can't signal. */
export function ensureOwn(pane: Pane, processes: readonly ProcessId[]): void {
  const others = processes.filter((id) => !canSignal(id));
  if (others.length > 0) throw notOwner(pane, others);
}

/**
 * Sends a signal to each of these very processes, if they live still.
 * @returns those that it was sent to
 * @throws AppError ERR_NOT_OWNER when one is another user's; then none has got it
 */
export function signalAll<P extends ProcessId>(pane: Pane, processes: readonly P[], name: NodeJS.Signals): P[] {
  ensureOwn(pane, processes);
  return processes.filter((id) => signal(id, name));
}

/** As the kernel has it: a program that runs as another user may be ours to signal all the same (kill(2)). */
function canSignal({ pid }: ProcessId): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return errno(cause) !== "EPERM";
  }
}

function notOwner(pane: Pane, others: readonly ProcessId[]): AppError {
  const list = describeMembers(others)
    .map(({ pid, command }) => `${pid} (${command})`)
    .join(", ");
  return new AppError(
    "ERR_NOT_OWNER",
    `What runs in pane ${pane.paneId} of "${pane.session}" is another user's: ${list}`,
    {
      hint: "Only its owner, or root, can end it. Ctrl-C may do: pane-send-keys … C-c",
    },
  );
}
