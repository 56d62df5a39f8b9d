import { expect, test } from "bun:test";
import { tableText } from "../../../../src/commands/reference/tables.ts";

test("a table in Markdown has what is typed as code", () => {
  const table = { title: "Things", columns: ["thing", "default", "is"], rows: [["a, b", "1", "`this`"]] };
  expect(tableText(table)).toBe("| thing | default | is |\n| --- | --- | --- |\n| `a`, `b` | 1 | `this` |");
});
