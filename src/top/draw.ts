const BEGIN = "\x1b[?2026h";
const END = "\x1b[?2026l";

/**
 * What makes a terminal that shows some lines show others: nothing where they are the same. Terminals that know of it (2026)
 * show all of it at once. Pure.
 * @param before what it shows; undefined where that is not known
 */
export function changes(before: readonly string[] | undefined, now: readonly string[]): string {
  let text = before ? "" : "\x1b[m\x1b[2J";
  for (const [i, line] of now.entries()) {
    // erased first: the cursor stays on the last column, where a full line would lose its end
    if (!before || before[i] !== line) text += `\x1b[${i + 1};1H\x1b[2K${line}`;
  }
  return text === "" ? "" : BEGIN + text + END;
}
