import { expect, test } from "bun:test";
import { PAGES, pageText } from "../../../../src/commands/reference/pages.ts";
import { TABLE } from "../../../../src/commands/table.ts";

const AGENTS = pageText(PAGES.agents ?? { title: "", text: "" });

test("what agents are told fits on a page of 2 KB, in lines of a terminal", () => {
  expect(Buffer.byteLength(AGENTS)).toBeLessThanOrEqual(2048);
  expect(AGENTS.split("\n").filter((line) => line.length > 120)).toEqual([]);
});

test("every command on it is there", () => {
  const named = [...AGENTS.matchAll(/(?:bridge |; |^ {2}.*bridge )((?:pane|session|agent)-[a-z-]+)/gm)].map(
    ([, name]) => name,
  );
  expect(named.length).toBeGreaterThan(15);
  expect(named.filter((name) => !Object.hasOwn(TABLE.families.bridge, name ?? ""))).toEqual([]);
  expect(AGENTS).toContain("daemon subscribe S agent-state P waiting,failed,dead 'COMMAND'");
});
