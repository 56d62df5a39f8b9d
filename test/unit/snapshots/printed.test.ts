import { expect, test } from "bun:test";
import { parseEnvironment, parseOptions, unquoted } from "../../../src/snapshots/printed.ts";

test("an environment, as show-environment -s prints it", () => {
  const text = 'unset BAR;\nFOO="a\\"b \\$x\nl2"; export FOO;\nEMPTY=""; export EMPTY;\nBACK="\\\\"; export BACK;\n';
  expect([...parseEnvironment(text)]).toEqual([
    ["BAR", null],
    ["FOO", 'a"b $x\nl2'],
    ["EMPTY", ""],
    ["BACK", "\\"],
  ]);
  expect(parseEnvironment("").size).toBe(0);
});

test("options, as show-options prints them", () => {
  const text =
    '@q "it\'s \\"x\\" \\$y\\nz"\nstatus off\n@empty \n@none \'\'\n@back \'a\\\'\nuser-keys[0] "\\033[1~"\nalone\n@semi a\\;b\n@uni "\\u6f22x"\nstatus-style* x\n';
  expect(parseOptions(text)).toEqual({
    "@q": 'it\'s "x" $y\nz',
    status: "off",
    "@empty": "",
    "@none": "",
    "@back": "a\\",
    "user-keys[0]": "\x1b[1~",
    alone: "",
    "@semi": "a;b",
    "@uni": "漢x",
  });
});

test.each(["y ; run-shell x", "a b", "$HOME", '"$HOME"', "~x", "{ run-shell x }", '"open', "'open", "a;b", "#x"])(
  "%p is no single word",
  (word) => {
    expect(unquoted(word)).toBeUndefined();
  },
);
