import { expect, test } from "bun:test";
import { Exits, exitOf } from "../../../src/process/exits.ts";

test("wait statuses are read as wait(2) has them", () => {
  expect(exitOf(0)).toEqual({ exitCode: 0 });
  expect(exitOf(3 << 8)).toEqual({ exitCode: 3 });
  expect(exitOf(9)).toEqual({ signal: 9 });
  expect(exitOf(11 | 0x80)).toEqual({ signal: 11 }); // with a core
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

test.each([
  [0, { exitCode: 0 }],
  [42 << 8, { exitCode: 42 }],
  [255 << 8, { exitCode: 255 }],
  [9, { signal: 9 }],
  [11 | 0x80, { signal: 11 }],
])("the wait status %p", (status, expected) => {
  expect(exitOf(status)).toEqual(expected);
});
