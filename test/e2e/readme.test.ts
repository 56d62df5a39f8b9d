import { describe, expect, test } from "bun:test";
import { mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { TABLE } from "../../src/commands/table.ts";
import { BINARY, Box } from "../helpers/box.ts";

const README = await Bun.file(`${import.meta.dir}/../../README.md`).text();
/** What stands between the outputs of two commands. */
const MARK = "@@";

/** A line that a newcomer types, and what the README says that it prints. */
interface Typed {
  line: string;
  prints: string[];
}

function typed(): Typed[] {
  const blocks = [...README.matchAll(/^```console\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block.trimEnd());
  const all: Typed[] = [];
  for (const line of blocks.join("\n").split("\n")) {
    if (line.startsWith("$ ")) all.push({ line: line.slice(2), prints: [] });
    else all.at(-1)?.prints.push(line);
  }
  return all;
}

test("the README is short, and says what it is in its first sentence", () => {
  expect(README.split(/\s+/).length).toBeLessThanOrEqual(1000);
  expect(README).toContain("not made\nby Anthropic");
});

test("every command that the README names is there", () => {
  const { families, commands } = TABLE;
  const known = new Set([...Object.values(families).flatMap(Object.keys), ...Object.keys(commands), "help"]);
  const code = [...README.matchAll(/^```(?:console|sh)\n([\s\S]*?)^```$/gm)].map(([, block = ""]) => block).join("\n");
  const spans = [...README.matchAll(/`([^`\n]+)`/g)].map(([, span = ""]) => span).join("\n");
  const called = [...`${code}\n${spans}`.matchAll(/\bclaude-tmux (?:daemon |watchdog |bridge )?([a-z][a-z-]*)/g)];
  expect(called.length).toBeGreaterThan(15);
  expect(called.map(([, name = ""]) => name).filter((name) => !known.has(name))).toEqual([]);
});

describe.each([0, 1])("with base-index %d", (base) => {
  test.skipIf(!Bun.which("jq"))(
    "every line that a newcomer is told to type does what it says, in order",
    async () => {
      await using box = new Box({ SHELL: "/bin/bash" });
      const home = box.env.HOME ?? "";
      writeFileSync(`${home}/.tmux.conf`, `set -g base-index ${base}\nset -g pane-base-index ${base}\n`);
      mkdirSync(`${box.folder}/bin`);
      symlinkSync(BINARY, `${box.folder}/bin/claude-tmux`);
      const lines = typed();
      expect(lines.length).toBeGreaterThan(10);
      const script = lines
        .map(({ line }, i) => `code=$?; printf '\\n${MARK} ${i}\\n'; (exit $code)\n${line}\n`)
        .join("");
      const { stdout, exitCode } = Bun.spawnSync(["bash", "-c", script], {
        env: { ...box.env, PATH: `${box.folder}/bin:${process.env.PATH}` },
        stdin: "ignore",
        stderr: "pipe",
      });
      expect(exitCode).toBe(0);
      const printed = stdout
        .toString()
        .split(new RegExp(`\\n${MARK} \\d+\\n`))
        .slice(1);
      expect(printed.length).toBe(lines.length);
      for (const [i, { line, prints }] of lines.entries()) {
        const output = printed[i] ?? "";
        if (prints.length > 0) expect({ line, output: output.trim() }).toEqual({ line, output: prints.join("\n") });
        else expect({ line, output }).toEqual({ line, output: expect.not.stringContaining('"status": "error"') });
        if (line.includes("pane-watch-timeout")) expect(output).toContain("listening on 8080");
        if (line.includes("daemon events")) expect(output).toContain('"event_type":"pattern-match"');
      }
      const left = await box.run(["session-list", "--compact"]);
      expect(left.stdout).not.toContain('"dev"');
    },
    60_000,
  );
});
