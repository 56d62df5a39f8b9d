import { describe, expect, test } from "bun:test";
import { dropEchoes, findBrokenEcho, findEcho, RestingLines } from "../../../src/matching/echo.ts";
import type { Sighting } from "../../../src/matching/sightings.ts";

describe("echoes", () => {
  const typed = (...texts: string[]) => texts.map((text, i) => ({ id: `${i}`, text, isCut: false }));
  test.each([
    [["$ make", "running make", "$"], ["make"], ["running make", "$"]],
    [["root@vm:~# echo x", "x"], ["echo x"], ["x"]],
    [["$ echo", "$ echo"], ["echo"], ["$ echo"]],
    [["true LATER", "$ sleep 1", "$ true LATER"], ["true LATER", "sleep 1"], []],
    [["❯ cat file", "cat file"], ["cat file"], ["cat file"]],
    [["vm# true yyyyyyyyyy", "yyyyy END", "out"], ["true yyyyyyyyyyyyyyy END"], ["out"]],
    [["> if true", "    echo a", "  end"], ["if true\necho a\nend"], []],
    [["# true A", "tru> e B", "out", "#"], ["true A\ntrue B"], ["out", "#"]],
    [["vm# true A", "true Bvm#", "out", "vm#"], ["true A\ntrue B"], ["out", "vm#"]],
    [["# true A", "tr> ue> B x", "#"], ["true A\nfalse\ntrue B x"], ["#"]],
    [["$ echo a>b", "echo a>>b", "$"], ["echo a>b"], ["echo a>>b", "$"]],
    [["tru> f B"], ["true B"], ["tru> f B"]],
  ])("of %p, typed %p: %p is left", (lines, texts, left) => {
    expect(dropEchoes(lines, typed(...texts))).toEqual(left);
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
    ["a prompt in the midst of it", at("tru> e B", "B"), "true A\ntrue B", shell, { line: 1, hasPrompt: true }],
    ["another in its midst", at("tuser@host:~$ wo", "wo"), "one\ntwo", shell, { line: 1, hasPrompt: true }],
    ["an unknown one in its midst", at("t% wo", "wo"), "one\ntwo", shell, undefined],
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

describe("findBrokenEcho", () => {
  const text = "make all && echo TESTS PASSED; printf over";
  const known = new RestingLines(false);
  known.add("vm# ");
  const find = (above: string[], line: string, isCut = false) =>
    findBrokenEcho({ line, row: 9 }, () => above, { id: "1", text, isCut }, known);
  test.each<[why: string, above: string[], line: string]>([
    ["the row after the prompt", ["vm# make all &&"], "echo TESTS PASSED; printf"],
    ["the last row", ["out", "vm# make all && echo", "TESTS PASSED; pri"], "ntf over"],
  ])("%s", (_, above, line) => {
    expect(find(above, line)).toEqual({ line: 0, hasPrompt: true });
  });
  test.each<[why: string, above: string[], line: string]>([
    ["what the command writes", ["vm# make all && echo TESTS PASSED; printf over"], "TESTS PASSED"],
    ["and later", ["vm# make all && echo TESTS PASSED; printf over", "all made"], "TESTS PASSED"],
    ["a part that does not follow", ["vm# make all &&"], "TESTS PASSED; printf over"],
    ["no prompt", ["make all &&"], "echo TESTS PASSED; printf over"],
    ["an unknown prompt", ["said: make all &&"], "echo TESTS PASSED; printf over"],
    ["nothing above", [], "echo TESTS PASSED; printf over"],
  ])("not %s", (_, above, line) => {
    expect(find(above, line)).toBeUndefined();
  });
  test("of a long text only the beginning is known", () => {
    expect(find(["vm# make all && echo"], "TESTS PASSED; printf over and more", true)).toBeDefined();
    expect(find(["vm# make all && echo"], "TESTS PASSED; printf over and more")).toBeUndefined();
    // what comes after that may be what it writes
    expect(find(["vm# make all && echo TESTS PASSED; printf over and more"], "TESTS PASSED", true)).toBeUndefined();
    expect(find(["vm# make all && echo TESTS PASSED; printf over"], "TESTS PASSED", true)).toBeUndefined();
  });
});

describe("when nobody knows what was typed", () => {
  const at = (row: number, line: string, match: string) => ({
    row,
    line,
    match: { start: line.indexOf(match), text: match },
    isGrowing: false,
  });

  test("what stands behind a prompt is taken for it, in the rows that the shell has told of", () => {
    const known = new RestingLines(false);
    known.beginPrompt(3);
    known.beginPrompt(3); // drawn again
    expect(known.isBehindPrompt(at(3, "$ exit", "exit"))).toBe(true);
    known.endPrompt(4);
    expect(known.isBehindPrompt(at(3, "$ exit", "exit"))).toBe(true);
    expect(known.isBehindPrompt(at(4, "exit", "exit"))).toBe(false);
    known.beginPrompt(6);
    expect(known.isBehindPrompt(at(5, "exit", "exit"))).toBe(false);
    expect(known.isBehindPrompt(at(6, "$ exit", "exit"))).toBe(true);
  });

  test("or behind one on which the cursor has rested", () => {
    const known = new RestingLines(false);
    for (const line of ["user@host:~$ ", "Downloading"]) known.add(line);
    expect(known.isBehindPrompt(at(0, "user@host:~$ exit", "exit"))).toBe(true);
    expect(known.isBehindPrompt(at(0, "user@host:~$ exit", "host"))).toBe(false);
    expect(known.isBehindPrompt(at(0, "Downloading done", "done"))).toBe(false);
  });
});
