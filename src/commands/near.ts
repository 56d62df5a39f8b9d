/** The one of some words that a mistyped one may have meant: a letter away, else holding it or held by it. Pure. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  return known.find((candidate) => isNear(candidate, word)) ?? known.find((candidate) => isPart(candidate, word));
}

function isPart(a: string, b: string): boolean {
  return a.length > 2 && b.length > 2 && (a.includes(b) || b.includes(a));
}

/** One letter wrong, missing, added, or two swapped. */
function isNear(a: string, b: string): boolean {
  if (Math.abs(a.length - b.length) > 1 || a.length < 3) return false;
  let start = 0;
  while (start < a.length && a[start] === b[start]) start++;
  let end = 0;
  while (end < Math.min(a.length, b.length) - start && a.at(-1 - end) === b.at(-1 - end)) end++;
  return Math.max(a.length, b.length) - start - end <= 2;
}
