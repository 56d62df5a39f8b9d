/** How a text is set off: the parameters of SGR (ECMA-48). */
const STYLES = {
  bold: "1",
  dim: "2",
  reverse: "7",
  red: "31",
  green: "32",
  yellow: "33",
  cyan: "36",
} as const;

/** How a text is set off. */
export type Style = keyof typeof STYLES;

const COLORS: readonly Style[] = ["red", "green", "yellow", "cyan"];

/** Sets a text off. */
export type Paint = (style: Style, text: string) => string;

/** What sets texts off in colours; without them, bold and the like are left. Pure. */
export function painter(isColorful: boolean): Paint {
  return (style, text) =>
    text === "" || (!isColorful && COLORS.includes(style)) ? text : `\x1b[${STYLES[style]}m${text}\x1b[m`;
}
