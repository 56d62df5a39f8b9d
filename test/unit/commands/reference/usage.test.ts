import { describe, expect, test } from "bun:test";
import type { Arg } from "../../../../src/commands/define.ts";
import { usageOf } from "../../../../src/commands/reference/usage.ts";

describe("usage", () => {
  const positional = (more: Partial<Arg> = {}) => ({ type: "positional", required: true, ...more }) as Arg;
  test.each<[string, Record<string, Arg>]>([
    ["<session> [lines]", { session: positional(), lines: { type: "positional", default: "50" } }],
    ["<session> [label]", { session: positional(), label: positional({ required: false }) }],
    ["[--env K=V]… [--all]", { env: { type: "string", multiple: true, valueHint: "K=V" }, all: { type: "boolean" } }],
    [
      "<pane> [--all] -- <command>",
      { pane: positional(), all: { type: "boolean" }, command: positional({ multiple: true }) },
    ],
    [
      "<pane> <key>… [--all]",
      { pane: positional(), all: { type: "boolean" }, key: positional({ raw: true, multiple: true, isRest: true }) },
    ],
    ["<pane> <command> [--all]", { pane: positional(), all: { type: "boolean" }, command: positional({ raw: true }) }],
    ["<shell>", { shell: positional(), words: positional({ required: false, isInternal: true }) }],
  ])("%s", (usage, args) => {
    expect(usageOf(args)).toBe(usage);
  });
});
