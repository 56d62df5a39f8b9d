import { expect, test } from "bun:test";
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname } from "node:path";
import {
  callbackArgv,
  callbackEnvironment,
  runCallback,
  spawnCallback,
  withFirst,
} from "../../../src/daemon/callback-process.ts";
import { event } from "../store/stores.ts";

const record = (data: Record<string, unknown>) => ({ ...event({ data, label: "build" }), seq: 7, timestamp: "now" });

test("a callback knows its event", () => {
  const env = callbackEnvironment(record({ line: "$(x)", match: "x" }), 2);
  expect(env).toMatchObject({
    CLAUDE_TMUX_SESSION: "dev",
    CLAUDE_TMUX_PANE: "%0",
    CLAUDE_TMUX_LABEL: "build",
    CLAUDE_TMUX_TYPE: "pattern-match",
    CLAUDE_TMUX_LINE: "$(x)",
    CLAUDE_TMUX_MATCH: "x",
    CLAUDE_TMUX_COUNT: "1",
    CLAUDE_TMUX_ATTEMPT: "2",
  });
  expect(JSON.parse(env.CLAUDE_TMUX_EVENT ?? "")).toMatchObject({ seq: 7, data: { line: "$(x)" } });
});

test.each([
  [{ exit_code: 3, command: "make test", duration_ms: 5 }, "3", "make test"],
  [{ exit_code: 0, last_command: "exit" }, "0", "exit"],
  [{ signal: "SIGKILL" }, "", ""],
  [{ line: "x" }, "", ""],
])("and what has ended, and how, if that is known: %p", (data, code, command) => {
  const ended = { CLAUDE_TMUX_EXIT_CODE: code, CLAUDE_TMUX_COMMAND: command };
  expect(callbackEnvironment(record(data), 1)).toMatchObject(ended);
});

test("and what an agent does", () => {
  const known = { CLAUDE_TMUX_AGENT: "codex", CLAUDE_TMUX_STATE: "waiting", CLAUDE_TMUX_FOR: "question" };
  const data = { kind: "codex", state: "waiting", for: "question", former: "working" };
  expect(callbackEnvironment(record(data), 1)).toMatchObject({ ...known, CLAUDE_TMUX_FORMER: "working" });
  const nothing = callbackEnvironment(record({ kind: "codex", state: "idle", for: null, former: null }), 1);
  expect([nothing.CLAUDE_TMUX_FOR, nothing.CLAUDE_TMUX_FORMER]).toEqual(["", ""]);
});

test("and how many it stands for", () => {
  expect(callbackEnvironment(record({ line: "a", count: 12 }), 1).CLAUDE_TMUX_COUNT).toBe("12");
});

test("a text that no environment takes is cut", () => {
  const env = callbackEnvironment(record({ line: "x".repeat(200_000) }), 1);
  expect(env.CLAUDE_TMUX_LINE?.length).toBe(16_384);
  expect(env.CLAUDE_TMUX_EVENT?.length).toBeLessThan(20_000);
});

test("the folder of this program is the first on PATH, once", () => {
  expect(callbackEnvironment(record({}), 1).PATH?.split(":")[0]).toBe(dirname(process.execPath));
  expect(withFirst("/opt/x", "/bin:/opt/x:/usr/bin")).toBe("/opt/x:/bin:/usr/bin");
  expect(withFirst("/opt/x", undefined)).toBe("/opt/x:/usr/local/bin:/usr/bin:/bin");
});

test("it runs where it was subscribed, or at home when that folder is gone, is none, or is not known", async () => {
  const folder = realpathSync(mkdtempSync(`${tmpdir()}/claude-tmux-process-`));
  for (const name of ["home", "-x$(y) 'z'"]) mkdirSync(`${folder}/${name}`);
  writeFileSync(`${folder}/file`, "");
  const said = async (
    cwd: string | null,
    command: string,
    env: Record<string, string> = { HOME: `${folder}/home` },
  ) => {
    const child = spawnCallback(callbackArgv(command, cwd), env);
    runCallback(child);
    return (await child.stdout.text()).trim();
  };
  expect(await said(`${folder}/-x$(y) 'z'`, 'echo "$PWD $# $0"')).toBe(`${folder}/-x$(y) 'z' 0 /bin/sh`);
  for (const cwd of [null, `${folder}/gone`, `${folder}/file`]) expect(await said(cwd, "pwd")).toBe(`${folder}/home`);
  for (const cwd of [null, `${folder}/gone`]) expect(await said(cwd, "pwd", {})).toBe("/");
  expect(await said(null, "# nothing\nset -e; echo a\nfalse; echo b")).toBe("a");
  rmSync(folder, { recursive: true });
});

test("it does nothing until it may, nor when nobody is there any more to let it", async () => {
  const child = spawnCallback(callbackArgv("echo ran; cat", null), {});
  const refused = spawnCallback(callbackArgv("echo ran", null), {});
  expect(await Promise.race([child.stdout.text(), Bun.sleep(100)])).toBeUndefined();
  runCallback(refused, false);
  expect(await refused.stdout.text()).toBe("");
  runCallback(child);
  expect([await child.exited, child.signalCode]).toEqual([0, null]); // its stdin has ended
});
