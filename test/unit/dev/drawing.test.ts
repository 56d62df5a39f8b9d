import { expect, test } from "bun:test";
import { oneLine } from "../../../src/dev/drawing.ts";

test.each([
  [
    "a function, before the types above it",
    "/** What it takes. */\nexport interface Options {}\n\n/** Does `it`, and more. Throws. */\nexport async function run() {}",
    "Does it, and more",
  ],
  ["a class", "/**\n * Hears a pane: through a pipe.\n * @param a b\n */\nexport class Feed {}", "Hears a pane"],
  [
    "comments within are none of it",
    "/** a */\nconst A = 1;\n/** Makes it; twice. */\nexport function make() {}",
    "Makes it",
  ],
  [
    "what is above all, where nothing is exported that does something",
    "// Compiles it.\n// Quickly.\nimport a;\n\n/** A type. */\nexport type A = 1;",
    "Compiles it",
  ],
  ["a script", "#!/bin/sh\n# Starts a shell: this one.\necho\n", "Starts a shell"],
  ["a type, where there is nothing else", "import a;\n/** How it ended. */\nexport interface End {}", "How it ended"],
  ["nothing", "export const a = 1;\n", ""],
])("%s", (_, source, expected) => {
  expect(oneLine(source)).toBe(expected);
});
