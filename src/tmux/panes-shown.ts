import { AppError } from "../lib/errors.ts";
import { type Ask, tmuxEachBy } from "./run.ts";

/** What panes show, in that order, by their ids; undefined for one that can't be looked at. Never throws. */
export async function panesShown(ask: Ask, panes: readonly string[]): Promise<(string | undefined)[]> {
  const captures = panes.map((pane) => ["capture-pane", "-p", "-t", pane]);
  try {
    return await tmuxEachBy(ask, captures);
  } catch (thrown) {
    if (captures.length === 1 || isHung(thrown)) return [];
  }
  // one of them is gone by now, and tmux shows none of those after it
  const screens: string[] = [];
  for (const [i, capture] of captures.entries()) {
    try {
      screens[i] = await ask([capture]);
    } catch (thrown) {
      if (isHung(thrown)) break;
    }
  }
  return screens;
}

/** Whoever asks for the next one would wait as long. */
function isHung(thrown: unknown): boolean {
  return thrown instanceof AppError && thrown.code === "ERR_TIMEOUT";
}
