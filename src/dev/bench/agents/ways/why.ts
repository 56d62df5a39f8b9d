import { UNKNOWN } from "../task.ts";

/** Why something ended, by the exit code that a shell would tell: 128 + n is signal n (POSIX, "Exit Status for Commands"). Pure. */
export function whyEnded(code: number | undefined): string {
  if (code === undefined || Number.isNaN(code)) return UNKNOWN;
  return code > 128 && code <= 192 ? `signal ${code - 128}` : `exit ${code}`;
}
