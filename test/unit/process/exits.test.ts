import { expect, test } from "bun:test";
import { Exits, exitOf } from "../../../src/process/exits.ts";

test.each([
  [0, { exitCode: 0 }],
  [42 << 8, { exitCode: 42 }],
  [255 << 8, { exitCode: 255 }],
  [9, { signal: 9 }],
  [11 | 0x80, { signal: 11 }], // with a core
])("the wait status %p is read as wait(2) has it", (status, expected) => {
  expect(exitOf(status)).toEqual(expected);
});

test.skipIf(process.platform !== "linux")("which of those attended to have ended", async () => {
  using exits = new Exits();
  expect(exits.ended()).toEqual([]);
  const children = [Bun.spawn(["sleep", "60"]), Bun.spawn(["sleep", "60"])];
  exits.attend(children.map(({ pid }) => pid));
  expect(exits.ended()).toEqual([]);
  children[1]?.kill();
  await children[1]?.exited;
  expect(exits.ended()).toEqual([children[1]?.pid ?? 0]);
  exits.attend(children.slice(0, 1).map(({ pid }) => pid));
  expect(exits.ended()).toEqual([]);
  children[0]?.kill();
  await children[0]?.exited;
});
