import { hostname } from "node:os";
import { sleep } from "../lib/wait.ts";
import { isSecondaryPrompt } from "../panes/secondary-prompt.ts";
import type { Pane } from "../tmux/panes.ts";
import { tmuxEachOrNothing } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { parseTyped, TYPED_FORMAT, type Typed } from "../tmux/typed.ts";
import { isFollowed } from "../verdict/reading.ts";
import type { Draft } from "./rule.ts";

// Whether something is typed at a prompt only its shell knows. It can't be asked: any key may mean something else there (after
// Esc, in a search, in a menu). So it is told by what the pane shows, and all is in doubt but a prompt that is known.

/** What a pane shows at whose prompt a shell waits. */
export interface ShownPrompt {
  /** the row of the cursor, up to the cursor, and from it on */
  left: string;
  right: string;
  /** the line of the cursor, which may begin in a row above, up to the end of its row */
  line: string;
  /** the lines above, the nearest last, and the rows below */
  above: readonly string[];
  below: readonly string[];
  /** whether its shell tells us that it waits at its prompt */
  isFollowed: boolean;
  /** what was typed there by us lately */
  typed: readonly Typed[];
}

/** So many rows of the history are looked at for other prompts. */
const HISTORY_ROWS = 200;

/**
 * Looks whether something is typed at the prompts of panes, whose shells wait there.
 * @returns by the pane's id; none for a pane that has gone
 */
export async function lookForDrafts(server: TmuxServer, panes: readonly Pane[]): Promise<Map<string, Draft>> {
  const drafts = new Map<string, Draft>();
  let left = panes;
  for (let looks = 0; looks < LOOKS && left.length > 0; looks++) {
    if (looks > 0) await sleep(LOOK_EVERY_MS);
    const moving: Pane[] = [];
    for (let i = 0; i < left.length; i += AT_ONCE)
      moving.push(...(await lookAtSome(server, left.slice(i, i + AT_ONCE), drafts)));
    left = moving;
  }
  return drafts;
}

/** So many panes are looked at in one call: tmux takes 16 KB of arguments. */
const AT_ONCE = 20;
/** One that draws its prompt anew, as when its window was made smaller, is looked at again. */
const LOOKS = 3;
const LOOK_EVERY_MS = 50;

/** Returns the panes in which something moved meanwhile. */
async function lookAtSome(
  server: TmuxServer,
  panes: readonly Pane[],
  drafts: Map<string, Draft>,
): Promise<readonly Pane[]> {
  const placeOf = ({ id }: Pane) => ["display-message", "-p", "-t", id, "#{pane_id} #{cursor_x} #{cursor_y}"];
  // one that goes ends a call: then nothing is known of any of these, for now
  const ask = (commands: string[][]) => tmuxEachOrNothing(server, commands).catch(() => []);
  const places = await ask(panes.map(placeOf));
  const commands = panes.flatMap((pane, i) => {
    const row = rowOf(places[i]);
    const capture = ["capture-pane", "-p", "-t", pane.id];
    return [
      placeOf(pane),
      ["display-message", "-p", "-t", pane.id, TYPED_FORMAT],
      [...capture, "-J", "-S", `-${HISTORY_ROWS}`, "-E", row],
      [...capture, "-S", row],
    ];
  });
  const answers = await ask(commands);
  return panes.filter((pane, i) => {
    const [place = "", typed = "", lines = "", rows = ""] = answers.slice(4 * i, 4 * i + 4);
    if (!place.startsWith(`${pane.id} `)) return false;
    const isStill = place === places[i];
    drafts.set(pane.id, isStill ? draftIn(shownIn(pane, { place, typed, lines, rows }), hostname()) : "unknown");
    return !isStill;
  });
}

function rowOf(place = ""): string {
  return place.trim().split(" ")[2] || "0";
}

