import { describe, expect, test } from "bun:test";
import type { AgentKind } from "../../../src/agents/agent.ts";
import { claude } from "../../../src/agents/claude.ts";
import { codex } from "../../../src/agents/codex.ts";
import { type ComposerRule, composerOn } from "../../../src/agents/composer.ts";
import { gemini } from "../../../src/agents/gemini.ts";
import { opencode } from "../../../src/agents/opencode.ts";

const ruleOf = ({ prompts }: AgentKind) => prompts?.composer as ComposerRule;
const LINE = "\u2500".repeat(20);
// as these agents draw them, in their colours, with the versions that their rules name
const claudes = (...rows: string[]) => ["\u25cf hello", "", LINE, ...rows, `\u001b[39m${LINE}`, "  ? for shortcuts"];
const codexs = (...rows: string[]) => ["\u2022 hello", "", ...rows, "", "  gpt-5 \u00b7 ~/work"];
const geminis = (...rows: string[]) => [
  "hello",
  "\u2584".repeat(20),
  ...rows,
  `\u001b[39m${"\u2580".repeat(20)}`,
  " ~/work",
];

const GREY = "\u001b[38;2;175;175;175m\u001b[48;2;95;95;95m";

const BUILD = "Build \u00b7 Lab lab";
/** As opencode draws it on a wide screen: at the right of the box, which is as wide as its lower edge, is something else. */
const opencodes = (foot: string, ...rows: string[]) => [
  "     hello",
  "",
  ...["", ...rows, "", foot].map((row) => {
    const inside = `  ${row}`.padEnd(29 - Bun.stringWidth(row) + row.length);
    return `\u001b[48;2;10;10;10m  \u001b[38;2;92;156;245m\u2503\u001b[48;2;30;30;30m${inside}\u001b[48;2;20;20;20m    ~/work`;
  }),
  `  \u001b[38;2;92;156;245m\u2579\u001b[38;2;30;30;30m${"\u2580".repeat(29)}\u001b[48;2;20;20;20m    \u2022 OpenCode 1.18.33`,
  "   ~/work                 \u001b[38;2;238;238;238mctrl+p \u001b[38;2;128;128;128mcommands",
];
const PLACEHOLDER = 'Ask anything\u2026 "Fix it"';

