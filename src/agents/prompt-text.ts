// What is written in an agent's composer is not always a prompt: some agents take the beginning of a text for a command of
// their own or for one of the shell, and its end for something that is still to be completed.

/** A text as it is written, or why it can't be given. */
type PromptText = { text: string } | { refused: string };

/** The longest text, bytes. */
const TEXT_MAX = 256 * 1024;
/** Words that end an agent when they are all that is written. */
const LEAVING = /^\/?(exit|quit|:q!?|:wq!?|:x)$/i;
/** What begins like a command of an agent's own, and not like a path. A blank before it hides only those that the agent does not know. */
const COMMAND = /^\/[^\s/]*(\s|$)/;
// newlines and tabs are pasted as they are; whatever else a terminal may act upon could end the paste
const CONTROL = /[\x00-\x08\x0b-\x1f\x7f-\x9f]/;
/** What stands between letters and is not seen, but for what joins emoji: agents drop some of it, and nobody can see whether they did. */
const UNSEEN = /(?!\u200d\p{Extended_Pictographic})[\p{Cf}\u2028\u2029]/u;

/**
 * A text as it is to be written so that an agent takes it for a prompt, and for the same one. Blanks at its ends mean nothing to an
 * agent: one before what it would take for a command of the shell or for a key (`!`, `?`), and one after what it would complete (`@file`) or go on with (`\`),
 * makes them words. Pure.
 */
export function promptText(given: string): PromptText {
  const text = given.replaceAll("\r\n", "\n").replaceAll("\r", "\n").trim();
  if (text === "") return { refused: "there is nothing in it but blanks" };
  const bytes = Buffer.byteLength(text);
  if (bytes > TEXT_MAX)
    return { refused: `it has ${bytes} bytes, and ${TEXT_MAX} is the most: put it into a file, and name that` };
  if (CONTROL.test(text)) return { refused: "it holds control characters, which a terminal would act upon" };
  const unseen = UNSEEN.exec(text)?.[0].codePointAt(0)?.toString(16).toUpperCase().padStart(4, "0");
  if (unseen !== undefined)
    return {
      refused: `it holds a character that is not shown (U+${unseen}), so that nobody can see whether it arrives`,
    };
  if (LEAVING.test(text)) return { refused: `"${text}" ends an agent` };
  if (COMMAND.test(text)) return { refused: "it begins like a command of the agent's own: put a word before it" };
  const before = /^[!?]/.test(text) ? " " : "";
  const after = /(\\|@\S*)$/.test(text) ? " " : "";
  return { text: before + text + after };
}
