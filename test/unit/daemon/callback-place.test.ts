import { expect, test } from "bun:test";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { homedir, tmpdir } from "node:os";
import { dirname } from "node:path";
import { callbackEnvironment, callbackFolder, withFirst } from "../../../src/daemon/callback-place.ts";
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

test("it runs where it was subscribed, or at home when that folder is gone, is none or may not be entered", () => {
  const folder = mkdtempSync(`${tmpdir()}/claude-tmux-place-`);
  writeFileSync(`${folder}/file`, "");
  chmodSync(`${folder}/file`, 0o755);
  const home = process.env.HOME ?? homedir();
  expect(callbackFolder(folder)).toBe(folder);
  for (const other of [null, `${folder}/gone`, `${folder}/file`]) expect(callbackFolder(other)).toBe(home);
  rmSync(folder, { recursive: true });
});
