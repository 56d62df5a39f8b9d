import { describe, expect, test } from "bun:test";
import { claude } from "../../../src/agents/claude.ts";
import { codex } from "../../../src/agents/codex.ts";
import { gemini } from "../../../src/agents/gemini.ts";
import { opencode } from "../../../src/agents/opencode.ts";
import { shownOn } from "../../../src/agents/screen.ts";

const WIDE = "\u2500".repeat(60);
const boxed = (...rows: string[]) => [
  `\u256d${WIDE}\u256e`,
  ...rows.map((row) => `\u2502 ${row}`.padEnd(61)),
  `\u2570${WIDE}\u256f`,
];

const CODEX_PERMISSION = [
  "\u203a TOOL touch permitted",
  "",
  "\u2022 I will run a command.",
  "",
  "  Would you like to run the following command?",
  "",
  "  Environment: local",
  "",
  "  $ touch permitted",
  "",
  "\u203a 1. Yes, proceed (y)",
  "  2. Yes, and don't ask again for commands that start with `touch permitted` (p)",
  "  3. No, and tell Codex what to do differently (esc)",
  "",
  "  Press enter to confirm or esc to cancel",
  "",
];
const CODEX_QUESTION = [
  "\u203a ASK me",
  "",
  "  Question 1/1 (1 unanswered)",
  "  Which colour do you prefer?",
  "",
  "  \u203a 1. Red                warm",
  "    2. Blue               cold",
  "",
  "  tab to add notes | enter to submit answer | esc to interrupt",
];
const GEMINI_PERMISSION = boxed(
  "? Shell  touch permitted",
  "Allow execution of [Shell]?",
  "",
  "\u25cf 1. Allow once",
  "  2. Allow for this session",
  "  3. No, suggest changes (esc)",
);
const GEMINI_QUESTION = boxed(
  "Answer Questions",
  "",
  "Which colour do you prefer?",
  "",
  "\u25cf 1.  Red",
  "  2.  Blue",
  "",
  "Enter to select \u00b7 \u2191/\u2193 to navigate \u00b7 Esc to cancel",
);

const OPENCODE_PERMISSION = [
  "     I will run a command.",
  "  \u2503",
  "  \u2503  \u25b3 Permission required",
  "  \u2503    # Shell command",
  "  \u2503",
  "  \u2503  $ touch permitted",
  "  \u2503                                           /home/u/work",
  "  \u2503   Allow once   Allow always   Reject       ctrl+f fullscreen  \u21c6 select  enter confirm",
  "  \u2503                                           \u2022 OpenCode 1.18.33",
  "",
];
const OPENCODE_QUESTION = [
  "     \u2192 Asked 1 question",
  "  \u2503",
  "  \u2503  Which colour do you prefer?",
  "  \u2503",
  "  \u2503  1. Red",
  "  \u2503     warm",
  "  \u2503  2. Blue",
  "  \u2503     cold",
  "  \u2503  3. Type your own answer",
  "  \u2503                                           /home/u/work",
  "  \u2503  \u2191\u2193 select  enter submit  esc dismiss",
];

test("Claude Code asks whether a folder is trusted before it has a file", () => {
  const rows = [
    "lab$ claude",
    "\u2500".repeat(80),
    " Accessing workspace:",
    "",
    " /home/u/work",
    "",
    " Claude Code'll be able to read, edit, and execute files here.",
    "",
    " \u276f No, exit",
    "   Yes, I trust this folder",
    "",
    " Enter to confirm \u00b7 Esc to cancel",
  ];
  expect(shownOn(claude.screens ?? [], rows)).toEqual({ state: "waiting", for: "trust" });
  expect(shownOn(claude.screens ?? [], rows.slice(3))).toBeUndefined();
});

test("gemini asks that in a box, under a title that says Ready", () => {
  const rows = boxed(
    "",
    "Do you trust the files in this folder?",
    "",
    "Trusting a folder allows Gemini CLI to load its local configurations,",
    "including custom commands, hooks, MCP servers, agent skills, and settings.",
    "These configurations could execute code on your behalf or change the",
    "behavior of the CLI.",
    "",
    "",
    "\u25cf 1. Trust folder (work)",
    "  2. Trust parent folder (u)",
    "  3. Don't trust",
    "",
  ).map((row) => ` ${row}`);
  expect(shownOn(gemini.screens ?? [], rows)).toEqual({ state: "waiting", for: "trust" });
  expect(shownOn(gemini.screens ?? [], rows.slice(4))).toBeUndefined();
  expect(gemini.asksWhileIdle).toBe(true);
});

test.each([
  [
    "a folder is",
    [
      "  Folder access",
      "  /home/u/work",
      "",
      "  Trust this folder? Codex can read, edit, and run files here, subject to your",
      "  permission settings. Folder settings can run code automatically, even",
      "  without a model request. Continue only if you trust these files. Your trust",
      "  decision will be saved.",
      "",
      "\u203a 1. Trust and continue",
      "  2. Back to Agent Command Center",
      "",
      "  enter continue \u00b7 esc back",
    ],
  ],
  [
    "hooks are",
    [
      "  Hooks need review",
      "  1 hook is new or changed.",
      "  Hooks can run outside the sandbox after you trust them.",
      "",
      "\u203a 1. Review hooks",
      "  2. Trust all and continue",
      "  3. Continue without trusting (hooks won't run)",
      "",
      "  enter confirm \u00b7 esc skip",
    ],
  ],
])("codex asks whether %s trusted", (_, rows) => {
  const screens = codex.screens ?? [];
  expect(shownOn(screens, rows)).toEqual({ state: "waiting", for: "trust" });
  expect(shownOn(screens, rows.slice(1))).toBeUndefined();
  expect(shownOn(screens, rows.slice(0, -1))).toBeUndefined();
});

