import type { InferOutput } from "valibot";
import { type Column, columns } from "../../lib/columns.ts";
import { paint, type Tone, toned } from "../../lib/toned.ts";
import type { Health } from "../results/daemon.ts";
import type { Examination } from "../results/program.ts";
import { facts, page, words } from "./lines.ts";
import type { People, View } from "./view.ts";

/** A fact of a status, and its tone where it has one. */
export type StatusRow = readonly [name: string, text: string, tone?: Tone | undefined];

/** How a background program is: a sentence, and what there is to know of it. */
export function status(
  { head, isGood, rows }: { head: string; isGood: boolean; rows: readonly StatusRow[] },
  view: View,
): string | undefined {
  return page(
    words(head, view, isGood ? "good" : "bad"),
    facts(
      rows.map(([name, text, tone]) => [name, toned(text, tone)]),
      view,
    ),
  );
}

const VERDICTS = { healthy: "good", degraded: "warn", unhealthy: "bad" } as const;

/** How the daemon is, and by which checks. */
export const health: People<InferOutput<typeof Health>> = ({ status: verdict, checks }, view) => {
  const heads: Column[] = [
    { head: "CHECK" },
    { head: "VERDICT", cut: "never" },
    { head: "VALUE", isNumber: true },
    { head: "LIMIT", isNumber: true, isOptional: true },
    { head: "UNIT", isOptional: true },
  ];
  const rows = checks.map((check) => [
    check.name,
    toned(check.verdict, VERDICTS[check.verdict]),
    check.value === null ? "none" : `${rounded(check.value)}`,
    check.limit === null ? "" : `${check.limit}`,
    check.unit,
  ]);
  const head = paint(verdict, VERDICTS[verdict], view.isColor);
  return view.quiet ? head : page(head, columns(heads, rows, view));
};

const WIDTH = 14;
const MARKS = { ok: ["✓", 32], note: ["i", 36], warning: ["!", 33], error: ["✗", 31] } as const;

/** What was found, a line each; what is too long for the terminal goes on below its beginning. */
export const findings: People<InferOutput<typeof Examination>> = ({ findings: all }, view) =>
  page(
    all.flatMap(({ check, verdict, message, advice }) => {
      const [mark, code] = MARKS[verdict];
      const shown = view.isColor ? `\x1b[${code}m${mark}\x1b[0m` : mark;
      const indent = " ".repeat(WIDTH + 2);
      const width = Math.max(view.width - indent.length, 24);
      const text = below(words(message, view), width, indent);
      const lines = [`${shown} ${words(check.padEnd(WIDTH), view)}${text}`];
      if (advice !== undefined) lines.push(`${indent}→ ${below(words(advice, view), width - 2, `${indent}  `)}`);
      return lines;
    }),
  );

function below(text: string, width: number, indent: string): string {
  return Bun.wrapAnsi(text, width, { hard: true }).replaceAll("\n", `\n${indent}`);
}

function rounded(n: number): number {
  return Math.round(n * 10) / 10;
}
