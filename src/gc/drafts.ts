import { isSecondaryPrompt } from "../panes/secondary-prompt.ts";
import type { Pane } from "../tmux/panes.ts";
import { tmuxEachOrNothing } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { parseTyped, TYPED_FORMAT } from "../tmux/typed.ts";
import { isFollowed } from "../verdict/reading.ts";
import type { Draft } from "./rule.ts";

// Whether something is typed at a prompt only its shell knows. It can't be asked: any key may mean something else there (after
// Esc, in a search, in a menu). So it is told by what the pane shows, and what does not look like a prompt alone is in doubt.

/** What a pane shows at whose prompt a shell waits. */
export interface ShownPrompt {
  /** the row of the cursor, up to the cursor, and from it on */
  left: string;
  right: string;
  /** the rows above, the nearest last, and below */
  above: readonly string[];
  below: readonly string[];
  /** whether it is the first prompt of its shell */
  isFirst: boolean;
  /** what was typed there by us lately */
  typed: readonly string[];
}

/** So many rows of the history are looked at for other prompts. */
const HISTORY_ROWS = 200;

/**
 * Looks whether something is typed at the prompts of panes, whose shells wait there.
 * @returns by the pane's id; none for a pane that has gone
 */
export async function lookForDrafts(server: TmuxServer, panes: readonly Pane[]): Promise<Map<string, Draft>> {
  const drafts = new Map<string, Draft>();
  for (let i = 0; i < panes.length; i += AT_ONCE) await lookAtSome(server, panes.slice(i, i + AT_ONCE), drafts);
  return drafts;
}

/** So many panes are looked at in one call: tmux takes 16 KB of arguments. */
const AT_ONCE = 20;

async function lookAtSome(server: TmuxServer, panes: readonly Pane[], drafts: Map<string, Draft>): Promise<void> {
  const commands = panes.flatMap(({ id }) => [
    ["display-message", "-p", "-t", id, "#{cursor_x} #{cursor_y} #{history_size} #{pane_id}"],
    ["display-message", "-p", "-t", id, TYPED_FORMAT],
    ["capture-pane", "-p", "-t", id, "-S", `-${HISTORY_ROWS}`],
  ]);
  // one that goes ends the call: then nothing is known of any of these, for now
  const answers = await tmuxEachOrNothing(server, commands).catch(() => []);
  panes.forEach((pane, i) => {
    const [place = "", typed = "", text = ""] = answers.slice(3 * i, 3 * i + 3);
    if (place.trim().split(" ").pop() !== pane.id) return;
    drafts.set(pane.id, draftIn(shownIn(pane, place, typed, text)));
  });
}

function shownIn(pane: Pane, place: string, typed: string, text: string): ShownPrompt {
  const [x = 0, y = 0, history = 0] = place.split(" ").map(Number);
  const rows = text.split("\n");
  const at = Math.min(history, HISTORY_ROWS) + y;
  const row = rows[at] ?? "";
  const above = rows.slice(0, at);
  return {
    left: row.slice(0, x).padEnd(x),
    right: row.slice(x),
    above,
    below: rows.slice(at + 1),
    isFirst: isFollowed(pane) ? (pane.shell?.prompt ?? 0) <= 1 : above.every(isBlank),
    typed: parseTyped(typed.trimEnd()).typings.flatMap((one) => (one.isCut ? [] : [one.text.split("\n")[0] ?? ""])),
  };
}

/** Whether something is typed at a prompt, by what its pane shows: `unknown` where that does not tell. Pure. */
export function draftIn({ left, right, above, below, isFirst, typed }: ShownPrompt): Draft {
  if (!isBlank(right) || !below.every(isBlank)) return "unknown";
  const prompts = above.flatMap((row) => typed.flatMap((text) => promptBefore(row, text) ?? []));
  if (prompts.includes(left)) return "none";
  if (prompts.some((prompt) => left.startsWith(prompt))) return "some";
  const isKnown = isFirst || above.some((row) => row.startsWith(left)) || NAMES_PLACE.test(left);
  return isKnown && isBarePrompt(left) ? "none" : "unknown";
}

/** What stands before a text that was typed at a prompt, in the row that shows it. */
function promptBefore(row: string, text: string): string | undefined {
  const isEcho = text.trim().length >= ECHO_MIN && row.length > text.length && row.endsWith(text);
  return isEcho ? row.slice(0, -text.length) : undefined;
}

const ECHO_MIN = 3;

/** `user@host`, with which a prompt begins, and nothing that somebody types. */
const NAMES_PLACE = /^[[(]?[\w.-]+@[\w.-]+/;

/**
 * Whether a row, up to the cursor, is a prompt with nothing behind it, as nearly all prompts are: it ends with the one sign
 * that prompts end with, and holds no other, nor any that another prompt may end with. Pure.
 */
export function isBarePrompt(left: string): boolean {
  return /^[^$#%>]*[$#%>] $/.test(left) && /^[ -~]*$/.test(left) && !isSecondaryPrompt(left);
}

function isBlank(row: string): boolean {
  return row.trim() === "";
}
