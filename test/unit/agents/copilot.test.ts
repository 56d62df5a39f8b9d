import { afterAll, expect, test } from "bun:test";
import { closeSync, mkdirSync, mkdtempSync, openSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { copilot } from "../../../src/agents/copilot.ts";

const ID = "c0a027c6-e642-419e-b654-39832a50bb7f";
const OTHER = "c0a027c6-e642-419e-b654-39832a50bb7e";
const home = realpathSync(mkdtempSync(`${tmpdir()}/claude-tmux-agents-`));
const folderOf = (id: string) => `${home}/.copilot/session-state/${id}`;
mkdirSync(folderOf(ID), { recursive: true });
mkdirSync(folderOf(OTHER));
afterAll(() => rmSync(home, { recursive: true }));

test("a process's conversation is the one that it holds as in use", () => {
  const look = () => copilot.conversationOf({ pid: process.pid, startTime: 1, argv: [], variable: () => undefined });
  const open: number[] = [];
  const hold = (id: string, pid: number) => open.push(openSync(`${folderOf(id)}/inuse.${pid}.hold`, "w"));
  expect(look()).toBeUndefined();
  hold(OTHER, process.pid + 1);
  expect(look()).toBeUndefined();
  hold(ID, process.pid);
  expect(look()).toBe(ID);
  hold(OTHER, process.pid);
  expect(look()).toBeUndefined();
  for (const fd of open) closeSync(fd);
});

test("a conversation is kept once something has happened in it; before, there is no telling", () => {
  expect(copilot.isKept(ID, "/nonexistent")).toBe(false);
  expect(copilot.isKept(ID, home)).toBeUndefined();
  writeFileSync(`${folderOf(ID)}/events.jsonl`, "{}\n");
  expect(copilot.isKept(ID, home)).toBe(true);
  expect(copilot.isKept(ID, home, (name) => (name === "COPILOT_HOME" ? "/nonexistent" : undefined))).toBe(false);
  expect(copilot.isKept(`./${ID}`, home)).toBe(false);
});

test.each<[string, string, boolean]>([
  ["copilot", "", true],
  ["copilot -i hello --model x", "--model x", true],
  ["copilot --continue --add-dir /a --deny-tool a b", "--add-dir /a --deny-tool a b", true],
  ["copilot --resume --mode plan", "--mode plan", true],
  ["copilot --mode autopilot", "--mode autopilot", false],
  ["copilot --allow-all-tools", "--allow-all-tools", false],
  ["copilot --allow-tool shell(git)", "--allow-tool shell(git)", false],
  ["copilot --additional-mcp-config {}", "--additional-mcp-config {}", false],
])("going on after %s", (line, words, isPlain) => {
  const argv = ["copilot", `--resume=${ID}`, ...words.split(" ").filter(Boolean)];
  expect(copilot.resume(line.split(" "), ID)).toEqual({ argv, isPlain });
});

test.each(["-p hello", "mcp list", "login", "--acp"])("there is no going on with %s", (words) => {
  expect(copilot.resume(`copilot ${words}`.split(" "), ID)).toBeUndefined();
});
