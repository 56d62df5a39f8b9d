import { expect, test } from "bun:test";
import { ReportReader } from "../../../src/selftest/report.ts";

test("what Bun's runner says is read line by line, what went wrong with the test it belongs to", () => {
  const reader = new ReportReader();
  const text = `
acceptance.test.js:
(pass) group > works [12.34ms]
(skip) group > no fish here
1 | expect(1).toBe(2);
error: expect(received).toBe(expected)
(fail) group > (odd) [name] [1.50s]

 1 pass`;
  const results = text.split("\n").flatMap((line) => reader.line(line) ?? []);
  expect(results).toEqual([
    { name: "group > works", outcome: "passed", ms: 12.34, details: "acceptance.test.js:" },
    { name: "group > no fish here", outcome: "skipped", ms: 0, details: "" },
    {
      name: "group > (odd) [name]",
      outcome: "failed",
      ms: 1500,
      details: "1 | expect(1).toBe(2);\nerror: expect(received).toBe(expected)",
    },
  ]);
  expect(reader.rest).toBe("1 pass");
});

test("what is listed once more after the last test is no other result", () => {
  const reader = new ReportReader();
  const text = `
(skip) no fish here
(fail) group > odd [1.50s]

1 tests skipped:
(skip) no fish here


1 tests failed:
(fail) group > odd [1.50s]

 0 pass`;
  const results = text.split("\n").flatMap((line) => reader.line(line) ?? []);
  expect(results.map(({ name }) => name)).toEqual(["no fish here", "group > odd"]);
});
