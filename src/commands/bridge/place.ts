import { AppError } from "../../lib/errors.ts";
import { isDirect } from "../../tmux/place-words.ts";
import { pickedPane } from "../../tmux/target.ts";
import type { Context } from "../define.ts";

/** A command's words for a session and a pane, as far as it takes them. */
export interface Words<P extends string | undefined> {
  session: string;
  pane: P;
}

/** What a command answered, and the name of its session. */
export interface Placed<T> {
  result: T;
  session: string;
}

/**
 * Does what a bridge command does with words for a session and a pane that tmux can be told, exactly. Plain names go to
 * tmux as they are; others, and those that were not found, are looked up among all the panes.
 * @param answer is called again when nothing was found, and so nothing touched: not when a pane was, and has gone since, as the
 *   words may mean another one by then
 * @throws AppError as findPlace and as `answer` does
 */
export async function inPlace<T, P extends string | undefined>(
  context: Context,
  words: Words<P>,
  answer: (words: Words<P>) => T | Promise<T>,
): Promise<Placed<T>> {
  if (!isDirect(words.session)) return lookUp(context, words, answer);
  const before = pickedPane();
  try {
    return { result: await orImport(context, () => answer(words)), session: words.session };
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown;
    if (thrown.code === "ERR_SESSION_NOT_FOUND") throw await withSessions(context, words.session, thrown);
    // the name of a window is no label
    const isUnknown = thrown.code === "ERR_PANE_NOT_FOUND" && pickedPane() === before;
    if (words.pane !== undefined && isUnknown) return lookUp(context, words, answer);
    throw thrown;
  }
}

async function lookUp<T, P extends string | undefined>(
  context: Context,
  words: Words<P>,
  answer: (words: Words<P>) => T | Promise<T>,
): Promise<Placed<T>> {
  const { locate } = await import("../../panes/place.ts");
  const { name, session, pane } = locate(context.server, words);
  return { result: await orImport(context, () => answer({ session, pane: pane as P })), session: name };
}

/**
 * Asks again when a pane, a label or a value was not found, and version 3.0 had left state that has not been imported.
 * What was not found was not touched.
 */
async function orImport<T>(context: Context, answer: () => T | Promise<T>): Promise<T> {
  const before = pickedPane();
  try {
    return await answer();
  } catch (thrown) {
    const isMissing =
      thrown instanceof AppError &&
      ((thrown.code === "ERR_PANE_NOT_FOUND" && pickedPane() === before) || "missing" in thrown.details);
    if (!isMissing) throw thrown;
    const { importLegacy } = await import("../../panes/legacy.ts");
    if (!importLegacy(context.server, context.paths)) throw thrown;
    return await answer();
  }
}

/** The same error with the sessions that there are; another when there is not even a server. */
async function withSessions({ server }: Context, word: string, error: AppError): Promise<AppError> {
  try {
    const { listPlaces } = await import("../../panes/place.ts");
    const { noSession } = await import("../../tmux/place.ts");
    return noSession(word, [...new Set(listPlaces(server).map(({ session }) => session))]);
  } catch (thrown) {
    return thrown instanceof AppError && thrown.code === "ERR_TMUX_NOT_RUNNING" ? thrown : error;
  }
}
