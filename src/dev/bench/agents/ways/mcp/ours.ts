import type { McpTool } from "../client.ts";

/** What our tools tell: facts by name. */
export interface Facts {
  output: unknown;
  pane?: string;
  error?: { code: string };
  [fact: string]: unknown;
}

/** Calls a tool of ours; what goes wrong is told too. */
export async function call(tool: McpTool, name: string, input: Record<string, unknown> = {}): Promise<Facts> {
  return JSON.parse((await tool.call(name, input)).text);
}

/** Calls a tool of ours that must work; throws with what it says when it does not. */
export async function must(tool: McpTool, name: string, input: Record<string, unknown> = {}): Promise<Facts> {
  const facts = await call(tool, name, input);
  if (facts.error) throw new Error(`${name}: ${JSON.stringify(facts)}`);
  return facts;
}

/** The session that many tasks want made: where something is run, that makes it. */
export const SESSION = { session: "work" };
