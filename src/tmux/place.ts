import { AppError } from "../lib/errors.ts";
import { isDigits } from "../lib/names.ts";
import type { Pane } from "./panes.ts";
import { isOneWord, type PlaceWords } from "./place-words.ts";
import { describePane, parsePane, pickPane } from "./target.ts";

// How a person's words become one session and one pane of those that tmux has. Everything is compared here, exactly: a
// target of tmux's own matches by prefix and pattern, and takes the name of a terminal for the session that it shows.

/** A pane, with the window that it stands in. */
export type WindowPane = Pane & { windowId: string; windowName: string };

/** Where words lead to. */
export interface Target {
  /** the session's name, as it is told */
  name: string;
  /** what tmux is told: the name, or the session's `$id` where tmux could not tell the name from a target */
  session: string;
  /** its `%id` */
  pane: string | undefined;
}

/**
 * The session and the pane, among all of a server, that words mean. Pure.
 * @throws AppError ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL
 */
export function findPlace(panes: readonly WindowPane[], words: PlaceWords): Target {
  const { session: word, pane } = words;
  if (!isOneWord(words)) {
    const own = panesOfSession(panes, word);
    return place(own, pane === undefined ? undefined : paneIn(own, word, pane));
  }
  if (word.startsWith("%")) {
    const found = panes.find(({ id }) => id === word);
    if (!found) throw new AppError("ERR_PANE_NOT_FOUND", `There is no pane ${word}`, { hint: list(panes) });
    return place(
      panes.filter(({ sessionId }) => sessionId === found.sessionId),
      found,
    );
  }
  const own = panesOfSession(panes, sessionOf(panes, word));
  return place(own, inTarget(own, word, word.slice(sessionOf(panes, word).length + 1)));
}

/** The error for a session that there is not, with those that there are. Pure. */
export function noSession(word: string, names: readonly string[]): AppError {
  const there = names.slice(0, LISTED_MAX).map((name) => JSON.stringify(name).slice(1, -1));
  const more = names.length > LISTED_MAX ? ` and ${names.length - LISTED_MAX} more` : "";
  return new AppError("ERR_SESSION_NOT_FOUND", `There is no session "${word}"`, {
    hint: names.length > 0 ? `There are: ${there.join(", ")}${more}` : "There are none.",
  });
}

const LISTED_MAX = 20;

function place(own: readonly WindowPane[], pane: WindowPane | undefined): Target {
  const { session: name = "", sessionId = "" } = own[0] ?? {};
  // tmux ends a name at ":", takes "$3" for an id and no name for any session
  const isTold = name !== "" && !name.includes(":") && !name.startsWith("$");
  return { name, session: isTold ? name : sessionId, pane: pane?.id };
}

/** The panes of the session that a word names: by name, by `$id`, or, with a ":" in it (tmux 3.7), by `=name`. */
function panesOfSession(panes: readonly WindowPane[], word: string): WindowPane[] {
  const named = (name: string) => panes.filter(({ session }) => session === name);
  const isId = word.startsWith("$") && isDigits(word.slice(1));
  const ways = [
    () => (isId ? panes.filter(({ sessionId }) => sessionId === word) : []),
    () => named(word),
    () => (word.startsWith("=") && word.includes(":") ? named(word.slice(1)) : []),
  ];
  for (const way of ways) {
    const found = way();
    if (found.length > 0) return found;
  }
  throw noSession(word, [...new Set(panes.map(({ session }) => session))]);
}

/** The part of a target that is its session: up to the last ":" before which there is one, else up to the first. */
function sessionOf(panes: readonly WindowPane[], target: string): string {
  for (let at = target.lastIndexOf(":"); at > 0; at = target.lastIndexOf(":", at - 1)) {
    const name = target.slice(0, at);
    if (panes.some(({ session, sessionId }) => session === name || sessionId === name)) return name;
  }
  return target.slice(0, target.indexOf(":"));
}

/** The pane that a word means within its session: its index, id or label, or what inWindow reads. */
function paneIn(own: readonly WindowPane[], session: string, word: string): WindowPane {
  try {
    return pickPane(own, { session, pane: word });
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code !== "ERR_PANE_NOT_FOUND") throw thrown;
    const { session: name = "", sessionId = "" } = own[0] ?? {};
    const prefix = [name, sessionId].find((before) => word.startsWith(`${before}:`));
    const found =
      inWindow(own, word) ?? (prefix === undefined ? undefined : inWindow(own, word.slice(prefix.length + 1)));
    if (found) return onlyOne(found, word);
    throw thrown;
  }
}

/** The pane that the part of a target after its session means. */
function inTarget(own: readonly WindowPane[], target: string, rest: string): WindowPane {
  const found = rest === "" ? own : inWindow(own, rest);
  if (found) return onlyOne(found, target);
  throw new AppError("ERR_PANE_NOT_FOUND", `There is no pane "${target}"`, { hint: list(own) });
}

/** The panes that a window, `window.pane`, an id or a label mean; undefined when there is none. */
function inWindow(own: readonly WindowPane[], text: string): WindowPane[] | undefined {
  const whole = windowNamed(own, text);
  if (whole.length > 0) return whole;
  const dot = text.lastIndexOf(".");
  const inside = dot > 0 ? windowNamed(own, text.slice(0, dot)) : own;
  const ref = parsePane(dot === -1 ? text : text.slice(dot + 1) || text);
  const found = inside.filter(({ id, index, label }) =>
    "id" in ref ? id === ref.id : "label" in ref ? label === ref.label : dot > 0 && index === ref.index,
  );
  return found.length > 0 ? found : undefined;
}

/** The panes of the window with that index, `@id` or name; of several of the same name, of all of them. */
function windowNamed(own: readonly WindowPane[], word: string): WindowPane[] {
  if (isDigits(word)) return own.filter(({ window }) => window === Number(word));
  return own.filter(({ windowId, windowName }) => windowName === word || windowId === word);
}

/** The only one of the panes that a word may mean. Throws ERR_AMBIGUOUS_LABEL: which of them is active, nobody said. */
function onlyOne(found: readonly WindowPane[], word: string): WindowPane {
  if (found.length === 1) return found[0] as WindowPane;
  throw new AppError("ERR_AMBIGUOUS_LABEL", `"${word}" means ${found.length} panes`, {
    hint: `Name one by its id: ${found.map(describePane).join(", ")}`,
  });
}

function list(panes: readonly WindowPane[]): string {
  return `There are: ${panes.slice(0, LISTED_MAX).map(describePane).join(", ")}`;
}
