import { expect, test } from "bun:test";
import { readStatusNote, statusNoteText } from "../../../src/agents/status-note.ts";

const NOTE = { kind: "codex", pid: 42, startTime: 7, state: "waiting", for: "permission", since: 5 } as const;
const TEXT = statusNoteText(NOTE, { pid: 9, startTime: 3 });

test("a note is read as it was written, as long as somebody listens", () => {
  const asked: unknown[] = [];
  const read = (isAlive: boolean) =>
    readStatusNote(TEXT, (listener) => {
      asked.push(listener);
      return isAlive;
    });
  expect([read(true), read(false)]).toEqual([NOTE, undefined]);
  expect(asked).toEqual([
    { pid: 9, startTime: 3 },
    { pid: 9, startTime: 3 },
  ]);
});

test.each([
  "",
  "9 3",
  TEXT.slice(0, -2),
  `${TEXT} 1`,
  TEXT.replace(" 9 3", " x 3"),
  TEXT.replace("waiting", "dreaming"),
])("%j is none", (text) => {
  expect(readStatusNote(text, () => true)).toBeUndefined();
});
