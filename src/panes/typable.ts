import { AppError } from "../lib/errors.ts";
import { quoteCommands, type TmuxCommand } from "../tmux/command-line.ts";
import { parseRows } from "../tmux/format.ts";
import { inPaneAlone } from "../tmux/keyboard.ts";
import { PANE_VARIABLES } from "../tmux/pane-variables.ts";
import { type Pane, panesCommand, panesOf } from "../tmux/panes.ts";
import type { Ask } from "../tmux/run.ts";
import { pickPane } from "../tmux/target.ts";
import { deadPane } from "./dead-pane.ts";
import { type KeyPress, pressing } from "./keys.ts";

const INPUT_VARIABLES = [...PANE_VARIABLES, "pane_input_off"] as const;

/** Which pane is typed into. */
export interface Place {
  session: string;
  pane: string;
}

/** A tmux format that is true of a pane that takes nothing. */
export const TAKES_NOTHING = "#{||:#{pane_dead},#{pane_input_off}}";

/**
 * Looks at the pane before it is typed into.
 * @throws AppError ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL; ERR_PANE_DEAD; ERR_COMMAND_FAILED for a
 *   pane whose input is switched off
 */
export async function typable(ask: Ask, place: Place): Promise<Pane> {
  return accepting(await ask([panesCommand(place.session, ["pane_input_off"])]), place);
}

/** Presses keys in a pane, in that one alone, after what is noted of them. Throws as typable(). */
export async function pressKeys(
  ask: Ask,
  place: Place,
  { target, note, presses }: { target: string; note: TmuxCommand[]; presses: readonly KeyPress[] },
): Promise<Pane> {
  const press = inPaneAlone(target, [...toProgram(target), ...pressing(target, presses)]);
  // what goes to a pane that takes nothing would be lost without a word
  const steps = ["if-shell", "-F", "-t", target, TAKES_NOTHING, "", quoteCommands([...note, ...press])];
  return accepting(await ask([steps, panesCommand(place.session, ["pane_input_off"])]), place);
}

/** The pane among those that were listed, if it takes what is typed. */
function accepting(list: string, { session, pane: name }: Place): Pane {
  const rows = parseRows(INPUT_VARIABLES, list);
  const panes = panesOf(rows);
  const pane = pickPane(panes, { session, pane: name });
  if (pane.isDead) throw deadPane(pane);
  if (rows[panes.indexOf(pane)]?.pane_input_off !== "1") return pane;
  throw new AppError("ERR_COMMAND_FAILED", `The input of pane ${pane.paneId} of "${pane.session}" is switched off`, {
    hint: `Somebody has done that with select-pane -d; tmux select-pane -e -t ${pane.id} switches it on.`,
  });
}

/** Whoever scrolls back in the pane is taken to its end: keys would move the view, and not reach the program. */
export function toProgram(pane: string): TmuxCommand[] {
  return [["copy-mode", "-q", "-t", pane]];
}
