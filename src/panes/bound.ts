/** How much of an output an answer holds at most: its last lines, its last bytes. */
export interface Bounds {
  lines: number | undefined;
  bytes: number | undefined;
}

/** What is left of an output, and how many lines it had. */
export interface Bounded {
  text: string;
  lines: number;
  isCut: boolean;
}

/**
 * The end of an output, whose last newline is not in it, within bounds: whole lines, and of a last line that is longer than all the bytes its end, cut
 * between two characters. Pure.
 */
export function boundOutput(output: string, { lines, bytes }: Bounds): Bounded {
  const all = output === "" ? [] : output.split("\n");
  const last = lines === undefined || lines >= all.length ? output : all.slice(-lines).join("\n");
  const text = bytes === undefined ? last : lastBytes(last, bytes);
  return { text, lines: all.length, isCut: text.length < output.length };
}

function lastBytes(text: string, max: number): string {
  const bytes = Buffer.from(text);
  if (bytes.length <= max) return text;
  let from = bytes.length - max;
  const newline = bytes[from - 1] === 10 ? from - 1 : bytes.indexOf(10, from);
  if (newline !== -1 && newline < bytes.length - 1) return bytes.subarray(newline + 1).toString();
  while (((bytes[from] ?? 0) & 0xc0) === 0x80) from++; // inside a character
  return bytes.subarray(from).toString();
}
