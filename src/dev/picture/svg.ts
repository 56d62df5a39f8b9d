/** A piece of a line, as SGR (ECMA-48, 8.3.117) has it shown. */
interface Span {
  text: string;
  color: string;
  isBold: boolean;
}

const BACKGROUND = "#16181d";
const FOREGROUND = "#d7dae0";
/** The eight colours of SGR 30 to 37, and the same brighter, 90 to 97. */
const COLORS = ["#5c6370", "#e06c75", "#98c379", "#e5c07b", "#61afef", "#c678dd", "#56b6c2", "#d7dae0"];
const DIM = "#868d99";
const [CELL_WIDTH, LINE_HEIGHT, FONT_SIZE, MARGIN, BAR] = [8.4, 19, 14, 16, 30];

/**
 * A screen as an SVG: a window with a title, and lines of text in a font of fixed width. Pure.
 * @param lines as `tmux capture-pane -e` prints them: text and SGR, nothing else
 */
export function screenSvg(lines: readonly string[], columns: number, title: string): string {
  const width = Math.round(columns * CELL_WIDTH + 2 * MARGIN);
  const height = BAR + lines.length * LINE_HEIGHT + MARGIN;
  let style: Omit<Span, "text"> = { color: FOREGROUND, isBold: false };
  const texts = lines.map((line, i) => {
    const { spans, after } = spansOf(line, style);
    style = after;
    const y = BAR + (i + 1) * LINE_HEIGHT - 5;
    return `<text x="${MARGIN}" y="${y}">${spans.map(spanSvg).join("")}</text>`;
  });
  const dots = ["#e06c75", "#e5c07b", "#98c379"].map(
    (fill, i) => `<circle cx="${18 + i * 18}" cy="15" r="5" fill="${fill}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">`,
    `<title>${escaped(title)}</title>`,
    `<rect width="100%" height="100%" rx="8" fill="${BACKGROUND}"/>`,
    ...dots,
    `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,monospace" font-size="${FONT_SIZE}" xml:space="preserve">`,
    ...texts,
    "</g>",
    "</svg>",
    "",
  ].join("\n");
}

function spanSvg({ text, color, isBold }: Span): string {
  const weight = isBold ? ' font-weight="bold"' : "";
  return `<tspan fill="${color}"${weight}>${escaped(text)}</tspan>`;
}

/** The pieces of a line, and what is set at its end. */
function spansOf(line: string, before: Omit<Span, "text">): { spans: Span[]; after: Omit<Span, "text"> } {
  let style = before;
  const spans: Span[] = [];
  for (const part of line.split(/(\x1b\[[\d;]*m)/)) {
    const sgr = /^\x1b\[([\d;]*)m$/.exec(part);
    if (sgr) for (const code of codesOf(sgr[1] ?? "")) style = styled(style, code);
    else if (part !== "") spans.push({ text: part, ...style });
  }
  return { spans, after: style };
}

/** What an SGR sets, without the parameters of colours that are not drawn: 38;5;1, 48;2;1;2;3. */
function codesOf(parameters: string): number[] {
  const all = parameters.split(";").map(Number);
  const codes: number[] = [];
  for (let i = 0; i < all.length; i++) {
    const code = all[i] as number;
    if ([38, 48, 58].includes(code)) i += all[i + 1] === 2 ? 4 : 2;
    else codes.push(code);
  }
  return codes;
}

function styled(style: Omit<Span, "text">, code: number): Omit<Span, "text"> {
  if (code === 0) return { color: FOREGROUND, isBold: false };
  if (code === 1) return { ...style, isBold: true };
  if (code === 2) return { ...style, color: DIM };
  if (code === 22) return { color: style.color === DIM ? FOREGROUND : style.color, isBold: false };
  if (code === 39) return { ...style, color: FOREGROUND };
  const color = COLORS[code >= 90 ? code - 90 : code - 30];
  return color === undefined ? style : { ...style, color };
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
