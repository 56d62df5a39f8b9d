import { parseRows } from "../tmux/format.ts";
import { PANE_VARIABLES } from "../tmux/pane-variables.ts";
import { panesCommand, panesOf } from "../tmux/panes.ts";
import { findPlace, type Target, type WindowPane } from "../tmux/place.ts";
import { isDirect, isOneWord, type PlaceWords } from "../tmux/place-words.ts";
import { tmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";

const WINDOW_VARIABLES = ["window_id", "window_name"] as const;

/**
 * Asks tmux what words for a session and a pane mean, whatever their characters.
 * @throws AppError ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL, ERR_TMUX_NOT_RUNNING
 */
export function locate(server: TmuxServer, words: PlaceWords): Target {
  return findPlace(listPlaces(server), words);
}

/**
 * The session and the pane that words mean: the pane as it is called, unless one word names both. tmux is asked only about
 * names that are not plain. Throws as locate().
 */
export function namedPlace(server: TmuxServer, words: PlaceWords): Target {
  if (isOneWord(words)) return locate(server, words);
  const { session, pane } = words;
  if (isDirect(session)) return { name: session, session, pane };
  return { ...locate(server, { session, pane: undefined }), pane };
}

/** Every pane of the server, in each session that shows its window. Throws ERR_TMUX_NOT_RUNNING. */
export function listPlaces(server: TmuxServer): WindowPane[] {
  const text = tmux(server, [panesCommand(undefined, WINDOW_VARIABLES)]);
  const rows = parseRows([...PANE_VARIABLES, ...WINDOW_VARIABLES], text);
  return panesOf(rows).map((pane, i) => {
    const { window_id: windowId = "", window_name: windowName = "" } = rows[i] ?? {};
    return { ...pane, windowId, windowName };
  });
}
