/** A line on the screen that a pattern matches. */
export interface Sighting {
  /** the line's first row, counted from the beginning of the pane's output */
  row: number;
  line: string;
  match: { start: number; text: string };
  /** whether the cursor stands at its end: more of it may come */
  isGrowing: boolean;
}

/** A sighting that was seen before, and since when it has been gone from the screen (ms), if it is. */
export interface Track extends Sighting {
  goneAt: number | undefined;
}

/** Rows from one to another, both included. */
export interface Rows {
  from: number;
  to: number;
}

/** How long a line may be off the screen, between its erasure and its redrawing, and still be the same appearance. */
export const REDRAW_GRACE_MS = 100;

/**
 * Tells new appearances from old ones. A sighting is an old one if the line stands where it stood, with the same match
 * or one that has grown or shrunk since; or if the same match has moved here from a row where it is no more, as when a
 * program draws its frame again elsewhere. One that comes back soon after it was erased is `revived`: a redraw, unless
 * the caller knows better. Everything else appears now. Pure.
 */
export function reconcile(
  tracks: readonly Track[],
  sightings: readonly Sighting[],
  now: number,
): { tracks: Track[]; appeared: Sighting[]; revived: Sighting[] } {
  const standing = tracks.filter((track) => track.goneAt === undefined);
  const erased = tracks.filter((track) => track.goneAt !== undefined && now - track.goneAt < REDRAW_GRACE_MS);
  const byRow = new Map(standing.map((track) => [track.row, track]));
  const used = new Set<Track>();
  const unplaced = sightings.filter((sighting) => {
    const track = byRow.get(sighting.row);
    if (!track || !isSame(track.match.text, sighting.match.text)) return true;
    used.add(track);
    return false;
  });
  const take = (candidates: Track[], isIt: (track: Track) => boolean) => {
    const found = candidates.find((track) => !used.has(track) && isIt(track));
    if (found) used.add(found);
    return found !== undefined;
  };
  const lost = standing.filter((track) => !used.has(track));
  const unmoved = unplaced.filter(({ match }) => !take(lost, (track) => track.match.text === match.text));
  // on a cleared screen only the very same line can be a redraw
  const revived = unmoved.filter(({ line }) => take(erased, (track) => track.line === line));
  const appeared = unmoved.filter((sighting) => !revived.includes(sighting));
  const gone = [...lost, ...erased]
    .filter((track) => !used.has(track))
    .map((track) => ({ ...track, goneAt: track.goneAt ?? now }));
  const present = sightings.map((sighting) => ({ ...sighting, goneAt: undefined }));
  return { tracks: [...present, ...gone], appeared, revived };
}

/** The tracks after rows `from` to `to` were erased: what stood there is gone, until it is seen again. Pure. */
export function erase(tracks: readonly Track[], rows: Rows, now: number): Track[] {
  return tracks.map((track) => {
    const isErased = track.goneAt === undefined && track.row >= rows.from && track.row <= rows.to;
    return isErased ? { ...track, goneAt: now } : track;
  });
}

/** Whether a match has merely grown or shrunk. Pure. */
export function isSame(before: string, now: string): boolean {
  return now.startsWith(before) || before.startsWith(now);
}
