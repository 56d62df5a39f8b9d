import { expect, test } from "bun:test";
import { opencode } from "../../../src/agents/opencode.ts";

const ID = "ses_dd6c2702dffeWTmY3do3p4Q7yJ";

test.each<[string, string, boolean]>([
  ["opencode", "", true],
  ["opencode /work --model a/b --prompt hello", "/work --model a/b", true],
  ["opencode -c --fork", "", true],
  ["opencode -s ses_1 --agent plan", "--agent plan", true],
  ["opencode --auto", "--auto", false],
  ["opencode --hostname 0.0.0.0", "--hostname 0.0.0.0", false],
])("going on after %s", (line, words, isPlain) => {
  const argv = ["opencode", "--session", ID, ...words.split(" ").filter(Boolean)];
  expect(opencode.resume(line.split(" "), ID)).toEqual({ argv, isPlain });
});

test.each(["run hello", "serve", "attach http://x", "--version"])("there is no going on with %s", (words) => {
  expect(opencode.resume(`opencode ${words}`.split(" "), ID)).toBeUndefined();
});

test("nothing certain tells of its conversations", () => {
  const argv = ["opencode", "--session", ID]; // until the first /new
  expect(opencode.conversationOf({ pid: process.pid, startTime: 1, argv, variable: () => undefined })).toBeUndefined();
  expect(opencode.isKept(ID, "/nonexistent")).toBeUndefined();
});
