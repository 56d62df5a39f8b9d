import { expect, test } from "bun:test";
import { dirname, join, relative } from "node:path";

const src = join(import.meta.dir, "../../src");

/** What takes milliseconds to load, which is most of the time of a command that is called often. */
const SLOW = ["valibot", "re2js", "consola", "citty", "@xterm/headless", "bun:sqlite", "node:fs", "fs"];

/** What takes 4 to 8 MB of memory each. */
const LARGE = ["re2js", "@xterm/headless", "node:crypto", "node:util"];

test("a start loads nothing that takes its time: whoever needs it imports it then", async () => {
  expect(await reached("cli.ts", SLOW)).toEqual([]);
});

test.each([
  ["commands/results/pane.ts", "commands/results/pane.ts → valibot"],
  ["commands/daemon/events.ts", "store/database.ts → bun:sqlite"],
])("%s would", async (file, way) => {
  expect((await reached(file, SLOW)).join("\n")).toContain(way);
});

test("a daemon loads nothing that takes megabytes before it needs it", async () => {
  expect(await reached("commands/daemon/run.ts", LARGE)).toEqual([]);
});

/** The ways from a file, through what it imports at once, to any of these modules. */
async function reached(file: string, modules: readonly string[]): Promise<string[]> {
  const transpiler = new Bun.Transpiler({ loader: "ts" });
  const found: string[] = [];
  const seen = new Set<string>();
  const walk = async (from: string, way: string[]) => {
    if (seen.has(from)) return;
    seen.add(from);
    const here = [...way, from];
    const text = await Bun.file(join(src, from)).text();
    // types are no imports, what import() names is loaded later, and a macro has been run when the program was built
    const imports = transpiler.scanImports(text.replace(/^import .* with \{ type: "macro" \};$/gm, ""));
    for (const { path, kind } of imports) {
      if (kind !== "import-statement") continue;
      if (modules.includes(path)) found.push([...here, path].join(" → "));
      const target = relative(src, join(src, dirname(from), path));
      if (path.startsWith(".") && path.endsWith(".ts")) await walk(target, here);
    }
  };
  await walk(file, []);
  return found;
}
