import { expect, test } from "bun:test";
import { isUnderstood, mismatch } from "../../../src/tmux/mismatch.ts";

test.each([
  ["3.2a", "3.5a", true],
  ["3.5a", "3.3a", true],
  ["3.6b", "3.7c", true],
  ["next-3.8", "3.6", true],
  ["3.3a", "3.6b", false],
  ["3.7c", "3.5a", false],
  ["master", "3.4", false],
])("a client of %p and a server of %p understand each other: %p", (client, server, expected) => {
  expect(isUnderstood(client, server)).toBe(expected);
});

const server = { socket: "/tmp/tmux-0/default", pid: 12, version: "3.7c", program: "/opt/tmux/bin/tmux" };

test("two versions that don't understand each other are named, with what to do and without a command that ends sessions", () => {
  const error = mismatch(server, "3.3a");
  expect(error).toMatchObject({ code: "ERR_TMUX_TOO_OLD", exitCode: 127 });
  expect(error.message).toBe(
    "The tmux server at /tmp/tmux-0/default (PID 12) is 3.7c, and the tmux on PATH is 3.3a: they don't understand each other",
  );
  expect(error.hint).toStartWith("Put the tmux that started it (/opt/tmux/bin/tmux) first on PATH");
  expect(error.hint).not.toContain("kill");
});

test("what is not known of the server is not said", () => {
  const unknown = { ...server, pid: 0, version: undefined, program: undefined };
  const { message, hint } = mismatch(unknown, "3.3a");
  expect(message).toBe(
    "A tmux server runs at /tmp/tmux-0/default, but it does not understand the tmux on PATH, 3.3a: it is of another version",
  );
  expect(hint).toStartWith("Put the tmux that started it first on PATH");
});
