import { expect, test } from "bun:test";
import { noteTyped, parseTyped, TYPED_FORMAT, TYPED_OPTION } from "../../../src/tmux/typed.ts";

/** What tmux expands TYPED_FORMAT to, for a pane with these options. */
function expand(options: Record<string, string>): string {
  return TYPED_FORMAT.replace(/#\{s\/[^}]*\/\?\/:([^}]+)\}/g, (_, name) => options[name] ?? "");
}

test("what is noted comes back", () => {
  const [slot, last] = noteTyped("%3", "echo a; #{x}\n'b'");
  const [, , , target, slotName = "", note = ""] = slot ?? [];
  const [, , , , lastName = "", stamp = ""] = last ?? [];
  expect([target, lastName]).toEqual(["%3", TYPED_OPTION]);
  expect(parseTyped(expand({ [slotName]: note, [lastName]: stamp }))).toEqual({
    last: stamp,
    typings: [{ id: stamp, text: "echo a; #{x}\n'b'", isCut: false }],
  });
});

test("a long text is cut, and known to be", () => {
  const note = noteTyped("%3", "x".repeat(5000))[0]?.[5] ?? "";
  const [typed] = parseTyped(expand({ [`${TYPED_OPTION}_3`]: note })).typings;
  expect(typed?.isCut).toBe(true);
  expect(typed?.text.length).toBeLessThan(5000);
});

test("the newest comes first, and a pane without any has none", () => {
  const options = {
    [`${TYPED_OPTION}_0`]: "100-1 0 old",
    [`${TYPED_OPTION}_5`]: "200-1 0 new",
    [TYPED_OPTION]: "200-1",
  };
  expect(parseTyped(expand(options)).typings.map(({ text }) => text)).toEqual(["new", "old"]);
  expect(parseTyped(expand({}))).toEqual({ last: "", typings: [] });
});
