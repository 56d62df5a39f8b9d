import type { Ended } from "../../panes/ended.ts";
import type { Result } from "./reply.ts";

/** The result of a command that ended, with all that is known of it. */
export function endedResult(session: string, ended: Ended, output: unknown): Result {
  const { pane, exitCode, durationMs, method, paneEnded } = ended;
  const draft = ended.isDraftCleared ? { draft: "cleared" } : {};
  const details = { exit_code: exitCode ?? null, duration_ms: durationMs ?? null, method, ...draft };
  return { session, pane, output, details: paneEnded ? { ...details, pane_ended: true } : details };
}
