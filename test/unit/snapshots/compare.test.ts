import { expect, test } from "bun:test";
import { compare } from "../../../src/snapshots/compare.ts";
import type { Snapshot } from "../../../src/snapshots/manifest.ts";
import { paneOf, programOf, snapshotOf } from "./example.ts";

const window = snapshotOf().session.windows[0] as Snapshot["session"]["windows"][number];
const whole = (snapshot: Snapshot, text = "a\nb\n") => ({ snapshot, textOf: () => text });
const differ = (after: Snapshot, text?: string) =>
  compare(whole(snapshotOf()), whole(after, text), { withPrograms: true }).map(
    ({ where, what }) => `${where}: ${what}`,
  );

test("the same are the same, also with other ids and at another time", () => {
  const panes = [paneOf({ id: "%9", text: { parts: ["b".repeat(64)], lines: 2 } })];
  const again = snapshotOf(
    { windows: [{ ...window, layout: "ffff,80x24,0,0,9", name: "vim", panes }] },
    { taken_at: 1 },
  );
  expect(differ(again)).toEqual([]);
});

test("what differs is told with its place", () => {
  expect(differ(snapshotOf({ cwd: "/x", options: { status: "off" }, environment: { set: {}, hidden: [] } }))).toEqual([
    "session: folder",
    "session: option status",
    "session: variable PORT",
  ]);
  const panes = [paneOf({ title: "t", metadata: {}, program: programOf(["vim"]) })];
  expect(differ(snapshotOf({ windows: [{ ...window, is_named: true, name: "x", panes }] }))).toEqual([
    "window 0: name",
    "window 0: named by a person",
    "pane 0.0: title",
    "pane 0.0: metadata key",
    "pane 0.0: program",
  ]);
  expect(differ(snapshotOf({ windows: [{ ...window, index: 3 }] }))).toEqual(["window 0: window", "window 3: window"]);
});

test("of texts, the first line that differs; what the limit pushes out does not", () => {
  const other = snapshotOf({
    windows: [{ ...window, panes: [paneOf({ text: { parts: ["b".repeat(64)], lines: 2 } })] }],
  });
  expect(differ(other, "a\nc\n")).toEqual(["pane 0.0: line 2 of 2"]);
  expect(differ(other, "a\nb\nc\n")).toEqual(["pane 0.0: line 3, one more than before"]);
  expect(differ(other, "a\nb\nc\nd\n")).toEqual(["pane 0.0: line 3, the first of 2 more than before"]);
  expect(differ(other, "a\nb\n\x1b[0m")).toEqual([]);
  const small = snapshotOf({ windows: [{ ...window, panes: [paneOf({ history_limit: 1 })] }] });
  expect(differ(small, "b\n")).toEqual(["pane 0.0: history limit"]);
});
