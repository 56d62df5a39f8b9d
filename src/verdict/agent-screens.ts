import { panesShown } from "../tmux/panes-shown.ts";
import type { Ask } from "../tmux/run.ts";
import type { PaneAgent } from "./agent.ts";

/** Of agents that were found in panes the same, with what those show of whom nothing else tells enough. Never throws. */
export async function withScreens<F extends { pane: { id: string }; agent: PaneAgent | undefined }>(
  ask: Ask,
  found: readonly F[],
): Promise<F[]> {
  const wanted = found.filter(({ agent }) => agent?.withScreen);
  if (wanted.length === 0) return [...found];
  const screens = await panesShown(
    ask,
    wanted.map(({ pane }) => pane.id),
  );
  return found.map((one) => {
    const agent = one.agent?.withScreen?.(screens[wanted.indexOf(one)]?.split("\n"));
    return agent ? { ...one, agent } : one;
  });
}
