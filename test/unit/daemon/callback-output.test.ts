import { expect, test } from "bun:test";
import { LeftPipes, Output } from "../../../src/daemon/callback-output.ts";

/** A pipe that somebody writes into, and whether its reader is gone. */
function pipe() {
  const state: { isGone: boolean; controller?: ReadableStreamDefaultController<Uint8Array> } = { isGone: false };
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      state.controller = controller;
    },
    cancel: () => {
      state.isGone = true;
    },
  });
  const write = (text: string) => state.controller?.enqueue(new TextEncoder().encode(text));
  return { output: new Output(stream), state, write };
}

test("what a callback writes is read to its end, and the beginning of it is kept", async () => {
  const { output, state, write } = pipe();
  write("one ");
  write("x".repeat(5000));
  write("the end");
  expect(output.isOver).toBe(false);
  state.controller?.close();
  await output.done;
  expect([output.isOver, output.text()]).toEqual([true, `one ${"x".repeat(4092)}`]);
});

test("what was written before the pipe broke is all there is", async () => {
  const { output, state, write } = pipe();
  write("half");
  await Bun.sleep(0); // what was not read is lost with the pipe
  state.controller?.error(new Error("broken"));
  await output.done;
  expect([output.isOver, output.text()]).toEqual([true, "half"]);
});

test("of the pipes that are left behind the newest stay open; those that have ended do not count", async () => {
  const left = new LeftPipes();
  const pipes = Array.from({ length: 18 }, pipe);
  for (const { output } of pipes.slice(0, 16)) left.add(output);
  pipes[3]?.state.controller?.close();
  await pipes[3]?.output.done;
  left.add(pipes[16]?.output as Output);
  expect(pipes.map(({ state }) => state.isGone).indexOf(true)).toBe(-1);
  left.add(pipes[17]?.output as Output);
  expect(pipes.flatMap(({ state }, i) => (state.isGone ? [i] : []))).toEqual([0]);
});
