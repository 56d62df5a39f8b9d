import { expect, test } from "bun:test";
import { hookLogText } from "../../../src/agents/hook-log.ts";
import type { AgentNote } from "../../../src/agents/note.ts";
import { forgetting, hookEvents, takeHookEvents } from "../../../src/daemon/hook-events.ts";
import type { FoundPane } from "../../../src/daemon/panes-now.ts";
import type { Subscription } from "../../../src/store/subscriptions.ts";
import type { TmuxCommand } from "../../../src/tmux/command-line.ts";

const note: AgentNote = { kind: "claude", pid: 42, startTime: 7, state: "working", since: 1_796_000_000_000 };
const WORKING = hookLogText(note, false);
const WAITING = hookLogText({ ...note, state: "waiting", for: "permission" }, false);
const END = hookLogText({ ...note, state: "idle" }, true);
const pane = (hookLog: string, id = "%1") =>
  ({ id, server: "1:1", session: "dev", sessionId: "$0", paneId: "1", label: "l", hookLog }) as FoundPane;
const subscription = (pattern: string | null, more = {}) =>
  ({ server: "1:1", pane: "%1", type: "agent-state", pattern, ...more }) as Subscription;

test("what hooks have told is an event each", () => {
  const events = hookEvents(pane(`,${WORKING},${WAITING},${END}`), []);
  expect(events.map(({ message }) => message)).toEqual([
    "claude works",
    "claude waits for a permission",
    "claude ends",
  ]);
  expect(events[1]).toEqual({
    ...{ event_type: "agent-hook", session: "dev", pane_id: "1", pane: "%1", label: "l" },
    message: "claude waits for a permission",
    data: {
      ...{ kind: "claude", pid: 42, state: "waiting", for: "permission", conversation: null },
      told_at: "2026-11-30T00:53:20Z",
    },
  });
  expect(events[2]?.data).toMatchObject({ state: "ended", for: null });
});

test.each<[string, Subscription, string[]]>([
  ["of any state", subscription(null), ["ended"]],
  ["of some", subscription("waiting,failed"), ["working", "ended"]],
  ["of another pane", subscription(null, { pane: "%2" }), ["working", "waiting", "ended"]],
  ["of another server", subscription(null, { server: "2:2" }), ["working", "waiting", "ended"]],
  ["to something else", subscription(null, { type: "silence" }), ["working", "waiting", "ended"]],
])("what a subscription tells, %s, does not come twice", (_, one, expected) => {
  const events = hookEvents(pane(`,${WORKING},${WAITING},${END}`), [one]);
  expect(events.map(({ data }) => data.state as string)).toEqual(expected);
});

test("what is told is taken away before, once, also where a pane shows in two sessions", async () => {
  const asked: TmuxCommand[] = [];
  const ask = async (commands: TmuxCommand[]) => {
    asked.push(...commands);
    return "";
  };
  const panes = [pane(`,${WORKING}`), pane(`,${WORKING}`), pane("", "%2")];
  expect(await takeHookEvents(ask, panes, [])).toHaveLength(1);
  expect(asked.map((command) => command[3])).toEqual(["%1"]);
});

test("what can't be taken from a pane is left there, and nothing of the others is lost by that", async () => {
  const ask = ([command = []]: TmuxCommand[]) =>
    command[3] === "%1" ? Promise.reject(new Error("gone")) : Promise.resolve("");
  const events = await takeHookEvents(ask, [pane(`,${WORKING}`), pane(`,${WAITING}`, "%2")], []);
  expect(events.map(({ pane: id }) => id)).toEqual(["%2"]);
});

test("what somebody else has put there is no part of a format", () => {
  expect(forgetting(pane(`,${WORKING}`)).at(-1)).toBe(`#{s/^.*${WORKING}//:@claude_tmux_agent_log}`);
  for (const strange of ["x}#(touch y)", "a.*b", ",", "a/b"])
    expect(forgetting(pane(strange)).slice(-2)).toEqual(["-u", "@claude_tmux_agent_log"]);
});
