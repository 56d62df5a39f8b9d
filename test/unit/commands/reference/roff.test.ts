import { expect, test } from "bun:test";
import { entry, roff, roffOf, verbatim } from "../../../../src/commands/reference/roff.ts";

test("a text stands as it is: no request, no escape, no letter that roff does not know", () => {
  expect(roff(".TH\n'x --no\\n `y` …")).toBe("\\&.TH\n\\&'x \\-\\-no\\en y \\[u2026]");
  expect(entry("--x", ".y")).toBe(".TP\n.B \\-\\-x\n\\&.y");
  expect(verbatim("a\n.b")).toBe(".PP\n.nf\na\n\\&.b\n.fi");
  expect(verbatim("a", 2)).toBe(".PP\n.RS 2\n.nf\na\n.fi\n.RE");
});

test("headings, paragraphs, lists and code", () => {
  const text =
    "## Some `words`\n\nA *b* **c** [d](d.md), [e](https://e.f) <x>.\n\n- one\n- two\n  more\n\n1. first\n\n```sh\n.x \\-\n```";
  expect(roffOf(text).split("\n")).toEqual([
    ".SH Some \\fBwords\\fR",
    ".PP",
    "A \\fIb\\fR \\fBc\\fR d, e (https://e.f) <x>.",
    ".IP \\(bu 2",
    "one",
    ".IP \\(bu 2",
    "two",
    "more",
    ".IP 1. 4",
    "first",
    ...[".PP", ".RS 2", ".nf", "\\&.x \\e\\-", ".fi", ".RE"],
  ]);
});

test("a table is a list of names; where more than one thing is said of them, with what it is", () => {
  expect(roffOf("| a | b |\n| --- | --- |\n| `x` | .y |\n| z | |").split("\n")).toEqual([
    ...[".TP", "\\fBx\\fR", "\\&.y"],
    ...[".TP", "\\fBz\\fR"],
  ]);
  expect(roffOf("| a | b | |\n| --- | --- | --- |\n| x | y | z |\n| x | | z |").split("\n")).toEqual([
    ...[".TP", "\\fBx\\fR", "b: y", ".br", "z"],
    ...[".TP", "\\fBx\\fR", "z"],
  ]);
});
