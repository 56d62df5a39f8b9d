import { isoSeconds } from "../../lib/clock.ts";
import type { ErrorCode } from "../../lib/errors.ts";
import { jsonText } from "../../lib/json.ts";
import type { Pane } from "../../tmux/panes.ts";

/** What a bridge command tells: `output`, which is the answer itself, and further facts. */
export type Facts = { output: unknown };

/** What a bridge command found or did. */
export type Result<F extends Facts = Facts> = Found<F> & Details<Omit<F, "output">>;

interface Found<F extends Facts> {
  session?: string;
  /** the session that it is about, where that is another one than was named */
  otherSession?: string;
  pane?: Pick<Pane, "id" | "paneId">;
  output: F["output"];
  /** the process exit code when it is not 0 although the command worked ("no") */
  exitCode?: number;
}

/** The further facts, after `output` in the JSON. */
type Details<D> = Record<never, never> extends D ? { details?: D } : { details: D };

/** What a bridge command answers on success (see replySchema). */
export function successReply(command: string, result: Result) {
  return {
    status: "success" as const,
    ...subject(command, result),
    output: result.output,
    ...result.details,
    ...now(),
  };
}

/** What a bridge command answers on failure (see BridgeFailure). */
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
}) {
  const { command, session, paneId, pane, code, message, hint, details } = options;
  const error = { code, ...(hint === undefined ? {} : { hint }) };
  return { status: "error", command, session, pane_id: paneId, pane, output: message, ...details, error, ...now() };
}

/** Either of them as the JSON that is printed: with two-space indentation, as scripts grep it, or on one line. */
export function replyText(reply: object, compact: boolean): string {
  return jsonText(reply, compact ? 0 : 2);
}

function subject(command: string, { session, pane }: Result) {
  return { command, session: session ?? "", pane_id: pane?.paneId ?? "", pane: pane?.id ?? "" };
}

function now() {
  return { timestamp: isoSeconds(Date.now()) };
}
