/** One environment variable of ours by which a person sets something. */
export interface Setting {
  name: `CLAUDE_TMUX_${string}`;
  /** as `help environment` says it */
  sets: string;
  /** its value where it is not set; a text stands for one that is worked out */
  default: number | string;
  /** whether it may be a fraction, or is a whole number; undefined for a text */
  kind?: "number" | "count";
  /** of a number, the least that counts */
  least?: number;
}

/** All of them, in the order in which help shows them. What a service needs is set for it as well. */
export const SETTINGS = {
  stateDir: { name: "CLAUDE_TMUX_STATE_DIR", sets: "the state folder", default: "/tmp/claude-tmux-states-USER" },
  maxPanes: {
    name: "CLAUDE_TMUX_MAX_PANES",
    sets: "panes in a window that `pane-create` allows",
    default: 10,
    kind: "count",
  },
  heartbeatMaxAgeS: {
    name: "CLAUDE_TMUX_HEARTBEAT_MAX_AGE",
    sets: "seconds after which a heartbeat is stale",
    default: 30,
    kind: "number",
  },
  memoryMaxMb: {
    name: "CLAUDE_TMUX_MEMORY_MAX_MB",
    sets: "memory from which `daemon health` says degraded",
    default: 500,
    kind: "number",
  },
  queueMax: {
    name: "CLAUDE_TMUX_QUEUE_MAX",
    sets: "the same for callbacks that wait",
    default: 1000,
    kind: "count",
  },
  errorsMax: {
    name: "CLAUDE_TMUX_ERRORS_MAX",
    sets: "the same for errors among the last 100 lines of the log",
    default: 10,
    kind: "count",
  },
  backoffBaseMs: {
    name: "CLAUDE_TMUX_BACKOFF_BASE_MS",
    sets: "the wait before the first restart; each further one takes twice as long",
    default: 2000,
    kind: "number",
  },
  restartLimit: {
    name: "CLAUDE_TMUX_RESTART_LIMIT",
    sets: "restarts within the window before the watchdog gives up",
    default: 5,
    kind: "count",
  },
  restartWindowS: {
    name: "CLAUDE_TMUX_RESTART_WINDOW_S",
    sets: "that window, seconds",
    default: 300,
    kind: "number",
  },
  callbackConcurrency: {
    name: "CLAUDE_TMUX_CALLBACK_CONCURRENCY",
    sets: "callbacks that run at once",
    default: 8,
    kind: "count",
    least: 1,
  },
  callbackTimeoutS: {
    name: "CLAUDE_TMUX_CALLBACK_TIMEOUT_S",
    sets: "seconds after which a callback is ended",
    default: 60,
    kind: "number",
  },
  eventsPerS: {
    name: "CLAUDE_TMUX_EVENTS_PER_S",
    sets: "events of one subscription within a second; what it fires for beyond that becomes one event, with `data.count`",
    default: 200,
    kind: "number",
    least: 1,
  },
  eventsMax: {
    name: "CLAUDE_TMUX_EVENTS_MAX",
    sets: "events that the log keeps, and subscriptions that have ended",
    default: 100_000,
    kind: "count",
    least: 1,
  },
  eventsDays: { name: "CLAUDE_TMUX_EVENTS_DAYS", sets: "for how many days", default: 30, kind: "number" },
  gcEveryS: {
    name: "CLAUDE_TMUX_GC_EVERY_S",
    sets: "seconds between two collections of the daemon, after `gc-enable`",
    default: 3600,
    kind: "number",
    least: 1,
  },
  logMaxMb: {
    name: "CLAUDE_TMUX_LOG_MAX_MB",
    sets: "the size from which a log is rotated",
    default: 10,
    kind: "number",
  },
  processTable: {
    name: "CLAUDE_TMUX_PROCESS_TABLE",
    sets: "`ps`: ask `ps` although there is a `/proc` (for tests, and where `/proc` hides too much); `hardened`: as `/proc` is where the kernel hides what processes wait for (for tests); must be the same for everything that shares a state folder",
    default: "",
  },
} satisfies Record<string, Setting>;

/**
 * In the environment of what runs in a pane that we made: to which one it belongs,
 * `SERVER_PID:SERVER_START:SESSION_ID:ENDS:PANE_ID` (see tmux/shell/start.sh).
 */
export const OWNER_VARIABLE = "CLAUDE_TMUX_OWNER";
