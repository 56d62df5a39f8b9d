import { AppError } from "./errors.ts";

/** The signals, by name, with their numbers on Linux (signal(7), of x86 and ARM). */
export const SIGNALS: Readonly<Partial<Record<NodeJS.Signals, number>>> = {
  SIGHUP: 1,
  SIGINT: 2,
  SIGQUIT: 3,
  SIGILL: 4,
  SIGTRAP: 5,
  SIGABRT: 6,
  SIGBUS: 7,
  SIGFPE: 8,
  SIGKILL: 9,
  SIGUSR1: 10,
  SIGSEGV: 11,
  SIGUSR2: 12,
  SIGPIPE: 13,
  SIGALRM: 14,
  SIGTERM: 15,
  SIGCHLD: 17,
  SIGCONT: 18,
  SIGSTOP: 19,
  SIGTSTP: 20,
  SIGTTIN: 21,
  SIGTTOU: 22,
  SIGURG: 23,
  SIGXCPU: 24,
  SIGXFSZ: 25,
  SIGVTALRM: 26,
  SIGPROF: 27,
  SIGWINCH: 28,
  SIGIO: 29,
  SIGPWR: 30,
  SIGSYS: 31,
};

/** Those of which the number is the same everywhere (POSIX, kill(1p)). */
const NUMBERED = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGABRT", "SIGKILL", "SIGALRM", "SIGTERM"] as const;

/** The names without SIG, as kill(1) lists them. */
export function signalNames(): string[] {
  return Object.keys(SIGNALS).map((name) => name.slice("SIG".length));
}

/** Reads `TERM`, `SIGTERM`, `term` or `15`. Throws ERR_INVALID_ARGUMENT. */
export function parseSignal(text: string): NodeJS.Signals {
  const numbered = NUMBERED.find((name) => `${SIGNALS[name]}` === text);
  const name = numbered ?? `SIG${text.toUpperCase().replace(/^SIG/, "")}`;
  if (Object.hasOwn(SIGNALS, name)) return name as NodeJS.Signals;
  throw new AppError("ERR_INVALID_ARGUMENT", `"${text}" is no signal`, {
    hint: `Signals have names such as ${NUMBERED.map((each) => each.slice("SIG".length)).join(", ")}, USR1, CONT; or numbers, where those are the same everywhere.`,
  });
}
