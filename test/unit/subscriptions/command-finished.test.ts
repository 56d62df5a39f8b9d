import { describe, expect, test } from "bun:test";
import { commandFinished } from "../../../src/subscriptions/command-finished.ts";
import type { TmuxServer } from "../../../src/tmux/server.ts";
import { parseShellState } from "../../../src/tmux/shell-state.ts";
import { type Fired, interestOf, row } from "./rows.ts";

const shell = parseShellState("claude-tmux:0123456789abcdef;77;idle;5;3;1000");

test("it counts from the last prompt on", () => {
  const none = { pattern: null, deadline: null, seconds: null };
  const server: TmuxServer = { flags: ["-L", "none"], socket: "/none", stateFolder: undefined };
  expect(commandFinished.begin?.({ server, id: "%0", shell }, none)).toBe('{"pid":77,"prompt":5}');
});

describe("when it begins to listen", () => {
  test.each<[string, string | null, string[], string[]]>([
    ["a command that has ended since is told", '{"pid":77,"prompt":4}', ["exit code 3"], []],
    ["one that had ended before is not", '{"pid":77,"prompt":5}', [], []],
    ["nor is one of another shell", '{"pid":76,"prompt":4}', [], []],
    ["nor anything by a progress that can't be read", "garbage", [], []],
    ["without a progress, it counts from now on", null, [], ['{"pid":77,"prompt":5}']],
  ])("%s", (_, progress, messages, progresses) => {
    const told: { fired: string[]; progressed: string[] } = { fired: [], progressed: [] };
    const { listen } = interestOf(row("command-finished", { progress }), {
      fired: ({ message }) => told.fired.push(message),
      progressed: (far) => told.progressed.push(far),
    });
    listen?.({ shell, activityAt: 0 });
    expect(told).toEqual({ fired: messages, progressed: progresses });
  });
});

test("the end of a command is told with its exit code and what was run", () => {
  const fired: Fired[] = [];
  const progress = '{"pid":77,"prompt":5}';
  const { listen } = interestOf(row("command-finished", { progress }), { fired: (one) => fired.push(one) });
  const listener = listen?.({ shell, activityAt: 0 });
  const finished = { exit_code: 0, duration_ms: 12, command: "make" };
  listener?.finished?.(finished, "far");
  listener?.finished?.({ exit_code: 1, duration_ms: null, command: "" }, "further");
  expect(fired).toEqual([
    { message: "exit code 0: make", details: finished, progress: "far" },
    { message: "exit code 1", details: { exit_code: 1, duration_ms: null, command: "" }, progress: "further" },
  ]);
});
