import { isDigits, isPlainName } from "../lib/names.ts";

// What a person's words for a session and a pane are, before anybody has looked at those that there are.

/** The words for a session and, where one is meant, a pane. Both are the same when it is one word for both (isOneWord). */
export interface PlaceWords {
  session: string;
  pane: string | undefined;
}

/** Whether a word names a pane and its session: `%5`, or a target such as `dev:1.2` or `dev:build`. */
export function isPlace(word: string): boolean {
  if (word.startsWith("%")) return isDigits(word.slice(1));
  return word.includes(":") && !word.startsWith("=");
}

/** Whether one word names both. */
export function isOneWord({ session, pane }: PlaceWords): boolean {
  return pane === session && isPlace(session);
}

/**
 * Whether a session's name can be given to tmux as it stands, without a look at which sessions there are: it is letters
 * and digits, and no name that a client of tmux may have.
 */
export function isDirect(session: string): boolean {
  return isPlainName(session) && !session.startsWith("client-") && !session.startsWith("tty");
}
