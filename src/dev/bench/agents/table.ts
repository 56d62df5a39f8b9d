import type { Cost } from "./count.ts";
import type { Task, Verdict } from "./task.ts";

/** What came of one task, done once by one way. */
export interface Outcome extends Cost {
  task: number;
  way: string;
  verdict: Verdict;
}

/** What a way took for all tasks: means of one round. */
export interface Sum extends Cost {
  verdicts: Record<Verdict, number>;
}

const VERDICTS = ["right", "unknown", "failed", "wrong"] as const;

/** A Markdown table: a line for each task, with calls, bytes and verdict of each way, and their sums. Pure. */
export function table(tasks: readonly Task[], ways: readonly string[], outcomes: readonly Outcome[]): string {
  const row = (cells: string[]) => `| ${cells.join(" | ")} |`;
  const lines = tasks.map(({ number, name }) => {
    const of = (way: string) => outcomes.filter((outcome) => outcome.task === number && outcome.way === way);
    return row([`${number} ${name}`, ...ways.map((way) => cell(of(way)))]);
  });
  const sums = ways.map((way) => sum(outcomes.filter((outcome) => outcome.way === way)));
  return [
    row(["task: calls, bytes", ...ways]),
    row(["---", ...ways.map(() => "---")]),
    ...lines,
    row(["**calls**", ...sums.map(({ calls }) => `**${short(calls)}**`)]),
    row(["bytes written", ...sums.map(({ bytesIn }) => short(bytesIn))]),
    row(["bytes read", ...sums.map(({ bytesOut }) => short(bytesOut))]),
    row(["**bytes**", ...sums.map(({ bytesIn, bytesOut }) => `**${short(bytesIn + bytesOut)}**`)]),
    row(["of them", ...sums.map(({ verdicts }) => counted(verdicts))]),
  ].join("\n");
}

/** Calls and bytes of a way as shares of another's, for the tasks that both have done; undefined when there are none. Pure. */
export function shares(
  outcomes: readonly Outcome[],
  way: string,
  other: string,
): { calls: number; bytes: number } | undefined {
  const done = (name: string) => new Set(outcomes.filter((outcome) => outcome.way === name).map(({ task }) => task));
  const both = done(way).intersection(done(other));
  if (both.size === 0) return undefined;
  const of = (name: string) => sum(outcomes.filter((outcome) => outcome.way === name && both.has(outcome.task)));
  const [mine, theirs] = [of(way), of(other)];
  return {
    calls: mine.calls / theirs.calls,
    bytes: (mine.bytesIn + mine.bytesOut) / (theirs.bytesIn + theirs.bytesOut),
  };
}

/** Adds up what a way took: of a task that was done several times, the mean. Pure. */
export function sum(outcomes: readonly Outcome[]): Sum {
  const verdicts = { right: 0, unknown: 0, failed: 0, wrong: 0 };
  const total = { calls: 0, bytesIn: 0, bytesOut: 0 };
  for (const one of Map.groupBy(outcomes, ({ task }) => task).values()) {
    const mean = meanOf(one);
    total.calls += mean.calls;
    total.bytesIn += mean.bytesIn;
    total.bytesOut += mean.bytesOut;
  }
  for (const { verdict } of outcomes) verdicts[verdict] += 1;
  return { ...total, verdicts };
}

function cell(outcomes: readonly Outcome[]): string {
  if (outcomes.length === 0) return "";
  const { calls, bytesIn, bytesOut } = meanOf(outcomes);
  const bad = outcomes.filter(({ verdict }) => verdict !== "right");
  return `${short(calls)}, ${short(bytesIn + bytesOut)}${bad.length === 0 ? "" : ` **${counted(sum(bad).verdicts)}**`}`;
}

function meanOf(outcomes: readonly Outcome[]): Cost {
  const mean = (of: (outcome: Outcome) => number) => outcomes.reduce((all, one) => all + of(one), 0) / outcomes.length;
  return { calls: mean((o) => o.calls), bytesIn: mean((o) => o.bytesIn), bytesOut: mean((o) => o.bytesOut) };
}

function counted(verdicts: Record<Verdict, number>): string {
  const some = VERDICTS.filter((verdict) => verdicts[verdict] > 0);
  return some.map((verdict) => `${verdicts[verdict]} ${verdict}`).join(", ");
}

/** A number with one decimal where it has some. */
function short(value: number): string {
  return `${value < 100 ? Math.round(value * 10) / 10 : Math.round(value)}`;
}
