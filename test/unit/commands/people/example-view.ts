import type { View } from "../../../../src/commands/people/view.ts";

/** 29 November 2026, 12:00 UTC, without colours, in a terminal of 80 columns. */
export const VIEW: View = {
  width: 80,
  isColor: false,
  quiet: false,
  now: Date.UTC(2026, 10, 29, 12),
  home: "/home/ann",
  ours: (text) => text,
};

/** A moment so many seconds before that. */
export function before(seconds: number): string {
  return new Date(VIEW.now - seconds * 1000).toISOString();
}
