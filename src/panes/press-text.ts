import { hidesInput, terminalMode } from "../process/terminal-mode.ts";
import { Dialogue } from "../tmux/dialogue.ts";
import type { Pane } from "../tmux/panes.ts";
import type { Ask } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { notePart, noteTyped, noteUnread } from "../tmux/typed.ts";
import type { KeyPress } from "./keys.ts";
import { beforeTyping } from "./left-to-people.ts";
import { type Place, pressKeys, typable } from "./typable.ts";

/** Presses keys that write a text (see lineOf), which is noted unless the terminal does not show it. Throws as typable() and beforeTyping(). */
export async function pressText(
  server: TmuxServer,
  place: Place,
  { presses, text, isEnded }: { presses: readonly KeyPress[]; text: string; isEnded: boolean },
): Promise<Pane> {
  using dialogue = new Dialogue(server);
  const ask: Ask = (commands) => dialogue.ask(commands);
  const pane = await typable(ask, place);
  const isShown = !hidesInput(terminalMode(pane.pid));
  const note = isEnded ? (isShown ? noteTyped(pane.id, text) : noteUnread(pane.id, 1)) : [];
  const part = isShown && !isEnded ? notePart(pane.id, text) : [];
  await beforeTyping(ask, { session: pane.session, pane: pane.id });
  return await pressKeys(ask, place, { target: pane.id, note: [...note, ...part], presses });
}
