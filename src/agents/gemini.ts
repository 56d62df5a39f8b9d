import * as v from "valibot";
import { fs } from "../lib/builtin.ts";
import { readOwnHead } from "../lib/files.ts";
import type { AgentKind, Said } from "./agent.ts";
import { type Rules, resumeBy } from "./options.ts";
import { saidAt } from "./said.ts";
import type { Told } from "./told.ts";
import { UUID } from "./uuid.ts";

/** Gemini CLI. Seen with 0.61.0. Nothing of its own tells which conversation a process has. */
export const gemini: AgentKind = {
  name: "gemini",
  // no hook tells of a refusal
  sources: ["title", "hook", "screen"],
  titled,
  // "Ready" also while it asks whether the folder is trusted
  asksWhileIdle: true,
  screens: [
    {
      for: "trust",
      rows: [
        /^ *\u2502 Do you trust the files in this folder\?/,
        /^ *\u2502 [\u25cf ] 1\. Trust folder \(/,
        /^ *\u2502 [\u25cf ] 3\. Don't trust/,
      ],
      seen: "0.61.0",
    },
    {
      for: "permission",
      rows: [/^\u2502 [\u25cf ] 1\. /, /^\u2502 [\u25cf ] \d\. No, suggest changes \(esc\)/],
      seen: "0.61.0",
    },
    {
      for: "question",
      rows: [/^\u2502 Answer Questions/, /^\u2502 Enter to (select|submit) \u00b7 .*Esc to cancel/],
      seen: "0.61.0",
    },
  ],
  ownWords: /^Enter a custom value$/,
  prompts: {
    composer: {
      marker: /^ >/,
      gap: 1,
      placeholder: /^Type your message or @path\/to\/file$/,
      end: /^\u2580/,
      seen: "0.61.0",
    },
    transcript,
    said,
  },
  conversationOf: () => undefined,
  isKept: (conversation, home) => transcript(conversation, home) !== undefined,
  resume: (argv, conversation) => resumeBy(RULES, argv, conversation),
};

const RULES: Rules = {
  id: UUID,
  goOn: (conversation) => ["--resume", conversation],
  kept: {
    flags: "-d --debug -s --sandbox --screen-reader",
    one: "--approval-mode -m --model",
    many: "--allowed-mcp-server-names -e --extensions --include-directories",
  },
  granting: {
    flags: "--accept-raw-output-risk --raw-output --skip-trust -y --yolo",
    many: "--admin-policy --allowed-tools --policy",
  },
  dropped: {
    one: "-i --prompt-interactive --session-file --session-id",
    optional: "-r --resume -w --worktree",
  },
  refused:
    "-p --prompt --acp --experimental-acp -l --list-extensions --list-sessions --delete-session -o --output-format -v --version -h --help",
  subcommands: "extension extensions gemma hook hooks mcp skill skills",
  operands: "dropped",
  harmless: { "--approval-mode": /^(default|plan)$/ },
};

/** A sign, and then words, which a person's settings may leave out. */
function titled(title: string): Told | undefined {
  const [sign = ""] = title.split(" ");
  const states: Record<string, Told["state"]> = { "\u25c7": "idle", "\u2726": "working", "\u270b": "waiting" };
  const state = Object.hasOwn(states, sign) ? states[sign] : undefined;
  return state && { state };
}

/** Its first line tells the whole id. */
const HEAD_BYTES = 4096;

/** Kept by project, in a file that is named after the beginning of the id. */
function transcript(conversation: string, home: string): string | undefined {
  const isNamed = (path: string) => path.includes(`-${conversation.slice(0, 8)}.json`);
  const projects = `${home}/.gemini/tmp`;
  try {
    return fs()
      .readdirSync(projects)
      .flatMap((project) => chatsIn(`${projects}/${project}/chats`))
      .find((path) => isNamed(path) && readOwnHead(path, HEAD_BYTES)?.includes(conversation));
  } catch {
    return undefined;
  }
}

const Entry = v.object({ type: v.literal("gemini"), timestamp: v.string(), content: v.string() });

function said(entry: unknown): Said | undefined {
  return v.is(Entry, entry) ? saidAt(entry.timestamp, entry.content) : undefined;
}

function chatsIn(folder: string): string[] {
  try {
    return fs()
      .readdirSync(folder)
      .map((name) => `${folder}/${name}`);
  } catch {
    return []; // a project without any
  }
}
