import { expect, test } from "bun:test";
import { holderOfBuffer } from "../../../src/panes/holders.ts";
import { markCommand, quoteShell } from "../../../src/panes/marker.ts";

test("a marked command is one word for eval, whatever it holds", () => {
  const { text, buffer } = markCommand("echo 'a'; # x", { flags: ["-L", "x"], isFish: false, key: "0123456789abcdef" });
  expect(buffer).toBeUndefined();
  expect(text).toBe(
    ` \\printf '\\r\\033[K\\033]7;claude-tmux:0123456789abcdef;0;run;0;%s;\\007'; $([ "\${ZSH_VERSION-}" ] && builtin echo builtin || command eval "echo command") eval 'echo '\\''a'\\''; # x'; \\printf '\\033]7;claude-tmux:0123456789abcdef;0;end;0;%s;\\007' "$?"`,
  );
  const long = markCommand("x".repeat(5000), { flags: ["-L", "x"], isFish: false, key: "0123456789abcdef" });
  expect(holderOfBuffer(long.buffer ?? "")).toStartWith(`${process.pid}-`);
  expect(long.text).toContain(`eval "$(tmux '-L' 'x' show-buffer -b ${long.buffer})"`);
  // the mark of the start comes with what is fetched, or not at all
  expect(long.text).not.toContain(";run;");
  expect(long.input).toMatch(/^\\printf .*;run;0;%s;.*eval 'x{5000}'$/);
  expect(markCommand("a\\'b", { flags: [], isFish: true }).text).toContain(`eval 'a\\\\\\'b'; `);
  expect(quoteShell("it's")).toBe(`'it'\\''s'`);
});
