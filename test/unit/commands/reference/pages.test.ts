import { describe, expect, test } from "bun:test";
import { PAGES, pageText, pageTitle } from "../../../../src/commands/reference/pages.ts";
import { TABLE } from "../../../../src/commands/table.ts";
import { SETTINGS } from "../../../../src/lib/settings.ts";

describe.each([...PAGES])("%s", (name) => {
  test("has a heading and a text, and lines that a terminal shows", () => {
    expect(pageTitle(name)).toMatch(/^[A-Z]/);
    const lines = pageText(name)
      .replace(/^```crontab\n[\s\S]*?^```$/gm, "") // whose lines can't be broken
      .split("\n");
    expect(lines.length).toBeGreaterThan(3);
    expect(lines.filter((line) => line.length > 135 && !line.startsWith("|"))).toEqual([]);
  });

  test("names no command that there is not, and no page", () => {
    const text = pageText(name);
    const { families, commands } = TABLE;
    const known = new Set([
      ...Object.values(families).flatMap(Object.keys),
      ...Object.keys(families),
      ...Object.keys(commands),
    ]);
    const called = [...text.matchAll(/claude-tmux (?:bridge |daemon |watchdog )?([a-z]+(?:-[a-z]+)*)\b/g)];
    const words = called.map(([, word = ""]) => word).filter((word) => word !== "help");
    expect(words.filter((word) => !known.has(word) && !ORDINARY.includes(word))).toEqual([]);
    const pages = [...text.matchAll(/claude-tmux help ([a-z-]+)/g)].map(([, page = ""]) => page);
    expect(pages.filter((page) => !PAGES.includes(page) && !known.has(page) && page !== "man")).toEqual([]);
  });
});

/** Words that follow the program's name in sentences, and what is run in its container. */
const ORDINARY = ["made", "makes", "is", "has", "first", "itself", "on", "that", "bash"];

test("every setting is in the environment's page, and what is read by another way than the table is for tests alone", async () => {
  for (const { name } of Object.values(SETTINGS)) expect(pageText("environment")).toContain(`| \`${name}\` |`);
  const source = await Bun.file(`${import.meta.dir}/../../../../src/lib/config.ts`).text();
  const others = [...source.matchAll(/"(CLAUDE_TMUX_[A-Z_]+)"/g)].map(([, name]) => name);
  expect(others).toEqual(["CLAUDE_TMUX_LEGACY_DIR", "CLAUDE_TMUX_LEGACY_EVENTS_DIR"]);
});

describe("the page for agents", () => {
  const text = pageText("agents");

  test("has at most 2 KB, in lines of a terminal", () => {
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(2048);
    expect(text.split("\n").filter((line) => line.length > 120)).toEqual([]);
  });

  test("names commands that there are", () => {
    const named = [...text.matchAll(/(?:; |^.{26})((?:pane|session|agent)-[a-z-]+)/gm)].map(([, name]) => name);
    expect(named.length).toBeGreaterThan(15);
    expect(named.filter((name) => !Object.hasOwn(TABLE.families.bridge, name ?? ""))).toEqual([]);
    expect(text).toContain("daemon subscribe S agent-state P waiting,failed,dead 'COMMAND'");
  });
});
