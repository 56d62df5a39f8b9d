import type { AgentKind } from "./agent.ts";
import { databaseOf, givenIn, lastSaid } from "./opencode-said.ts";
import { type Rules, resumeBy } from "./options.ts";
import { isRefusalOn, rowDialogOn } from "./row-dialog.ts";

/** What is drawn below where a prompt is written, and how that is named there: the agent, and its model. */
const EDGE = /^ *\u2579\u2580+/;
const FOOT = /^ *\u2503 {2}\S.* \u00b7 \S/;
const INTERRUPT = /\besc (again to )?interrupt\b/;

/** opencode. Seen with 1.18.33. All conversations are in one database, and nothing but its plugin tells which of them a process has. */
export const opencode: AgentKind = {
  name: "opencode",
  // its title tells nothing; its plugin tells of everything
  sources: ["hook", "screen"],
  // right of them, a wide screen has its sidebar
  screens: [
    {
      for: "permission",
      rows: [/^ *\u2503 +\u25b3 Permission required/, /^ *\u2503 +Allow once +Allow always +Reject\b/],
      seen: "1.18.33",
    },
    // over the whole screen, of which the head may be far up
    {
      for: "permission",
      rows: [/^ *\u2503 +Allow once +Allow always +Reject +\S+ minimize +\S+ select +enter confirm\b/],
      seen: "1.18.33",
    },
    { for: "permission", rows: [/^ *\u2503 +\u25b3 Always allow/, /^ *\u2503 +Confirm +Cancel\b/], seen: "1.18.33" },
    {
      for: "permission",
      rows: [/^ *\u2503 +\u25b3 Reject permission/, /^ *\u2503 .*\benter confirm +esc cancel\b/],
      seen: "1.18.33",
    },
    {
      for: "question",
      rows: [/^ *\u2503 +(1\. |Review\b)/, /^ *\u2503 +.*\benter (submit|confirm|toggle) +esc dismiss\b/],
      seen: "1.18.33",
    },
    { for: "working", rows: [EDGE, INTERRUPT], seen: "1.18.33" },
    { for: "idle", rows: [FOOT, EDGE, /\bctrl\+p commands\b/], without: INTERRUPT, seen: "1.18.33" },
  ],
  prompts: {
    composer: {
      marker: /^ *\u2503/,
      gap: 2,
      placeholder: /^Ask anything\u2026/,
      end: EDGE,
      box: { above: 1, below: 2, foot: FOOT },
      seen: "1.18.33",
    },
    transcript: databaseOf,
    lastSaid,
    givenIn,
  },
  dialogOn: rowDialogOn,
  isRefusalOn,
  questionsLeft: "tells by colours alone which answer is selected",
  untold:
    "it tells what it does to its plugin alone, which `claude-tmux install opencode` writes, from its next start on",
  conversationOf: () => undefined,
  isKept: () => undefined,
  resume: (argv, conversation) => resumeBy(RULES, argv, conversation),
};

const RULES: Rules = {
  id: /^ses_[A-Za-z0-9]+$/,
  goOn: (conversation) => ["--session", conversation],
  kept: {
    flags: "--mini --no-replay --print-logs --pure",
    one: "--agent --log-level -m --model --port --replay-limit",
  },
  granting: { flags: "--auto --mdns", one: "--hostname --mdns-domain", many: "--cors" },
  dropped: { flags: "-c --continue --fork", one: "--prompt -s --session" },
  refused: "-h --help -v --version",
  subcommands:
    "acp agent attach auth completion db debug export github import mcp models plug plugin pr providers run serve session stats uninstall upgrade web",
  operands: "kept", // the project's folder
};
