import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { errno } from "../lib/errors.ts";
import { poll } from "../lib/wait.ts";
import { folderOf } from "../panes/hand-over.ts";
import { pressAsking } from "../panes/lost-prompt.ts";
import { isSecondaryPrompt, leftOfCursor } from "../panes/secondary-prompt.ts";
import { isResting } from "../process/foreground.ts";
import type { Pane } from "../tmux/panes.ts";
import { quoteCommand, tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { isFollowed } from "../verdict/reading.ts";
import type { Draft } from "./rule.ts";

// Whether something is typed at a prompt only its shell knows. One of ours is asked by a key, and answers in a file: what it
// told tmux last, and all that a person sees, stays as it is. Of any other there is only what it shows.

/** How long shells may take to answer, and then to come to rest. */
const ANSWER_MS = 1000;
const LOOK_MS = 2;
/** What waits for an answer for longer was left by somebody who is no more. */
const STALE_MS = 10_000;

/**
 * Finds out whether something is typed at the prompts of panes, whose shells wait there.
 * @returns by the pane's id; `unknown` where nobody can know, or the shell did not answer in time
 */
export async function askDrafts(server: TmuxServer, panes: readonly Pane[]): Promise<Map<string, Draft>> {
  const drafts = await askShells(server, panes.filter(isFollowed));
  for (const pane of panes) {
    if (isFollowed(pane)) continue;
    // a pane that is gone has no prompt
    const left = await leftOfCursor(server, pane).catch(() => "");
    drafts.set(pane.id, isBarePrompt(left) ? "none" : "unknown");
  }
  return drafts;
}

/**
 * Whether a row, up to the cursor, is a prompt with nothing behind it, as nearly all prompts are: it ends with the one sign
 * that prompts end with, and holds no other. Pure.
 */
export function isBarePrompt(left: string): boolean {
  return /^[^$#%>]*[$#%>] $/.test(left) && !isSecondaryPrompt(left);
}

async function askShells(server: TmuxServer, panes: readonly Pane[]): Promise<Map<string, Draft>> {
  const drafts = new Map<string, Draft>(panes.map(({ id }) => [id, "unknown"]));
  const asked: { pane: Pane; file: string }[] = [];
  try {
    const keys: string[] = [];
    for (const pane of panes) {
      const file = pane.shell && leaveQuestion(pane);
      if (file === undefined || pane.shell === undefined) continue;
      asked.push({ pane, file });
      keys.push(quoteCommand(pressAsking(pane, pane.shell)));
    }
    if (asked.length === 0) return drafts;
    // each a line of its own: one that fails, since its pane has gone, ends no other
    await tmuxAsync(server, [["source-file", "-"]], { input: `${keys.join("\n")}\n` }).catch(() => {});
    await poll(ANSWER_MS, LOOK_MS, () => {
      for (const { pane, file } of asked) drafts.set(pane.id, readAnswer(file));
      return ![...drafts.values()].includes("unknown");
    });
    // some draw their line anew
    await poll(ANSWER_MS, LOOK_MS, () => asked.every(({ pane }) => isResting(pane.pid)));
    return drafts;
  } finally {
    for (const { file } of asked) rmSync(file, { force: true });
  }
}

/** Whether a file is a question that nobody waits for any more. */
export function isStaleQuestion(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat !== undefined && Math.abs(Date.now() - stat.mtimeMs) > STALE_MS;
}

/** The file in which a shell answers; undefined when there can be none, or somebody else asks. */
function leaveQuestion(pane: Pane): string | undefined {
  const folder = folderOf(pane);
  if (folder === undefined) return undefined;
  const file = `${folder}/ask-${pane.pid}`;
  try {
    if (existsSync(file) && isStaleQuestion(file)) rmSync(file, { force: true });
    writeFileSync(file, "", { flag: "wx", mode: 0o600 });
    return file;
  } catch (thrown) {
    if (errno(thrown) === undefined) throw thrown;
    return undefined;
  }
}

function readAnswer(file: string): Draft {
  let answer: string;
  try {
    answer = readFileSync(file, "utf8");
  } catch {
    return "unknown"; // a cleaner of old files took it
  }
  if (!/^\d+\n$/.test(answer)) return "unknown";
  return Number(answer) === 0 ? "none" : "some";
}
