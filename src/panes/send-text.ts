import { Dialogue } from "../tmux/dialogue.ts";
import type { Pane } from "../tmux/panes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { type Place, typable } from "./typable.ts";
import type { Text } from "./type-into.ts";

/** Types a text into a pane, as it is, and into that one alone. Throws as typeInto(). */
export async function sendText(server: TmuxServer, place: Place, text: Text): Promise<Pane> {
  using dialogue = new Dialogue(server);
  const load = () => import("./type-into.ts");
  const pane = await typable((commands) => dialogue.ask(commands, { meanwhile: load }), place);
  const { typeInto } = await load();
  await typeInto(server, (commands) => dialogue.ask(commands), pane, text);
  return pane;
}
