import type { AgentKind } from "./agent.ts";
import { type Rules, resumeBy } from "./options.ts";

/** opencode. Seen with 1.18.33. All conversations are in one database, and nothing tells which of them a process has. */
export const opencode: AgentKind = {
  name: "opencode",
  sources: ["hook"],
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
