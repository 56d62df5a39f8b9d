import { asError } from "../lib/errors.ts";
import { poll } from "../lib/wait.ts";
import { execInPane } from "../panes/exec.ts";
import { isResting } from "../process/foreground.ts";
import { isTableQuick, processStat } from "../process/identity.ts";
import { listPanes, type Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { Command, Made } from "./arriving.ts";
import { showableLine } from "./harmless.ts";
import type { Missing } from "./plan.ts";

/** How long programs are watched that may end at once, and how often they are looked at. */
const WATCH_MS = 300;
const LOOK_EVERY_MS = 25;

/** A program that a shell was handed. */
interface Begun extends Command {
  /** the `%id` of its pane */
  id: string;
  /** how many prompts its shell had shown before */
  prompt: number;
}

/** Has shells run what ran there: each is handed its command as by pane-exec, and types nothing. Tells what has ended at once. */
export async function startPrograms(
  server: TmuxServer,
  { sessionId, panes }: Made,
): Promise<{ started: Command[]; missing: Missing[] }> {
  const begun: Begun[] = [];
  const missing: Missing[] = [];
  for (const { pane, id } of panes) {
    const { command, place } = pane;
    if (command === undefined) continue;
    const where = `pane ${place}`;
    try {
      const now = listPanes(server, sessionId).find((one) => one.id === id);
      if (!now?.shell) throw new Error("its shell tells nothing, so it can be handed nothing");
      if (now.shell.word !== "idle") throw new Error("its shell was not at its prompt");
      await execInPane(server, { session: sessionId, pane: id, command });
      begun.push({ where, command, id, prompt: now.shell.prompt });
    } catch (thrown) {
      missing.push({ where, what: showableLine(command), why: asError(thrown).message });
    }
  }
  const ended = await endedAtOnce(server, sessionId, begun);
  for (const [{ where, command }, why] of ended) missing.push({ where, what: showableLine(command), why });
  const started = begun.filter((one) => !ended.has(one)).map(({ where, command }) => ({ where, command }));
  return { started, missing };
}

/** Those that have ended already, and how. Looks until each has ended, or has waited for something twice in a row. */
async function endedAtOnce(
  server: TmuxServer,
  sessionId: string,
  begun: readonly Begun[],
): Promise<Map<Begun, string>> {
  const ended = new Map<Begun, string>();
  let settled = new Set<Begun>();
  const look = () => {
    const panes = listPanes(server, sessionId);
    const before = settled;
    settled = new Set();
    for (const one of begun) {
      const pane = panes.find(({ id }) => id === one.id);
      const how = howEnded(pane, one);
      if (how !== undefined) ended.set(one, how);
      else if (pane && isWaiting(pane)) settled.add(one);
    }
    return begun.every((one) => ended.has(one) || (settled.has(one) && before.has(one)));
  };
  try {
    if (begun.length > 0) await poll(WATCH_MS, LOOK_EVERY_MS, look);
  } catch {
    // of a session that has gone meanwhile, what comes next tells
  }
  return ended;
}

/** How a program has ended, as its shell tells; undefined while it runs, as far as is known. */
function howEnded(pane: Pane | undefined, { prompt }: Begun): string | undefined {
  if (!pane || pane.isDead) return "it was started, and its pane ended at once";
  const { shell } = pane;
  const isOver = shell?.word === "end" || (shell?.word === "idle" && shell.prompt > prompt);
  if (!isOver) return undefined;
  return `it was started, and ended at once${shell.code === undefined ? "" : `, with exit code ${shell.code}`}`;
}

/** Whether a program that is not the shell has the terminal, and waits for something, as one that goes on does. */
function isWaiting({ pid }: Pane): boolean {
  const front = isTableQuick() ? processStat(pid)?.tpgid : undefined;
  return front !== undefined && front !== pid && isResting(front);
}
