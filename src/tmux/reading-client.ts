import { Pipe } from "../lib/pipe.ts";
import type { Outcome } from "../lib/quick-child.ts";
import { joinCommands, quoteCommands, secretMark, type TmuxCommand } from "./command-line.ts";
import type { TmuxServer } from "./server.ts";

/**
 * A client of tmux that, when it has carried out its commands, reads what it is to do next from a pipe (source-file). It
 * is attached to no session, and ends when that pipe does, also when the process that has the other end is killed.
 */
export class ReadingClient {
  /**
   * Starts one; undefined where there can be none. Throws as Bun.spawn() does when there is no tmux.
   * @param commands what it carries out first; where there are none, nothing is to be awaited of it before goOn()
   * @param idleMs how long it may wait for its next commands
   */
  static start(server: TmuxServer, commands: TmuxCommand[], idleMs: number): ReadingClient | undefined {
    const pipes = [Pipe.open(), Pipe.open(), Pipe.open()];
    const [next, output, errors] = pipes;
    let client: ReadingClient | undefined;
    try {
      if (!next || !output || !errors) return undefined;
      const mark = secretMark();
      const first = commands.length === 0 ? [] : [...commands, ["display-message", "-p", mark]];
      const args = joinCommands([...first, ["source-file", "-"]]);
      const ends = { stdin: next.readEnd, stdout: output.writeEnd, stderr: errors.writeEnd };
      client = new ReadingClient(
        Bun.spawn(["tmux", "-u", ...server.flags, ...args], ends),
        output,
        errors,
        next,
        mark,
        idleMs,
      );
      return client;
    } finally {
      if (client) for (const pipe of [output, errors]) pipe?.closeWrite();
      else for (const pipe of pipes) pipe?.close();
    }
  }

  private readonly decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  private idle: Timer | undefined;
  /** what it reads now, so many bytes */
  private given: { pipe: Pipe; bytes: number } | undefined;

  private constructor(
    private readonly child: Bun.Subprocess,
    private readonly output: Pipe,
    private readonly errors: Pipe,
    /** from which it reads what it is to do next; undefined when it is to end */
    private next: Pipe | undefined,
    /** stands behind its answer */
    private mark: string,
    private readonly idleMs: number,
  ) {}

  /** Has it carry out commands; false when it can't any more. */
  goOn(commands: TmuxCommand[], isLast: boolean): boolean {
    clearTimeout(this.idle);
    const { next: given } = this;
    if (!given) return false;
    this.mark = secretMark();
    this.next = isLast ? undefined : Pipe.open();
    const steps = [...commands, ["display-message", "-p", this.mark]];
    // behind the answer, since the client may end here: where tmux has another view of /proc, or has read too many files
    if (this.next) steps.push(["source-file", `/proc/${process.pid}/fd/${this.next.readEnd}`]);
    // of a part of it, when this process is killed in the midst, nothing is carried out: the end is missing
    const bytes = new TextEncoder().encode(`if-shell -F 1 { ${quoteCommands(steps)} }\n`);
    const isWritten = given.write(bytes);
    given.closeWrite();
    if (isWritten) this.given = { pipe: given, bytes: bytes.length };
    else {
      // more than fits
      given.close();
      this.end();
    }
    return isWritten;
  }

  /** How its commands went; undefined when it has ended before it came to them. SIGKILL for one that takes longer. */
  async answer(timeoutMs: number): Promise<Outcome | undefined> {
    const { parts, isAll } = this.listening();
    return this.outcome(await this.output.read(isAll, performance.now() + timeoutMs), parts);
  }

  /** As answer(), without going on meanwhile. */
  answerAtOnce(timeoutMs: number): Outcome | undefined {
    const { parts, isAll } = this.listening();
    return this.outcome(this.output.readAtOnce(isAll, performance.now() + timeoutMs), parts);
  }

  /** What it writes, and whether that is all: the mark stands behind it. */
  private listening(): { parts: string[]; isAll: (bytes: Uint8Array) => boolean } {
    const mark = `${this.mark}\n`;
    const parts: string[] = [];
    let tail = "";
    const isAll = (bytes: Uint8Array) => {
      const part = this.decoder.decode(bytes, { stream: true });
      parts.push(part);
      tail = (tail + part).slice(-mark.length);
      return tail === mark;
    };
    return { parts, isAll };
  }

  private outcome(how: "all" | "ended" | "late", parts: readonly string[]): Outcome | undefined {
    const isUnread = this.given !== undefined && this.given.pipe.unread === this.given.bytes;
    this.given?.pipe.close();
    this.given = undefined;
    if (how === "all") {
      if (this.next) this.idle = setTimeout(() => this.end(), this.idleMs).unref();
      else this.end();
      return { exitCode: 0, stdout: parts.join("").slice(0, -this.mark.length - 1), stderr: "", timedOut: false };
    }
    if (how === "late") this.child.kill("SIGKILL");
    // what is wrong with a file that it reads, tmux says on stdout
    const stderr = how === "ended" ? this.errors.text() || parts.join("") : "";
    this.end();
    return how === "ended" && isUnread ? undefined : { exitCode: 1, stdout: "", stderr, timedOut: how === "late" };
  }

  /** Ends it at once, whatever its server does. */
  kill(): void {
    this.child.kill("SIGKILL");
    this.end();
  }

  /** Gives it nothing more to do: it ends. */
  end(): void {
    clearTimeout(this.idle);
    for (const pipe of [this.next, this.output, this.errors]) pipe?.close();
    this.next = undefined;
    this.child.unref();
  }
}
