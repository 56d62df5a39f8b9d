/**
 * An AbortController that other signals abort, too, until it is disposed of. What AbortSignal.any() gives is never collected where
 * whoever listens to it knows it (Bun 1.4): a process that lives for days has each of them still.
 */
export class LinkedAbort implements Disposable {
  private readonly controller = new AbortController();
  private readonly signals: readonly AbortSignal[];
  private readonly follow = () => {
    const first = this.signals.find(({ aborted }) => aborted);
    if (first) this.abort(first.reason);
  };

  /** @param signals those that are undefined abort nothing */
  constructor(...signals: readonly (AbortSignal | undefined)[]) {
    this.signals = signals.filter((signal) => signal !== undefined);
    for (const signal of this.signals) signal.addEventListener("abort", this.follow, { once: true });
    this.follow();
  }

  get signal(): AbortSignal {
    return this.controller.signal;
  }

  abort(reason?: unknown): void {
    this.controller.abort(reason);
  }

  /** Is not aborted by others any more. */
  [Symbol.dispose](): void {
    for (const signal of this.signals) signal.removeEventListener("abort", this.follow);
  }
}
