import agentStates from "./pages/agent-states.md" with { type: "text" };
import agents from "./pages/agents.md" with { type: "text" };
import cleanup from "./pages/cleanup.md" with { type: "text" };
import environment from "./pages/environment.md" with { type: "text" };
import errors from "./pages/errors.md" with { type: "text" };
import exitCodes from "./pages/exit-codes.md" with { type: "text" };
import files from "./pages/files.md" with { type: "text" };
import integrations from "./pages/integrations.md" with { type: "text" };
import internals from "./pages/internals.md" with { type: "text" };
import mcpServer from "./pages/mcp-server.md" with { type: "text" };
import naming from "./pages/naming.md" with { type: "text" };
import performance from "./pages/performance.md" with { type: "text" };
import running from "./pages/running.md" with { type: "text" };
import snapshots from "./pages/snapshots.md" with { type: "text" };
import subscriptions from "./pages/subscriptions.md" with { type: "text" };
import supervision from "./pages/supervision.md" with { type: "text" };
import top from "./pages/top.md" with { type: "text" };
import waitingFor from "./pages/waiting-for.md" with { type: "text" };
import { recipesText } from "./recipes.ts";
import { typesTable } from "./subscription-types.ts";
import { TABLES, tableText } from "./tables.ts";

/** The pages of `claude-tmux help <page>`, in Markdown, in the order in which they are listed. */
const TEXTS: Readonly<Record<string, string>> = {
  agents,
  recipes: recipesText(),
  naming,
  subscriptions,
  running,
  "waiting-for": waitingFor,
  "agent-states": agentStates,
  top,
  "mcp-server": mcpServer,
  integrations,
  supervision,
  cleanup,
  snapshots,
  "exit-codes": exitCodes,
  errors,
  files,
  environment,
  internals,
  performance,
};

/** What the pages are called. */
export const PAGES: readonly string[] = Object.keys(TEXTS);

/** What a page is about, as its heading says. @throws Error when there is no such page */
export function pageTitle(name: string): string {
  return /^# (.*)/.exec(pageText(name))?.[1] ?? name;
}

/** A page in Markdown, with its tables. @throws Error when there is no such page */
export function pageText(name: string): string {
  const text = Object.hasOwn(TEXTS, name) ? TEXTS[name] : undefined;
  if (text === undefined) throw new Error(`there is no page "${name}"`);
  return text.replace(/^<!-- (\S+) -->$/gm, (_, table: string) => tableNamed(table)).trimEnd();
}

function tableNamed(name: string): string {
  if (name === "subscriptions") return typesTable();
  const table = TABLES[name];
  if (!table) throw new Error(`there is no table "${name}"`);
  return tableText(table);
}
