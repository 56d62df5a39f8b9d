import { describe, expect, test } from "bun:test";
import { findEcho, RestingLines } from "../../../src/matching/echo.ts";
import { compilePattern } from "../../../src/matching/pattern.ts";
import { erase, REDRAW_GRACE_MS, reconcile, type Sighting, type Track } from "../../../src/matching/sightings.ts";

/** "3:DONE" is a match of DONE in row 3. */
const see = (text: string): Sighting => {
  const [row = "", match = ""] = text.split(":");
  return { row: Number(row), line: match, match: { start: 0, text: match }, isGrowing: false };
};

/** What appears ("+") or is revived ("~") in each of a series of screens, so many milliseconds after the start. */
function play(frames: [number, ...string[]][]): string[][] {
  let tracks: Track[] = [];
  return frames.map(([now, ...lines]) => {
    if (lines[0] === "clear") {
      tracks = erase(tracks, { from: 0, to: Number.POSITIVE_INFINITY }, now);
      return [];
    }
    const result = reconcile(tracks, lines.map(see), now);
    tracks = result.tracks;
    const show = (mark: string) => (sighting: Sighting) => `${mark}${sighting.row}:${sighting.match.text}`;
    return [...result.appeared.map(show("+")), ...result.revived.map(show("~"))];
  });
}

const LATER = REDRAW_GRACE_MS + 1;

describe("reconcile", () => {
  test.each<[string, [number, ...string[]][], string[][]]>([
    [
      "a line that stays appears once",
      [
        [0, "1:DONE"],
        [1, "1:DONE"],
        [500, "1:DONE"],
      ],
      [["+1:DONE"], [], []],
    ],
    [
      "two equal lines are two",
      [
        [0, "1:DONE"],
        [1, "1:DONE", "2:DONE"],
      ],
      [["+1:DONE"], ["+2:DONE"]],
    ],
    [
      "a match that grows is the same",
      [
        [0, "1:Pass"],
        [1, "1:Password!"],
      ],
      [["+1:Pass"], []],
    ],
    [
      "a match that shrinks is the same",
      [
        [0, "1:Password!"],
        [1, "1:Pass"],
      ],
      [["+1:Password!"], []],
    ],
    [
      "another match in its place is new",
      [
        [0, "1:ok"],
        [1, "1:failed"],
      ],
      [["+1:ok"], ["+1:failed"]],
    ],
    ["gone and back at once is revived", [[0, "1:DONE"], [5], [10, "1:DONE"]], [["+1:DONE"], [], ["~1:DONE"]]],
    ["gone for long and back is new", [[0, "1:DONE"], [5], [5 + LATER, "1:DONE"]], [["+1:DONE"], [], ["+1:DONE"]]],
    [
      "erased and there again is revived",
      [
        [0, "1:DONE"],
        [5, "clear"],
        [5, "1:DONE"],
      ],
      [["+1:DONE"], [], ["~1:DONE"]],
    ],
    [
      "erased and a longer one there is new",
      [
        [0, "1:ok"],
        [5, "clear"],
        [5, "1:ok 2"],
      ],
      [["+1:ok"], [], ["+1:ok 2"]],
    ],
    [
      "redrawn in another row is the same",
      [
        [0, "1:DONE"],
        [5, "4:DONE"],
      ],
      [["+1:DONE"], []],
    ],
    [
      "redrawn elsewhere beside a new one",
      [
        [0, "1:DONE"],
        [5, "4:DONE", "5:DONE"],
      ],
      [["+1:DONE"], ["+5:DONE"]],
    ],
    ["erased and redrawn elsewhere", [[0, "1:DONE"], [5], [10, "7:DONE"]], [["+1:DONE"], [], ["~7:DONE"]]],
  ])("%s", (_, frames, appeared) => {
    expect(play(frames)).toEqual(appeared);
  });
});

