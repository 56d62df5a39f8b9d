/**
 * Whether a text may not be what was read: what is not UTF-8 is decoded as U+FFFD, and would come back as something else. One that
 * holds just that character counts as well. Pure.
 */
export function isUnread(text: string): boolean {
  return text.includes("\ufffd");
}

/** Why such a text does not come back. */
export const UNREAD = "it is not UTF-8 (or holds U+FFFD, which stands for what is not)";
