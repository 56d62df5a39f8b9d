import { expect, test } from "bun:test";
import { topicTable, topicText } from "../../../../src/commands/reference/topics.ts";

test("a topic is a table in Markdown, and columns in a terminal", () => {
  const topic = { title: "Things", columns: ["thing", "default", "is"], rows: [["a, b", "1", "`this`"]] };
  expect(topicTable(topic)).toBe("| thing | default | is |\n| --- | --- | --- |\n| `a`, `b` | 1 | `this` |");
  expect(topicText(topic)).toContain("THINGS\n\n  a, b   this (1)");
});
