const BEGIN = "\x1b[?2026h";
const END = "\x1b[?2026l";

/**
 * What makes a terminal that shows some lines show others: nothing where they are the same. Terminals that know of it (2026)
 * show all of it at once. Pure.
 * @param before what it shows; undefined where that is not known
 */
export function changes(before: readonly string[] | undefined, now: readonly string[]): string {
  let text = before ? "" : "\x1b[m\x1b[2J";
  for (const [i, line] of now.entries()) {
    // erased first: the cursor stays on the last column, where a full line would lose its end
    if (!before || before[i] !== line) text += `\x1b[${i + 1};1H\x1b[2K${line}`;
  }
  return text === "" ? "" : BEGIN + text + END;
}

/** Shows lines as fast as a terminal takes them: of what comes while it still takes some, the last. */
export class Painter {
  private drawn: readonly string[] | undefined;
  private isWriting = false;
  /** whether something was to be shown while it wrote */
  private isStale = false;

  /**
   * @param lines what there is to show; undefined while nothing is to be
   * @param write resolves when the terminal has taken a text
   * @param fail takes what went wrong with that
   */
  constructor(
    private readonly lines: () => readonly string[] | undefined,
    private readonly write: (text: string) => Promise<void>,
    private readonly fail: (thrown: unknown) => void,
  ) {}

  /** Nothing is known of what the terminal shows: all of it is written next. */
  forget(): void {
    this.drawn = undefined;
  }

  /** Shows what has changed, unless the terminal still takes what was shown before: then that is what follows. */
  draw(): void {
    this.isStale = this.isWriting;
    const lines = this.isWriting ? undefined : this.lines();
    if (!lines) return;
    const text = changes(this.drawn, lines);
    this.drawn = lines;
    if (text === "") return;
    this.isWriting = true;
    void this.write(text)
      .then(() => {
        this.isWriting = false;
        if (this.isStale) this.draw();
      })
      .catch(this.fail);
  }
}
