import { sleep } from "../../../../../lib/wait.ts";
import type { McpTool } from "../client.ts";

/** How long a model takes from one call to the next at least: as nothing here waits, so often it is looked. */
const TURN_MS = 2000;
const LOOKS = 15;

/** Lets some time pass, as it does while a model thinks of the next call; it costs nothing. */
export async function turn(): Promise<void> {
  await sleep(TURN_MS);
}

/** Makes the session `work`: its panes are named as tmux names them, which saves listing its windows and panes. */
export async function create(tool: McpTool): Promise<void> {
  await must(tool, "create-session", { name: "work" });
}

/** Types a line into what runs in a pane, and Enter; keys are pressed by their names. */
export async function type(tool: McpTool, paneId: string, command: string): Promise<void> {
  await must(tool, "execute-command", { paneId, command, rawMode: true });
}

/** What a pane shows, without the empty lines at its end. */
export async function shown(tool: McpTool, paneId: string): Promise<string> {
  // with none of the lines above
  return await must(tool, "capture-pane", { paneId, lines: "0" });
}

/**
 * Runs a command in a shell; returns its id. Of what it writes in several lines, the result will leave out the first (tmux-mcp 0.2.2): a
 * command that does begins with one of no use.
 */
export async function begin(tool: McpTool, paneId: string, command: string): Promise<string> {
  const text = await must(tool, "execute-command", { paneId, command });
  return /command\/([\w-]+)\/result/.exec(text)?.[1] ?? "";
}

/** Looks again and again how a command has ended; throws when it does not. */
export async function result(tool: McpTool, commandId: string): Promise<{ exitCode: number; output: string }> {
  for (let i = 0; i < LOOKS; i++) {
    await turn();
    const text = await must(tool, "get-command-result", { commandId });
    const exitCode = /^Exit code: (\d+)$/m.exec(text)?.[1];
    if (exitCode === undefined) continue;
    return { exitCode: Number(exitCode), output: text.split("--- Output ---\n")[1] ?? "" };
  }
  throw new Error("the command did not end");
}

/** Looks again and again until a pane shows what is looked for; throws when it does not. */
export async function until<T>(look: () => Promise<T | undefined>): Promise<T> {
  for (let i = 0; i < LOOKS; i++) {
    await turn();
    const found = await look();
    if (found !== undefined) return found;
  }
  throw new Error("it did not come");
}

/** Calls a tool that must work; throws with what it says when it does not. */
export async function must(tool: McpTool, name: string, input: Record<string, unknown>): Promise<string> {
  const { text, isError } = await tool.call(name, input);
  if (isError) throw new Error(`${name}: ${text}`);
  return text;
}
