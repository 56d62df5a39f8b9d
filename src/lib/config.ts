import { AppError } from "./errors.ts";

/**
 * The only reader of the environment. Each setting is read when asked for, so a command pays for, and can fail on,
 * only what it uses.
 */
export const config = {
  /** CLAUDE_TMUX_STATE_DIR: where runtime state lives instead of /tmp/claude-tmux-states-$USER. */
  get stateDir(): string | undefined {
    return text("CLAUDE_TMUX_STATE_DIR");
  },
  /** Everything that a person has set for us, as a service needs it: not what callbacks are told, nor our own marks. */
  get settings(): Record<string, string> {
    const names = Object.keys(process.env).filter((name) => SETTINGS.test(name));
    return Object.fromEntries(names.toSorted().map((name) => [name, process.env[name] ?? ""]));
  },
  /** CLAUDE_TMUX_LEGACY_DIR: where version 3.0 kept its state, /tmp/claude-tmux-states. */
  get legacyDir(): string {
    return text("CLAUDE_TMUX_LEGACY_DIR") ?? "/tmp/claude-tmux-states";
  },
  /** CLAUDE_TMUX_LEGACY_EVENTS_DIR: where version 3.0 kept its subscriptions, /tmp/claude-tmux-events. */
  get legacyEventsDir(): string {
    return text("CLAUDE_TMUX_LEGACY_EVENTS_DIR") ?? "/tmp/claude-tmux-events";
  },
  /** All of it, for who looks at what programs in panes will be given. */
  get environment(): Record<string, string | undefined> {
    return process.env;
  },
  /** $TMUX: `socket,server pid,session number`, as tmux sets it in its panes (tmux(1), ENVIRONMENT). */
  get tmux(): string | undefined {
    return text("TMUX");
  },
  /** $TMUX_PANE: the id of the pane that this program was started in, as tmux sets it (tmux(1), ENVIRONMENT). */
  get tmuxPane(): string | undefined {
    return text("TMUX_PANE");
  },
  /** $TMUX_TMPDIR: the parent of tmux's socket folder (tmux(1), option -L). */
  get tmuxTmpdir(): string {
    return text("TMUX_TMPDIR") ?? "/tmp";
  },
  /** $HOME, in which a user's units are. */
  get home(): string | undefined {
    return text("HOME");
  },
  /** $XDG_CONFIG_HOME, where a user's units are: ~/.config. A relative one does not count (XDG Base Directory Specification). */
  get configHome(): string | undefined {
    const folder = text("XDG_CONFIG_HOME");
    return folder?.startsWith("/") ? folder : undefined;
  },
  /** $SUDO_USER: who called sudo(8). */
  get sudoUser(): string | undefined {
    return text("SUDO_USER");
  },
  /** $SYSTEMD_EXEC_PID: the process that systemd itself started (systemd.exec(5)). */
  get systemdExecPid(): number | undefined {
    return Number(text("SYSTEMD_EXEC_PID")) || undefined;
  },
  /** NO_COLOR, of any value but the empty one (no-color.org). */
  get noColor(): boolean {
    return text("NO_COLOR") !== undefined;
  },
  /** DEBUG, of any value but the empty one: errors come with their stack. */
  get debug(): boolean {
    return text("DEBUG") !== undefined;
  },
  /** CLAUDE_TMUX_MAX_PANES: panes in one window that pane-create allows. */
  get maxPanes(): number {
    return count("CLAUDE_TMUX_MAX_PANES", 10);
  },
  /** CLAUDE_TMUX_HEARTBEAT_MAX_AGE, seconds: an older heartbeat is stale. */
  get heartbeatMaxAgeS(): number {
    return number("CLAUDE_TMUX_HEARTBEAT_MAX_AGE", 30);
  },
  /** CLAUDE_TMUX_MEMORY_MAX_MB: a larger resident set is degraded. */
  get memoryMaxMb(): number {
    return number("CLAUDE_TMUX_MEMORY_MAX_MB", 500);
  },
  /** CLAUDE_TMUX_QUEUE_MAX: as many events waiting for their callbacks are degraded. */
  get queueMax(): number {
    return count("CLAUDE_TMUX_QUEUE_MAX", 1000);
  },
  /** CLAUDE_TMUX_ERRORS_MAX: as many errors in the last 100 log lines are degraded. */
  get errorsMax(): number {
    return count("CLAUDE_TMUX_ERRORS_MAX", 10);
  },
  /** CLAUDE_TMUX_BACKOFF_BASE_MS: the wait before the first restart; each further one waits twice as long. */
  get backoffBaseMs(): number {
    return number("CLAUDE_TMUX_BACKOFF_BASE_MS", 2000);
  },
  /** CLAUDE_TMUX_RESTART_LIMIT: restarts within the window before the watchdog gives up. */
  get restartLimit(): number {
    return count("CLAUDE_TMUX_RESTART_LIMIT", 5);
  },
  /** CLAUDE_TMUX_RESTART_WINDOW_S, seconds. */
  get restartWindowS(): number {
    return number("CLAUDE_TMUX_RESTART_WINDOW_S", 300);
  },
  /** CLAUDE_TMUX_CALLBACK_CONCURRENCY: callbacks that run at the same time. */
  get callbackConcurrency(): number {
    return Math.max(1, count("CLAUDE_TMUX_CALLBACK_CONCURRENCY", 8));
  },
  /** CLAUDE_TMUX_EVENTS_PER_S: events of one subscription within a second; those beyond it become one. */
  get eventsPerS(): number {
    return Math.max(1, Math.floor(number("CLAUDE_TMUX_EVENTS_PER_S", 200)));
  },
  /** CLAUDE_TMUX_EVENTS_MAX: events that the log keeps, and subscriptions that have ended. */
  get eventsMax(): number {
    return Math.max(1, count("CLAUDE_TMUX_EVENTS_MAX", 100_000));
  },
  /** CLAUDE_TMUX_EVENTS_DAYS: days after which events, and subscriptions that have ended, are removed. */
  get eventsDays(): number {
    return number("CLAUDE_TMUX_EVENTS_DAYS", 30);
  },
  /** CLAUDE_TMUX_LOG_MAX_MB: the size from which a log is put aside, in the place of the one before. */
  get logMaxMb(): number {
    return number("CLAUDE_TMUX_LOG_MAX_MB", 10);
  },
  /**
   * CLAUDE_TMUX_PROCESS_TABLE: "ps" has ps(1) asked about processes although there is a /proc; for tests, and for
   * systems whose /proc hides too much. To be the same for all that share a state folder.
   */
  get processTable(): "ps" | undefined {
    const value = text("CLAUDE_TMUX_PROCESS_TABLE");
    if (value === undefined || value === "ps") return value;
    throw new AppError("ERR_INVALID_ARGUMENT", `CLAUDE_TMUX_PROCESS_TABLE is "${value}", which is not ps`, {
      hint: "Unset CLAUDE_TMUX_PROCESS_TABLE, or set it to ps.",
    });
  },
  /** CLAUDE_TMUX_CALLBACK_TIMEOUT_S, seconds: a callback's process group is ended after that. */
  get callbackTimeoutS(): number {
    return number("CLAUDE_TMUX_CALLBACK_TIMEOUT_S", 60);
  },
};