describe("what is written in a composer", () => {
  test.each<[string, AgentKind, string[], [number, number], string | undefined, boolean]>([
    ["claude, empty", claude, claudes("\u001b[39m\u276f \u001b[7m \u001b[0m"), [3, 2], "", true],
    ["claude, empty, trimmed", claude, claudes("\u001b[39m\u276f \u001b[7m"), [3, 2], "", true],
    [
      "claude, a faint text, its first letter under the cursor",
      claude,
      claudes("\u001b[38;5;246m\u276f \u001b[7m\u001b[39mP\u001b[0;2m\u001b[39m\u001b[49mress up\u001b[0m"),
      [3, 2],
      "",
      true,
    ],
    [
      "claude, a draft",
      claude,
      claudes("\u001b[39m\u276f half a draft\u001b[7m \u001b[0m"),
      [3, 14],
      "half a draft",
      false,
    ],
    [
      "claude, a draft, the cursor at its beginning",
      claude,
      claudes("\u001b[39m\u276f \u001b[7mh\u001b[0m\u001b[39malf a draft"),
      [3, 2],
      "half a draft",
      false,
    ],
    ["claude, a letter, the cursor on it", claude, claudes("\u276f \u001b[7mh\u001b[0m"), [3, 2], "h", false],
    ["claude, a blank", claude, claudes("\u276f  \u001b[7m \u001b[0m"), [3, 3], "", false],
    [
      "claude, two lines",
      claude,
      claudes("\u276f first", "  \u001b[7ms\u001b[0mecond"),
      [4, 2],
      "first\nsecond",
      false,
    ],
    [
      "claude, two lines, the first blank",
      claude,
      claudes("\u276f \u001b[7m \u001b[0m", "  second"),
      [3, 2],
      "second",
      false,
    ],
    ["claude, a newline", claude, claudes("\u276f", "  \u001b[7m \u001b[0m"), [4, 2], "", false],
    ["claude, for a shell's command", claude, claudes("! \u001b[7m \u001b[0m"), [3, 2], undefined, false],
    [
      "claude, a text that is not faint in a colour with a 2",
      claude,
      claudes("\u276f \u001b[7mh\u001b[0m\u001b[38;2;2;2;2malf\u001b[48;5;2m a"),
      [3, 2],
      "half a",
      false,
    ],
    [
      "claude, a dialog",
      claude,
      ["\u276f TOOL", "\u25cf I will", " Do you?", " \u276f 1. Yes", "   2. No", LINE],
      [3, 1],
      undefined,
      false,
    ],
    ["codex, empty", codex, codexs("\u001b[1m\u203a\u001b[0m \u001b[2mAsk Codex to do anything"), [2, 2], "", true],
    ["codex, blank lines alone", codex, codexs("\u001b[1m\u203a\u001b[0m"), [2, 2], "", false],
    ["codex, a draft", codex, codexs("\u001b[1m\u203a\u001b[0m half"), [2, 6], "half", false],
    ["codex, for a shell's command", codex, codexs("\u001b[1m\u001b[38;5;9m!\u001b[0m"), [2, 2], undefined, false],
    [
      "gemini, empty",
      gemini,
      geminis(
        `${GREY} \u001b[38;2;215;175;255m> \u001b[7m\u001b[39m \u001b[0m${GREY} Type your message or @path/to/file`,
      ),
      [2, 3],
      "",
      true,
    ],
    [
      "gemini, a draft",
      gemini,
      geminis(`${GREY} > \u001b[7m\u001b[38;2;255;255;255mh\u001b[0malf`),
      [2, 3],
      "half",
      false,
    ],
    ["gemini, for a shell's command", gemini, geminis(`${GREY} ! \u001b[7m \u001b[0m`), [2, 3], undefined, false],
    ["opencode, empty", opencode, opencodes(BUILD, ""), [3, 5], "", true],
    ["opencode, before the first prompt", opencode, opencodes(BUILD, PLACEHOLDER), [3, 5], "", true],
    ["opencode, a draft", opencode, opencodes(BUILD, "half a draft"), [3, 17], "half a draft", false],
    ["opencode, a draft, the cursor at its beginning", opencode, opencodes(BUILD, "half"), [3, 5], "half", false],
    [
      "opencode, as wide as the box",
      opencode,
      opencodes(BUILD, "\u6f22".repeat(13)),
      [3, 31],
      "\u6f22".repeat(13),
      false,
    ],
    ["opencode, a blank", opencode, opencodes(BUILD, " "), [3, 6], "", false],
    ["opencode, a newline", opencode, opencodes(BUILD, "", ""), [4, 5], "", false],
    ["opencode, a newline, the cursor before it", opencode, opencodes(BUILD, "", ""), [3, 5], "", false],
    ["opencode, two lines", opencode, opencodes(BUILD, "one", "two"), [4, 8], "one\ntwo", false],
    ["opencode, for a shell's command", opencode, opencodes("Shell", ""), [3, 5], undefined, false],
    [
      "opencode, a message above, and a list of commands over it",
      opencode,
      opencodes(BUILD, "").toSpliced(1, 1, "  \u2503 /exit       Exit the app"),
      [4, 5],
      "",
      false,
    ],
    [
      "opencode, the cursor in a message above",
      opencode,
      ["  \u2503  TOOL", ...opencodes(BUILD, "")],
      [0, 5],
      undefined,
      false,
    ],
    ["gemini, a dialog", gemini, geminis(" > x").toSpliced(2, 1, "\u2502 1. Allow"), [0, 0], undefined, false],
  ])("%s", (_, kind, rows, [row, column], text, isEmpty) => {
    const composer = composerOn(ruleOf(kind), { rows, cursor: { row, column, isHidden: false } });
    expect(composer).toEqual(text === undefined ? undefined : { text, isEmpty });
  });

  test("a cursor that opencode hides is in none: something else has the keys", () => {
    const cursor = { row: 3, column: 5, isHidden: true };
    expect(composerOn(ruleOf(opencode), { rows: opencodes(BUILD, ""), cursor })).toBeUndefined();
  });

  test("a cursor below the screen's rows is in none", () => {
    expect(composerOn(ruleOf(claude), { rows: [], cursor: { row: 5, column: 2, isHidden: false } })).toBeUndefined();
  });
});
