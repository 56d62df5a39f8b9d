import { AppError } from "../lib/errors.ts";
import { quotedWords } from "../lib/shell.ts";
import { withCheckSum } from "./layout.ts";
import type { Snapshot, WindowOf } from "./manifest.ts";

/**
 * A snapshot of one window of another, or of one pane of it, which then has the whole window. Pure.
 * @param place `WINDOW` or `WINDOW.PANE`, by their indexes
 * @throws AppError ERR_INVALID_ARGUMENT when there is no such place in it
 */
export function onlyOf(snapshot: Snapshot, place: string): Snapshot {
  const { session } = snapshot;
  const [, index = "", pane] = /^(\d+)(?:\.(\d+))?$/.exec(place) ?? [];
  const window = session.windows.find((one) => `${one.index}` === index);
  const found = window && (pane === undefined ? window : withPane(window, pane));
  if (!found) {
    const all = session.windows.flatMap((one) => one.panes.map((each) => `${one.index}.${each.index}`));
    throw new AppError("ERR_INVALID_ARGUMENT", `There is no window or pane "${place}" in the snapshot`, {
      hint: `Its panes are ${all.join(", ")}.`,
    });
  }
  const places = ["session", `window ${index}`, ...found.panes.map((each) => `pane ${index}.${each.index}`)];
  return {
    ...snapshot,
    left_out: snapshot.left_out.filter(({ where }) => places.includes(where)),
    session: {
      ...session,
      // the windows that others have are not these alone
      group: [],
      stack: [found.index],
      windows: [{ ...found, same_as: null }],
    },
  };
}

function withPane(window: WindowOf, pane: string): WindowOf | undefined {
  const { width, height } = window;
  const panes = window.panes.filter((one) => `${one.index}` === pane);
  const layout = withCheckSum(`${width}x${height},0,0,0`);
  const whole = panes.map((one) => ({ ...one, width, height, is_active: true, is_last: false }));
  return whole.length === 0 ? undefined : { ...window, layout, is_zoomed: false, panes: whole };
}

/** Whether what its panes showed was saved, if only that it was nothing. Pure. */
export function hasText({ session }: Snapshot): boolean {
  return session.windows.some(({ panes }) => panes.some(({ text }) => text !== null));
}

/** Why what its panes showed is not in a snapshot; `shownIn` is the id of an older one that has such. Pure. */
export function savedWithout({ is_automatic: isAutomatic }: Snapshot, shownIn: string | undefined): string {
  const by = isAutomatic ? "session-autosave without --scrollback" : "session-save --no-scrollback";
  return `it was saved without (${by})${shownIn === undefined ? "" : `; ${shownIn}, which is older, was saved with it`}`;
}

/** A snapshot without what panes showed, which it then tells. Pure. */
export function withoutText(snapshot: Snapshot): Snapshot {
  const { session, left_out: leftOut } = snapshot;
  const own = session.windows.filter(({ same_as: sameAs }) => sameAs === null);
  const without = own.flatMap(({ index, panes }) =>
    panes.flatMap((pane) => (pane.text?.parts.length ? [`${index}.${pane.index}`] : [])),
  );
  const why = "it was not to come back (--no-scrollback)";
  const windows = session.windows.map((window) => ({
    ...window,
    // none at all would be one that was saved without
    panes: window.panes.map((pane) => ({ ...pane, text: pane.text && { parts: [], lines: 0 } })),
  }));
  return {
    ...snapshot,
    left_out: [...leftOut, ...without.map((place) => ({ where: `pane ${place}`, what: "what it showed", why }))],
    session: { ...session, windows },
  };
}

/** What to do about a snapshot whose text is damaged; `word` is what it is called by. Pure. */
export function withoutTextHint(word: string): string {
  return `What its panes showed is damaged; all else of it comes back with: session-restore ${quotedWords([word])} --no-scrollback`;
}
