/** Where a remembered sequence of lines was found among others. */
export interface Alignment {
  /** which of the lines is the last of those remembered; -1 when they were not found */
  end: number;
  /** which of the remembered ones that was */
  last: number;
}

/** What is known of the lines, beside their keys. */
interface AlignOptions {
  /** whether nothing came before the first of the remembered ones */
  isWhole: boolean;
  /** whether the others are all that there are, from the first one on */
  isAll: boolean;
  /** by how many rows the line with this index is off from where the last of the remembered ones is expected */
  distance?: ((index: number) => number) | undefined;
}

/** An alignment, and how good it is. */
interface Scored extends Alignment {
  score: number;
}

const NOWHERE: Alignment = { end: -1, last: -1 };

const MATCH = 2;
/** More than a match: else lines that are alike would bridge any number of others. */
const REPLACED = -2.5;
const GAP = -3;
const GAP_MORE = -0.5;
/** Scores that differ by less say nothing of which place is the right one. */
const ABOUT = 4 * MATCH;
/** A place that is by no more rows off than that is the right one, though more of the lines stand elsewhere, too. */
const NEAR_ROWS = 16;
/** Of those that were to be found there, so many may be gone: what stands elsewhere has been written twice. */
const FEW = 4;
/** A single line may stand anywhere by chance. */
const SCORE_MIN = 2 * MATCH;
/** So many lines, the last that are remembered, are no chance when they are the first that are there. */
const CUT_MIN = 3;

/**
 * Finds remembered lines among those that are there now, in order: some may have been erased, replaced or put between
 * (local alignment with affine gaps). Keys of 0 are blank lines, which `lines` must not hold. Of places that fit about
 * equally well, the nearest to where it is expected; else of those that fit best the first, where all that there ever was is
 * remembered, or the last. Where all that there is begins with the last of them, that is what is left of them;
 * where more came before than all that there ever was, they have been written again. Pure.
 * @param trail keys of the remembered lines, oldest first
 */
export function align(
  trail: readonly number[],
  lines: readonly number[],
  { isWhole, isAll, distance }: AlignOptions,
): Alignment {
  const width = trail.length;
  const found = scored(trail, lines, isWhole && isAll);
  const best = found.reduce((most, { score }) => Math.max(most, score), 0);
  if (width === 0 || best < Math.min(SCORE_MIN, width * MATCH)) return NOWHERE;
  // what goes on with the next line ends there
  const ends = found.filter(({ score }, end) => score > 0 && score >= (found[end + 1]?.score ?? 0));
  const likely = ends.filter(({ score }) => score >= (distance ? Math.max(SCORE_MIN, best - ABOUT) : best));
  const end = distance
    ? (expected(ends, { width, best, distance }) ?? nearest(likely, distance))
    : likely.at(isWhole ? 0 : -1);
  const { end: at, last } = end ?? NOWHERE;
  // what came before them was dropped, and some of it has been written again since
  const cut = isAll ? leftOf(trail, lines) : 0;
  const isFar = (distance?.(at) ?? width) >= width;
  if (cut >= CUT_MIN && cut < width && last < width - cut && isFar) return { end: cut - 1, last: width - 1 };
  return { end: at, last };
}

/** The best alignment that ends with each of the lines; -1 for `last` where there is none. */
function scored(trail: readonly number[], lines: readonly number[], isAllThereWas: boolean): Scored[] {
  const width = trail.length;
  let before = new Float64Array(width + 1);
  let scores = new Float64Array(width + 1);
  // the best score that ends with lines left out (of the others), by remembered line
  const skipping = new Float64Array(width + 1).fill(Number.NEGATIVE_INFINITY);
  const found: Scored[] = [];
  for (const [end, key] of lines.entries()) {
    const here = { end, last: -1, score: 0 };
    let forgetting = Number.NEGATIVE_INFINITY;
    for (let i = 1; i <= width; i++) {
      const isMatch = trail[i - 1] === key;
      const paired = (before[i - 1] ?? 0) + (isMatch ? MATCH : REPLACED);
      const skipped = Math.max((before[i] ?? 0) + GAP, (skipping[i] ?? 0) + GAP_MORE);
      forgetting = Math.max((scores[i - 1] ?? 0) + GAP, forgetting + GAP_MORE);
      skipping[i] = skipped;
      const score = Math.max(0, paired, skipped, forgetting);
      scores[i] = score;
      // some lines may have been put above it, but not that many
      const isAgain = isAllThereWas && end + 1 - i > width;
      if (isMatch && !isAgain && score === paired && score > here.score) {
        here.score = score;
        here.last = i - 1;
      }
    }
    found.push(here);
    [before, scores] = [scores, before];
  }
  return found;
}

/** The place about where rows say that it is; undefined when nothing like it is there. */
function expected(
  ends: readonly Scored[],
  { width, best, distance }: { width: number; best: number; distance(index: number): number },
): Scored | undefined {
  // those of the remembered lines that come after it take a row each, at least
  const misfit = ({ end, last }: Scored) => Math.abs(distance(end) - (width - 1 - last));
  const fitting = ends.filter((one) => one.score >= Math.max(SCORE_MIN, best / FEW) && misfit(one) <= NEAR_ROWS);
  // each line that stands there counts as much as a row
  const cost = (one: Scored) => misfit(one) - one.score / MATCH;
  const least = Math.min(...fitting.map(cost));
  // a line put between costs as much: of places that are about as good, the one where more of the remembered lines have come
  const cheapest = fitting.filter((one) => cost(one) <= least + 1);
  return cheapest.toSorted((a, b) => b.last - a.last || cost(a) - cost(b))[0];
}

/** Of places as near as each other, the last. */
function nearest(places: readonly Scored[], distance: (index: number) => number): Scored | undefined {
  let near = places[0];
  for (const one of places) if (near && distance(one.end) <= distance(near.end)) near = one;
  return near;
}

/** How many of the remembered lines, the last of all, are what the others begin with; 0 for none. */
function leftOf(trail: readonly number[], lines: readonly number[]): number {
  for (let count = Math.min(trail.length, lines.length); count > 0; count--) {
    const start = trail.length - count;
    if (lines.slice(0, count).every((key, i) => trail[start + i] === key)) return count;
  }
  return 0;
}
