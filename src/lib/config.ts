import { AppError } from "./errors.ts";
import { OWNER_VARIABLE, SETTINGS, type Setting } from "./settings.ts";

/**
 * The only reader of the environment (see SETTINGS for what a person sets). Each setting is read when asked for, so a command pays for, and can fail on,
 * only what it uses.
 */
export const config = {
  /** Where runtime state lives instead of /tmp/claude-tmux-states-$USER. */
  get stateDir(): string | undefined {
    return text(SETTINGS.stateDir.name);
  },
  /** Everything that a person has set for us, as a service needs it: not what callbacks are told, nor our own marks. */
  get settings(): Record<string, string> {
    const names = Object.values<Setting>(SETTINGS).map(({ name }) => name as string);
    const isSet = names.filter((name) => process.env[name] !== undefined);
    return Object.fromEntries(isSet.toSorted().map((name) => [name, process.env[name] ?? ""]));
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
  /** $CLAUDE_CONFIG_DIR, where Claude Code keeps what is a person's, in place of ~/.claude. */
  get claudeConfigDir(): string | undefined {
    const folder = text("CLAUDE_CONFIG_DIR");
    return folder?.startsWith("/") ? folder : undefined;
  },
  /** $XDG_STATE_HOME, where what is to last is kept: ~/.local/state. */
  get stateHome(): string | undefined {
    return text("XDG_STATE_HOME");
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
  /** TERM=dumb: a terminal that shows no colours, and on which no line can be written anew. */
  get isDumbTerminal(): boolean {
    return text("TERM") === "dumb";
  },
  /** DEBUG, of any value but the empty one: errors come with their stack. */
  get debug(): boolean {
    return text("DEBUG") !== undefined;
  },
  get maxPanes(): number {
    return number(SETTINGS.maxPanes);
  },
  get heartbeatMaxAgeS(): number {
    return number(SETTINGS.heartbeatMaxAgeS);
  },
  get memoryMaxMb(): number {
    return number(SETTINGS.memoryMaxMb);
  },
  get queueMax(): number {
    return number(SETTINGS.queueMax);
  },
  get errorsMax(): number {
    return number(SETTINGS.errorsMax);
  },
  get backoffBaseMs(): number {
    return number(SETTINGS.backoffBaseMs);
  },
  get restartLimit(): number {
    return number(SETTINGS.restartLimit);
  },
  get restartWindowS(): number {
    return number(SETTINGS.restartWindowS);
  },
  get callbackConcurrency(): number {
    return number(SETTINGS.callbackConcurrency);
  },
  get callbackTimeoutS(): number {
    return number(SETTINGS.callbackTimeoutS);
  },
  get eventsPerS(): number {
    return Math.floor(number(SETTINGS.eventsPerS));
  },
  get eventsMax(): number {
    return number(SETTINGS.eventsMax);
  },
  get eventsDays(): number {
    return number(SETTINGS.eventsDays);
  },
  get gcEveryS(): number {
    return number(SETTINGS.gcEveryS);
  },
  get logMaxMb(): number {
    return number(SETTINGS.logMaxMb);
  },
  get processTable(): "ps" | "hardened" | undefined {
    const { name } = SETTINGS.processTable;
    const value = text(name);
    if (value === undefined || value === "ps" || value === "hardened") return value;
    throw new AppError("ERR_INVALID_ARGUMENT", `${name} is "${value}", which is neither ps nor hardened`, {
      hint: `Unset ${name}, or set it to ps.`,
    });
  },
};

/** How often mimalloc, Bun's allocator, may look for memory to give back (ms): set for processes that mostly wait. */
export const ALLOCATOR_INTERVAL = "MIMALLOC_PURGE_HOLES_MIN_INTERVAL";

/**
 * The environment for processes we start: ours, without the variables that change how a Bun binary behaves, and without that
 * by which what was started in a pane is known: a daemon or a server that is started there is for more than that pane.
 */
export function childEnv(extra: Record<string, string> = {}): Record<string, string> {
  const env: Record<string, string> = {};
  for (const [name, value] of Object.entries(process.env)) {
    if (value !== undefined && !name.startsWith("BUN_") && !NOT_PASSED_ON.includes(name)) env[name] = value;
  }
  return Object.assign(env, extra);
}

const NOT_PASSED_ON: readonly string[] = [ALLOCATOR_INTERVAL, OWNER_VARIABLE];

function text(name: string): string | undefined {
  return process.env[name] || undefined;
}

function number({ name, kind, default: usual, least = 0 }: Setting): number {
  const value = text(name);
  if (value === undefined) return Number(usual);
  const [pattern, what] = kind === "count" ? [/^\d+$/, "a whole number"] : [/^\d+(\.\d+)?$/, "a number"];
  if (pattern.test(value)) return Number(value) < least ? least : Number(value); // Math takes 0.1 ms to be made
  throw new AppError("ERR_INVALID_ARGUMENT", `${name} is "${value}", which is not ${what}`, {
    hint: `Unset ${name}, or set it to ${what} such as ${usual}.`,
  });
}
