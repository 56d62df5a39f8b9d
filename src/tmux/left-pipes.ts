import { fs } from "../lib/builtin.ts";
import { quickClose, quickEntries, quickOpen } from "../lib/quick.ts";
import { filesInUse, isAlive } from "../process/identity.ts";
import { PIPE_OPTION } from "./options.ts";
import { forget, release } from "./pipe-commands.ts";
import { tmuxAsync } from "./run.ts";
import type { TmuxServer } from "./server.ts";

const PREFIX = "pipe-";
/** How long tmux may take to start what writes to a pipe. */
const STARTING_MS = 2000;

/** Where the named pipe of a PanePipe is. */
export function pathOf(stateDir: string, token: string): string {
  return `${stateDir}/${PREFIX}${token}`;
}

/**
 * The pipes of ours in a state folder whose readers are dead, although panes still have them. As long as its helper
 * lives, or is about to, a pane that was given it has no other pipe. What else a dead reader left is removed.
 */
export function abandonedPipes(stateDir: string): string[] {
  const { used, unused } = findAbandonedPipes(stateDir);
  for (const token of unused) removePipe(stateDir, token);
  return used;
}

/** The pipes of ours in a state folder whose readers are dead: those that panes may still have, and the others. */
export function findAbandonedPipes(stateDir: string): { used: string[]; unused: string[] } {
  const tokens = leftPipes(stateDir);
  if (tokens.length === 0) return { used: [], unused: [] };
  const open = new Set(filesInUse(tokens.map((token) => pathOf(stateDir, token))));
  const isUsed = (token: string) => open.has(pathOf(stateDir, token)) || isNew(pathOf(stateDir, token));
  return { used: tokens.filter(isUsed), unused: tokens.filter((token) => !isUsed(token)) };
}

/** Whether a named pipe was made so short a time ago that tmux may be about to start what opens it. */
function isNew(path: string): boolean {
  const stat = fs().statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Math.abs(Date.now() - stat.mtimeMs) < STARTING_MS;
}

/**
 * Takes from all panes the pipes of dead readers, as abandonedPipes() found them, and removes them. tmux takes none from a dead
 * pane: such a one stays, and is known by whoever listens to the pane next. Throws as tmux() does.
 */
export async function releasePipes(server: TmuxServer, stateDir: string, tokens: readonly string[]): Promise<void> {
  if (tokens.length === 0) return;
  const list = await tmuxAsync(server, [["list-panes", "-a", "-F", `#{pane_id} #{pane_dead} #{${PIPE_OPTION}}`]]);
  const kept = new Set<string>();
  for (const line of list.split("\n")) {
    const [pane = "", isDead = "", token = ""] = line.split(" ");
    if (!tokens.includes(token)) continue;
    if (isDead === "1") kept.add(token);
    else await tmuxAsync(server, [release(pane, token), forget(pane, token)]);
  }
  for (const token of tokens) if (!kept.has(token)) removePipe(stateDir, token);
}

/** Removes what a dead reader has left in the state folder. */
export function removePipe(stateDir: string, token: string): void {
  const path = pathOf(stateDir, token);
  // whatever waits for a reader before it can write would wait for ever (fifo(7)): it has one for a moment, and ends
  const fd = quickOpen(path);
  fs().rmSync(path, { force: true });
  if (fd >= 0) quickClose(fd);
}

function leftPipes(stateDir: string): string[] {
  const left: string[] = [];
  for (const name of quickEntries(stateDir) ?? fs().readdirSync(stateDir)) {
    // each command that listens comes by here, and a regular expression costs half a millisecond at its first use
    if (!name.startsWith(PREFIX)) continue;
    const [, token, pid, startTime] = /^pipe-((\d+)-(\d+)-\d+)$/.exec(name) ?? [];
    if (token !== undefined && !isAlive({ pid: Number(pid), startTime: Number(startTime) })) left.push(token);
  }
  return left;
}
