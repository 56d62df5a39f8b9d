import { AppError } from "../../lib/errors.ts";
import { isOwn } from "../../panes/own.ts";
import { listPlaces } from "../../panes/place.ts";
import { findPlace, type WindowPane } from "../../tmux/place.ts";
import type { PlaceWords } from "../../tmux/place-words.ts";
import type { TmuxServer } from "../../tmux/server.ts";

/**
 * Sees to it that words mean neither the pane that this program was started in, nor, without a word for a pane, the session
 * of that: an agent that types to itself, or ends itself, waits for what it never hears of.
 * @returns other words for the same, which go on meaning it
 * @throws AppError ERR_PANE_BUSY when they do; ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL
 */
export function notOurs(server: TmuxServer, words: PlaceWords): PlaceWords {
  const panes = listPlaces(server);
  const { session, pane } = findPlace(panes, words);
  const own = panes.filter(isOwn);
  const named = pane === undefined ? own.find((each) => isOf(each, session)) : own.find(({ id }) => id === pane);
  if (named) throw refused(named, pane === undefined);
  return { session, pane };
}

function isOf({ session, sessionId }: WindowPane, word: string): boolean {
  return session === word || sessionId === word;
}

function refused({ paneId, session }: WindowPane, isSession: boolean): AppError {
  const message = isSession
    ? `The session "${session}" holds the pane that you run in`
    : `Pane ${paneId} of "${session}" is the one that you run in`;
  return new AppError("ERR_PANE_BUSY", message, {
    hint: isSession
      ? "End the panes that you have made there, one by one."
      : "Take another one: list shows those that there are, create makes one.",
  });
}
