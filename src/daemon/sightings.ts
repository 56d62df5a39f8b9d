/** A line on the screen that a pattern matches. */
export interface Sighting {
  /** the line's first row, counted from the beginning of the pane's output */
  row: number;
  line: string;
  match: { start: number; text: string };
  /** whether the cursor is on it: more of it may come */
  hasCursor: boolean;
}

/** A sighting that was seen before, and since when it has been gone from the screen (ms), if it is. */
export interface Track extends Sighting {
  goneAt: number | undefined;
}

/** How long a line may be off the screen, between its erasure and its redrawing, and still be the same appearance. */
export const REDRAW_GRACE_MS = 100;

/**
 * Tells new appearances from old ones. A sighting is an old one if the line stood there before with the same match, or
 * with a match that has grown or shrunk since; or if the same match has moved here from a row where it is no more, as
 * when a program draws its frame again elsewhere. Everything else appears now. Pure.
 */
export function reconcile(
  tracks: readonly Track[],
  sightings: readonly Sighting[],
  now: number,
): { tracks: Track[]; appeared: Sighting[] } {
  const old = tracks.filter((track) => track.goneAt === undefined || now - track.goneAt < REDRAW_GRACE_MS);
  // of two tracks on a row, what stands there goes before what stood there
  const byRow = new Map(
    old.toSorted((a, b) => (a.goneAt ?? now + 1) - (b.goneAt ?? now + 1)).map((track) => [track.row, track]),
  );
  const unplaced: Sighting[] = [];
  const used = new Set<Track>();
  for (const sighting of sightings) {
    const track = byRow.get(sighting.row);
    if (track && !used.has(track) && isSame(track.match.text, sighting.match.text)) used.add(track);
    else unplaced.push(sighting);
  }
  const lost = old.filter((track) => !used.has(track));
  const appeared = unplaced.filter((sighting) => {
    const moved = lost.find((track) => !used.has(track) && track.match.text === sighting.match.text);
    if (moved) used.add(moved);
    return !moved;
  });
  const gone = old.filter((track) => !used.has(track)).map((track) => ({ ...track, goneAt: track.goneAt ?? now }));
  return { tracks: [...sightings.map((sighting) => ({ ...sighting, goneAt: undefined })), ...gone], appeared };
}

function isSame(before: string, now: string): boolean {
  return now.startsWith(before) || before.startsWith(now);
}
