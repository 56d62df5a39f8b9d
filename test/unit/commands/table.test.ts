import { describe, expect, test } from "bun:test";
import { type Entry, isAnswering } from "../../../src/commands/define.ts";
import { commandHelp } from "../../../src/commands/help.ts";
import { asCalled, COMMANDS, FAMILIES, familyOf } from "../../../src/commands/table.ts";

const all: [string, Entry][] = [
  ...Object.entries(FAMILIES).flatMap(([family, table]) =>
    Object.entries(table).map(([name, entry]): [string, Entry] => [`${family} ${name}`, entry]),
  ),
  ...Object.entries(COMMANDS),
];

describe.each(all)("%s", (words, entry) => {
  test("has a help with an example of itself and every one of its arguments that is for people", async () => {
    const { default: command } = await entry.load();
    const help = await commandHelp(words.split(" "), entry, { columns: 80, color: false });
    expect(help).toContain(`EXAMPLES\n\n  claude-tmux ${asCalled(...words.split(" "))}`);
    for (const [name, arg] of Object.entries(command.args)) {
      if (arg.isInternal) continue;
      expect(help).toContain(arg.type === "positional" ? name.toUpperCase() : `--${name}`);
      expect(arg.description).toBeTruthy();
    }
    expect(help).not.toContain("\x1b");
    expect(help).not.toContain("undefined ("); // as citty says of what it is not told
  });

  test("says in one line what it does, and what it does to what is the user's", async () => {
    expect(entry.summary).toMatch(/^[a-z].{5,95}[^.]$/);
    const { default: command } = await entry.load();
    expect(["reads", "changes", "destroys"]).toContain(command.effect);
  });
});

/** Those that print until somebody ends them, that are a background program, or that are for a shell, a hook or a person alone. */
const PRINTING = [
  "bridge pane-stream",
  "bridge pane-tail",
  "daemon run",
  "watchdog run",
  "top",
  "demo",
  "agent-hook",
  "completions",
  "selftest",
  "mcp",
];

test("every other command answers, whoever calls it", async () => {
  const printing: string[] = [];
  for (const [words, { load }] of all) if (!isAnswering((await load()).default)) printing.push(words);
  expect(printing).toEqual(PRINTING);
});

test.each([
  ["claude-tmux", undefined],
  ["claude-tmux-bridge", "bridge"],
  ["claude-tmux-daemon", "daemon"],
  ["claude-tmux-watchdog", "watchdog"],
  ["claude-tmux-daemon-watchdog", "watchdog"],
] as const)("the name %s stands for %p", (name, family) => {
  expect(familyOf(name)).toBe(family);
});
