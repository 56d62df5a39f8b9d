import { expect, test } from "bun:test";
import {
  MarkScanner,
  newShellKey,
  type OutputPart,
  parseShellState,
  type ShellState,
  wordOf,
} from "../../../src/tmux/shell-state.ts";

test.each([
  ["claude-tmux:0123456789abcdef;12;idle;3;0;1500", { pid: 12, word: "idle", prompt: 3, code: 0, durationMs: 2 }],
  ["claude-tmux:0123456789abcdef;12;run;3;1;", { pid: 12, word: "run", prompt: 3, code: 1, durationMs: undefined }],
  ["claude-tmux:0123456789abcdef;12;off", { pid: 12, word: "off", prompt: 0, code: undefined, durationMs: undefined }],
] as const)("%p is read", (text, expected) => {
  expect(parseShellState(text)).toEqual({ text, key: "0123456789abcdef", ...expected });
});

test.each([
  "",
  "file://host/tmp",
  "claude-tmux:",
  "claude-tmux:1;idle;1;0;",
  "claude-tmux:;1;idle;1;0;",
  "claude-tmux:0123456789ABCDEF;1;idle;1;0;",
  "claude-tmux:0123456789abcde*;1;idle;1;0;",
  "claude-tmux:0123456789abcdef;x;idle;1;0;",
  "claude-tmux:0123456789abcdef;1;odd;1;0;",
  "xclaude-tmux:0123456789abcdef;1;idle",
  "claude-tmux:0123456789abcdef;1;idle;1;0;5;#(command)",
  "claude-tmux:0123456789abcdef;1;idle;1;0;#{pane_id}",
])("%p is none", (text) => {
  expect(parseShellState(text)).toBeUndefined();
});

test("a state counts as a shell's word by its key and its pid", () => {
  const state = parseShellState("claude-tmux:0123456789abcdef;12;idle;3;0;1500");
  const [key, other] = ["0123456789abcdef", "0123456789abcdee"];
  expect(wordOf(state, { pid: 12, key })).toBe(state as ShellState);
  for (const shell of [
    { pid: 13, key },
    { pid: 12, key: other },
    { pid: 12, key: "" },
  ]) {
    expect(wordOf(state, shell)).toBeUndefined();
  }
  expect(newShellKey()).toMatch(/^[0-9a-f]{16}$/);
  expect(newShellKey()).not.toBe(newShellKey());
});

const OUTPUT =
  "before\x1b]7;claude-tmux:1;run;1;0;\x07a\x1b]7;file://x\x07b\x1b[31mc\x1b]7;claude-tmux:1;end;1;7;\x07after\x1b";
const PARTS = [
  "before",
  "<claude-tmux:1;run;1;0;>",
  "a\x1b]7;file://x\x07b\x1b[31mc",
  "<claude-tmux:1;end;1;7;>",
  "after\x1b",
];

test("marks are told from output, however it is split into chunks, and no byte is lost", () => {
  const bytes = Buffer.from(OUTPUT);
  for (let size = 1; size <= bytes.length; size++) {
    const scanner = new MarkScanner();
    const parts: OutputPart[] = [];
    for (let at = 0; at < bytes.length; at += size) parts.push(...scanner.push(bytes.subarray(at, at + size)));
    parts.push(...scanner.push(Buffer.from("."))); // what may have been the beginning of a mark was none
    expect(join(parts)).toEqual([...PARTS.slice(0, -1), "after\x1b."]);
  }
});

test("a mark that never ends is output", () => {
  const scanner = new MarkScanner();
  const text = `\x1b]7;claude-tmux:${"x".repeat(500)}`;
  expect(join([...scanner.push(Buffer.from(text)), ...scanner.push(Buffer.from("y"))])).toEqual([`${text}y`]);
});

/** The parts as texts, with those of neighbouring data joined. */
function join(parts: OutputPart[]): string[] {
  const texts: string[] = [];
  let isData = false;
  for (const part of parts) {
    if (part.type === "mark") texts.push(`<${part.text}>`);
    else if (isData) texts.push(texts.pop() + Buffer.from(part.data).toString());
    else texts.push(Buffer.from(part.data).toString());
    isData = part.type === "data";
  }
  return texts;
}
