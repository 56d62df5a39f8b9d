import * as v from "valibot";
import { fs } from "../lib/builtin.ts";
import { DAY_MS } from "../lib/clock.ts";
import { ageS, openFiles } from "../process/identity.ts";
import type { AgentKind, AgentProcess, Said } from "./agent.ts";
import { type Rules, resumeBy } from "./options.ts";
import { ownProcesses } from "./process.ts";
import { nameOf, programOf } from "./program.ts";
import { saidAt, textOf } from "./said.ts";
import type { Told } from "./told.ts";
import { madeAt, UUID } from "./uuid.ts";

/** Codex. Seen with 0.120.0 and 0.171.0. */
export const codex: AgentKind = {
  name: "codex",
  // it sets its title, and tells its status, unasked, from the first prompt on; a status says more, but is noted later than it was
  // told. No hook tells of an error or an interrupt's end, and they may tell of another pane's conversation
  sources: ["title", "status", "hook", "screen"],
  titled,
  // it may end without a word while its server works on
  hasLeft: (title) => title === "",
  screens: [
    // before its title says anything
    {
      for: "trust",
      rows: [/^ *Folder access$/, /^[\u203a ] 1\. Trust and continue$/, /^ *enter continue \u00b7 esc /],
      seen: "0.171.0",
    },
    {
      for: "trust",
      rows: [/^ *Hooks need review$/, /^[\u203a ] 1\. Review hooks$/, /^ *enter confirm \u00b7 esc skip$/],
      seen: "0.171.0",
    },
    {
      for: "permission",
      rows: [/^ *Would you like to .*\?$/, /^\u203a 1\. Yes/, /^ *Press enter to confirm or esc to cancel$/],
      seen: "0.171.0",
    },
    {
      for: "question",
      rows: [/^ *Question \d+\/\d+/, /\| enter to submit answer \| esc to interrupt$/],
      seen: "0.171.0",
    },
    // before the first prompt, when nothing else tells anything
    {
      for: "idle",
      rows: [/^\u203a Ask Codex to do anything$/, /^ {2}\S.* \u00b7 [~/]/],
      without: /\besc to interrupt\b/,
      seen: "0.171.0",
    },
  ],
  prompts: {
    composer: { marker: /^\u203a/, gap: 1, placeholder: "faint", end: /^\s*$/, seen: "0.171.0" },
    transcript,
    said,
  },
  conversationOf,
  isKept: (...kept) => transcript(...kept) !== undefined,
  resume: (argv, conversation) => resumeBy(RULES, argv, conversation),
};

const RULES: Rules = {
  id: UUID,
  goOn: (conversation) => ["resume", conversation],
  kept: {
    flags: "--no-alt-screen --no-daemon --oss --strict-config",
    one: "--add-dir -a --ask-for-approval -C --cd -c --config --local-provider -m --model -p --profile -s --sandbox",
  },
  granting: {
    flags:
      "--approve-for-me --dangerously-bypass-approvals-and-sandbox --dangerously-bypass-hook-trust --full-auto --search --yolo",
    one: "--disable --enable --remote --remote-auth-token-env",
  },
  dropped: { flags: "--all --include-non-interactive --last --worktree", many: "-i --image" },
  refused: "-h --help -V --version",
  // but `resume` and `fork`, after which it is as without
  subcommands:
    "a agents app app-server apply archive cloud completion debug delete doctor e exec exec-server execpolicy features help login logout mcp mcp-server migrate-nfs-db migrate-rollouts plugin proto queue remote-control responses-api-proxy review sandbox stdio-to-uds unarchive update",
  operands: "dropped",
  harmless: {
    ...both("-a", "--ask-for-approval", /^(on-request|untrusted)$/),
    ...both("-s", "--sandbox", /^(read-only|workspace-write)$/),
    ...both("-c", "--config", /^(model|model_provider|model_reasoning_\w+|model_verbosity|tui\.[\w.]+)\s*=/),
  },
};

/**
 * `TASK | FOLDER` from the first prompt on, behind a spinner of braille while it works; `[ ! ] Action Required`, which flashes, while
 * it asks. Before that the folder alone, also while it asks whether that is trusted.
 */
