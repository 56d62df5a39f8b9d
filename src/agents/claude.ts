import * as v from "valibot";
import { fs } from "../lib/builtin.ts";
import { exists, readOwn } from "../lib/files.ts";
import { processStat } from "../process/identity.ts";
import type { AgentKind, AgentProcess, Said } from "./agent.ts";
import { type Rules, resumeBy } from "./options.ts";
import { saidAt, textOf } from "./said.ts";
import type { AgentState, AgentWait, Told } from "./told.ts";
import { UUID } from "./uuid.ts";

/** Claude Code. Seen with 2.1.332. */
export const claude: AgentKind = {
  name: "claude",
  app: "claude-code",
  // its title is the same whatever it does, and no hook tells of an interrupt or a refusal
  // and it tells its status only where a terminal has answered that it wants to know
  sources: ["file", "status", "hook", "screen"],
  screens: [
    // before it has a file
    {
      for: "trust",
      rows: [
        /^ Accessing workspace:$/,
        /^ [\u276f ] Yes, I trust this folder$/,
        /^ Enter to confirm \u00b7 Esc to cancel$/,
      ],
      seen: "2.1.332",
    },
    // its file says that it waits, and not what for; a yes to it is one to all that it would ask leave for
    {
      for: "trust",
      rows: [
        /^ *Make auto mode your default permission mode\?$/,
        /^ *[\u276f ] Yes, set auto mode as my default permission mode$/,
        /^ *[\u276f ] No, keep manual mode$/,
      ],
      seen: "2.1.332",
    },
  ],
  ownWords: /^Type something\.$/,
  prompts: {
    composer: { marker: /^\u276f/, gap: 1, end: /^\u2500/, seen: "2.1.332" },
    transcript,
    said,
  },
  conversationOf: (process) => sessionOf(process)?.sessionId,
  fileOf,
  fileAt,
  isKept: (...kept) => transcript(...kept) !== undefined,
  resume: (argv, conversation) => resumeBy(RULES, argv, conversation),
};

