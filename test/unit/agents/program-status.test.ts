import { expect, test } from "bun:test";
import { ProgramStatusReader, readProgramStatus } from "../../../src/agents/program-status.ts";

const bytes = (text: string) => new TextEncoder().encode(text);
/** What is told by pieces of output. */
function read(...pieces: string[]): unknown[] {
  const reader = new ProgramStatusReader();
  return pieces.flatMap((piece) => reader.push(bytes(piece)));
}
const WORKING = { told: { state: "working" } };
const IDLE = { told: { state: "idle" } };

test.each([
  ["state=working:app=codex", { app: "codex", told: { state: "working" } }],
  ["state=idle", IDLE],
  ["state=blocked:app=codex:kind=permission", { app: "codex", told: { state: "waiting", for: "permission" } }],
  ["kind=question:state=blocked", { told: { state: "waiting", for: "question" } }],
  ["state=blocked:kind=auth", { told: { state: "waiting" } }],
  ["state=working:kind=permission", WORKING],
  ["state=done", { told: { state: "done" } }],
  ["state=error", { told: { state: "failed" } }],
  ["state=clear:app=codex", { app: "codex", told: "nothing" }],
  ["state=working:moon=full:progress=12:title=YQ==:msg=Yj0=", WORKING],
  ["state=working:state=idle", WORKING],
])("%s", (text, expected) => {
  expect(readProgramStatus(text)).toEqual(expected as never);
});

test.each(["", "?", "?state=idle", "state=", "state=dreaming", "state=toString", "state", "app=codex", "=state=idle"])(
  "%j tells nothing",
  (text) => {
    expect(readProgramStatus(text)).toBeUndefined();
  },
);

test("it ends with BEL or ST, and what stands around it is nothing of it", () => {
  expect(read("a\u001b]7501;state=working\u0007b\u001b]7501;state=idle\u001b\\c")).toEqual([WORKING, IDLE]);
  expect(read("\u001b]7501;?\u0007\u001b]7501;?\u001b\\\u001b]2;7501;state=idle\u0007 7501;state=idle\u0007")).toEqual(
    [],
  );
});

test("it may come in any pieces", () => {
  const text = "x\u001b\u001b]7501;state=working:app=codex\u001b\\y\u001b]7501;state=idle\u0007";
  const whole = read(text);
  expect(whole).toHaveLength(2);
  for (let at = 0; at <= text.length; at++) expect(read(text.slice(0, at), text.slice(at))).toEqual(whole);
  expect(read(...text)).toEqual(whole);
});

test("one in which another begins, or anything else, has not ended", () => {
  expect(read("\u001b]7501;state=idle\u001b]7501;state=working\u0007")).toEqual([WORKING]);
  expect(read("\u001b]7501;state=idle\u001b[0m\u0007\u001b]7501;state=idle\n\u0007")).toEqual([]);
  expect(read("\u001b]7501;state=idle\u0018\u0007")).toEqual([]);
});

test("one that does not end takes neither memory nor time, and what comes after it is read", () => {
  const reader = new ProgramStatusReader();
  const begun = performance.now();
  expect(reader.push(bytes(`\u001b]7501;state=idle:msg=${"x".repeat(1_000_000)}`))).toEqual([]);
  for (let i = 0; i < 1000; i++) reader.push(bytes("\u001b]7501;".repeat(1000)));
  expect(reader.push(bytes("\u001b]7501;state=working\u0007"))).toEqual([WORKING] as never);
  expect(performance.now() - begun).toBeLessThan(3000);
  expect(reader.push(bytes(`\u001b]7501;state=idle:msg=${"x".repeat(8000)}\u0007`))).toEqual([IDLE] as never);
});
