import { describe, expect, spyOn, test } from "bun:test";
import { dropEchoes } from "../../../src/matching/echo.ts";
import { Collected } from "../../../src/panes/collect.ts";
import { lineOfRow, linesAfter } from "../../../src/panes/last-words.ts";
import { parseLegacy } from "../../../src/panes/legacy.ts";
import { hasClearedDraft, markCommand, quoteShell } from "../../../src/panes/marker.ts";
import { showOutput } from "../../../src/panes/text.ts";
import { isInteractiveShell } from "../../../src/process/foreground.ts";

describe("output is shown as a person sees it", () => {
  test.each([
    ["plain lines", "a\r\nb\r\n", "a\nb"],
    ["no newline at the end", "abc", "abc"],
    ["nothing", "", ""],
    ["colours", "\x1b[1;31mred\x1b[0m x\r\n", "red x"],
    [
      "a title and other preambles of shells",
      "\x1b[?2004l\r\x1b]0;make\x07\x1b[30m\x1b(B\x1b[m\rout\tput  \r\n",
      "out\tput  ",
    ],
    ["a link", "\x1b]8;;http://x\x1b\\text\x1b]8;;\x1b\\\r\n", "text"],
    ["a line drawn over", "10%\r99%\r\n", "99%"],
    ["backspaces", "ab\bc\r\n", "ac"],
    ["a shorter line over a longer one", "long text\rab\x1b[K\r\n", "ab"],
    ["several returns at the end", "x\r\r\n", "x"],
    ["lines drawn over", "one\r\ntwo\r\n\x1b[2Aeins\r\n\r\n", "eins\ntwo"],
    ["a cleared screen", "gone\r\n\x1b[H\x1b[2Jhere\r\n", "here"],
    ["the other screen", "a\r\n\x1b[?1049h\x1b[Hfull\x1b[?1049lb\r\n", "a\nb"],
    ["wide characters and a wrapped line", `日本\x1b7\x1b8 ${"x".repeat(30)}\r\n`, `日本 ${"x".repeat(30)}`],
    ["a bell and other controls", "a\x07b\x0ec\r\n", "abc"],
  ])("%s", async (_, raw, text) => {
    expect(await showOutput(raw, { cols: 20, rows: 10 })).toEqual({ text, isCut: false });
  });

  describe("a part of the screen that scrolls", () => {
    const size = { cols: 20, rows: 12 };
    const count = (n: number) => Array.from({ length: n }, (_, i) => `line ${i + 1}`);
    const write = (lines: string[]) => lines.map((line) => `${line}\r\n`).join("");
    const reset = "\x1b[r\x1b[12;1H";

    test.each([
      ["all lines are there", `\x1b[2;10r\x1b[2;1H${write(count(14))}${reset}`, ["", ...count(14)]],
      [
        "between what stands above and below",
        `top\r\n\x1b[12;1Hend\x1b[2;4r\x1b[2;1H${write(count(9))}\x1b[r\x1b[12;4H.`,
        ["top", ...count(9), ...Array(8).fill(""), "end."],
      ],
      ["from its last row on", `\x1b[2;6r\x1b[6;1H${write(count(8))}${reset}`, ["", ...count(8)]],
      [
        "with lines that are wrapped",
        `\x1b[2;4r\x1b[2;1H${write(["x".repeat(30), ...count(6)])}${reset}`,
        ["", "x".repeat(30), ...count(6)],
      ],
      ["and at the top, from where they get into the history", `\x1b[1;4r${write(count(9))}${reset}`, count(9)],
    ])("%s", async (_, raw, lines) => {
      expect(await showOutput(raw, size)).toEqual({ text: lines.join("\n"), isCut: false });
    });

    test("what is lost otherwise is told", async () => {
      const wrapped = `\x1b[2;4r\x1b[4;1H${write(["x".repeat(90)])}${reset}`;
      const below = `\x1b[2;4r\x1b[12;1H${write(["one", "two"])}\x1b[r`;
      for (const raw of [wrapped, below]) expect(await showOutput(raw, size)).toMatchObject({ isCut: true });
    });
  });

  test("a long line that is drawn over is whole", async () => {
    const { text } = await showOutput(`${"x".repeat(69_999)}\b!\r\n`, { cols: 80, rows: 24 });
    expect(text).toBe(`${"x".repeat(69_998)}!`);
  });
});

test("what is collected is bounded, and begins with a whole line when it was too much", () => {
  const collected = new Collected(20);
  for (let i = 0; i < 10; i++) collected.add(Buffer.from(`line ${i}\n`));
  expect(collected.text()).toEqual({ raw: "line 8\nline 9\n", isCut: true });
  const short = new Collected(20);
  short.add(Buffer.from("a\nb"));
  expect(short.text()).toEqual({ raw: "a\nb", isCut: false });
});

