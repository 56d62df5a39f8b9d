import type { Ended } from "../../panes/ended.ts";
import type { Ended as EndedFacts } from "../results/run.ts";
import type { Result } from "./reply.ts";

/** The result of a command that ended, with all that is known of it. */
export function endedResult(session: string, ended: Ended, output: string): Result<EndedFacts> {
  const { pane, exitCode, durationMs, method, paneEnded, lastLines } = ended;
  const draft = ended.isDraftCleared ? { draft: "cleared" as const } : {};
  const details = {
    exit_code: exitCode ?? null,
    duration_ms: durationMs ?? null,
    method,
    ...draft,
    ...(lastLines && { last_lines: lastLines }),
  };
  return { session, pane, output, details: paneEnded ? { ...details, pane_ended: true as const } : details };
}
