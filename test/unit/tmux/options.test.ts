import { expect, test } from "bun:test";
import { join } from "node:path";
import * as options from "../../../src/tmux/options.ts";

const names: string[] = Object.values(options);

/** The files of the program that name an option of ours, by the names. */
async function mentions(): Promise<Map<string, string[]>> {
  const root = join(import.meta.dir, "../../../src");
  const found = new Map<string, string[]>();
  for await (const file of new Bun.Glob("{[!d],d[!e],de[!v]}*/**").scan({ cwd: root })) {
    const text = await Bun.file(join(root, file)).text();
    const used = text.match(/@claude_tmux_\w+/g);
    if (used) found.set(file, [...new Set(used)]);
  }
  return found;
}

test("each has a name of its own", () => {
  expect(new Set(names).size).toBe(names.length);
  expect(names.filter((name) => !/^@claude_tmux_[a-z_]+$/.test(name))).toEqual([]);
});

test("no other source file names one, and the shell scripts none that is not among them", async () => {
  const found = await mentions();
  expect(found.delete("tmux/options.ts")).toBe(true);
  const others = [...found.keys()].filter((file) => file.endsWith(".ts"));
  expect(others).toEqual([]);
  const scripts = [...found.values()].flat();
  expect(scripts.length).toBeGreaterThan(0);
  expect(scripts.filter((name) => !names.includes(name))).toEqual([]);
});
