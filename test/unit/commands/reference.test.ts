import { describe, expect, test } from "bun:test";
import type { Arg } from "../../../src/commands/define.ts";
import { manPage } from "../../../src/commands/reference/man.ts";
import { fillBlocks } from "../../../src/commands/reference/markdown.ts";
import { TOPICS, topicTable, topicText } from "../../../src/commands/reference/topics.ts";
import { describeCommands, usageOf } from "../../../src/commands/reference/usage.ts";
import { SETTINGS } from "../../../src/lib/settings.ts";

describe("the README", () => {
  test("has the tables that the code makes (npm run readme makes them anew)", async () => {
    const text = await Bun.file(`${import.meta.dir}/../../../README.md`).text();
    expect(text).toBe(fillBlocks(text, await describeCommands()));
    for (const name of ["commands", "subscriptions", ...Object.keys(TOPICS)])
      expect(text).toContain(`<!-- /${name} -->`);
  });

  test("names every command and every setting", async () => {
    const text = await Bun.file(`${import.meta.dir}/../../../README.md`).text();
    for (const { family, name } of await describeCommands()) {
      expect(text).toContain([family, name].filter((word) => word).join(" "));
    }
    for (const { name } of Object.values(SETTINGS)) expect(text).toContain(`| \`${name}\` |`);
    // what is read by another way than the table is for tests alone
    const source = await Bun.file(`${import.meta.dir}/../../../src/lib/config.ts`).text();
    const others = [...source.matchAll(/"(CLAUDE_TMUX_[A-Z_]+)"/g)].map(([, name]) => name);
    expect(others).toEqual(["CLAUDE_TMUX_LEGACY_DIR", "CLAUDE_TMUX_LEGACY_EVENTS_DIR"]);
  });
});

describe("usage", () => {
  const positional = (more: Partial<Arg> = {}) => ({ type: "positional", required: true, ...more }) as Arg;
  test.each<[string, Record<string, Arg>]>([
    ["<session> [lines]", { session: positional(), lines: { type: "positional", default: "50" } }],
    ["<session> [label]", { session: positional(), label: positional({ required: false }) }],
    ["[--env K=V]… [--all]", { env: { type: "string", multiple: true, valueHint: "K=V" }, all: { type: "boolean" } }],
    ["<pane> [--all] -- <command>", { pane: positional(), all: { type: "boolean" }, command: positional() }],
    ["<pane> <command> [--all]", { pane: positional(), all: { type: "boolean" }, command: positional({ raw: true }) }],
    ["<shell>", { shell: positional(), words: positional({ required: false, isInternal: true }) }],
  ])("%s", (usage, args) => {
    expect(usageOf(args)).toBe(usage);
  });
});

test("a topic is a table in Markdown, and columns in a terminal", () => {
  const topic = { title: "Things", columns: ["thing", "default", "is"], rows: [["a, b", "1", "`this`"]] };
  expect(topicTable(topic)).toBe("| thing | default | is |\n| --- | --- | --- |\n| `a`, `b` | 1 | `this` |");
  expect(topicText(topic)).toContain("THINGS\n\n  a, b   this (1)");
});

test("the man page holds every command, and nothing that roff would take for its own", async () => {
  const page = manPage(await describeCommands(), "1.2.3");
  expect(page).toContain(".B bridge pane\\-run <session> <pane> [\\-\\-timeout S]");
  expect(page).toContain("write it in RE2 syntax; \\e(");
  for (const line of page.split("\n")) expect(line).toMatch(/^(\.(TH|SH|TP|B|BR)\b|[^.'])/);
});
