/** Where a remembered sequence of lines was found among others. */
export interface Alignment {
  /** which of the lines is the last of those remembered; -1 when they were not found */
  end: number;
  /** which of the remembered ones that was */
  last: number;
}

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
 * @param options.isWhole whether nothing came before the first of them
 * @param options.isAll whether `lines` are all that there are, from the first one on
 * @param options.distance by how many rows the line with this index is off from where the last of them is expected
 */
export function align(
  trail: readonly number[],
  lines: readonly number[],
  {
    isWhole,
    isAll,
    distance,
  }: { isWhole: boolean; isAll: boolean; distance?: ((index: number) => number) | undefined },
): Alignment {
  const width = trail.length;
  let before = new Float64Array(width + 1);
  let scores = new Float64Array(width + 1);
  // the best score that ends with lines left out (of the others), by remembered line
  const skipping = new Float64Array(width + 1).fill(Number.NEGATIVE_INFINITY);
  // the best alignment that ends with each line
  const found = lines.map(() => ({ score: 0, last: -1 }));
  for (const [end, key] of lines.entries()) {
    let forgetting = Number.NEGATIVE_INFINITY;
    for (let i = 1; i <= width; i++) {
      const isMatch = trail[i - 1] === key;
      const paired = (before[i - 1] ?? 0) + (isMatch ? MATCH : REPLACED);
      const skipped = Math.max((before[i] ?? 0) + GAP, (skipping[i] ?? 0) + GAP_MORE);
      forgetting = Math.max((scores[i - 1] ?? 0) + GAP, forgetting + GAP_MORE);
      skipping[i] = skipped;
      const score = Math.max(0, paired, skipped, forgetting);
      scores[i] = score;
      const here = found[end];
      // some lines may have been put above it, but not that many
      const isAgain = isWhole && isAll && end + 1 - i > width;
      if (here && isMatch && !isAgain && score === paired && score > here.score)
        Object.assign(here, { score, last: i - 1 });
    }
    [before, scores] = [scores, before];
  }
  const best = found.reduce((most, { score }) => Math.max(most, score), 0);
  if (width === 0 || best < Math.min(SCORE_MIN, width * MATCH)) return { end: -1, last: -1 };
  // what goes on with the next line ends there
  const ends = found.flatMap(({ score }, end) => (score > 0 && score >= (found[end + 1]?.score ?? 0) ? [end] : []));
  const cut = isAll ? leftOf(trail, lines) : 0;
  const scoreOf = (end: number) => found[end]?.score ?? 0;
  const likely = ends.filter((end) => scoreOf(end) >= (distance ? Math.max(SCORE_MIN, best - ABOUT) : best));
  const first = likely[0] ?? -1;
  // those of the remembered lines that come after it take a row each, at least
  const misfit = (end: number) => Math.abs((distance?.(end) ?? 0) - (width - 1 - (found[end]?.last ?? -1)));
  const fitting = ends.filter((end) => scoreOf(end) >= Math.max(SCORE_MIN, best / FEW) && misfit(end) <= NEAR_ROWS);
  // each line that stands there counts as much as a row
  const cost = (end: number) => misfit(end) - scoreOf(end) / MATCH;
  const end = distance
    ? (fitting.toSorted((a, b) => cost(a) - cost(b))[0] ??
      likely.reduce((near, one) => (distance(one) <= distance(near) ? one : near), first))
    : isWhole
      ? first
      : (likely.at(-1) ?? -1);
  const last = found[end]?.last ?? -1;
  // what came before them was dropped, and some of it has been written again since
  if (cut >= CUT_MIN && cut < width && last < width - cut && (distance?.(end) ?? width) >= width) {
    return { end: cut - 1, last: width - 1 };
  }
  return { end, last };
}

/** How many of the remembered lines, the last of all, are what the others begin with; 0 for none. */
function leftOf(trail: readonly number[], lines: readonly number[]): number {
  for (let count = Math.min(trail.length, lines.length); count > 0; count--) {
    const start = trail.length - count;
    if (lines.slice(0, count).every((key, i) => trail[start + i] === key)) return count;
  }
  return 0;
}
