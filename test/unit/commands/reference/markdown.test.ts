import { expect, test } from "bun:test";
import { documents } from "../../../../src/commands/reference/markdown.ts";
import { PAGES } from "../../../../src/commands/reference/pages.ts";
import { describeCommands } from "../../../../src/commands/reference/usage.ts";

const COMMANDS = await describeCommands();
const FILES = documents(COMMANDS, "1.2.3");

test("every command has a chapter and a man page, and every page a file", () => {
  for (const { family, name } of COMMANDS) {
    expect(FILES[`${family ?? "commands"}.md`]).toContain(`\n## ${name}\n`);
    const page = family === "bridge" || family === undefined ? name : `${family}-${name}`;
    expect(FILES[`man/claude-tmux-${page}.1`]).toStartWith(".TH CLAUDE\\-TMUX\\-");
  }
  for (const name of PAGES) expect(FILES[`${name}.md`]).toMatch(/^# .+\n/);
  expect(FILES["man/claude-tmux.1"]).toContain("claude-tmux 1.2.3");
});

test("every link of the index leads somewhere", () => {
  const links = [...(FILES["README.md"] ?? "").matchAll(/\]\(([^)#]+)(?:#([^)]+))?\)/g)];
  expect(links.length).toBeGreaterThan(COMMANDS.length);
  for (const [, file = "", chapter] of links) {
    expect(Object.keys(FILES)).toContain(file);
    if (chapter) expect(FILES[file]).toContain(`\n## ${chapter}\n`);
  }
});

test("an argument's words are no markup", () => {
  expect(FILES["bridge.md"]).not.toMatch(/\| [^`\n]*<[a-z]/);
});
