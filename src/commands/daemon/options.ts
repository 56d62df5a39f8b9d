import type { TmuxServer } from "../../tmux/server.ts";

/** The session that a daemon can be limited to. */
export const limitArg = {
  type: "positional",
  description: "watch this session only, and end with it",
  required: false,
  kind: "sessionName",
} as const;

/** After how many seconds without a subscription a daemon ends. */
export const idleExitArg = {
  type: "string",
  description: "end after this many seconds without a subscription",
  valueHint: "seconds",
  kind: "seconds",
} as const;

/** The arguments that make `daemon run` or `watchdog run` serve the same tmux server with the same limits. */
export function daemonArgs(
  server: TmuxServer,
  limits: { session: string | undefined; idleExit: number | undefined },
): string[] {
  const { session, idleExit } = limits;
  return [
    ...server.flags,
    ...(session === undefined ? [] : [session]),
    ...(idleExit === undefined ? [] : ["--idle-exit", `${idleExit}`]),
  ];
}
