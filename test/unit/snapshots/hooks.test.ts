import { expect, test } from "bun:test";
import { AppError } from "../../../src/lib/errors.ts";
import { hooksOf, withHooks } from "../../../src/snapshots/hooks.ts";

const SESSIONS = [
  "after-new-session[0] split-window",
  "after-new-window",
  "session-created[9017] wait-for -S claude-tmux-8017",
  "window-linked[0] display-message linked",
  "window-linked[9017] wait-for -S claude-tmux-8017",
].join("\n");

test("the hooks that somebody has set count, but not those that wake a daemon alone", () => {
  const hooks = hooksOf("3.3a", SESSIONS, "pane-died\nwindow-renamed[3] run-shell true\n");
  expect(hooks).toEqual({
    ofSessions: ["after-new-session", "window-linked"],
    ofWindows: ["window-renamed"],
    isHookless: true,
  });
});

test("commands go without hooks where that is needed, can be done, and sets off no other", () => {
  expect(hooksOf("3.2a", SESSIONS, "").isHookless).toBe(false);
  expect(hooksOf("3.3a", "after-new-window[0] split-window", "").isHookless).toBe(false);
  expect(hooksOf("3.3a", `${SESSIONS}\nafter-set-option[0] split-window`, "").isHookless).toBe(false);
});

test("an error tells of the hooks that are set, and is the same where none is", () => {
  const error = new AppError("ERR_COMMAND_FAILED", "it failed", { hint: "Look." });
  expect(withHooks(error, hooksOf("3.3a", "", ""))).toBe(error);
  const told = withHooks(error, hooksOf("3.3a", SESSIONS, "")) as AppError;
  expect([told.code, told.message]).toEqual(["ERR_COMMAND_FAILED", "it failed"]);
  expect(told.hint).toMatch(/after-new-session, window-linked.*Look\./);
});