describe("findEcho", () => {
  const typed = (text: string, isCut = false) => ({ id: "1", text, isCut });
  const resting = (isFresh: boolean, ...lines: string[]) => {
    const known = new RestingLines(isFresh);
    for (const line of lines) known.add(line);
    return known;
  };
  const at = (line: string, match: string): Sighting => ({
    row: 0,
    line,
    match: { start: line.indexOf(match), text: match },
    isGrowing: false,
  });
  const shell = resting(false, "user@host:~$ ", "Go on? ");
  test.each<[string, Sighting, string, RestingLines, unknown]>([
    [
      "typed before anything reads",
      at("echo DONE; date", "DONE"),
      "echo DONE; date",
      shell,
      { line: 0, hasPrompt: false },
    ],
    ["after a known prompt", at("user@host:~$ echo DONE", "DONE"), "echo DONE", shell, { line: 0, hasPrompt: true }],
    ["after a program's question", at("Go on? y", "y"), "y", shell, { line: 0, hasPrompt: true }],
    ["output that ends with what was typed", at("service is ready", "ready"), "y", shell, undefined],
    ["output that ends with the typed word", at("exit code 1", "exit code 1"), "1", shell, undefined],
    ["output", at("DONE", "DONE"), "echo DONE", shell, undefined],
    ["a trace", at("+ echo DONE", "DONE"), "echo DONE", shell, undefined],
    ["a match in the prompt only", at("user@host:~$ echo DONE", "host"), "echo DONE", shell, undefined],
    [
      "the first prompt of a new pane",
      at("$ echo DONE", "DONE"),
      "echo DONE",
      resting(true),
      { line: 0, hasPrompt: true },
    ],
    [
      "an unknown prompt in a new pane that had one",
      at("$ echo DONE", "DONE"),
      "echo DONE",
      resting(true, "% "),
      undefined,
    ],
    ["a tab that was shown as blanks", at("true    TAB1", "TAB1"), "true\tTAB1", shell, { line: 0, hasPrompt: false }],
    ["a second line", at("> two", "two"), "one\ntwo", shell, { line: 1, hasPrompt: true }],
    [
      "signs that mean something in a pattern",
      at("echo a.*b (c) $d", "c"),
      "echo a.*b (c) $d",
      shell,
      { line: 0, hasPrompt: false },
    ],
  ])("%s", (_, sighting, text, known, echo) => {
    expect(findEcho(sighting, typed(text), known)).toEqual(echo as never);
  });

  test("of a long text only the beginning is known", () => {
    expect(findEcho(at("echo one two END", "END"), typed("echo one", true), shell)).toEqual({
      line: 0,
      hasPrompt: false,
    });
    expect(findEcho(at("echo one two END", "END"), typed("echo one"), shell)).toBeUndefined();
  });
});

describe("compilePattern", () => {
  test.each([
    ["a+b", "xaab", "aab"],
    ["[[:digit:]]{2}", "a12b", "12"],
    ["ok|failed", "failed", "failed"],
    ["(?i)error", "An ERROR", "ERROR"],
    ["--help", "see --help", "--help"],
    ["\\$ $", "user$ ", "$ "],
  ])("%s in %p finds %p", (pattern, line, text) => {
    expect(compilePattern(pattern)(line)?.text).toBe(text);
  });

  test.each(["(", "a**", "[", "", "(?=x)", "\\1"])("%p is refused", (pattern) => {
    expect(() => compilePattern(pattern)).toThrow(expect.objectContaining({ code: "ERR_INVALID_PATTERN" }));
  });

  test("no pattern takes more than linear time", () => {
    const time = (length: number) => {
      const started = performance.now();
      expect(compilePattern("(a+)+$")(`${"a".repeat(length)}b`)).toBeUndefined();
      return performance.now() - started;
    };
    time(1000);
    expect(time(20_000)).toBeLessThan(5000); // a backtracking engine would need longer than the universe has
  });

  test("a long line is looked at as far as that takes no time to speak of: from its beginning and its end", () => {
    const heavy = compilePattern("(x|xx|xxx|[a-z]{900})+[0-9]");
    const filler = "x".repeat(190_000);
    const started = performance.now();
    expect(heavy(filler)).toBeUndefined();
    expect(heavy(`${filler}x`)).toBeUndefined();
    expect(performance.now() - started).toBeLessThan(2000); // all of it would take 10 s
    expect(heavy(`xx1${filler}`)).toEqual({ start: 0, text: "xx1" });
    expect(heavy(`${filler} x1`)).toEqual({ start: filler.length + 1, text: "x1" });
    const plain = compilePattern("needle [0-9]+");
    expect(plain(`${filler}needle 1${filler}`)).toEqual({ start: filler.length, text: "needle 1" });
  });
});
