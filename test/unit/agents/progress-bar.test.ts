import { expect, test } from "bun:test";
import {
  ProgressReader,
  progressBy,
  progressNoteText,
  readProgressBar,
  readProgressNote,
} from "../../../src/agents/progress-bar.ts";

test.each([
  ["0", { state: "hidden" }],
  ["0;50", { state: "hidden" }],
  ["1;0", { state: "normal", percent: 0 }],
  ["1;100", { state: "normal", percent: 100 }],
  ["1", { state: "normal" }],
  ["1;", { state: "normal" }],
  ["1;7;", { state: "normal", percent: 7 }],
  ["2", { state: "error" }],
  ["2;30", { state: "error", percent: 30 }],
  ["3", { state: "indeterminate" }],
  ["3;30", { state: "indeterminate" }],
  ["4;10", { state: "paused", percent: 10 }],
])("%s", (text, expected) => {
  expect(readProgressBar(text)).toEqual(expected as never);
});

test.each(["", "5", "9", "-1", "1;101", "1;x", "1;1000", "1;5;5", "10", " 1", "1;-5"])("%j tells nothing", (text) => {
  expect(readProgressBar(text)).toBeUndefined();
});

test("it is found in output that comes in any pieces, and no other sequence of that number is one", () => {
  const text = "a\u001b]9;4;1;40\u0007b\u001b]9;done\u0007\u001b]9;4;3\u001b\\\u001b]9;5\u0007\u001b]9;4;0\u0007";
  const expected = [{ state: "normal", percent: 40 }, { state: "indeterminate" }, { state: "hidden" }];
  for (let at = 0; at <= text.length; at++) {
    const reader = new ProgressReader();
    const pieces = [text.slice(0, at), text.slice(at)].map((piece) => new TextEncoder().encode(piece));
    expect(pieces.flatMap((piece) => reader.push(piece))).toEqual(expected as never);
  }
});

const note = { pid: 42, startTime: 7, state: "normal", percent: 40, since: 5 } as const;
const listener = { pid: 100, startTime: 9 };

test("a note is read as it was written, as long as its listener lives", () => {
  const text = progressNoteText(note, listener);
  expect(readProgressNote(text, (one) => one.pid === 100 && one.startTime === 9)).toEqual(note);
  expect(readProgressNote(text, () => false)).toBeUndefined();
  const unmeasured = { pid: 42, startTime: 7, state: "indeterminate", since: 5 } as const;
  expect(readProgressNote(progressNoteText(unmeasured, listener), () => true)).toEqual(unmeasured);
  for (const damaged of [
    "",
    text.slice(2),
    `${text} 1`,
    text.replace("normal", "idle"),
    text.replace("40", "x"),
    "a b",
  ])
    expect(readProgressNote(damaged, () => true)).toBeUndefined();
});

test("one that runs tells that its agent works, one with an error or a pause nothing, and none that it is idle", () => {
  const bar = { pid: 1, startTime: 1, since: 5 };
  expect(progressBy({ ...bar, state: "normal", percent: 40 })).toEqual({ state: "working", percent: 40, since: 5 });
  expect(progressBy({ ...bar, state: "indeterminate" })).toEqual({ state: "working", since: 5 });
  expect(progressBy({ ...bar, state: "error", percent: 40 })).toEqual({ state: "unknown", since: 5 });
  expect(progressBy({ ...bar, state: "paused" })).toEqual({ state: "unknown", since: 5 });
  expect(progressBy({ ...bar, state: "hidden" })).toBeUndefined();
});
