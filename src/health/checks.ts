/** How the daemon is. */
export type Health = "healthy" | "degraded" | "unhealthy";

/** What was read of the daemon, without asking it: undefined is what could not be found. */
export interface Readings {
  /** the pid of the daemon, its identity verified */
  pid: number | undefined;
  heartbeatAgeS: number | undefined;
  residentBytes: number | undefined;
  queue: number | undefined;
  /** events that can't be written down, on a full disk say */
  unwritten?: number | undefined;
  /** errors among the last 100 lines of the log */
  errors: number;
}

/** From which values on a check fails. */
export interface Limits {
  heartbeatMaxAgeS: number;
  memoryMaxMb: number;
  queueMax: number;
  errorsMax: number;
}

/** One of the five checks, or that events can't be written down: what it found, against which limit, and what that means for the whole. */
export interface Check {
  name: "process" | "heartbeat" | "memory" | "queue" | "errors" | "unwritten";
  verdict: Health;
  value: number | null;
  limit: number | null;
  unit: "pid" | "s" | "MB" | "events" | "lines";
}

/** The five checks, a sixth when events can't be written down, and the worst of their verdicts. Pure. */
export function checkHealth(readings: Readings, limits: Limits): { verdict: Health; checks: Check[] } {
  const { pid, heartbeatAgeS: age, residentBytes, queue, errors, unwritten = 0 } = readings;
  const memory = residentBytes === undefined ? undefined : Math.round(residentBytes / 1_000_000);
  const checks: Check[] = [
    {
      name: "process",
      verdict: pid === undefined ? "unhealthy" : "healthy",
      value: pid ?? null,
      limit: null,
      unit: "pid",
    },
    {
      name: "heartbeat",
      verdict: age === undefined ? "degraded" : age < limits.heartbeatMaxAgeS ? "healthy" : "unhealthy",
      value: age === undefined ? null : Math.round(age * 1000) / 1000,
      limit: limits.heartbeatMaxAgeS,
      unit: "s",
    },
    below("memory", memory, limits.memoryMaxMb, "MB"),
    below("queue", queue, limits.queueMax, "events"),
    below("errors", errors, limits.errorsMax, "lines"),
  ];
  if (unwritten > 0) checks.push(below("unwritten", unwritten, 1, "events"));
  return { verdict: worst(checks.map((check) => check.verdict)), checks };
}

/** Counts log lines of level ERROR among the last 100. Pure. */
export function countErrors(log: string): number {
  const lines = log.trimEnd().split("\n").slice(-100);
  // "[YYYY-MM-DD HH:MM:SS] ERROR: …"; without a regular expression, which would cost half a millisecond at first use
  return lines.filter((line) => line.startsWith("ERROR: ", 22)).length;
}

function below(name: Check["name"], value: number | undefined, limit: number, unit: Check["unit"]): Check {
  const verdict = value === undefined || value < limit ? "healthy" : "degraded";
  return { name, verdict, value: value ?? null, limit, unit };
}

function worst(verdicts: Health[]): Health {
  if (verdicts.includes("unhealthy")) return "unhealthy";
  return verdicts.includes("degraded") ? "degraded" : "healthy";
}