function shownIn(pane: Pane, told: { place: string; typed: string; lines: string; rows: string }): ShownPrompt {
  const x = Number(told.place.trim().split(" ")[1]);
  const [row = "", ...below] = told.rows.split("\n");
  const lines = told.lines.replace(/\n$/, "").split("\n");
  return {
    left: row.slice(0, x).padEnd(x),
    right: row.slice(x),
    line: lines.at(-1) ?? "",
    above: lines.slice(0, -1),
    below,
    isFollowed: isFollowed(pane),
    typed: parseTyped(told.typed.trimEnd()).typings,
  };
}

/**
 * Whether something is typed at a prompt, by what its pane shows: `unknown` where that does not tell. Pure.
 * @param host the name of this machine, as prompts may show it
 */
export function draftIn(shown: ShownPrompt, host: string): Draft {
  const { left, right, line, above, below, isFollowed, typed } = shown;
  if (!isBlank(right) || !below.every(isBlank)) return "unknown";
  const isFresh = above.every(isBlank);
  if (isPlacePrompt(left, host) || ((isFresh || isFollowed) && isNamedPrompt(left, host))) return "none";
  // it goes on from the row above
  if (line.trimEnd() !== left.trimEnd()) return "unknown";
  // or that same prompt, which a shell has drawn anew when its window was made smaller
  const isAlone = above.every((row) => isBlank(row) || row.trimEnd() === left.trimEnd());
  if (isAlone && isSign(left)) return "none";
  const prompts = typed.flatMap((one) => above.flatMap((row) => promptBefore(row, one) ?? []));
  if (prompts.includes(left)) return isFollowed || isSign(left) || isNamedPrompt(left, host) ? "none" : "unknown";
  return prompts.some((prompt) => left.startsWith(prompt)) ? "some" : "unknown";
}

/** The prompt at which we have handed a command to a shell, in the row that shows that command. */
function promptBefore(row: string, { text, isCut, column }: Typed): string | undefined {
  const first = text.split("\n")[0] ?? "";
  const shown = row.trimEnd();
  if (isCut || column === undefined || isBlank(first) || !shown.endsWith(first.trimEnd())) return undefined;
  const prompt = shown.slice(0, shown.length - first.trimEnd().length);
  // what merely ends like it stands elsewhere
  const isPrompt = Bun.stringWidth(prompt) === column && !isBlank(prompt) && !isSecondaryPrompt(prompt);
  return isPrompt ? prompt : undefined;
}

/** What Debian, Red Hat, Alpine and fish have as their prompts, with this host's name in it: nobody types that. */
function isPlacePrompt(left: string, host: string): boolean {
  const at = RegExp.escape(shortOf(host));
  const folder = "[~/][^\\s$#%>]*";
  // of fish: the branch, or the commit where there is none, and how the command before ended
  const branch = "(?: \\((?:[^\\s()]+|\\([^\\s()]+\\))\\))?";
  const status = "(?: \\[[\\w|]+\\])?";
  const looks = [
    `(?:[\\w.-]+@)?${at}:${folder}[$#] `,
    `\\[[\\w.-]+@${at} [^\\s\\]$#%>]+\\][$#%] `,
    `[\\w.-]+@${at} ${folder}${branch}${status}[>#$] `,
  ];
  return new RegExp(`^(?:\\([\\w.-]+\\) )?(?:${looks.join("|")})$`).test(left);
}

/** What bash, sh and zsh have as their prompt where nobody has set another. */
function isNamedPrompt(left: string, host: string): boolean {
  return /^-?(?:bash|sh)-[\d.]+[$#] $/.test(left) || ["# ", "% "].some((sign) => left === shortOf(host) + sign);
}

/** A prompt that is a sign and nothing more. */
function isSign(left: string): boolean {
  return ["$ ", "# ", "% "].includes(left);
}

function shortOf(host: string): string {
  return host.split(".")[0] ?? host;
}

function isBlank(row: string): boolean {
  return row.trim() === "";
}
