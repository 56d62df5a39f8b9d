/** Since when something is as it is. */
export interface Since {
  /** what it is */
  key: string;
  /** ms since the epoch */
  since: number;
  /** whether it may have been so before */
  isAtLeast: boolean;
}

/**
 * Since when a pane does what it does: as it was known before, else as it is told, else as it was seen. Pure.
 * @param told ms since the epoch, where anything tells it
 * @param before what was known at the last look; undefined for a pane that was not there
 * @param isFirst whether nothing was looked at before
 */
export function sinceWhen(
  key: string,
  told: number | undefined,
  { before, now, isFirst }: { before: Since | undefined; now: number; isFirst: boolean },
): Since {
  if (before?.key === key) return before;
  return told === undefined ? { key, since: now, isAtLeast: isFirst } : { key, since: told, isAtLeast: false };
}
