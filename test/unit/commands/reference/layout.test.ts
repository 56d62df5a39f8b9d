import { expect, test } from "bun:test";
import { definitions, filled, helpWidth } from "../../../../src/commands/reference/layout.ts";

test("help is as wide as the terminal, but no wider than one reads well", () => {
  expect([undefined, 0, 40, 90, 300].map(helpWidth)).toEqual([80, 80, 40, 90, 100]);
});

test("what is said of a name stands beside it, and below a long one", () => {
  const long = "--a-name-that-is-longer-than-others";
  expect(
    definitions(
      [
        ["--quiet", "says less than it does, as a rule"],
        [long, "is below"],
      ],
      32,
    ),
  ).toBe(
    ["  --quiet   says less than it", "            does, as a rule", `  ${long}`, "            is below"].join("\n"),
  );
});

test("paragraphs are filled, and lists stay lists", () => {
  const text =
    "a paragraph\nof two lines\n\n  one   the first\n        and more of it\n  two   the second\n\n  as it\n   stands";
  expect(filled(text, 30)).toBe(
    "a paragraph of two lines\n\n  one   the first and more of\n        it\n  two   the second\n\n  as it\n   stands",
  );
});
