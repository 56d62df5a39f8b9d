import { describe, expect, test } from "bun:test";
import { worstOf } from "../../../src/doctor/finding.ts";
import {
  checkLocale,
  checkShell,
  checkSocketPath,
  checkSpace,
  checkTerminal,
} from "../../../src/doctor/surroundings.ts";

test.each([
  [{ LC_ALL: "C.UTF-8" }, "ok"],
  [{ LANG: "de_DE.utf8" }, "ok"],
  [{ LC_ALL: "C", LANG: "de_DE.UTF-8" }, "warning"], // LC_ALL counts first
  [{ LC_ALL: "", LC_CTYPE: "en_US.UTF-8" }, "ok"], // an empty one does not
  [{}, "warning"],
])("the locale of %j: %s", (env, verdict) => {
  expect(checkLocale(env).verdict).toBe(verdict as "ok");
});

test.each([
  [{ TERM: "xterm-256color" }, true, "ok"],
  [{ TERM: "dumb" }, true, "warning"],
  [{}, true, "warning"],
  [{}, false, "ok"], // cron
  [{ TMUX: "/tmp/x,1,0", TERM: "tmux-256color" }, true, "ok"],
  [{ TMUX: "/tmp/x,1,0", TERM: "xterm" }, false, "warning"],
])("the terminal of %j, stdout is one: %p: %s", (env, isTerminal, verdict) => {
  expect(checkTerminal(env, isTerminal).verdict).toBe(verdict as "ok");
});

test.each([
  ["/bin/bash", 5, "ok"],
  ["/bin/bash", 3, "warning"],
  ["/usr/bin/zsh", undefined, "ok"],
  ["/usr/local/bin/fish", undefined, "ok"],
  ["/bin/dash", undefined, "warning"],
  [undefined, undefined, "warning"],
])("the shell %p of version %p: %s", (shell, major, verdict) => {
  expect(checkShell(shell, major).verdict).toBe(verdict as "ok");
});

test.each([
  [500e6, "ok"],
  [50e6, "warning"],
  [1e6, "error"],
])("%p bytes free: %s", (bytes, verdict) => {
  expect(checkSpace("/state", bytes).verdict).toBe(verdict as "ok");
});

describe("the path of a socket", () => {
  test.each([
    ["linux", 107, false],
    ["linux", 108, true],
    ["darwin", 104, true],
  ] as const)("on %s, of %p bytes, is too long: %p", (platform, length, isTooLong) => {
    expect(checkSocketPath("x".repeat(length), platform) !== undefined).toBe(isTooLong);
    // bytes count, not letters
    expect(checkSocketPath("ü".repeat(length / 2), platform) !== undefined).toBe(isTooLong);
  });
});

test("the worst verdict counts", () => {
  const finding = (verdict: "ok" | "note" | "warning" | "error") => ({ check: "x", verdict, message: "" });
  expect(worstOf([])).toBe("ok");
  expect(worstOf([finding("ok"), finding("note")])).toBe("ok");
  expect(worstOf([finding("ok"), finding("warning"), finding("note")])).toBe("warning");
  expect(worstOf([finding("error"), finding("warning")])).toBe("error");
});
