import { isoSeconds } from "../../lib/clock.ts";
import type { ErrorCode } from "../../lib/errors.ts";
import { jsonText } from "../../lib/json.ts";
import type { Pane } from "../../tmux/panes.ts";

/** What a bridge command found or did. `output` is the answer itself. */
export interface Result {
  session?: string;
  pane?: Pick<Pane, "id" | "paneId">;
  output: unknown;
  /** further facts, after `output` in the JSON */
  details?: Record<string, unknown>;
  /** the process exit code when it is not 0 although the command worked ("no") */
  exitCode?: number;
}

/** The JSON object that a bridge command prints on success (two-space indentation, as scripts grep it). */
export function successReply(command: string, result: Result, compact: boolean): string {
  return format(
    { status: "success", ...subject(command, result), output: result.output, ...result.details, ...now() },
    compact,
  );
}

/** The JSON object that a bridge command prints on failure. */
export function failureReply(options: {
  command: string;
  session: string;
  paneId: string;
  /** its `%id`; empty when it is not known */
  pane: string;
  code: ErrorCode;
  message: string;
  hint: string | undefined;
  details: Record<string, unknown>;
  compact: boolean;
}): string {
  const { command, session, paneId, pane, code, message, hint, details } = options;
  const error = { code, ...(hint === undefined ? {} : { hint }) };
  return format(
    { status: "error", command, session, pane_id: paneId, pane, output: message, ...details, error, ...now() },
    options.compact,
  );
}

function subject(command: string, { session, pane }: Result) {
  return { command, session: session ?? "", pane_id: pane?.paneId ?? "", pane: pane?.id ?? "" };
}

function now() {
  return { timestamp: isoSeconds(Date.now()) };
}

function format(reply: object, compact: boolean): string {
  return jsonText(reply, compact ? 0 : 2);
}
