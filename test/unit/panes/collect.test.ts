import { expect, test } from "bun:test";
import { Collected } from "../../../src/panes/collect.ts";

test("what is collected is bounded, and begins with a whole line when it was too much", () => {
  const collected = new Collected(20);
  for (let i = 0; i < 10; i++) collected.add(Buffer.from(`line ${i}\n`));
  expect(collected.text()).toEqual({ raw: "line 8\nline 9\n", isCut: true });
  const short = new Collected(20);
  short.add(Buffer.from("a\nb"));
  expect(short.text()).toEqual({ raw: "a\nb", isCut: false });
});
