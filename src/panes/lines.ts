import { plainText } from "../lib/plain-text.ts";
import type { PaneEvent } from "./pane-event.ts";
import { LineShower } from "./text.ts";

const REST_MAX = 64 * 1024;

/** Makes lines of what a pane writes, each when its newline has come. */
export class LineReader implements Disposable {
  private readonly decoder = new TextDecoder();
  private readonly shower: LineShower;
  private rest: string;

  /** @param options.start what stands on the cursor's line already; `ansi`: leave colours and links in the lines */
  constructor(options: { start: string; ansi: boolean }) {
    this.shower = new LineShower(options);
    this.rest = options.start;
  }

  /** The lines that end in this event: the last one of a command with the command, where its shell tells of that. */
  async read(event: PaneEvent): Promise<string[]> {
    if (event.type === "shell" && event.state.word === "end") {
      const line = await this.unfinished();
      this.drop(); // what comes is the prompt, and what the shell draws to get to a line of its own
      return plainText(line).trim() === "" ? [] : [line];
    }
    if (event.type !== "data") return [];
    const [first = "", ...more] = this.decoder.decode(event.data, { stream: true }).split("\n");
    if (more.length === 0) {
      this.rest += first;
      // a program that draws over one line for ever: what a return has gone back over is not needed
      if (this.rest.length > REST_MAX)
        this.rest = this.rest.slice(Math.max(0, this.rest.lastIndexOf("\r", this.rest.length - 2)));
      return [];
    }
    const whole = [this.rest + first, ...more];
    this.rest = whole.pop() ?? "";
    return await this.shower.showAll(whole);
  }

  /** Forgets the line that has not ended yet. */
  drop(): void {
    this.rest = "";
  }

  /** Goes on from a line that stands there already, whatever came before. */
  restart(line: string): void {
    this.rest = line;
  }

  /** The line that has not ended yet; "" when there is none. */
  async unfinished(): Promise<string> {
    const [line = ""] = await this.shower.showAll([this.rest]);
    return line;
  }

  [Symbol.dispose](): void {
    this.shower[Symbol.dispose]();
  }
}
