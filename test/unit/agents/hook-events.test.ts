import { describe, expect, test } from "bun:test";
import { HOOK_KINDS, type HookKind, hookEvents, readHookEvent } from "../../../src/agents/hook-events.ts";

type Case = [event: string, told: string | undefined, fields?: Record<string, unknown>];

const CASES: Record<HookKind, Case[]> = {
  claude: [
    ["SessionStart", "idle", { source: "startup" }],
    ["SessionStart", "idle", { source: "clear" }],
    ["SessionStart", undefined, { source: "compact" }],
    ["UserPromptSubmit", "working", { prompt: "x" }],
    ["PreToolUse", "working", { tool_name: "Bash" }],
    ["PreToolUse", "working", { tool_name: "AskUserQuestion" }],
    ["PostToolUse", "working"],
    ["PostToolUseFailure", "working", { is_interrupt: false }],
    ["PostToolUseFailure", undefined, { is_interrupt: true }],
    ["PermissionRequest", "waiting permission", { tool_name: "Bash" }],
    ["PermissionRequest", "waiting permission"],
    ["PermissionRequest", "waiting question", { tool_name: "AskUserQuestion" }],
    ["PermissionDenied", "working"],
    ["Elicitation", "waiting question"],
    ["ElicitationResult", "working"],
    ["Notification", "waiting permission unless waiting", { notification_type: "permission_prompt" }],
    ["Notification", "waiting question unless waiting", { notification_type: "elicitation_dialog" }],
    ["Notification", "idle unless done,failed", { notification_type: "idle_prompt" }],
    ["Notification", undefined, { notification_type: "auth_success" }],
    ["Notification", undefined, { notification_type: "agent_completed" }],
    ["Notification", undefined, { notification_type: "constructor" }],
    ["Notification", undefined],
    ["PreCompact", "working", { trigger: "auto" }],
    ["PostCompact", "working", { trigger: "auto" }],
    ["PostCompact", "idle", { trigger: "manual" }],
    ["Stop", "done", { stop_hook_active: false }],
    ["StopFailure", "failed", { error: "overloaded" }],
    ["SessionEnd", "end", { reason: "prompt_input_exit" }],
    ["SessionEnd", "end", { reason: "other" }],
    ["SessionEnd", undefined, { reason: "clear" }],
    ["SubagentStop", undefined],
    ["TeammateIdle", undefined, { teammate_name: "a" }],
    ["CwdChanged", undefined],
  ],
  codex: [
    ["SessionStart", undefined, { source: "startup" }],
    ["UserPromptSubmit", "working"],
    ["PreToolUse", "working", { tool_name: "shell" }],
    ["PreToolUse", "waiting question", { tool_name: "request_user_input" }],
    ["PostToolUse", "working"],
    ["PermissionRequest", "waiting permission"],
    ["PreCompact", "working"],
    ["Stop", "done"],
    ["StopFailure", "failed"],
    ["Interrupt", "idle"],
    ["SessionEnd", "end", { reason: "other" }],
    ["SessionEnd", undefined, { reason: "clear" }],
    ["SubagentStop", undefined],
  ],
  gemini: [
    ["SessionStart", "idle", { source: "startup" }],
    ["BeforeAgent", "working"],
    ["BeforeTool", "working"],
    ["AfterTool", "working"],
    ["AfterAgent", "idle"],
    ["Notification", "waiting permission", { notification_type: "ToolPermission", details: { type: "exec" } }],
    ["Notification", "waiting question", { notification_type: "ToolPermission", details: { type: "ask_user" } }],
    ["Notification", "waiting permission", { notification_type: "ToolPermission", details: null }],
    ["Notification", undefined, { notification_type: "Other" }],
    ["SessionEnd", "end", { reason: "exit" }],
    ["SessionEnd", undefined, { reason: "clear" }],
    ["BeforeModel", undefined],
  ],
  opencode: [
    ["plugin.added", "idle"],
    ["session.status", "working", { status: { type: "busy" } }],
    ["session.status", "working", { status: { type: "retry", attempt: 2 } }],
    ["session.status", undefined, { status: { type: "idle" } }],
    ["session.status", undefined, { status: { type: "toString" } }],
    ["session.status", undefined],
    ["permission.asked", "waiting permission"],
    ["permission.replied", "working", { reply: "once" }],
    ["permission.replied", "idle", { reply: "reject" }],
    ["question.asked", "waiting question"],
    ["question.replied", "working"],
    ["question.rejected", "idle"],
    ["session.idle", "done"],
    ["session.error", "idle", { error: { name: "MessageAbortedError" } }],
    ["session.error", "failed", { error: { name: "APIError" } }],
    ["session.error", "failed"],
    ["server.instance.disposed", "end"],
    ["session.diff", undefined],
  ],
};

/** What an event tells, in a word or two. */
function told(kind: HookKind, input: string, name?: string): string | undefined {
  const event = readHookEvent(kind, input, name)?.told;
  if (event === undefined || event === "end") return event;
  const { state, for: wait, unless } = event;
  return [state, wait, unless && `unless ${unless}`].filter(Boolean).join(" ");
}

describe.each(HOOK_KINDS)("%s", (kind) => {
  test.each(CASES[kind])("%s tells %p: %p", (event, expected, fields = {}) => {
    expect(told(kind, JSON.stringify({ hook_event_name: event, ...fields }))).toBe(expected);
  });

  test("each of its events is here", () => {
    expect([...new Set(CASES[kind].map(([event]) => event))]).toEqual(expect.arrayContaining(hookEvents(kind)));
  });

  test("what a subagent does says nothing of its pane", () => {
    for (const event of hookEvents(kind)) {
      expect(told(kind, JSON.stringify({ hook_event_name: event, agent_id: "a1" }))).toBeUndefined();
    }
  });
});

test("the conversation is told, where it is a text", () => {
  const told = { state: "done" } as const;
  const input = (id: unknown) => JSON.stringify({ hook_event_name: "Stop", session_id: id });
  expect(readHookEvent("claude", input("x"))).toEqual({ told, conversation: "x" });
  expect(readHookEvent("claude", input(7))).toEqual({ told });
  expect(readHookEvent("opencode", '{"sessionID":"ses_1"}', "session.idle")).toEqual({ told, conversation: "ses_1" });
});

test("the name of an event counts where the input has none", () => {
  expect(told("claude", "", "Stop")).toBe("done");
  expect(told("claude", "{}", "Stop")).toBe("done");
  expect(told("claude", '{"hook_event_name":"UserPromptSubmit"}', "Stop")).toBe("working");
});

test.each(["", "{", "null", "[]", "7", "\0\xff", '{"hook_event_name":{}}', '{"hook_event_name":"toString"}', '"Stop"'])(
  "what is no event tells nothing: %p",
  (input) => {
    for (const kind of HOOK_KINDS) expect(readHookEvent(kind, input)).toBeUndefined();
  },
);

test("what is not JSON is no event, whatever its name", () => {
  for (const input of ["\xff\xfe", "null", "7", "Stop"]) expect(told("claude", input, "Stop")).toBeUndefined();
});
