import { humanDuration } from "../../lib/clock.ts";
import { cut } from "../../lib/columns.ts";
import { oneLine, paint } from "../../lib/toned.ts";

/** What a sign of life is about, and where it is written. */
export interface SignOptions {
  /** what is waited for: "what runs in dev build" */
  words: string;
  width: number;
  isColor: boolean;
  /** writes to the terminal, unless that would have to wait */
  write(text: string): void;
}

const EVERY_MS = 1000;
/** Back to the beginning of the line, and all of it erased. */
const ERASE = "\r\x1b[2K";
const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;

/**
 * A line that tells somebody at a terminal that something is waited for, and since when: there after a second, written anew
 * each second, gone when it is disposed of.
 */
export class Sign implements Disposable {
  private readonly startedAt = performance.now();
  private hiddenAt = performance.now();
  private isShown = false;
  private isHeld = false;
  private readonly timer: Timer;

  constructor(private readonly options: SignOptions) {
    this.timer = setInterval(() => this.draw(), EVERY_MS);
  }

  /** Takes the line away, as something else is written there. It comes back after a second, unless that stays in its place. */
  hide(stays = false): void {
    this.isHeld = stays;
    this.hiddenAt = performance.now();
    if (!this.isShown) return;
    this.isShown = false;
    this.options.write(ERASE);
    for (const name of SIGNALS) process.off(name, this.end);
  }

  /** Takes the line away for good. */
  [Symbol.dispose](): void {
    clearInterval(this.timer);
    this.hide();
  }

  private draw(): void {
    const now = performance.now();
    if (this.isHeld || now - this.hiddenAt < EVERY_MS / 2) return;
    if (!this.isShown) for (const name of SIGNALS) process.on(name, this.end);
    this.isShown = true;
    this.options.write(`${ERASE}${signText(this.options, now - this.startedAt)}`);
  }

  /** A signal that nobody else waits for ends this program, as it would have without the line. */
  private readonly end = (name: NodeJS.Signals) => {
    const isOurs = process.listenerCount(name) === 1;
    this[Symbol.dispose]();
    if (isOurs) process.kill(process.pid, name);
  };
}

/** The line after so many ms: it leaves room for the cursor. Pure. */
export function signText(
  { words, width, isColor }: Pick<SignOptions, "words" | "width" | "isColor">,
  ms: number,
): string {
  const since = ` … ${humanDuration(ms / 1000)}`;
  const text = cut(`Waiting for ${oneLine(words)}`, width - 1 - since.length) + since;
  return paint(text, "dim", isColor);
}
