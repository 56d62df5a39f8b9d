import { expect, test } from "bun:test";
import { withCheckSum } from "../../../src/snapshots/layout.ts";
import { partsIn, type WindowOf } from "../../../src/snapshots/manifest.ts";
import { hasText, onlyOf, withoutText } from "../../../src/snapshots/only.ts";
import { paneOf, snapshotOf } from "./example.ts";

const [one] = snapshotOf().session.windows as [WindowOf];
const panes = [0, 1].map((index) => paneOf({ index, width: 39, is_active: index === 0, is_last: index === 1 }));
const windows = [one, { ...one, index: 4, same_as: 0, is_zoomed: true, panes }];
const left_out = ["session", "window 0", "window 4", "pane 4.1"].map((where) => ({ where, what: "w", why: "y" }));
const snapshot = snapshotOf({ windows, stack: [0, 4], group: ["dev", "other"] }, { left_out });

test("a window alone", () => {
  const { session, left_out: left } = onlyOf(snapshot, "4");
  expect(session).toMatchObject({ group: [], stack: [4], windows: [{ ...windows[1], same_as: null }] });
  expect(left.map(({ where }) => where)).toEqual(["session", "window 4", "pane 4.1"]);
});

test("a pane alone has the window for itself", () => {
  const { session } = onlyOf(snapshot, "4.1");
  const pane = { ...panes[1], width: 80, height: 24, is_active: true, is_last: false };
  const layout = withCheckSum("80x24,0,0,0");
  expect(session.windows).toEqual([
    { ...windows[1], same_as: null, is_zoomed: false, layout, panes: [pane] } as WindowOf,
  ]);
});

test.each(["", "9", "4.2", "4.", "x", "4.1.0", "-4"])("%p is none", (place) => {
  expect(() => onlyOf(snapshot, place)).toThrow(/no window or pane/);
});

test("without text, each pane that showed something says so", () => {
  const plain = snapshotOf();
  const without = withoutText(plain);
  expect([partsIn(plain).length, partsIn(without).length]).toEqual([1, 0]);
  expect([hasText(plain), hasText(without)]).toEqual([true, true]);
  expect(without.left_out.map(({ where, what }) => [where, what])).toEqual([["pane 0.0", "what it showed"]]);
});
