import type { PaneEvent } from "./listener.ts";
import { LineShower } from "./text.ts";

/** Makes lines of what a pane writes, each when its newline has come. */
export class LineReader implements Disposable {
  private readonly decoder = new TextDecoder();
  private readonly shower = new LineShower();
  private rest: string;

  /** @param options.start what stands on the cursor's line already; `ansi`: leave escape sequences in the lines */
  constructor(private readonly options: { start: string; ansi: boolean }) {
    this.rest = options.start;
  }

  /** The lines that end in this event. */
  async read(event: PaneEvent): Promise<string[]> {
    if (event.type !== "data") return [];
    const [first = "", ...more] = this.decoder.decode(event.data, { stream: true }).split("\n");
    if (more.length === 0) {
      this.rest += first;
      return [];
    }
    const whole = [this.rest + first, ...more];
    this.rest = whole.pop() ?? "";
    const lines: string[] = [];
    for (const line of whole) lines.push(await this.show(line));
    return lines;
  }

  /** The line that has not ended yet; "" when there is none. */
  async unfinished(): Promise<string> {
    return this.rest === "" ? "" : await this.show(this.rest);
  }

  [Symbol.dispose](): void {
    this.shower[Symbol.dispose]();
  }

  private async show(line: string): Promise<string> {
    return this.options.ansi ? line.replace(/\r+$/, "") : await this.shower.show(line);
  }
}
