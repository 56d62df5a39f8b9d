import { exists } from "../lib/files.ts";
import { openFiles } from "../process/identity.ts";
import type { AgentKind, AgentProcess } from "./agent.ts";
import { type Rules, resumeBy } from "./options.ts";
import { UUID } from "./uuid.ts";

/** GitHub Copilot CLI. Seen with 1.0.102, up to its first prompt. */
export const copilot: AgentKind = {
  name: "copilot",
  sources: ["hook"],
  untold:
    "Copilot CLI is not known to tell it in a file, its title, a hook or a dialog, so look at its pane (pane-screen)",
  conversationOf,
  isKept,
  resume: (argv, conversation) => resumeBy(RULES, argv, conversation),
};

const RULES: Rules = {
  id: UUID,
  goOn: (conversation) => [`--resume=${conversation}`],
  kept: {
    flags:
      "--banner --disable-builtin-mcps --disable-client-telemetry --disallow-temp-dir --experimental --no-auto-update --no-bash-env --no-color --no-custom-instructions --no-experimental --no-mouse --no-remote --no-remote-export --plain-diff --plan --screen-reader",
    one: "--add-dir --additional-mcp-config --agent --auto-tier -C --context --disable-mcp-server --dynamic-retrieval --log-dir --log-level --max-ai-credits --max-autopilot-continues --mode --model --plugin-dir --reasoning-effort --stream",
    optional: "--mouse",
    many: "--available-tools --deny-tool --deny-url --excluded-tools --secret-env-vars",
  },
  granting: {
    flags:
      "--allow-all --allow-all-mcp-server-instructions --allow-all-paths --allow-all-tools --allow-all-urls --assisted-approval --autopilot --enable-all-github-mcp-tools --no-ask-user --remote --remote-export --yolo",
    one: "--add-github-mcp-tool --add-github-mcp-toolset --enable-mcp-server --extension-sdk-path --mcp-github-auth",
    optional: "--bash-env",
    many: "--allow-tool --allow-url",
  },
  dropped: {
    flags: "--continue --fleet",
    one: "-i --interactive -n --name --session-id",
    optional: "-r --resume --connect",
  },
  refused:
    "-p --prompt -s --silent --acp --attachment --environment-host --output-format --share --share-gist --trust-folder -h --help -v --version",
  subcommands:
    "app completion config help init instruction login lsp mcp memories plugin sandbox sessions skill update version workflow",
  operands: "dropped",
  harmless: { "--additional-mcp-config": /^@/, "--mode": /^(interactive|plan)$/ },
};

/** It keeps a file open that says which one it uses. */
function conversationOf({ pid }: AgentProcess): string | undefined {
  const own = new RegExp(`/session-state/([0-9a-f-]{36})/inuse\\.${pid}\\.(?:hold|lock)$`);
  const [id, ...others] = new Set(openFiles(pid).flatMap((path) => own.exec(path)?.[1] ?? []));
  return others.length === 0 ? id : undefined;
}

function isKept(
  conversation: string,
  home: string,
  variable: AgentProcess["variable"] = () => undefined,
): boolean | undefined {
  const folder = `${variable("COPILOT_HOME") || `${home}/.copilot`}/session-state/${conversation}`;
  if (!UUID.test(conversation) || !exists(folder)) return false;
  return exists(`${folder}/events.jsonl`) || undefined; // whether what has not begun yet can be gone on with is not known
}