describe("last words", () => {
  test.each([
    [["$ x", "a", "b", "c"], ["a", "b"], 1, ["c"]],
    [["$ x", "a", "b"], [], 1, ["a", "b"]],
    [["y", "y", "y"], ["y"], 0, ["y", "y"]],
    [["moved", "$ x", "a", "b", "c"], ["a", "b"], 1, ["c"]],
    [["a", "b", "c"], ["a", "b"], undefined, ["c"]],
    [["c", "d"], ["a", "b"], undefined, []],
    [["c", "d"], ["a", "b"], 0, []],
  ])("of %p, after %p from %p on: %p", (shown, heard, start, left) => {
    expect(linesAfter(shown, heard, start)).toEqual(left);
  });

  test("a row is found among joined lines", () => {
    const rows = ["$ long", "aaaa", "bb", "", "c"];
    expect([0, 1, 2, 3, 4].map((row) => lineOfRow(rows, ["$ long", "aaaabb", "", "c"], row))).toEqual([0, 1, 1, 2, 3]);
  });
});

describe("echoes", () => {
  const typed = (...texts: string[]) => texts.map((text, i) => ({ id: `${i}`, text, isCut: false }));
  test.each([
    [["$ make", "running make", "$"], ["make"], ["running make", "$"]],
    [["root@vm:~# echo x", "x"], ["echo x"], ["x"]],
    [["$ echo", "$ echo"], ["echo"], ["$ echo"]],
    [["true LATER", "$ sleep 1", "$ true LATER"], ["true LATER", "sleep 1"], []],
    [["❯ cat file", "cat file"], ["cat file"], ["cat file"]],
    [["vm# true yyyyyyyyyy", "yyyyy END", "out"], ["true yyyyyyyyyyyyyyy END"], ["out"]],
    [["> if true", "    echo a", "  end"], ["if true\necho a\nend"], []],
  ])("of %p, typed %p: %p is left", (lines, texts, left) => {
    expect(dropEchoes(lines, typed(...texts))).toEqual(left);
  });
});

test("a marked command is one word for eval, whatever it holds", () => {
  const { text, buffer } = markCommand("echo 'a'; # x", { flags: ["-L", "x"], isFish: false, key: "0123456789abcdef" });
  expect(buffer).toBeUndefined();
  expect(text).toBe(
    ` \\printf '\\r\\033[K\\033]7;claude-tmux:0123456789abcdef;0;run;0;%s;\\007'; $([ "\${ZSH_VERSION-}" ] && echo builtin || echo command) eval 'echo '\\''a'\\''; # x'; \\printf '\\033]7;claude-tmux:0123456789abcdef;0;end;0;%s;\\007' "$?"`,
  );
  const long = markCommand("x".repeat(5000), { flags: ["-L", "x"], isFish: false, key: "0123456789abcdef" });
  expect(long.buffer).toBe("claude-tmux-run-0123456789abcdef");
  expect(long.text).toContain(`eval "$(tmux '-L' 'x' show-buffer -b claude-tmux-run-0123456789abcdef)"`);
  // the mark of the start comes with what is fetched, or not at all
  expect(long.text).not.toContain(";run;");
  expect(long.input).toMatch(/^\\printf .*;run;0;%s;.*eval 'x{5000}'$/);
  expect(markCommand("a\\'b", { flags: [], isFish: true }).text).toContain(`eval 'a\\\\\\'b'; `);
  expect(quoteShell("it's")).toBe(`'it'\\''s'`);
});

test.each([
  ["^E\b \b\b \b printf", false],
  ["^E\b \b\b \b\b \b printf", true],
  ["\r$ \x1b[K printf", false],
  ["", false],
])("what was heard when a line was cleared: %p holds a draft: %p", (heard, expected) => {
  expect(hasClearedDraft(heard)).toBe(expected);
});

test.each([
  [["-bash"], true],
  [["/bin/bash", "--posix", "-l"], true],
  [["bash", "build.sh"], false],
  [["sh", "-c", "make"], false],
  [["dash", "-lc", "x"], false],
  [["/usr/bin/fish", "-i"], true],
  // tcsh blanks its arguments
  [["tcsh", "", ""], true],
  [["-tcsh", ""], true],
  [["ksh93"], true],
  [["/usr/bin/bash-5.2", "-l"], true],
  [["zsh-5.9.1"], true],
  [["ksh93u+m"], true],
  [["rbash"], true],
  [["-rbash"], true],
  [["bash5", "x.sh"], false],
  [["bashtop"], false],
  [["sh2"], true],
  [["vim"], false],
  [[], false],
])("%p is an interactive shell: %p", (words, expected) => {
  expect(isInteractiveShell(words)).toBe(expected);
});

test.each([
  [
    '{"panes":{"1":{"label":"a","metadata":{"k":"v","n":1}}}}',
    [{ index: 1, label: "a", metadata: { k: "v", n: "1" } }],
  ],
  ['{"panes":[{"pane_id":"2","label":"b"}]}', [{ index: 2, label: "b", metadata: {} }]],
  ['{"panes":[{"id":3}]}', [{ index: 3, label: undefined, metadata: {} }]],
  ['{"panes":{"x":{"label":"a"}}}', []],
  ['{"panes":', []],
  ["[]", []],
])("the legacy state %s is read", (text, records) => {
  expect(parseLegacy(text)).toEqual(records);
});

test("what is no output of a terminal is not complained of", async () => {
  using complaints = spyOn(console, "error").mockImplementation(() => {});
  let seed = 1;
  const next = () => {
    seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
    return String.fromCharCode((seed >> 16) & 0xff);
  };
  await showOutput(`\x1b[H${Array.from({ length: 20_000 }, next).join("")}`, { cols: 80, rows: 24 });
  expect(complaints).not.toHaveBeenCalled();
});
