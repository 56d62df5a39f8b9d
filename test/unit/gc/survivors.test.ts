import { describe, expect, test } from "bun:test";
import { readOwner } from "../../../src/gc/survivors.ts";

const SOCKET = "/tmp/tmux-1000/default";
const ENV = ["CLAUDE_TMUX_OWNER=4711:1795964162:$0:1:%5", "TMUX_PANE=%5", `TMUX=${SOCKET},4711,0`];

describe("to which pane a program was given", () => {
  test("is told by its environment", () => {
    expect(readOwner(["A=1", ...ENV], SOCKET)).toEqual({
      server: "4711:1795964162",
      session: "$0",
      pane: "%5",
      ends: true,
    });
    expect(readOwner([ENV[0]?.replace(":1:", ":0:") ?? "", ...ENV.slice(1)], SOCKET)?.ends).toBe(false);
  });

  test.each<[string, string[]]>([
    ["nothing is told", ENV.slice(1)],
    ["another pane is told of", [...ENV.slice(0, 1), "TMUX_PANE=%6", ...ENV.slice(2)]],
    ["another server's pid is told of", [...ENV.slice(0, 2), `TMUX=${SOCKET},4712,0`]],
    ["a server with a pid that begins alike is told of", [...ENV.slice(0, 2), `TMUX=${SOCKET},47110,0`]],
    ["another socket is told of", [...ENV.slice(0, 2), "TMUX=/tmp/tmux-1000/other,4711,0"]],
    ["tmux is not told of", ENV.slice(0, 2)],
    ["it is damaged", ["CLAUDE_TMUX_OWNER=4711:x:$0:1:%5", ...ENV.slice(1)]],
    ["it is cut", ["CLAUDE_TMUX_OWNER=4711:1795964162:$0:1", ...ENV.slice(1)]],
    ["it is longer", ["CLAUDE_TMUX_OWNER=4711:1795964162:$0:1:%5:x", ...ENV.slice(1)]],
  ])("is not known where %s", (_, env) => {
    expect(readOwner(env, SOCKET)).toBeUndefined();
  });
});
