import { expect, test } from "bun:test";
import { firstLineOf, type LastCommand, lastCommand, type Shown, unendedBefore } from "../../../src/panes/since.ts";
import type { CommandNote } from "../../../src/tmux/command-note.ts";
import { parseShellState } from "../../../src/tmux/shell-state.ts";
import { parseLastTyped } from "../../../src/tmux/typed.ts";

const path = (state: string) => (state === "" ? "" : `claude-tmux:0123456789abcdef;7;${state};0;`);
const note = (options: Partial<CommandNote> = {}): CommandNote => ({
  place: undefined,
  lines: 1,
  isAwaited: false,
  ...options,
});
const paneOf = (told: string, typedAt: string | undefined) => ({
  shell: parseShellState(path(told)),
  typed: parseLastTyped(typedAt === undefined ? "" : `1-1 ${path(typedAt)}`),
  isTypedPending: typedAt === told,
});

test.each<[string, string, string | undefined, Partial<CommandNote>, LastCommand]>([
  ["nothing was typed, and the shell waits", "idle;3", undefined, {}, { state: "none", isTyped: false }],
  ["nothing was typed, and something runs", "run;3", undefined, {}, { state: "running", isTyped: false }],
  ["typed, and not begun", "idle;3", "idle;3", {}, { state: "running", isTyped: true }],
  ["typed, and it runs", "run;3", "idle;3", {}, { state: "running", isTyped: true }],
  ["typed, and it has ended", "idle;4", "idle;3", {}, { state: "ended", isTyped: true }],
  ["and somebody has waited", "idle;4", "idle;3", { isAwaited: true }, { state: "none", isTyped: true }],
  ["and a person has run something since", "idle;5", "idle;3", {}, { state: "none", isTyped: false }],
  ["and a person's command runs", "run;4", "idle;3", {}, { state: "running", isTyped: false }],
  ["several lines", "run;5", "idle;3", { lines: 3 }, { state: "running", isTyped: true }],
  ["several lines have ended", "idle;6", "idle;3", { lines: 3 }, { state: "ended", isTyped: true }],
  ["typed ahead, and it runs", "run;4", "run;3", {}, { state: "running", isTyped: true }],
  ["typed for the program that runs", "run;3", "run;3", {}, { state: "running", isTyped: true }],
  ["typed for a program that has ended", "idle;4", "run;3", {}, { state: "ended", isTyped: true }],
  ["typed before the first prompt", "run;1", "", {}, { state: "running", isTyped: true }],
])("%s", (_, told, typedAt, noted, expected) => {
  const pane = paneOf(told, typedAt);
  const isRunning = !told.startsWith("idle") || pane.isTypedPending;
  expect(lastCommand(pane, note(noted), { isFollowed: true, isRunning })).toEqual(expected);
});

test("what another shell was typed, before a respawn, is not this one's", () => {
  const pane = { ...paneOf("run;3", undefined), typed: parseLastTyped("1-1 claude-tmux:0123456789abcdef;6;idle;3;0;") };
  expect(lastCommand(pane, note(), { isFollowed: true, isRunning: true })).toEqual({
    state: "running",
    isTyped: false,
  });
});

test("a shell that does not tell", () => {
  expect(lastCommand(paneOf("run;3", "idle;3"), note(), { isFollowed: false, isRunning: true }).state).toBe("untold");
});

const TYPED: LastCommand = { state: "running", isTyped: true };
const shown = (lines: string[], options: Partial<Shown> & { row?: number; historySize?: number } = {}): Shown => {
  const { row, ...rest } = options;
  const place = row === undefined ? undefined : { row, historySize: 0, width: 80, isAlternate: false };
  return {
    rows: lines,
    lines,
    historySize: 0,
    width: 80,
    isAlternate: false,
    note: note({ place }),
    typed: { id: "1-1", text: "make test", isCut: false },
    ...rest,
  };
};

test.each<[string, Shown, LastCommand, [string, string], number | undefined]>([
  [
    "where it was typed",
    shown(["$ make test", "old", "$ make test", "new"], { row: 2 }),
    TYPED,
    ["run;3", "idle;3"],
    2,
  ],
  ["typed, and not echoed yet", shown(["old", "$ "], { row: 1 }), TYPED, ["idle;3", "idle;3"], 1],
  [
    "taken by the shell, and not echoed yet",
    shown(["$ old test", "old", "$ "], { row: 2 }),
    TYPED,
    ["take;3", "idle;3"],
    2,
  ],
  ["taken by the shell, after a resize", shown(["old", "$ "], { row: 1, width: 40 }), TYPED, ["take;3", "idle;3"], 2],
  [
    "after a resize, by its echo",
    shown(["$ make test", "old", "$ make test", "new"], { row: 1, width: 40 }),
    TYPED,
    ["run;3", "idle;3"],
    3,
  ],
  ["cleared away", shown(["new", "new"], { row: 1 }), TYPED, ["run;3", "idle;3"], 0],
  [
    "typed ahead: the echo at the prompt",
    shown(["$ sleep 1", "make test", "old", "$ make test", "new"], { row: 1 }),
    TYPED,
    ["run;4", "run;3"],
    4,
  ],
  [
    "a person's, by the prompt",
    shown(["$ make test", "old", "$ ls", "new"], { row: 0 }),
    { ...TYPED, isTyped: false },
    ["run;4", "idle;3"],
    3,
  ],
  [
    "a person's, with a prompt missing",
    shown(["$ make test", "old", "new"], { row: 0 }),
    { ...TYPED, isTyped: false },
    ["run;4", "idle;3"],
    undefined,
  ],
  [
    "a person's, with a line like a prompt",
    shown(["$ make test", "$ x", "$ ls", "new"], { row: 0 }),
    { ...TYPED, isTyped: false },
    ["run;4", "idle;3"],
    undefined,
  ],
  [
    "a full-screen program's screen",
    shown(["$ make test", "drawn", "new"], { row: 2, isAlternate: true, historySize: 1 }),
    TYPED,
    ["run;3", "idle;3"],
    1,
  ],
])("the first line: %s", (_, what, command, [told, typedAt], expected) => {
  expect(firstLineOf(what, command, paneOf(told, typedAt))).toBe(expected);
});

test("a person's first command in a pane: all that is there", () => {
  expect(firstLineOf(shown(["a"]), { ...TYPED, isTyped: false }, paneOf("run;1", undefined))).toBe(0);
});

test.each([
  ["what a command has not ended, before the prompt", "fatal: x$", "fatal: x"],
  ["nothing, where the prompt stands alone", "$", ""],
  ["nothing, where somebody has begun to type behind it", "$ echo $", ""],
  ["nothing, where the prompt is another one", "fatal: x#", ""],
])("%s", (_, last, expected) => {
  const lines = ["$ run it", "a line", last];
  const place = { row: 0, historySize: 0, width: 80, isAlternate: false };
  const typed = { stamp: "1-1", at: 1, path: "", text: "run it" } as unknown as Shown["typed"];
  const shown = { rows: lines, lines, historySize: 0, width: 80, isAlternate: false, note: note({ place }), typed };
  expect(unendedBefore(shown, 2)).toBe(expected);
});
