import type { AgentKind } from "./agent.ts";

/** The kind of that name. */
export function kindNamed(_name: string): AgentKind | undefined {
  return undefined;
}
/** Whether. */
export function isLiving(_kind: string, _conversation: string): boolean {
  return false;
}
/** Whether. */
export function isKept(_kind: string, _conversation: string, _home: string): boolean {
  return false;
}
