import { describe, expect, test } from "bun:test";
import { answerTo, type Choice, choicesOn, inOwnWords } from "../../../src/agents/dialog.ts";

const CLAUDE = [
  " Do you want to proceed?",
  " \u276f 1. Yes",
  "   2. Yes, and always allow access to /w from this project",
  "   3. Yes, and switch to auto mode \u00b7 auto mode handles these prompts for you",
  "   4. No",
  "",
  " Esc to cancel \u00b7 Tab to amend",
];
const CLAUDE_QUESTION = [
  "Which colour do you prefer?",
  "",
  "  1. Red",
  "     warm",
  "\u276f 2. Blue",
  "     cold",
  "  3. Type something.",
  "\u2500".repeat(60),
  "  4. Chat about this",
  "",
  "Enter to select \u00b7 \u2191/\u2193 to navigate \u00b7 Esc to cancel",
];
const CODEX = [
  "  Would you like to run the following command?",
  "\u203a 1. Yes, proceed (y)",
  "  2. Yes, and don't ask again for commands that start with `touch` (p)",
  "  3. No, and tell Codex what to do differently (esc)",
  "  Press enter to confirm or esc to cancel",
];
const GEMINI = [
  "\u2502 Allow execution of [Shell]?                     \u2502",
  "\u2502                                                  \u2502",
  "\u2502   1. Allow once                                  \u2502",
  "\u2502 \u25cf 2. Allow for this session                       \u2502",
  "\u2502   3. No, suggest changes (esc)                    \u2502",
  "\u2570\u2500\u2500\u2500\u256f",
];

const told = (choices: readonly Choice[]) =>
  choices.map(({ number, label, isSelected }) => `${isSelected ? ">" : ""}${number} ${label.slice(0, 12)}`);

describe("the choices of a dialog", () => {
  test.each<[string, string[], string[]]>([
    ["claude", CLAUDE, [">1 Yes", "2 Yes, and alw", "3 Yes, and swi", "4 No"]],
    ["a question of claude", CLAUDE_QUESTION, ["1 Red", ">2 Blue", "3 Type somethi", "4 Chat about t"]],
    ["codex", CODEX, [">1 Yes, proceed", "2 Yes, and don", "3 No, and tell"]],
    ["gemini", GEMINI, ["1 Allow once", ">2 Allow for th", "3 No, suggest "]],
  ])("of %s are read", (_, rows, expected) => {
    expect(told(choicesOn(rows))).toEqual(expected.map((each) => each));
    expect(told(choicesOn(["1. of a list above", "2. of it", ...rows, "", ""]))).toEqual(expected);
  });

  test.each<[string, string[]]>([
    ["nothing", []],
    ["a list that nobody chooses from", ["1. one", "2. two"]],
    ["two that are selected", ["\u276f 1. one", "\u276f 2. two"]],
    ["a dialog that is on its way up", [...CLAUDE, ...Array.from({ length: 9 }, (_, i) => `line ${i}`)]],
    ["the end of one", CLAUDE.slice(2)],
  ])("are none in %s", (_, rows) => {
    expect(choicesOn(rows)).toEqual([]);
  });
});

test.each<[string[], string, boolean, string | undefined]>([
  [CLAUDE, "yes", true, "Yes"],
  [CLAUDE, "YES ", true, "Yes"],
  [CLAUDE, "no", true, "escape"],
  [CLAUDE, "2", true, "Yes, and always allow access to /w from this project"],
  [CLAUDE, "5", true, undefined],
  [CLAUDE, "0", true, undefined],
  [CLAUDE, "yes, and", true, undefined], // two begin so
  [CLAUDE, "yes, and a", true, "Yes, and always allow access to /w from this project"],
  [CLAUDE, "maybe", true, undefined],
  [CLAUDE, "", true, undefined],
  [CODEX, "yes", true, "Yes, proceed (y)"],
  [GEMINI, "yes", true, "Allow once"],
  [GEMINI, "no", true, "escape"],
  [CLAUDE_QUESTION, "blue", false, "Blue"],
  [CLAUDE_QUESTION, "3", false, "Type something."],
  // of a question they are words as any others
  [CLAUDE_QUESTION, "yes", false, undefined],
  [CLAUDE_QUESTION, "no", false, undefined],
  [["\u276f 1. Never", "  2. Yes"], "yes", true, undefined],
])("%#: %p", (rows, answer, isPermission, expected) => {
  const found = answerTo(choicesOn(rows), answer, isPermission);
  expect(found && ("choice" in found ? found.choice.label : "escape")).toBe(expected);
});

describe("an answer in one's own words", () => {
  const OWN = /^Type something\.$/;
  const choices = choicesOn(["\u276f 1. Light blue", "  2. Light blue and red", "  3. Type something."]);
  const words = (answer: string, of = choices) => {
    const found = inOwnWords(of, answer, OWN);
    return found && "choice" in found ? [found.choice.number, found.words] : undefined;
  };

  test("is at least two words that begin no choice", () => {
    for (const answer of ["Neither: take what the tests use", "no, green", "7 of them", "Light blues"]) {
      expect(words(` ${answer} `)).toEqual([3, answer]);
    }
    for (const answer of [
      "7",
      "yes",
      "no",
      "No.",
      "Bleu",
      "",
      " ",
      "light b",
      "LIGHT BLUE",
      "two\nlines",
      "a \x1b[A",
    ]) {
      expect([answer, words(answer)]).toEqual([answer, undefined]);
    }
  });

  test("is none where a question takes no words", () => {
    expect(words("Neither of them", choices.slice(0, 2))).toBeUndefined();
    expect(inOwnWords(choices, "Neither of them", undefined)).toBeUndefined();
  });
});
