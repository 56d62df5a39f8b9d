import { expect, test } from "bun:test";
import { panesIn, withCheckSum } from "../../../src/snapshots/layout.ts";

test.each<[string, number]>([
  ["b25d,80x24,0,0,0", 1],
  ["bb62,159x48,0,0{79x48,0,0,79x48,80,0}", 2], // the example of tmux(1)
  [withCheckSum("159x48,0,0{79x48,0,0,0,79x48,80,0[79x24,80,0,1,79x23,80,25,2]}"), 3],
])("%s arranges %p panes", (layout, panes) => {
  expect(panesIn(layout)).toBe(panes);
});

test.each([
  "",
  "garbage",
  "0000,80x24,0,0,0",
  withCheckSum("4000000000x4000000000,0,0,0"),
  withCheckSum("4294967295x40,0,0[4294967295x20,0,0,0,4294967295x19,0,21,1]"),
  withCheckSum("120x40,0,0[".repeat(200_000)),
  withCheckSum(`${"1x1,0,0[".repeat(500)}1x1,0,0,0${"]".repeat(500)}`),
  withCheckSum("80x24,0,0{40x24,0,0,0,40x24,41,0,1}"),
  withCheckSum("80x24,0,0{40x24,0,0,0,39x23,41,0,1}"),
  withCheckSum("80x24,0,0{80x24,0,0,0}"),
  withCheckSum("80x24,0,0,0,1"),
  withCheckSum("80x24,0,0,0<60x10,4,2,2>"),
  withCheckSum("0x24,0,0,0"),
])("of %#, tmux is not asked", (layout) => {
  expect(panesIn(layout)).toBeUndefined();
});
