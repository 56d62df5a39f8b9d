import { type Conclusion, UNKNOWN } from "../task.ts";

/** The answers of a python3 that was asked three things, as its screen shows them: each below its question. Pure. */
export function answersOf(screen: string): Conclusion {
  const lines = screen.split("\n");
  const asked = lines.flatMap((line, i) => (/^>>> ./.test(line) ? [i] : [])).slice(-3);
  const [a = UNKNOWN, b = UNKNOWN, c = UNKNOWN] = asked.map((i) => lines[i + 1] ?? UNKNOWN);
  return { a, b, c };
}

/** What `echo "$mark"` wrote, as a screen shows it: below the line in which it was typed. Pure. */
export function markIn(screen: string): string {
  const lines = screen.split("\n");
  const typed = lines.findLastIndex((line) => line.endsWith('$ echo "$mark"'));
  return typed === -1 ? UNKNOWN : (lines[typed + 1] ?? UNKNOWN);
}

/** What runs on the terminals of some windows (`ps -o comm=`), a line each: which wait for keys, by who knows these programs. Pure. */
export function waitingIn(listed: string): Conclusion {
  const lines = listed.split("\n").map((line) => line.split(" "));
  const known = lines.filter(([window = ""]) => /^w\d$/.test(window));
  return Object.fromEntries(
    known.map(([window = "", ...programs]) => {
      return [window, ["vim", "less", "top"].includes(programs.at(-1) ?? "") ? "keys" : "works"];
    }),
  );
}

/** Why two panes ended, by two or three lines for each: its status and its signal, one of them empty, and its last lines. Pure. */
export function endsIn(told: string): Conclusion {
  const lines = told.split("\n").filter((line) => !line.startsWith("Pane is dead"));
  const ends = lines.flatMap((line, i) => {
    const found = /^=(\d*)\/(\d*)$/.exec(line);
    if (!found) return [];
    const [, status = "", signal = ""] = found;
    const next = lines.findIndex((other, j) => j > i && other.startsWith("="));
    const last = lines.slice(i + 1, next === -1 ? undefined : next).at(-1) ?? UNKNOWN;
    return [{ why: signal !== "" ? `signal ${signal}` : status !== "" ? `exit ${status}` : UNKNOWN, last }];
  });
  const [old, young] = ends;
  return {
    old: old?.why ?? UNKNOWN,
    old_last: old?.last ?? UNKNOWN,
    new: young?.why ?? UNKNOWN,
    new_last: young?.last ?? UNKNOWN,
  };
}
