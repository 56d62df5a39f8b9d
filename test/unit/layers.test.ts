import { expect, test } from "bun:test";
import { dirname, join, relative } from "node:path";
import { Glob } from "bun";

// From top to bottom; a file may import from its own folder and from those below it, never from a sibling or upwards.
const LAYERS = [
  "dev",
  "commands",
  "install",
  "selftest",
  "doctor",
  "demo",
  "recovery",
  "bridge",
  "daemon",
  "watchdog",
  "health",
  "store",
  "ipc",
  "matching",
  "tmux",
  "process",
  "lib",
];
const SIBLINGS = [
  ["bridge", "daemon"],
  ["bridge", "watchdog"],
  ["daemon", "watchdog"],
  ["store", "ipc"],
];
const root = join(import.meta.dir, "../../src");

test("every file imports from its own layer or from one below", async () => {
  const wrong: string[] = [];
  for await (const file of new Glob("**/*.ts").scan(root)) {
    const source = await Bun.file(join(root, file)).text();
    for (const [, specifier = ""] of source.matchAll(/(?:from|import\()\s*"(\.[^"]+)"/g)) {
      const target = relative(root, join(root, dirname(file), specifier));
      if (!isAllowed(file, target)) wrong.push(`${file} imports ${target}`);
    }
  }
  expect(wrong).toEqual([]);
});

test.each([
  ["cli.ts", "commands/dispatch.ts", true],
  ["commands/daemon/stop.ts", "watchdog/lifecycle.ts", true],
  ["bridge/watch.ts", "matching/screen.ts", true],
  ["daemon/engine.ts", "store/events.ts", true],
  ["store/events.ts", "daemon/engine.ts", false],
  ["daemon/engine.ts", "watchdog/policy.ts", false],
  ["lib/log.ts", "process/lock.ts", false],
  ["lib/self.ts", "../package.json", true],
])("%s may import %s: %p", (file, target, expected) => {
  expect(isAllowed(file, target)).toBe(expected);
});

function isAllowed(file: string, target: string): boolean {
  if (target === "../package.json") return file === "lib/self.ts";
  const [from = "", to = ""] = [file, target].map((path) => (path.includes("/") ? path.split("/")[0] : ""));
  if (from === "" || from === to) return true; // cli.ts is above all
  const isSibling = SIBLINGS.some((pair) => pair.includes(from) && pair.includes(to));
  return !isSibling && LAYERS.indexOf(from) >= 0 && LAYERS.indexOf(from) < LAYERS.indexOf(to);
}
