import { describe, expect, test } from "bun:test";
import { Count, readOf, type ToolResult } from "../../../../../src/dev/bench/agents/count.ts";

test("calls are counted, and bytes of UTF-8 each way", () => {
  const count = new Count();
  count.add("grün", "ok");
  count.add("", "❯ 1. Yes");
  expect(count).toMatchObject({ calls: 2, bytesIn: 5, bytesOut: 12 });
  expect(count.seen).toBe("ok\n❯ 1. Yes");
});

describe("of a result of a tool a model reads", () => {
  test.each<[string, ToolResult, string]>([
    ["its texts", { content: [{ type: "text", text: "a" }, { type: "image" }, { type: "text", text: "b" }] }, "a\nb"],
    [
      "not twice what is structured too",
      { content: [{ type: "text", text: '{"a":1}' }], structuredContent: { a: 1 } },
      '{"a":1}',
    ],
    ["what is structured, if that is all", { content: [], structuredContent: { a: 1 } }, '{"a":1}'],
    ["nothing of an empty one", {}, ""],
  ])("%s", (_, result, expected) => {
    expect(readOf(result)).toBe(expected);
  });
});