const SETTINGS =
  /^CLAUDE_TMUX_(STATE_DIR|MAX_PANES|HEARTBEAT_MAX_AGE|(MEMORY|EVENTS|LOG)_MAX(_MB)?|QUEUE_MAX|ERRORS_MAX|BACKOFF_BASE_MS|RESTART_(LIMIT|WINDOW_S)|CALLBACK_(CONCURRENCY|TIMEOUT_S)|EVENTS_(DAYS|PER_S)|PROCESS_TABLE)$/;

/** How often mimalloc, Bun's allocator, may look for memory to give back (ms): set for processes that mostly wait. */
export const ALLOCATOR_INTERVAL = "MIMALLOC_PURGE_HOLES_MIN_INTERVAL";

/** The environment for processes we start: ours, without the variables that change how a Bun binary behaves. */
export function childEnv(extra: Record<string, string> = {}): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !name.startsWith("BUN_") && name !== ALLOCATOR_INTERVAL) env[name] = value;
  }
  return Object.assign(env, extra);
}

function text(name: string): string | undefined {
  return process.env[name] || undefined;
}

function number(name: string, fallback: number): number {
  return read(name, fallback, /^\d+(\.\d+)?$/, "a number");
}

function count(name: string, fallback: number): number {
  return read(name, fallback, /^\d+$/, "a whole number");
}

function read(name: string, fallback: number, pattern: RegExp, what: string): number {
  const value = text(name);
  if (value === undefined) return fallback;
  if (pattern.test(value)) return Number(value);
  throw new AppError("ERR_INVALID_ARGUMENT", `${name} is "${value}", which is not ${what}`, {
    hint: `Unset ${name}, or set it to ${what} such as ${fallback}.`,
  });
}
