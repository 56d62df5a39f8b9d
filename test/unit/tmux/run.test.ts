import { expect, spyOn, test } from "bun:test";
import { QuickChild } from "../../../src/lib/quick-child.ts";
import { joinCommands, quoteCommand } from "../../../src/tmux/command-line.ts";
import { tmuxError } from "../../../src/tmux/error.ts";
import { requireTmux, tmux, tmuxAsync } from "../../../src/tmux/run.ts";
import { resolveServer } from "../../../src/tmux/server.ts";

test("a last semicolon of an argument is escaped, others are data already", () => {
  expect(
    joinCommands([
      ["send-keys", "-l", "--", "a;b;"],
      ["x", ";"],
    ]),
  ).toEqual(["send-keys", "-l", "--", "a;b\\;", ";", "x", "\\;"]);
});

test.each([
  ["can't find session: dev", "ERR_SESSION_NOT_FOUND"],
  ["can't find pane: 7", "ERR_PANE_NOT_FOUND"],
  ["can't find window: 3", "ERR_PANE_NOT_FOUND"],
  ["duplicate session: dev", "ERR_SESSION_EXISTS"],
  ["no server running on /tmp/tmux-0/default", "ERR_TMUX_NOT_RUNNING"],
  ["error connecting to /tmp/x (No such file or directory)", "ERR_TMUX_NOT_RUNNING"],
  ["error connecting to /tmp/x (Permission denied)", "ERR_COMMAND_FAILED"],
  ["server exited unexpectedly", "ERR_TMUX_NOT_RUNNING"],
  ["no current target", "ERR_SESSION_NOT_FOUND"],
  ["no space for new pane", "ERR_COMMAND_FAILED"],
  ["", "ERR_COMMAND_FAILED"],
])("%p is %s", (stderr, code) => {
  expect(tmuxError("some-command", stderr).code).toBe(code as never);
});

test.each([["no space for new pane"], ["size or position no space for a new pane"]])(
  "%p is said with what to do",
  (text) => {
    expect(tmuxError("if-shell", text).hint).toStartWith("End a pane first");
  },
);

test("who has asked for tmux's version once does not ask again when a command fails", async () => {
  requireTmux();
  const asked = spyOn(QuickChild, "start");
  try {
    const server = resolveServer({ path: "/etc/passwd/socket" });
    const failed = expect.objectContaining({ code: "ERR_COMMAND_FAILED" });
    expect(() => tmux(server, [["list-sessions"]])).toThrow(failed);
    expect(asked).toHaveBeenCalledTimes(1);
    asked.mockClear();
    await expect(tmuxAsync(server, [["list-sessions"]])).rejects.toMatchObject({ code: "ERR_COMMAND_FAILED" });
    expect(asked).not.toHaveBeenCalled();
  } finally {
    asked.mockRestore();
  }
});

test.each([
  [["a b", "c"], "'a b' 'c'"],
  [["it's"], "'it'\\''s'"],
  [["#{x};$Y", ";"], "'#{x};$Y' ';'"],
  [["a\n  #b"], `'a'"\\n"'  #b'`],
])("the words %p are quoted %p", (words, quoted) => {
  expect(quoteCommand(words)).toBe(quoted);
});

test("where the C library can't wait for tmux, Bun does", () => {
  const version = requireTmux();
  const refused = spyOn(QuickChild, "start").mockReturnValue(undefined);
  try {
    expect(requireTmux()).toBe(version);
    const nobody = resolveServer({ path: "/nonexistent/socket" });
    expect(() => tmux(nobody, [["list-sessions"]])).toThrow("No tmux server is running");
    expect(refused).toHaveBeenCalledTimes(2);
  } finally {
    refused.mockRestore();
  }
});
