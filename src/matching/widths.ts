import type { IUnicodeVersionProvider, Terminal } from "@xterm/headless";

const NAME = "tmux";
/** Widths of the letters up to here are kept; 3 for those that are not known yet. */
const KEPT = 0x20000;
const UNKNOWN = 3;
const widths = new Uint8Array(KEPT).fill(UNKNOWN);

/** Has an emulator give letters as many columns as tmux does; its own tables are older than emoji. */
export function useWidths(terminal: Terminal): void {
  terminal.unicode.register(PROVIDER);
  terminal.unicode.activeVersion = NAME;
}

const PROVIDER: IUnicodeVersionProvider = {
  version: NAME,
  wcwidth: widthOf,
  charProperties(code, preceding) {
    let width = widthOf(code);
    // packed as the emulator does it: whether it joins the letter before it, and the width above that bit
    const before = (preceding >> 1) & 3;
    const isJoined = width === 0 && preceding !== 0 && before !== 0;
    if (isJoined) width = before as typeof width;
    return (width << 1) | (isJoined ? 1 : 0);
  },
};

/** How many columns tmux gives a letter, by its code point. */
export function widthOf(code: number): 0 | 1 | 2 {
  if (code >= 32 && code < 127) return 1;
  const known = widths[code];
  if (known !== undefined && known !== UNKNOWN) return known as 0 | 1 | 2;
  const width = Math.min(2, Bun.stringWidth(String.fromCodePoint(code))) as 0 | 1 | 2;
  if (code < KEPT) widths[code] = width;
  return width;
}
