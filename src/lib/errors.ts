/** Every way in which claude-tmux fails on purpose; callers and scripts branch on these. */
export type ErrorCode =
  | "ERR_SESSION_EXISTS"
  | "ERR_SESSION_NOT_FOUND"
  | "ERR_PANE_NOT_FOUND"
  | "ERR_AMBIGUOUS_LABEL"
  | "ERR_INVALID_NAME"
  | "ERR_INVALID_ARGUMENT"
  | "ERR_INVALID_PATTERN"
  | "ERR_MAX_PANES"
  | "ERR_TIMEOUT"
  | "ERR_TMUX_MISSING"
  | "ERR_TMUX_TOO_OLD"
  | "ERR_TMUX_NOT_RUNNING"
  | "ERR_COMMAND_FAILED"
  | "ERR_COMMAND_ENDED"
  | "ERR_PANE_BUSY"
  | "ERR_PANE_DEAD"
  | "ERR_NOT_OWNER"
  | "ERR_SNAPSHOT_DAMAGED"
  | "ERR_SNAPSHOT_NOT_FOUND"
  | "ERR_SNAPSHOT_VERSION"
  | "ERR_UNSAFE_STATE_DIR"
  | "ERR_DAEMON_RUNNING"
  | "ERR_DAEMON_NOT_RUNNING";

const EXIT_CODES: Partial<Record<ErrorCode, number>> = {
  ERR_INVALID_NAME: 2,
  ERR_INVALID_ARGUMENT: 2,
  ERR_INVALID_PATTERN: 2,
  ERR_TIMEOUT: 124,
  ERR_TMUX_MISSING: 127,
  ERR_TMUX_TOO_OLD: 127,
};

/** A failure that a user can act on: a sentence that says what happened, and a hint that says what to do. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  /** facts for the JSON answer, beside the message */
  readonly details: Record<string, unknown>;
  /** what the process ends with: 1, 2 (wrong usage), 124 (time-out), 127 (no usable tmux), 128 + a signal's number */
  readonly exitCode: number;

  constructor(
    code: ErrorCode,
    message: string,
    options: {
      hint?: string | undefined;
      cause?: unknown;
      details?: Record<string, unknown>;
      /** instead of the one that the code stands for */
      exitCode?: number;
    } = {},
  ) {
    super(message, { cause: options.cause });
    this.name = "AppError";
    this.code = code;
    this.hint = options.hint;
    this.details = options.details ?? {};
    this.exitCode = options.exitCode ?? EXIT_CODES[code] ?? 1;
  }
}

/** The same error, but for what is given. */
export function changed(
  { code, message, hint, exitCode, details, cause }: AppError,
  changes: { hint?: string | undefined; cause?: unknown; details?: Record<string, unknown> },
): AppError {
  return new AppError(code, message, { hint, exitCode, details, cause, ...changes });
}

/** Any thrown value as an Error, so that a message can be shown whatever was thrown. */
export function asError(thrown: unknown): Error {
  return thrown instanceof Error ? thrown : new Error(String(thrown));
}

/** The errno name ("ENOENT", "EEXIST" …) of a failed system call, or undefined for any other error. */
export function errno(thrown: unknown): string | undefined {
  const code = thrown instanceof Error && "code" in thrown ? thrown.code : undefined;
  return typeof code === "string" ? code : undefined;
}

/** What the system refuses of which `doctor` finds the place and the cause (errno(3)). */
const DOCTORS = ["EROFS", "EACCES", "EPERM"];

/** An error as one to tell a user; undefined for a bug. What the system or the database refused is no bug. */
export function expectedError(error: Error): AppError | undefined {
  if (error instanceof AppError) return error;
  const code = errno(error);
  if (code === undefined && error.name !== "SQLiteError") return undefined;
  const hint = DOCTORS.includes(code ?? "") ? "See what can't be written, and why: claude-tmux doctor" : undefined;
  return new AppError("ERR_COMMAND_FAILED", error.message, { cause: error, hint });
}
