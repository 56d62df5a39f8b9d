import { describe, expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { Glob } from "bun";

const root = join(import.meta.dir, "../..");

/** The tests that are of no file of `src`, and why. */
const EXCEPTIONS: Record<string, string> = {
  "layers.test.ts": "it is about what all files import",
  "mirror.test.ts": "it is about the tests themselves",
  "start-up.test.ts": "it is about what a start loads, wherever that is",
  "workflows.test.ts": "it is about .github",
};

test("every unit test is of one file of src: it has its path and its name, and imports it", async () => {
  const wrong: string[] = [];
  for (const file of tests()) {
    if (Object.hasOwn(EXCEPTIONS, file)) continue;
    const tested = testedBy(file);
    const source = await Bun.file(join(root, "test/unit", file)).text();
    if (!existsSync(join(root, tested))) wrong.push(`there is no ${tested}, of which ${file} would be the test`);
    else if (!importsOf(file, source).includes(tested)) wrong.push(`${file} does not import ${tested}`);
  }
  expect(wrong).toEqual([]);
});

test("the exceptions are there", () => {
  expect(tests().filter((file) => Object.hasOwn(EXCEPTIONS, file))).toEqual(Object.keys(EXCEPTIONS));
});

describe("the rules", () => {
  test.each([
    ["lib/clock.test.ts", "src/lib/clock.ts"],
    ["commands/reference/man.test.ts", "src/commands/reference/man.ts"],
    // a part of the tests of a file that has many
    ["matching/pane-matcher.resume.test.ts", "src/matching/pane-matcher.ts"],
  ])("%s is of %s", (file, tested) => {
    expect(testedBy(file)).toBe(tested);
  });

  test("an import is one, static or not, also in a program that a test runs", () => {
    const source = `
      import { a } from "../../../src/lib/a.ts";
      const b = await import("../../../src/lib/b.ts");
      const C = \`import { c } from "\${import.meta.dir}/../../../src/lib/c.ts"\`;
      // from ../../../src/lib/d.ts
    `;
    expect(importsOf("lib/x.test.ts", source)).toEqual(["src/lib/a.ts", "src/lib/b.ts", "src/lib/c.ts"]);
  });
});

function tests(): string[] {
  return [...new Glob("**/*.test.ts").scanSync(join(root, "test/unit"))].toSorted();
}

/** The file that a test is of: `NAME.PART.test.ts` is of `NAME.ts`, too. */
function testedBy(file: string): string {
  return `src/${file.replace(/(\.[a-z-]+)?\.test\.ts$/, ".ts")}`;
}

/** What a test imports of this project, from its root on. */
function importsOf(file: string, source: string): string[] {
  const specifiers = [...source.matchAll(/(?:from |import\()"(?:\$\{import\.meta\.dir\}\/)?(\.[^"]+)"/g)];
  const folder = join(root, "test/unit", dirname(file));
  return specifiers.map(([, specifier = ""]) => relative(root, join(folder, specifier)));
}
