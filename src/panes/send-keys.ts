import type { TmuxCommand } from "../tmux/command-line.ts";
import { findPaneBy, type Pane } from "../tmux/panes.ts";
import { tmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { indexTarget, parsePane } from "../tmux/target.ts";
import { noteUnread } from "../tmux/typed.ts";
import { type KeyPress, lineOf, stopsAlone } from "./keys.ts";
import { beforeTyping, insteadOfPermitting } from "./left-to-people.ts";
import { type Place, pressKeys } from "./typable.ts";

/**
 * Presses keys in a pane, in that one alone: by a single call, unless they write a text, of which a note is kept. Throws as
 * typable() and beforeTyping().
 * @param ends whether they are to end what runs there, which gives nobody leave to do anything
 */
export async function sendKeys(
  server: TmuxServer,
  place: Place,
  presses: readonly KeyPress[],
  { ends = false } = {},
): Promise<Pane> {
  const line = lineOf(presses);
  if (line.text !== "") {
    const { pressText } = await import("./press-text.ts");
    return await pressText(server, place, { presses, ...line });
  }
  const ask = async (commands: TmuxCommand[]) => tmux(server, commands);
  const { session, pane: name } = place;
  // what is looked at first is to be the very pane that is typed into, whatever becomes of its index
  const byIndex = insteadOfPermitting() === undefined ? indexTarget(session, parsePane(name)) : undefined;
  const target = byIndex ?? (await findPaneBy(ask, session, name)).id;
  if (!ends) await beforeTyping(ask, { session, pane: target, stops: stopsAlone(presses) });
  return await pressKeys(ask, place, { target, note: line.isEnded ? noteUnread(target, 1) : [], presses });
}
