import { expect, test } from "bun:test";
import { SparingLog } from "../../../src/daemon/sparing-log.ts";

function collect() {
  const lines: string[] = [];
  const add = (level: string) => (line: string) => void lines.push(`${level} ${line}`);
  const log = new SparingLog({ info: add("info"), warn: add("warn"), error: add("error") } as never);
  return { lines, log };
}

test("a flood of lines is told by the first and by their number; other levels have their own", () => {
  const { lines, log } = collect();
  for (let i = 1; i <= 1000; i++) log.info(`event ${i}`);
  log.error("seen");
  expect(lines).toEqual([...Array.from({ length: 20 }, (_, i) => `info event ${i + 1}`), "error seen"]);
  log.flush();
  expect(lines.slice(21)).toEqual(["info 980 more of these within a second, the last: event 1000"]);
});

test("few lines are written as they are, and one more than many as well", () => {
  const { lines, log } = collect();
  for (let i = 1; i <= 21; i++) log.warn(`${i}`);
  log.flush();
  log.flush();
  expect(lines).toEqual(Array.from({ length: 21 }, (_, i) => `warn ${i + 1}`));
});