/** A file that is not a path; what it holds is not looked at. */
const A_FILE = /^\s*[^{\s]/;

const RULES: Rules = {
  id: UUID,
  goOn: (conversation) => ["--resume", conversation],
  kept: {
    flags:
      "--ax-screen-reader --bare --brief --chrome --no-chrome --disable-slash-commands --exclude-dynamic-system-prompt-sections --ide --restricted --safe-mode --strict-mcp-config --verbose",
    one: "--advisor --agent --append-system-prompt --append-system-prompt-file --autocompact --debug-file --effort --fallback-model --max-thinking-tokens --model --permission-mode --plugin-dir --plugin-dir-no-mcp --setting-sources --settings --system-prompt --system-prompt-file --system-prompt-snapshot --teammate-mode --thinking --thinking-display",
    optional: "-d --debug --prompt-suggestions",
    many: "--add-dir --betas --disallowedTools --disallowed-tools --mcp-config --tools",
  },
  granting: {
    flags: "--allow-dangerously-skip-permissions --dangerously-skip-permissions --enable-auto-mode",
    one: "--agents --plugin-url --remote-control-session-name-prefix",
    optional: "--remote-control --rc",
    many: "--allowedTools --allowed-tools --channels --dangerously-load-development-channels",
  },
  dropped: {
    flags: "-c --continue --deep-link-origin --fork-session --init --maintenance --tmux",
    one: "-n --name --deep-link-cwd-b64 --deep-link-last-fetch --deep-link-repo --prefill --prefill-b64 --resume-session-at --session-id",
    optional: "-r --resume --from-pr --teleport -w --worktree",
    many: "--file",
  },
  // what only prints, what runs elsewhere or in the background, and members of a team, which their lead starts
  refused:
    "-p --print --input-format --output-format --json-schema --max-turns --max-budget-usd --no-session-persistence --include-partial-messages --include-hook-events --replay-user-messages --permission-prompt-tool --permission-prompts --sdk-url --init-only -h --help -v --version --bg --background --bg-spare --bg-pty-host --cloud --remote --environment --desktop --agent-id --agent-name --agent-type --agent-color --team-name --parent-session-id",
  subcommands:
    "agents attach auth auto-mode config daemon doctor gateway import install kill logs mcp migrate-installer plugin plugins project purge remote-control respawn rm sandbox setup-token stop ultrareview update upgrade workspace-trust",
  operands: "dropped",
  harmless: { "--permission-mode": /^(default|manual|plan)$/, "--settings": A_FILE, "--mcp-config": A_FILE },
};

/**
 * What it keeps about itself, as long as it runs: `sessions/PID.json`. After a crash the file stays, hence the start time. It alone
 * tells the conversation: what it was started with holds until the first `/clear`. One that has handed its conversation to a process in the
 * background (its view of agents) goes on to show that, and keeps the status that it had: what that process tells counts.
 */
const Session = v.object({
  pid: v.number(),
  procStart: v.string(),
  sessionId: v.pipe(v.string(), v.regex(UUID)),
  status: v.optional(v.string()),
  waitingFor: v.optional(v.string()),
  statusUpdatedAt: v.optional(v.number()),
  parkedJobId: v.optional(v.string()),
});
type Session = v.InferOutput<typeof Session>;

/** The same of a process in the background. */
const Job = v.object({ ...Session.entries, kind: v.literal("bg"), jobId: v.string() });

/** `shell`: idle, while something that it has started runs in the background. */
const STATUSES: Record<string, AgentState> = { busy: "working", waiting: "waiting", idle: "idle", shell: "idle" };
const WAITS: Record<string, AgentWait> = { "permission prompt": "permission", "input needed": "question" };

function fileOf(process: AgentProcess): Told | undefined {
  const kept = keptBy(process);
  // its own status is that of when it was parked
  if (kept?.isParked && !kept.session) return { state: "unknown" };
  const { status = "", waitingFor = "", statusUpdatedAt: since } = kept?.session ?? {};
  const state = Object.hasOwn(STATUSES, status) ? STATUSES[status] : undefined;
  if (state === undefined) return undefined;
  const wait = state === "waiting" && Object.hasOwn(WAITS, waitingFor) ? WAITS[waitingFor] : undefined;
  return { state, ...(wait !== undefined && { for: wait }), ...(since !== undefined && { since }) };
}

function sessionOf(process: AgentProcess): Session | undefined {
  return keptBy(process)?.session;
}

function fileAt(process: AgentProcess): string | undefined {
  return keptBy(process)?.path ?? ownFileAt(process);
}

/** The file that tells what a process does, and what is in it; undefined without one. */
function keptBy(process: AgentProcess): { path: string; session: Session | undefined; isParked: boolean } | undefined {
  const path = ownFileAt(process);
  const session = path === undefined ? undefined : read(path, Session);
  if (path === undefined || session?.pid !== process.pid || session.procStart !== `${process.startTime}`)
    return undefined;
  if (session.parkedJobId === undefined) return { path, session, isParked: false };
  return {
    ...(jobAt(path.slice(0, path.lastIndexOf("/")), session.parkedJobId) ?? { path, session: undefined }),
    isParked: true,
  };
}

/** The living process in the background that has a conversation. */
function jobAt(folder: string, id: string): { path: string; session: Session } | undefined {
  for (const name of fs().readdirSync(folder)) {
    const path = `${folder}/${name}`;
    const job = name.endsWith(".json") ? read(path, Job) : undefined;
    if (job?.jobId === id && `${processStat(job.pid)?.startTime}` === job.procStart) return { path, session: job };
  }
  return undefined;
}

/** A file as it is to be; undefined where there is none, or not as we know it. */
function read<T>(path: string, schema: v.GenericSchema<unknown, T>): T | undefined {
  try {
    return v.parse(schema, JSON.parse(readOwn(path)));
  } catch {
    return undefined;
  }
}

function ownFileAt({ pid, variable }: AgentProcess): string | undefined {
  const folder = folderOf(variable, variable("HOME"));
  return folder === undefined ? undefined : `${folder}/sessions/${pid}.json`;
}

/** There is one from the first prompt on, in a folder for where that was. */
function transcript(
  conversation: string,
  home: string,
  variable: AgentProcess["variable"] = () => undefined,
): string | undefined {
  if (!UUID.test(conversation)) return undefined;
  const projects = `${folderOf(variable, home)}/projects`;
  try {
    const paths = fs()
      .readdirSync(projects)
      .map((project) => `${projects}/${project}/${conversation}.jsonl`);
    return paths.find(exists);
  } catch {
    return undefined;
  }
}

/** What a subagent says is not said to the person. */
const Entry = v.object({
  type: v.literal("assistant"),
  isSidechain: v.optional(v.literal(false)),
  timestamp: v.string(),
  message: v.object({ content: v.array(v.unknown()) }),
});

function said(entry: unknown): Said | undefined {
  if (!v.is(Entry, entry)) return undefined;
  return saidAt(entry.timestamp, textOf(entry.message.content, "text"));
}

function folderOf(variable: AgentProcess["variable"], home: string | undefined): string | undefined {
  return variable("CLAUDE_CONFIG_DIR") || (home === undefined ? undefined : `${home}/.claude`);
}
