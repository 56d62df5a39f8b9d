import { expect, test } from "bun:test";
import { hookLogText, readHookLog } from "../../../src/agents/hook-log.ts";
import type { AgentNote } from "../../../src/agents/note.ts";

const note: AgentNote = { kind: "claude", pid: 42, startTime: 7, state: "waiting", for: "permission", since: 5 };

test("changes are read as they were left, and what was cut off or damaged is none", () => {
  const text = `ng 5 -,${hookLogText(note, false)},x,${hookLogText({ ...note, state: "idle" }, true)}`;
  expect(readHookLog(text)).toEqual([
    { ...note, isEnd: false },
    { ...note, state: "idle", isEnd: true },
  ]);
  expect(readHookLog("")).toEqual([]);
});
