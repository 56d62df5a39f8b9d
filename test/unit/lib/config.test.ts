import { expect, test } from "bun:test";
import { TABLES } from "../../../src/commands/reference/tables.ts";
import { config } from "../../../src/lib/config.ts";

test("a service gets every variable that a person may set", () => {
  const names = (TABLES.environment?.rows ?? [])
    .map(([name = ""]) => name)
    .filter((name) => name.startsWith("CLAUDE_"));
  expect(names.length).toBeGreaterThan(10);
  const before = { ...process.env };
  try {
    for (const name of names) process.env[name] = "1";
    expect(Object.keys(config.settings)).toEqual(expect.arrayContaining(names));
  } finally {
    for (const name of names) {
      if (before[name] === undefined) delete process.env[name];
      else process.env[name] = before[name];
    }
  }
});

test.each([
  ["CLAUDE_TMUX_MAX_PANES", "1.9"],
  ["CLAUDE_TMUX_MAX_PANES", "-1"],
  ["CLAUDE_TMUX_MAX_PANES", "ten"],
])("%s=%s is refused: it counts", (name, value) => {
  const before = process.env[name];
  process.env[name] = value;
  try {
    expect(() => config.maxPanes).toThrow(`${name} is "${value}", which is not a whole number`);
  } finally {
    if (before === undefined) delete process.env[name];
    else process.env[name] = before;
  }
});
