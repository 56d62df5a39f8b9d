import { ASKING_OPTION } from "../tmux/options.ts";
import type { Pane } from "../tmux/panes.ts";
import type { Ask } from "../tmux/run.ts";
import { BusyError } from "./busy.ts";
import { isHolderAlive } from "./holders.ts";

const NAMED = `#{${ASKING_OPTION}}`;

/**
 * Takes the turn to ask what runs in a pane, or to prompt an agent: of two that do so at once, each would be told what the other is answered. A turn
 * of a process that is no more is nobody's.
 * @param holder the name of who asks (see newHolder)
 * @throws AppError ERR_PANE_BUSY when somebody else asks there
 */
export async function takeTurn(ask: Ask, pane: Pane, holder: string): Promise<void> {
  const show = ["display-message", "-p", "-t", pane.id, NAMED];
  const before = (await ask([show])).trim();
  if (before !== "" && isHolderAlive(before)) throw asked(pane);
  // one of several that see the same, tmux lets be the first
  const set = `set-option -p -t ${pane.id} ${ASKING_OPTION} ${holder}`;
  const isSame = `#{==:${NAMED},${before}}`;
  const now = await ask([["if-shell", "-F", "-t", pane.id, isSame, set], show]);
  if (now.trim() !== holder) throw asked(pane);
}

/** Gives the turn back. */
export async function endTurn(ask: Ask, pane: Pane, holder: string): Promise<void> {
  const isOurs = `#{==:${NAMED},${holder}}`;
  const unset = `set-option -pu -t ${pane.id} ${ASKING_OPTION}`;
  await ask([["if-shell", "-F", "-t", pane.id, isOurs, unset]]).catch(() => ""); // it may have gone
}

function asked({ paneId, session }: Pane): BusyError {
  return new BusyError(
    `Pane ${paneId} of "${session}" is busy: something else is asked there, or an agent is given a prompt`,
    "Try again when that has been answered.",
  );
}
