import { expect, test } from "bun:test";
import { join } from "node:path";
import { drawingBlock } from "../../../src/dev/drawing-block.ts";

test("README's drawing of src is what the sources say (npm run readme makes it anew)", async () => {
  const readme = await Bun.file(join(import.meta.dir, "../../../README.md")).text();
  expect(readme).toContain("<!-- src -->\n");
  expect(await drawingBlock(readme)).toBe(readme);
});

test("every file says what it is", async () => {
  const block = await drawingBlock("<!-- src -->\n<!-- /src -->");
  const silent = block.split("\n").filter((line) => /^ +\S+\.\w+$/.test(line));
  expect(silent).toEqual([]);
});
