import { type HookKind, hookEvents } from "../agents/hook-events.ts";
import { readableShellWord } from "./quote.ts";

/** A kind of agent whose settings are a person's file, in which hooks are put by hand. */
export type HandSet = Exclude<HookKind, "claude" | "opencode">;

/**
 * How long a hook may take, in the unit of each: it takes no longer than a second by itself. Codex warns at each start of one that may
 * take more than 3 seconds at its end.
 */
const TIMEOUT: Record<HandSet, number> = { codex: 3, gemini: 5000 };

/** Where they belong, and what else is to be known. */
export const ABOUT_HOOKS: Record<HandSet, string> = {
  codex: `This belongs into ~/.codex/hooks.json. Codex calls no hook that you have not reviewed: it asks at its next start. What its
server calls is not noted, since it serves all panes; codex --no-daemon has none.`,
  gemini: `This belongs into ~/.gemini/settings.json, beside what is there. Gemini CLI shows that hooks run, unless its setting
hooksConfig.notifications is false.`,
};

/** The hooks of an agent, in the form of its settings: JSON. Pure. */
export function agentHooks(kind: HandSet, program: readonly string[]): string {
  const command = [...program, "agent-hook", kind].map(readableShellWord).join(" ");
  const entry = { hooks: [{ type: "command", command, timeout: TIMEOUT[kind] }] };
  const hooks = Object.fromEntries(hookEvents(kind).map((event) => [event, [entry]]));
  return `${JSON.stringify({ hooks }, undefined, 2)}\n`;
}
