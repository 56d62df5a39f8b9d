import { geometry } from "./layout.ts";
import type { PaneOf, Snapshot, WindowOf } from "./manifest.ts";

/** What two snapshots differ in: where, and what it is in each; undefined for what is not there. */
export interface Difference {
  /** `session`, `window 2` or `pane 2.1` */
  where: string;
  what: string;
  before: string | undefined;
  after: string | undefined;
}

/** A snapshot, and the text of its panes. */
export interface Whole {
  snapshot: Snapshot;
  textOf(pane: PaneOf): string | undefined;
}

/**
 * What two snapshots of a session differ in, but for what is another one each time: ids, moments, running processes. Pure.
 * @param withPrograms whether what runs in the panes counts
 * @param withWindows whether what is in the session counts
 */
export function compare(
  before: Whole,
  after: Whole,
  { withPrograms, withWindows = true }: { withPrograms: boolean; withWindows?: boolean },
): Difference[] {
  const found: Difference[] = [];
  const note = (where: string) => (what: string, old: string | undefined, now: string | undefined) => {
    if (old !== now) found.push({ where, what, before: old, after: now });
  };
  const [a, b] = [before.snapshot.session, after.snapshot.session];
  const ofSession = note("session");
  ofSession("folder", a.cwd, b.cwd);
  ofSession("windows in the order of their use", a.stack.join(","), b.stack.join(","));
  records(ofSession, "option", a.options, b.options);
  records(ofSession, "variable", a.environment.set, b.environment.set);
  if (!withWindows) return found;
  const windows = pairs(a.windows, b.windows, ({ index }) => index);
  for (const [index, [old, now]] of windows) {
    const ofWindow = note(`window ${index}`);
    if (!old || !now) {
      ofWindow("window", old && described(old), now && described(now));
      continue;
    }
    // else tmux names it after what runs there
    if (old.is_named || now.is_named) ofWindow("name", old.name, now.name);
    ofWindow("named by a person", `${old.is_named}`, `${now.is_named}`);
    ofWindow("size", `${old.width}x${old.height}`, `${now.width}x${now.height}`);
    ofWindow("layout", geometry(old.layout), geometry(now.layout));
    ofWindow("zoomed", `${old.is_zoomed}`, `${now.is_zoomed}`);
    records(ofWindow, "option", old.options, now.options);
    const [first] = [old.panes[0]?.index ?? 0];
    const second = now.panes[0]?.index ?? 0;
    // pane-base-index may be another one
    const panes = pairs(
      old.panes.map((pane) => ({ ...pane, index: pane.index - first })),
      now.panes.map((pane) => ({ ...pane, index: pane.index - second })),
      (pane) => pane.index,
    );
    for (const [at, [one, other]] of panes) {
      const ofPane = note(`pane ${index}.${at + first}`);
      if (!one || !other) {
        ofPane("pane", one?.title, other?.title);
        continue;
      }
      comparePanes(ofPane, one, other);
      if (withPrograms) ofPane("program", one.program?.argv.join(" "), other.program?.argv.join(" "));
      // texts in the same parts are the same, and may be large
      if (one.text?.parts.join() !== other.text?.parts.join())
        compareTexts(ofPane, before.textOf(one), after.textOf(other), other.history_limit);
    }
  }
  return found;
}

type Note = (what: string, old: string | undefined, now: string | undefined) => void;

function comparePanes(note: Note, one: PaneOf, other: PaneOf): void {
  note("title", one.title, other.title);
  note("folder", one.cwd, other.cwd);
  note("size", `${one.width}x${one.height}`, `${other.width}x${other.height}`);
  note("label", one.label ?? undefined, other.label ?? undefined);
  note("active", `${one.is_active}`, `${other.is_active}`);
  note("last", `${one.is_last}`, `${other.is_last}`);
  note("history limit", `${one.history_limit}`, `${other.history_limit}`);
  // what ran without a shell comes back below one
  if (one.shell !== null && other.shell !== null) note("shell", one.shell, other.shell);
  if (one.environment && other.environment) records(note, "variable", one.environment.set, other.environment.set);
  records(note, "option", one.options, other.options);
  records(note, "metadata", one.metadata, other.metadata);
}

/** The first line that differs. What the history's limit pushes out is no difference. */
function compareTexts(note: Note, old: string | undefined, now: string | undefined, limit: number): void {
  if (old === undefined || now === undefined) return;
  const [a, b] = [linesOf(old), linesOf(now)];
  const isFull = b.length >= limit && b.length < a.length;
  const from = isFull ? a.slice(a.length - b.length) : a;
  for (let i = 0; i < Math.max(from.length, b.length); i++) {
    if (from[i] === b[i]) continue;
    const more = b.length - from.length;
    const place =
      i < from.length ? ` of ${from.length}` : `, ${more === 1 ? "one" : `the first of ${more}`} more than before`;
    note(`line ${i + 1}${place}`, shown(from[i]), shown(b[i]));
    return;
  }
}

function shown(line: string | undefined): string | undefined {
  return line === undefined ? undefined : Bun.stripANSI(line);
}

/** The lines of a text, each with the colours that hold in it: how those are written depends on the line before. */
function linesOf(text: string): string[] {
  return text
    .replace(/\x1b\[0m$/, "")
    .split("\n")
    .slice(0, -1);
}

function described({ name, panes }: WindowOf): string {
  return `${name}, ${panes.length} panes`;
}

function records(
  note: Note,
  what: string,
  old: Readonly<Record<string, string | null>>,
  now: Readonly<Record<string, string | null>>,
): void {
  const value = (of: Readonly<Record<string, string | null>>, name: string) =>
    Object.hasOwn(of, name) ? (of[name] ?? "(taken away)") : undefined;
  for (const name of new Set([...Object.keys(old), ...Object.keys(now)]))
    note(`${what} ${name}`, value(old, name), value(now, name));
}

function pairs<T>(
  a: readonly T[],
  b: readonly T[],
  key: (item: T) => number,
): Map<number, [T | undefined, T | undefined]> {
  const found = new Map<number, [T | undefined, T | undefined]>();
  for (const item of a) found.set(key(item), [item, undefined]);
  for (const item of b) found.set(key(item), [found.get(key(item))?.[0], item]);
  return new Map([...found].toSorted(([one], [other]) => one - other));
}
