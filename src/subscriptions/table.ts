import { agentState } from "./agent-state.ts";
import { commandFinished } from "./command-finished.ts";
import { paneExit } from "./pane-exit.ts";
import { patternMatch } from "./pattern-match.ts";
import { sessionClosed } from "./session-closed.ts";
import { silence } from "./silence.ts";
import { timeout } from "./timeout.ts";
import type { SubscriptionType } from "./type.ts";

const ALL = [patternMatch, timeout, commandFinished, silence, agentState, paneExit, sessionClosed] as const;

/** Every type of subscription. Adding one: a file, and its name in the list above. */
export const TYPES: readonly SubscriptionType[] = ALL;

/** The name of one of them. */
export type TypeName = (typeof ALL)[number]["name"];

/** The type of a name; undefined for none, or one of a later version. Pure. */
export function typeNamed(name: string): SubscriptionType | undefined {
  return TYPES.find((type) => type.name === name);
}
