import { readText } from "./files.ts";

/**
 * Seconds since the machine started, or undefined where the kernel does not say (/proc/uptime, proc(5)).
 * Unlike Date.now() it never jumps, so two processes can tell an age by it whatever is done to the clock.
 */
export function uptimeS(): number | undefined {
  return parseUptime(readText("/proc/uptime") ?? "");
}

/** The first number of /proc/uptime's text. Pure. */
export function parseUptime(text: string): number | undefined {
  const first = Number.parseFloat(text);
  return Number.isFinite(first) ? first : undefined;
}

/** A day, ms. */
export const DAY_MS = 86_400_000;

/** "2025-10-21T10:30:00Z", as the scripts wrote it. */
export function isoSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, -5)}Z`;
}

/** "1 h 2 min", "2 min 5 s", "12 s": a duration for people, in its two largest units. */
export function humanDuration(seconds: number): string {
  const whole = Math.max(0, Math.floor(seconds));
  const units: [number, string][] = [
    [Math.floor(whole / 86400), "d"],
    [Math.floor(whole / 3600) % 24, "h"],
    [Math.floor(whole / 60) % 60, "min"],
    [whole % 60, "s"],
  ];
  const first = units.findIndex(([count]) => count > 0);
  if (first === -1) return "0 s";
  return units
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count} ${unit}`)
    .join(" ");
}
