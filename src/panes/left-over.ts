import { parseRows, rowFormat } from "../tmux/format.ts";
import { HOLDS_OPTION } from "../tmux/options.ts";
import { abandonedPipes, releasePipes } from "../tmux/pane-pipe.ts";
import { type TmuxCommand, tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { holdersIn, isHolderAlive, letPaneGo } from "./hold.ts";

const VARIABLES = ["pane_id", HOLDS_OPTION] as const;

/**
 * Takes from all panes what commands that were killed have left there: pipes that nobody reads, and holds of nobody.
 * Returns how many panes had any. Throws as tmux() does.
 */
export async function releaseLeftOver(server: TmuxServer, stateDir: string): Promise<number> {
  const abandoned = abandonedPipes(stateDir);
  await releasePipes(server, stateDir, abandoned);
  const text = await tmuxAsync(server, [["list-panes", "-a", "-F", rowFormat(VARIABLES)]]);
  const held: TmuxCommand[][] = [];
  for (const row of parseRows(VARIABLES, text)) {
    const dead = holdersIn(row[HOLDS_OPTION]).filter((holder) => !isHolderAlive(holder));
    if (dead.length > 0) held.push(letPaneGo(row.pane_id, dead));
  }
  // each by itself: a pane that is gone would end the call
  for (const commands of held) await tmuxAsync(server, commands).catch(() => {});
  return abandoned.length + held.length;
}
