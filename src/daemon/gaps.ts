const WINDOW_MS = 1000;

/** Sums up what was not heard of panes: a pane whose output is too much makes one event a second, and not more. */
export class Gaps {
  /** by pane; undefined where nobody knows how many it was */
  private readonly bytes = new Map<string, number | undefined>();
  private timer: Timer | undefined;

  /** @param write called with the %id of a pane, and how many bytes it was if that is known */
  constructor(private readonly write: (pane: string, bytes: number | undefined) => void) {}

  /** Notes that so many bytes of a pane were not heard; that some were not, when nobody knows how many. */
  add(pane: string, bytes: number | undefined): void {
    const before = this.bytes.has(pane) ? this.bytes.get(pane) : 0;
    this.bytes.set(pane, before === undefined || bytes === undefined ? undefined : before + bytes);
    this.timer ??= setTimeout(() => this.close(), WINDOW_MS);
  }

  /** Tells now what has been noted so far. */
  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const noted = [...this.bytes];
    this.bytes.clear();
    for (const [pane, bytes] of noted) this.write(pane, bytes);
  }
}
