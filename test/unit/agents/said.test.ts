import { describe, expect, test } from "bun:test";
import type { AgentKind } from "../../../src/agents/agent.ts";
import { claude } from "../../../src/agents/claude.ts";
import { codex } from "../../../src/agents/codex.ts";
import { gemini } from "../../../src/agents/gemini.ts";
import { saidAt, textOf } from "../../../src/agents/said.ts";

const AT = "2026-11-30T06:24:06.268Z";

const claudes = (more: object, content: unknown = [{ type: "text", text: "Done." }]) => ({
  parentUuid: null,
  isSidechain: false,
  type: "assistant",
  message: { role: "assistant", content },
  timestamp: AT,
  ...more,
});
const codexs = (more: object, role = "assistant") => ({
  timestamp: AT,
  ordinal: 10,
  type: "response_item",
  payload: { type: "message", role, content: [{ type: "output_text", text: "Done.", annotations: [] }], ...more },
});

describe("what an agent has said, by an entry of its transcript", () => {
  test.each<[string, AgentKind, unknown, string | undefined]>([
    ["claude", claude, claudes({}), "Done."],
    [
      "claude, in parts",
      claude,
      claudes({}, [
        { type: "thinking", thinking: "hm" },
        { type: "text", text: "One." },
        { type: "text", text: "Two." },
      ]),
      "One.\nTwo.",
    ],
    ["claude, a call of a tool alone", claude, claudes({}, [{ type: "tool_use", name: "Bash", input: {} }]), undefined],
    ["claude, of a subagent", claude, claudes({ isSidechain: true }), undefined],
    ["claude, the person's", claude, claudes({ type: "user" }), undefined],
    ["claude, without a time", claude, claudes({ timestamp: "soon" }), undefined],
    ["codex", codex, codexs({}), "Done."],
    ["codex, the person's", codex, codexs({}, "user"), undefined],
    ["codex, a call", codex, codexs({ type: "function_call" }), undefined],
    ["gemini", gemini, { id: "1", timestamp: AT, type: "gemini", content: "Done.", tokens: {} }, "Done."],
    ["gemini, a call of a tool alone", gemini, { id: "1", timestamp: AT, type: "gemini", content: "" }, undefined],
    ["gemini, the person's", gemini, { id: "1", timestamp: AT, type: "user", content: [{ text: "x" }] }, undefined],
    ["gemini, a change", gemini, { $set: { lastUpdated: AT } }, undefined],
    ["anything", claude, undefined, undefined],
    ["anything else", codex, [1], undefined],
  ])("%s", (_, { prompts }, entry, text) => {
    expect(prompts?.said?.(entry)).toEqual(text === undefined ? undefined : { text, at: Date.parse(AT) });
  });
});

test("a message has a time, and is cut when it is too long", () => {
  expect(saidAt(AT, "x".repeat(100_000))).toEqual({ text: "x".repeat(65_536), at: Date.parse(AT) });
  expect([saidAt("soon", "x"), saidAt(AT, "")]).toEqual([undefined, undefined]);
});

test("the texts of a message are those of its parts", () => {
  expect(
    textOf(
      [{ type: "a", text: "1" }, { type: "b", text: "2" }, "x", null, { type: "a" }, { type: "a", text: "3" }],
      "a",
    ),
  ).toBe("1\n3");
});
