import { size } from "../lib/ago.ts";
import { MISLEADING, plainText } from "../lib/plain-text.ts";

/** Text from anywhere as one line that a terminal only shows: without control characters, tabs as spaces. Pure. */
export function cleanLine(text: string): string {
  return plainText(text)
    .replace(/[\t\n]/g, " ")
    .replace(MISLEADING, "")
    .trimEnd();
}

/** A clean text in so many columns, filled up with spaces, or cut. Pure. */
export function fit(text: string, columns: number): string {
  const width = Bun.stringWidth(text);
  if (width <= columns) return text + " ".repeat(columns - width);
  if (columns <= 0) return "";
  const cut = upTo(text, columns - 1);
  return `${cut}…${" ".repeat(columns - 1 - Bun.stringWidth(cut))}`;
}

/** The beginning of a text, with colours or without, that is no wider; of a wide letter there is no half. Pure. */
export function upTo(text: string, columns: number): string {
  for (let end = columns; end > 0; end--) {
    const cut = Bun.sliceAnsi(text, 0, end);
    if (Bun.stringWidth(cut) <= columns) return cut;
  }
  return "";
}

/** As fit(), with the spaces before it. Pure. */
export function fitRight(text: string, columns: number): string {
  const fitted = fit(text, columns);
  const trimmed = fitted.trimEnd();
  return fitted.slice(trimmed.length) + trimmed;
}

/** A time in at most four characters: `59s`, `5m`, `47h`, `12d`. Pure. */
export function ageText(ms: number): string {
  const s = Math.max(0, Math.floor(ms / 1000));
  if (s < 60) return `${s}s`;
  if (s < 3600) return `${Math.floor(s / 60)}m`;
  if (s < 48 * 3600) return `${Math.floor(s / 3600)}h`;
  return `${Math.floor(s / 86400)}d`;
}

/** As size(), in at most four characters: `812K`, `34M`, `1.2G`. Pure. */
export function bytesText(bytes: number): string {
  return size(bytes).replace(/ (.)B?$/, "$1");
}
