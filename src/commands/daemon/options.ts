import { sessionName } from "../../lib/names.ts";
import type { TmuxServer } from "../../tmux/server.ts";
import { seconds } from "../values.ts";

/** The session that a daemon can be limited to. */
export const limitArg = {
  type: "positional",
  description: "watch this session only, and end with it",
  required: false,
} as const;

/** After how many seconds without a subscription a daemon ends. */
export const idleExitArg = {
  type: "string",
  description: "end after so many seconds without a subscription",
  valueHint: "seconds",
} as const;

/** Reads limitArg. Throws ERR_INVALID_NAME. */
export function parseLimit(session: string | undefined): string | undefined {
  return session === undefined ? undefined : sessionName(session);
}

/** Reads idleExitArg. Throws ERR_INVALID_ARGUMENT. */
export function parseIdleExit(text: string | undefined): number | undefined {
  return text === undefined ? undefined : seconds("idle-exit", text);
}

/** The arguments that make `daemon run` or `watchdog run` serve the same tmux server with the same limits. */
export function daemonArgs(
  server: TmuxServer,
  limits: { session: string | undefined; idleExit: string | undefined },
): string[] {
  const { session, idleExit } = limits;
  return [
    ...server.flags,
    ...(session === undefined ? [] : [session]),
    ...(idleExit === undefined ? [] : ["--idle-exit", idleExit]),
  ];
}
