const WINDOW_MS = 1000;

/** Sums up what was not heard of panes: a pane whose output is too much makes one event a second, and not more. */
export class Gaps {
  private readonly panes = new Set<string>();
  private timer: Timer | undefined;

  /** @param write called with the %id of a pane */
  constructor(private readonly write: (pane: string) => void) {}

  /** Notes that some of what a pane wrote was not heard. */
  add(pane: string): void {
    this.panes.add(pane);
    this.timer ??= setTimeout(() => this.close(), WINDOW_MS);
  }

  /** Tells now what has been noted so far. */
  close(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const noted = [...this.panes];
    this.panes.clear();
    for (const pane of noted) this.write(pane);
  }
}
