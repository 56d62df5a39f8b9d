import { describe, expect, test } from "bun:test";
import { echoForm, parseTyped } from "../../../src/daemon/echo.ts";
import { compilePattern } from "../../../src/daemon/pattern.ts";
import { REDRAW_GRACE_MS, reconcile, type Sighting, type Track } from "../../../src/daemon/sightings.ts";

/** "3:DONE" is a match of DONE in row 3. */
const see = (text: string): Sighting => {
  const [row = "", match = ""] = text.split(":");
  return { row: Number(row), line: match, match: { start: 0, text: match }, hasCursor: false };
};

/** What appears in each of a series of screens, shown so many milliseconds after the start. */
function play(frames: [number, ...string[]][]): string[][] {
  let tracks: Track[] = [];
  return frames.map(([now, ...lines]) => {
    const result = reconcile(tracks, lines.map(see), now);
    tracks = result.tracks;
    return result.appeared.map((sighting) => `${sighting.row}:${sighting.match.text}`);
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
      [["1:DONE"], [], []],
    ],
    [
      "two equal lines are two",
      [
        [0, "1:DONE"],
        [1, "1:DONE", "2:DONE"],
      ],
      [["1:DONE"], ["2:DONE"]],
    ],
    [
      "a match that grows is the same",
      [
        [0, "1:Pass"],
        [1, "1:Password!"],
      ],
      [["1:Pass"], []],
    ],
    [
      "a match that shrinks is the same",
      [
        [0, "1:Password!"],
        [1, "1:Pass"],
      ],
      [["1:Password!"], []],
    ],
    [
      "another match in its place is new",
      [
        [0, "1:ok"],
        [1, "1:failed"],
      ],
      [["1:ok"], ["1:failed"]],
    ],
    ["erased and redrawn at once is the same", [[0, "1:DONE"], [5], [10, "1:DONE"]], [["1:DONE"], [], []]],
    ["gone for long and back is new", [[0, "1:DONE"], [5], [5 + LATER, "1:DONE"]], [["1:DONE"], [], ["1:DONE"]]],
    [
      "redrawn in another row is the same",
      [
        [0, "1:DONE"],
        [5, "4:DONE"],
      ],
      [["1:DONE"], []],
    ],
    [
      "redrawn elsewhere beside a new one",
      [
        [0, "1:DONE"],
        [5, "4:DONE", "5:DONE"],
      ],
      [["1:DONE"], ["5:DONE"]],
    ],
    ["erased and redrawn elsewhere", [[0, "1:DONE"], [5], [10, "7:DONE"]], [["1:DONE"], [], []]],
  ])("%s", (_, frames, appeared) => {
    expect(play(frames)).toEqual(appeared);
  });
});

describe("echoForm", () => {
  const typed = { id: "1", text: "echo DONE; date" };
  const at = (line: string, match: string, hasCursor = false) => ({
    row: 0,
    line,
    match: { start: line.indexOf(match), text: match },
    hasCursor,
  });
  test.each<[string, Sighting, unknown]>([
    ["typed before the shell reads", at("echo DONE; date", "DONE"), "raw"],
    ["shown at a prompt", at("user@host:~$ echo DONE; date", "DONE"), "prompt"],
    ["half typed", at("$ echo DONE; d", "DONE", true), "partial"],
    ["half a line without the cursor", at("$ echo DONE; d", "DONE"), undefined],
    ["output", at("DONE", "DONE"), undefined],
    ["output at the cursor", at("DONE", "DONE", true), undefined],
    ["a match in the prompt only", at("DONE$ echo DONE; date", "DONE$"), undefined],
    ["more than what was typed", at("+ echo DONE; date; x", "DONE"), undefined],
  ])("%s", (_, sighting, form) => {
    expect(echoForm(sighting, typed)?.form).toBe(form as never);
  });

  test("of several lines, each is known", () => {
    expect(echoForm(at("> two", "two"), { id: "1", text: "one\ntwo" })).toEqual({ form: "prompt", line: 1 });
  });

  test("reads what pane-exec notes", () => {
    expect(parseTyped("1700 echo a\nb")).toEqual({ id: "1700", text: "echo a\nb" });
    for (const text of ["", "x", "1700 ", "1700"]) expect(parseTyped(text)).toBeUndefined();
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
});
