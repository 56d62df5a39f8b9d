import { expect, test } from "bun:test";
import { Pace } from "../../../src/top/pace.ts";
import type { Row } from "../../../src/top/row.ts";

const rows = (line: string, cpu = 0) => [{ id: "%1", state: "working", for: "", job: "1", line, cpu } as Row];

test("it is looked once a second, more seldom when nothing has changed for a while, and often again when something has", () => {
  const pace = new Pace();
  const waits = Array.from({ length: 7 }, (_, cpu) => pace.next(rows("a", cpu)));
  expect(waits).toEqual([1000, 1000, 1000, 1000, 1000, 3000, 3000]);
  expect([pace.next(rows("b")), pace.next(rows("b"))]).toEqual([1000, 1000]);
});
