import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { gemini } from "../../../src/agents/gemini.ts";

const ID = "139c25b2-b8c8-41fb-85cd-8c960b1cf3a4";

test("a conversation is kept in some project's file, which names it", () => {
  const home = mkdtempSync(`${tmpdir()}/claude-tmux-agents-`);
  try {
    expect(gemini.isKept(ID, home)).toBe(false);
    mkdirSync(`${home}/.gemini/tmp/bin`, { recursive: true });
    mkdirSync(`${home}/.gemini/tmp/project/chats`, { recursive: true });
    const file = `${home}/.gemini/tmp/project/chats/session-2026-11-29T21-36-139c25b2.jsonl`;
    writeFileSync(file, `{"sessionId":"139c25b2-0000-41fb-85cd-8c960b1cf3a4"}\n`);
    expect(gemini.isKept(ID, home)).toBe(false);
    writeFileSync(file, `{"sessionId":"${ID}"}\n`);
    expect(gemini.isKept(ID, home)).toBe(true);
  } finally {
    rmSync(home, { recursive: true });
  }
});

test.each<[string, string, boolean]>([
  ["gemini", "", true],
  ["gemini -i hello -m flash", "-m flash", true],
  ["gemini -r latest --approval-mode plan do it", "--approval-mode plan", true],
  ["gemini --include-directories /a /b -r", "--include-directories /a /b", true],
  ["gemini --yolo", "--yolo", false],
  ["gemini --approval-mode=auto_edit", "--approval-mode=auto_edit", false],
])("going on after %s", (line, words, isPlain) => {
  const argv = ["gemini", "--resume", ID, ...words.split(" ").filter(Boolean)];
  expect(gemini.resume(line.split(" "), ID)).toEqual({ argv, isPlain });
});

test.each(["-p hello", "mcp list", "--acp", "--list-sessions"])("there is no going on with %s", (words) => {
  expect(gemini.resume(`gemini ${words}`.split(" "), ID)).toBeUndefined();
});

test("nothing certain tells a process's conversation", () => {
  const argv = ["gemini", "--resume", ID]; // until the first /clear
  expect(gemini.conversationOf({ pid: process.pid, startTime: 1, argv, variable: () => undefined })).toBeUndefined();
});

test.each<[string, string | undefined]>([
  ["\u25c7  Ready (work)            ", "idle"],
  ["\u2726  Working\u2026 (work)    ", "working"],
  ["\u270b  Action Required (work)", "waiting"],
  ["\u2839 SAY one | work", undefined],
  ["host", undefined],
  ["", undefined],
])("the title %p says %p", (title, state) => {
  expect(gemini.titled?.(title, "work")?.state).toBe(state as never);
});