test("Claude Code asks whether permissions are to be automatic for good, which a person decides", () => {
  const rows = [
    "\u2500".repeat(80),
    "  Make auto mode your default permission mode?",
    "  Auto mode lets Claude handle permission prompts automatically. Claude checks",
    "  each tool call for risky actions and prompt injection before executing,",
    "  runs the ones it assesses as lower-risk, and blocks the rest.",
    "  \u276f Yes, set auto mode as my default permission mode",
    "    No, keep manual mode",
  ];
  expect(shownOn(claude.screens ?? [], rows)).toEqual({ state: "waiting", for: "trust" });
  expect(shownOn(claude.screens ?? [], rows.slice(2))).toBeUndefined();
});

test("opencode asks once more before it allows something for good, and what else a subagent is to do", () => {
  const screens = opencode.screens ?? [];
  const permission = { state: "waiting", for: "permission" } as const;
  const wide = "  \u2503   Allow once   Allow always   Reject     ctrl+f minimize  \u21c6 select  enter confirm";
  const screensOf = {
    again: [
      "  \u2503  \u25b3 Always allow",
      "  \u2503",
      "  \u2503  - touch *",
      "  \u2503",
      "  \u2503   Confirm   Cancel     \u21c6 select",
    ],
    instead: [
      "  \u2503  \u25b3 Reject permission",
      "  \u2503  Tell OpenCode what to do",
      "  \u2503    enter confirm  esc cancel",
    ],
    whole: ["  \u2503  \u25b3 Permission required", ...Array<string>(40).fill("  \u2503"), wide, "  \u2503"],
  };
  for (const rows of Object.values(screensOf)) expect(shownOn(screens, rows)).toEqual(permission);
  const composer = [
    "  \u2503",
    "  \u2503",
    "  \u2503  Build \u00b7 Lab lab",
    `  \u2579${"\u2580".repeat(20)}`,
    "   /home/u/work",
  ];
  for (const rows of Object.values(screensOf)) expect(shownOn(screens, [...rows, ...composer])).toBeUndefined();
});

test("below where a prompt is written, opencode shows how it is interrupted while it works", () => {
  const screens = opencode.screens ?? [];
  const box = ["  \u2503", "  \u2503", "  \u2503  Build \u00b7 Lab lab", `  \u2579${"\u2580".repeat(70)}`];
  const idle = "   ~/work                            110 (0%)  ctrl+p commands    \u2022 OpenCode 1.18.33";
  expect(shownOn(screens, [...box, idle])).toEqual({ state: "idle" });
  for (const words of ["esc interrupt", "esc again to interrupt"]) {
    const working = `   \u25a0\u25a0\u2b1d\u2b1d\u2b1d\u2b1d\u2b1d\u2b1d  ${words}            tab agents  ctrl+p commands`;
    expect(shownOn(screens, [...box, working])).toEqual({ state: "working" });
    expect(shownOn(screens, [working, ...box, idle])).toBeUndefined();
  }
  expect(shownOn(screens, [...box.with(2, "  \u2503  Shell"), "       esc exit shell mode"])).toBeUndefined();
  expect(shownOn(screens, [...box, idle, ...Array<string>(5).fill("  a dialog")])).toBeUndefined();
});

describe.each([
  ["codex", codex, CODEX_PERMISSION, CODEX_QUESTION],
  ["gemini", gemini, GEMINI_PERMISSION, GEMINI_QUESTION],
  ["opencode", opencode, OPENCODE_PERMISSION, OPENCODE_QUESTION],
] as const)("of %s", (_, { screens = [] }, permission, question) => {
  test("a dialog says what it asks for", () => {
    expect(shownOn(screens, permission)).toEqual({ state: "waiting", for: "permission" });
    expect(shownOn(screens, question)).toEqual({ state: "waiting", for: "question" });
    expect(shownOn(screens, [...question, "", " status line", ""])).toEqual({ state: "waiting", for: "question" });
  });

  test("one that is on its way up is none any more, nor is a part of one", () => {
    const after = ["\u2022 Working (3s \u2022 esc to interrupt)", "", "\u203a Ask", "  model, folder", "  100% left"];
    for (const dialog of [permission, question]) {
      expect(shownOn(screens, [...dialog, ...after])).toBeUndefined();
      expect(shownOn(screens, dialog.slice(-3))).toBeUndefined();
      expect(shownOn(screens, dialog.slice(0, -3))).toBeUndefined();
    }
  });

  test("anything else says nothing", () => {
    expect(shownOn(screens, [])).toBeUndefined();
    expect(shownOn(screens, ["Press enter to confirm or esc to cancel", "Allow once?"])).toBeUndefined();
  });
});