function titled(title: string, folder: string): Told | undefined {
  if (/^\[ [!.] \] Action Required/.test(title)) return { state: "waiting" };
  if (/^[\u2801-\u28ff] /.test(title)) return { state: "working" };
  return folder !== "" && title.endsWith(` | ${folder}`) ? { state: "idle" } : undefined;
}

function both(letter: string, name: string, values: RegExp): Record<string, RegExp> {
  return { [letter]: values, [name]: values };
}

/** What a process writes in, or is about to: it holds a lock from a conversation's start on, and opens its file at the first prompt. */
const HELD = /\/thread-writer-locks\/([0-9a-f-]{36})\.lock$|\/sessions\/.*\/rollout-[^/]*-([0-9a-f-]{36})\.jsonl$/;

/** The kernel tells both the time and when a process began in hundredths of a second. */
const TICKS_MS = 20;

/**
 * One that writes itself (`--no-daemon`) keeps the conversations before `/clear`, too: of several there is no telling. Else
 * a server in the background writes for all that run, and gives up a minute later what none has any more. If it has one
 * conversation, and one alone could have it, they belong together.
 */
function conversationOf(process: AgentProcess): string | undefined {
  if (isServer(process.argv)) return undefined;
  const own = heldBy([process]);
  if (own.length > 0) return onlyOf(own);
  const all = ownProcesses(isCodex).filter((one) => folderOf(one) === folderOf(process));
  const clients = all.filter(({ argv }) => !isServer(argv));
  const id = onlyOf(heldBy(all.filter(({ argv }) => isServer(argv))));
  if (id === undefined || onlyOf(clients)?.pid !== process.pid) return undefined;
  const isItsOwn = (madeAt(id) ?? 0) >= Date.now() - ageS(process.pid) * 1000 - TICKS_MS;
  return isItsOwn || process.argv.includes(id) ? id : undefined;
}

/** The program itself, which its package has an interpreter start. */
function isCodex(argv: readonly string[]): boolean {
  const program = programOf(argv);
  return program?.words === 1 && nameOf(program) === "codex";
}

function isServer(argv: readonly string[]): boolean {
  return argv.includes("app-server");
}

function heldBy(processes: readonly AgentProcess[]): string[] {
  const files = processes.flatMap(({ pid }) => openFiles(pid));
  return [...new Set(files.flatMap((path) => HELD.exec(path)?.slice(1).find(Boolean) ?? []))];
}

function onlyOf<T>(all: readonly T[]): T | undefined {
  return all.length === 1 ? all[0] : undefined;
}

function folderOf({ variable }: AgentProcess): string {
  return variable("CODEX_HOME") || `${variable("HOME")}/.codex`;
}

/** Kept by day, in a file from the first prompt on: mostly the day that its id tells, wherever the clock was then. */
function transcript(
  conversation: string,
  home: string,
  variable: AgentProcess["variable"] = () => undefined,
): string | undefined {
  if (!UUID.test(conversation)) return undefined;
  const folder = `${variable("CODEX_HOME") || `${home}/.codex`}/sessions`;
  const made = madeAt(conversation);
  const days = made === undefined ? [] : [0, -1, 1].map((day) => dayFolder(folder, made + day * DAY_MS));
  for (const day of days) {
    const name = namesIn(day).find((one) => one.endsWith(`-${conversation}.jsonl`));
    if (name !== undefined) return `${day}/${name}`;
  }
  const path = namesIn(folder, { recursive: true }).find((one) => one.endsWith(`-${conversation}.jsonl`));
  return path === undefined ? undefined : `${folder}/${path}`;
}

function dayFolder(folder: string, at: number): string {
  return `${folder}/${new Date(at).toISOString().slice(0, 10).replaceAll("-", "/")}`;
}

function namesIn(folder: string, options: { recursive?: boolean } = {}): string[] {
  try {
    return fs().readdirSync(folder, { ...options, encoding: "utf8" });
  } catch {
    return []; // none of that day
  }
}

const Entry = v.object({
  type: v.literal("response_item"),
  timestamp: v.string(),
  payload: v.object({ type: v.literal("message"), role: v.literal("assistant"), content: v.array(v.unknown()) }),
});

function said(entry: unknown): Said | undefined {
  if (!v.is(Entry, entry)) return undefined;
  return saidAt(entry.timestamp, textOf(entry.payload.content, "output_text"));
}
