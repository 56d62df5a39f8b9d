import { afterAll, beforeEach, describe, expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { claude } from "../../../src/agents/claude.ts";
import { processStat } from "../../../src/process/identity.ts";

const ID = "4cc82d9f-b271-4a17-980b-88d7baf36de7";
const OTHER = "b6c6d10a-6a13-4fbb-bf1b-be3bde910a03";
const home = mkdtempSync(`${tmpdir()}/claude-tmux-agents-`);
afterAll(() => rmSync(home, { recursive: true }));
beforeEach(() => rmSync(`${home}/.claude`, { recursive: true, force: true }));

const processWith = (variables: Record<string, string>) => ({
  pid: 4711,
  startTime: 1191883,
  argv: ["claude", "--session-id", "00000000-0000-4000-8000-000000000000"],
  variable: (name: string) => variables[name],
});

describe("the conversation of a process", () => {
  const SESSION = { pid: 4711, sessionId: ID, procStart: "1191883", status: "idle", version: "2.1.332" };

  function keep(session: unknown, folder = `${home}/.claude`): void {
    mkdirSync(`${folder}/sessions`, { recursive: true });
    writeFileSync(`${folder}/sessions/4711.json`, typeof session === "string" ? session : JSON.stringify(session));
  }

  test("is what its file says, whatever it was started with", () => {
    keep(SESSION);
    expect(claude.conversationOf(processWith({ HOME: home }))).toBe(ID);
  });

  test("is that of the folder that it was given", () => {
    keep(SESSION, `${home}/.claude/other`);
    const variables = { HOME: home, CLAUDE_CONFIG_DIR: `${home}/.claude/other` };
    expect(claude.conversationOf(processWith(variables))).toBe(ID);
    expect(claude.conversationOf(processWith({ HOME: home, CLAUDE_CONFIG_DIR: "" }))).toBeUndefined();
  });

  test.each<[string, unknown]>([
    ["of another process with that pid", { ...SESSION, procStart: "1191884" }],
    ["of another pid", { ...SESSION, pid: 4712 }],
    ["without a start time", { ...SESSION, procStart: undefined }],
    ["with something else for an id", { ...SESSION, sessionId: "--dangerously-skip-permissions" }],
    ["of another form", "[]"],
    ["half written", JSON.stringify(SESSION).slice(0, 60)],
    ["empty", ""],
  ])("is not told by a file %s", (_, session) => {
    keep(session);
    expect(claude.conversationOf(processWith({ HOME: home }))).toBeUndefined();
  });

  test("is not told by a link", () => {
    keep(SESSION);
    writeFileSync(`${home}/real.json`, JSON.stringify(SESSION));
    rmSync(`${home}/.claude/sessions/4711.json`);
    symlinkSync(`${home}/real.json`, `${home}/.claude/sessions/4711.json`);
    expect(claude.conversationOf(processWith({ HOME: home }))).toBeUndefined();
  });

  test("that it has handed to a process in the background is that one's, and so is what it does", () => {
    const [pid, startTime] = [process.pid, processStat(process.pid)?.startTime];
    const job = { ...SESSION, pid, procStart: `${startTime}`, kind: "bg", jobId: "b6c6d10a", sessionId: OTHER };
    const told = (more: object) => {
      writeFileSync(`${home}/.claude/sessions/job.json`, JSON.stringify({ ...job, ...more }));
      const parked = processWith({ HOME: home });
      return { ...claude.fileOf?.(parked), conversation: claude.conversationOf(parked) };
    };
    keep({ ...SESSION, parkedJobId: "b6c6d10a" });
    expect(told({ status: "waiting", waitingFor: "permission prompt" })).toEqual({
      ...{ state: "waiting", for: "permission", conversation: OTHER },
    });
    expect(told({ status: "busy" })).toEqual({ state: "working", conversation: OTHER });
    expect(told({ jobId: "another" })).toEqual({ state: "unknown", conversation: undefined });
    expect(told({ procStart: "1" })).toEqual({ state: "unknown", conversation: undefined });
  });

  test("is not told where there is no file, or no home", () => {
    expect(claude.conversationOf(processWith({ HOME: home }))).toBeUndefined();
    expect(claude.conversationOf(processWith({}))).toBeUndefined();
  });
});

test("a conversation is kept from its first prompt on, in any project", () => {
  expect(claude.isKept(ID, home)).toBe(false);
  mkdirSync(`${home}/.claude/projects/-x`, { recursive: true });
  mkdirSync(`${home}/.claude/projects/-y`, { recursive: true });
  expect(claude.isKept(ID, home)).toBe(false);
  writeFileSync(`${home}/.claude/projects/-y/${ID}.jsonl`, "{}\n");
  expect(claude.isKept(ID, home)).toBe(true);
  expect(claude.isKept(`../-y/${ID}`, home)).toBe(false);
  expect(claude.isKept(ID, home, (name) => (name === "CLAUDE_CONFIG_DIR" ? "/nonexistent" : undefined))).toBe(false);
});

describe("going on", () => {
  const resume = (line: string) => claude.resume(line.split(" "), ID);

  test.each<[string, string]>([
    ["claude", ""],
    ["claude fix the bug", ""],
    ["claude -c", ""],
    ["claude --continue --fork-session --model opus", "--model opus"],
    ["claude -r old --model=opus", "--model=opus"],
    ["claude --resume --verbose", "--verbose"],
    ["claude --session-id 00000000-0000-4000-8000-000000000000 --add-dir /a /b", "--add-dir /a /b"],
    ["claude -n name --worktree tree --tmux=classic --ide", "--ide"],
    ["claude --permission-mode plan --settings /x.json", "--permission-mode plan --settings /x.json"],
    ["claude -d hooks --effort low do this", "-d hooks --effort low"],
    [
      "claude --disallowedTools Bash Edit --mcp-config a.json b.json",
      "--disallowedTools Bash Edit --mcp-config a.json b.json",
    ],
  ])("after %s", (line, words) => {
    expect(resume(line)).toEqual({
      argv: ["claude", "--resume", ID, ...words.split(" ").filter(Boolean)],
      isPlain: true,
    });
  });

  test("by the interpreter and the script that it was started by", () => {
    expect(resume("node --no-warnings /usr/bin/claude x")?.argv).toEqual(
      `node --no-warnings /usr/bin/claude --resume ${ID}`.split(" "),
    );
  });

  test.each([
    "--dangerously-skip-permissions",
    "--allow-dangerously-skip-permissions",
    "--permission-mode bypassPermissions",
    "--permission-mode=acceptEdits",
    "--permission-mode auto",
    "--allowedTools Bash(*)",
    '--settings {"permissions":{}}',
    '--mcp-config a.json {"mcpServers":{}}',
    "--remote-control",
    "--some-day",
  ])("with %s is more than that, and says so", (words) => {
    expect(resume(`claude ${words}`)).toEqual({
      argv: ["claude", "--resume", ID, ...words.split(" ")],
      isPlain: false,
    });
  });

  test.each([
    "-p hello",
    "--print",
    "-cp hello",
    "mcp serve",
    "--verbose doctor",
    "attach 40f6d2eb",
    "--agent-id a@b --agent-name a --team-name b",
    "--parent-session-id x",
    "--bg fix it",
    "--some-day fix",
  ])("is not to be had with %s", (words) => {
    expect(resume(`claude ${words}`)).toBeUndefined();
  });
});
