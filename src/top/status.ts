import type { Counts } from "./row.ts";

/** What is told of, in this order, and its colour in tmux's styles (tmux(1), STYLES). */
const TOLD: readonly [kind: keyof Counts, color: string][] = [
  ["blocked", "yellow"],
  ["failed", "red"],
  ["dead", "red"],
  ["done", "green"],
  ["working", "cyan"],
];

/** What tmux's status line shows of panes, in its own words for colours; "" where there is nothing to say. Pure. */
export function statusLine(counts: Counts, isColorful: boolean): string {
  const parts = TOLD.flatMap(([kind, color]) => {
    const text = `${counts[kind]} ${kind}`;
    return counts[kind] === 0 ? [] : [isColorful ? `#[fg=${color}]${text}#[default]` : text];
  });
  return parts.join(" ");
}
