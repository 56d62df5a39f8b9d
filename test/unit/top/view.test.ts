import { expect, test } from "bun:test";
import type { Row } from "../../../src/top/row.ts";
import { inSight, layoutOf, rowsInSight, START, type View, withRows } from "../../../src/top/view.ts";

const rows = (...numbers: number[]) =>
  numbers.map(
    (n) =>
      ({ id: `%${n}`, place: `dev:${n}`, label: "", what: "sh", state: "idle", for: "", cwd: "", line: "" }) as Row,
  );
const many = rows(...Array.from({ length: 40 }, (_, i) => i));
const view = (more: Partial<View>): View => inSight({ ...START, ...more });

test.each([
  [24, 3, { list: 3, preview: 18 }],
  [24, 40, { list: 11, preview: 10 }],
  [50, 40, { list: 24, preview: 23 }],
  [13, 40, { list: 10, preview: 0 }],
  [8, 40, { list: 5, preview: 0 }],
  [5, 40, { list: 3, preview: 0, hasHeads: false }],
  [2, 40, { list: 1, preview: 0, hasTitle: false }],
  [1, 40, { list: 1, preview: 0, hasTitle: false, hasFoot: false }],
])("%p rows for %p panes", (height, count, expected) => {
  const layout = layoutOf({ rows: many.slice(0, count), filter: "", height });
  expect(layout).toMatchObject(expected);
  const { hasTitle, hasHeads, hasFoot, list, preview } = layout;
  expect([hasTitle, hasHeads, hasFoot].filter(Boolean).length + list + preview).toBe(height);
});

test("what is selected is in sight, wherever it is", () => {
  for (const { id } of many) {
    const at = view({ rows: many, selected: id, height: 8 });
    expect(rowsInSight(at).map((row) => row.id)).toContain(id);
    expect(rowsInSight(at)).toHaveLength(5);
  }
});

test("the list does not move while what is selected stays in sight", () => {
  const at = view({ rows: many, selected: "%20", height: 8, offset: 18 });
  expect(at.offset).toBe(18);
  expect(inSight({ ...at, selected: "%22" }).offset).toBe(18);
  expect(inSight({ ...at, selected: "%23" }).offset).toBe(19);
});

test("a pane that moves in the list stays selected; one that has gone leaves its place to the next", () => {
  const at = view({ rows: rows(1, 2, 3), selected: "%2" });
  expect(withRows(at, rows(2, 3, 1)).selected).toBe("%2");
  expect(withRows(at, rows(1, 3)).selected).toBe("%3");
  expect(withRows(at, rows(1)).selected).toBe("%1");
  expect(withRows(at, []).selected).toBeUndefined();
});
