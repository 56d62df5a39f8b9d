import { expect, test } from "bun:test";
import { isRefusalOn, rowDialogOn } from "../../../src/agents/row-dialog.ts";

const HINTS = "ctrl+f fullscreen  \u21c6 select  enter confirm";
const ROWS = [
  "     I will run a command.",
  "",
  "  \u2503",
  "  \u2503  \u25b3 Permission required",
  "  \u2503    # Shell command",
  "  \u2503",
  "  \u2503  $ touch permitted",
  "  \u2503                                               /home/u/work",
  `  \u2503   Allow once   Allow always   Reject           ${HINTS}`,
  "  \u2503                                               \u2022 OpenCode 1.18.33",
  "",
];
const NARROW = ROWS.map((row) => row.replace(` ${HINTS}`, "")).toSpliced(9, 0, "  \u2503", `  \u2503   ${HINTS}`);

test.each([
  ["wide", ROWS],
  ["narrow", NARROW],
])("the choices of a %s screen are where they are clicked", (_, rows) => {
  const dialog = rowDialogOn(rows);
  const line = "  \u2503   Allow once   Allow always   Reject";
  expect(dialog?.choices).toMatchObject([
    { number: 1, label: "Allow once", isSelected: false, spot: { column: 7, row: 9, line } },
    { number: 3, label: "Reject", isSelected: false, spot: { column: 35, row: 9, line } },
  ]);
  expect(dialog?.text).toContain("touch permitted");
  expect(dialog?.text).not.toContain("I will");
});

test.each<[string, string[]]>([
  ["nothing", []],
  ["the end of one", ROWS.slice(4)],
  ["one without its choices", ROWS.slice(0, 8)],
  ["one on its way up", [...ROWS, ...Array.from({ length: 5 }, (_, i) => `line ${i}`)]],
  ["what it asks then", ROWS.map((row) => row.replace("Permission required", "Always allow"))],
  ["other choices", ROWS.map((row) => row.replace("Allow once", "Allow all"))],
  ["what is no dialog", ROWS.map((row) => row.replace("\u2503", " "))],
])("there are none in %s", (_, rows) => {
  expect(rowDialogOn(rows)).toBeUndefined();
});

test("it is seen that it asks what to do in place of what was refused", () => {
  expect(isRefusalOn(["  \u2503  \u25b3 Reject permission", "  \u2503  Tell OpenCode what to do differently"])).toBe(
    true,
  );
  expect(isRefusalOn(ROWS)).toBe(false);
});
