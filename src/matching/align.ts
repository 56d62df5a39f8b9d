/** Where a remembered sequence of lines was found among others. */
export interface Alignment {
  /** which of the lines is the last of those remembered; -1 when they were not found */
  end: number;
  /** which of the remembered ones that was */
  last: number;
}

const MATCH = 2;
const REPLACED = -1;
const GAP = -3;
const GAP_MORE = -0.5;
/** A single line may stand anywhere by chance. */
const SCORE_MIN = 2 * MATCH;

/**
 * Finds remembered lines among those that are there now, in order: some may have been erased, replaced or put between
 * (local alignment with affine gaps). Keys of 0 are blank lines, which `lines` must not hold. Of places that fit equally
 * well, the first where all that there ever was is remembered, else the last. Pure.
 * @param trail keys of the remembered lines, oldest first
 * @param isWhole whether nothing came before the first of them
 */
export function align(trail: readonly number[], lines: readonly number[], isWhole: boolean): Alignment {
  const width = trail.length;
  let before = new Float64Array(width + 1);
  let scores = new Float64Array(width + 1);
  // the best score that ends with lines left out (of the others), by remembered line
  const skipping = new Float64Array(width + 1).fill(Number.NEGATIVE_INFINITY);
  const best = { score: 0, end: -1, last: -1 };
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
      const isBetter = score > best.score || (score === best.score && !isWhole);
      if (isMatch && score > 0 && score === paired && isBetter) Object.assign(best, { score, end, last: i - 1 });
    }
    [before, scores] = [scores, before];
  }
  const isFound = best.score >= Math.min(SCORE_MIN, width * MATCH);
  return isFound ? { end: best.end, last: best.last } : { end: -1, last: -1 };
}
