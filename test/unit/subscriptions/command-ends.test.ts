import { expect, test } from "bun:test";
import { CommandFollower, commandOf, formatPrompts, missedEnd } from "../../../src/subscriptions/command-ends.ts";
import { parseShellState, type ShellState } from "../../../src/tmux/shell-state.ts";

const state = (text: string) => parseShellState(`claude-tmux:0123456789abcdef;42;${text}`) as ShellState;

test("a command ends once, with the line it was typed in", () => {
  const follower = new CommandFollower(state("idle;1;0;"));
  const told = [
    "idle;1;0;",
    "run;1;0;",
    "end;1;7;2000",
    "idle;2;7;2000",
    "idle;3;7;",
    "run;3;7;",
    "end;3;0;",
    "idle;4;0;9000",
  ];
  const ends = told.flatMap((text, i) => follower.take(state(text), `line ${i}`) ?? []);
  expect(ends.map(({ code, line, state: { durationMs } }) => [code, line, durationMs])).toEqual([
    [7, "line 1", 2],
    [0, "line 5", 9],
  ]);
});

test("what a command shows of what the shell told before ends nothing", () => {
  const follower = new CommandFollower(state("idle;4;0;"));
  follower.take(state("run;4;0;"), "$ cat recording; sh -c 'exit 9'");
  for (const text of ["run;3;0;", "end;3;0;5000", "idle;4;0;5000"])
    expect(follower.take(state(text), "")).toBeUndefined();
  expect(follower.take(state("end;4;9;7000"), "")).toMatchObject({ code: 9 });
});

test("a command that ran already when one began to listen ends too", () => {
  const follower = new CommandFollower(state("run;1;0;"));
  expect(follower.take(state("end;1;3;1000"), "")).toMatchObject({ code: 3, line: "" });
});

test.each<[string, string, string, boolean]>([
  ["the end that was told", "end;1;7;2000", "idle;2;7;2000", false],
  ["the same prompt", "idle;2;7;2000", "idle;2;7;2000", false],
  ["an empty line since", "idle;2;7;2000", "idle;3;7;", false],
  ["a command since", "idle;2;7;2000", "idle;3;1;5000", true],
  ["a command that still runs", "idle;2;7;2000", "run;2;7;", false],
])("%s: missed while nobody listened?", (_, before, now, isMissed) => {
  expect(missedEnd(state(now), formatPrompts(state(before))) !== undefined).toBe(isMissed);
});

test("another shell in the pane has missed nothing", () => {
  expect(missedEnd(state("idle;9;0;1000"), JSON.stringify({ pid: 7, prompt: 1 }))).toBeUndefined();
});

test.each([
  ["$ echo hello", [], "echo hello"],
  ["user@host:~$ make -j4", [], "make -j4"],
  ["$ false; echo  two", ["first\nfalse; echo  two", "other"], "first\nfalse; echo  two"],
])("the command in %j", (line, texts, command) => {
  const typings = texts.map((text, i) => ({ id: `${i}`, text, isCut: false }));
  expect(commandOf(line, { last: "", typings })).toBe(command);
});

test("a follower of commands knows the last one, and whether it runs", () => {
  const state = (text: string) => {
    const read = parseShellState(`claude-tmux:0123456789abcdef;7;${text}`);
    if (!read) throw new Error(text);
    return read;
  };
  const follower = new CommandFollower(undefined);
  expect([follower.isRunning, follower.lastLine]).toEqual([false, ""]);
  follower.take(state("run;1;0;"), "$ make");
  expect([follower.isRunning, follower.lastLine]).toEqual([true, "$ make"]);
  follower.take(state("idle;2;0;1000"), "");
  expect([follower.isRunning, follower.lastLine]).toEqual([false, "$ make"]);
});
