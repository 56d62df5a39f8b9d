import { AppError } from "../lib/errors.ts";
import { type Ask, tmuxEachBy } from "../tmux/run.ts";
import type { PaneAgent } from "./agent.ts";

/** Of agents that were found in panes the same, with what those show of whom nothing else tells enough. Never throws. */
export async function withScreens<F extends { pane: { id: string }; agent: PaneAgent | undefined }>(
  ask: Ask,
  found: readonly F[],
): Promise<F[]> {
  const wanted = found.filter(({ agent }) => agent?.withScreen);
  if (wanted.length === 0) return [...found];
  const screens = await screensOf(
    ask,
    wanted.map(({ pane }) => pane.id),
  );
  return found.map((one) => {
    const agent = one.agent?.withScreen?.(screens[wanted.indexOf(one)]?.split("\n"));
    return agent ? { ...one, agent } : one;
  });
}

/** What panes show, in that order; undefined for one that can't be looked at. */
async function screensOf(ask: Ask, panes: readonly string[]): Promise<(string | undefined)[]> {
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
