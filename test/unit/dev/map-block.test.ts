import { expect, test } from "bun:test";
import { MAP_FILE, withMap } from "../../../src/dev/map-block.ts";

test("the map of src is what the sources say (npm run map draws it anew)", async () => {
  const text = await Bun.file(MAP_FILE).text();
  expect(text).toContain("<!-- src -->\n");
  expect(await withMap(text)).toBe(text);
});

test("every file says what it is", async () => {
  const block = await withMap("<!-- src -->\n<!-- /src -->");
  const silent = block.split("\n").filter((line) => /^ +\S+\.\w+$/.test(line));
  expect(silent).toEqual([]);
});
