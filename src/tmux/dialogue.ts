import { bytesToRead, makePipe, quickWrite } from "../lib/libc.ts";
import { quickClose } from "../lib/quick.ts";
import { within } from "../lib/wait.ts";
import { failure, quoteCommands, secretMark, startClient, TIMEOUT_MS, type TmuxCommand, tmuxAsync } from "./run.ts";
import type { TmuxServer } from "./server.ts";

// To start a client of tmux takes longer than most commands do. Where one call follows from the answer to another, one
// client carries out both: between them it reads its next commands from a pipe (source-file). It is attached to no
// session, and ends when that pipe does, also when the process that has the other end is killed.

/** How long a client may wait for its next commands: a server without sessions does not end before its clients do. */
const IDLE_MS = 500;

/** Several calls to one tmux server, one after the other: by one client, where that can be done. */
export class Dialogue implements Disposable {
  private client: Client | undefined;
  private isOver = false;
  private isBusy = false;

  constructor(private readonly server: TmuxServer) {}

  /**
   * Runs tmux commands in one call. Throws as tmuxAsync() does.
   * @param options.isLast whether no other call will follow
   */
  async ask(commands: TmuxCommand[], options: { timeoutMs?: number; isLast?: boolean } = {}): Promise<string> {
    const { timeoutMs = TIMEOUT_MS, isLast = false } = options;
    if (this.isBusy) return await tmuxAsync(this.server, commands, { timeoutMs });
    this.isBusy = true;
    try {
      return await this.turn(commands, { timeoutMs, isLast });
    } finally {
      this.isBusy = false;
    }
  }

  /** Lets the client end, if there is still one. */
  [Symbol.dispose](): void {
    this.isOver = true;
    this.client?.hangUp();
  }

  private async turn(commands: TmuxCommand[], options: { timeoutMs: number; isLast: boolean }): Promise<string> {
    const { timeoutMs, isLast } = options;
    if (this.client?.goOn(commands, isLast)) {
      const answer = await this.client.answer(commands, timeoutMs);
      if (answer !== undefined) return answer;
    }
    this.client = this.isOver || isLast ? undefined : Client.start(this.server, commands);
    return (await this.client?.answer(commands, timeoutMs)) ?? (await tmuxAsync(this.server, commands, { timeoutMs }));
  }
}

/** A client of tmux that, when it has carried out its commands, reads what it is to do next. */
class Client {
  /** Starts one; undefined where there can be none. Throws ERR_TMUX_MISSING. */
  static start(server: TmuxServer, commands: TmuxCommand[]): Client | undefined {
    const pipe = makePipe();
    if (!pipe) return undefined;
    const mark = secretMark();
    const all = [...commands, ["display-message", "-p", mark], ["source-file", "-"]];
    try {
      return new Client(server, startClient(server, all, { stdin: pipe.read }), pipe, mark);
    } catch (thrown) {
      close(pipe);
      throw thrown;
    }
  }

  private readonly output: ReadableStreamDefaultReader<Uint8Array>;
  private readonly decoder = new TextDecoder("utf-8", { ignoreBOM: true });
  private idle: Timer | undefined;
  /** what it reads now, so many bytes */
  private given: { read: number; bytes: number } | undefined;

  private constructor(
    private readonly server: TmuxServer,
    private readonly child: Bun.Subprocess<number, "pipe", "pipe">,
    /** from which it reads what it is to do next; undefined when it is to end */
    private next: Pipe | undefined,
    /** stands behind its answer */
    private mark: string,
  ) {
    this.output = child.stdout.getReader() as ReadableStreamDefaultReader<Uint8Array>;
  }

  /** Has it carry out commands; false when it can't any more. */
  goOn(commands: TmuxCommand[], isLast: boolean): boolean {
    clearTimeout(this.idle);
    const { next } = this;
    if (!next) return false;
    const mark = secretMark();
    const pipe = isLast ? undefined : makePipe();
    const steps = [...commands, ["display-message", "-p", mark]];
    // behind the answer, since the client may end here: where tmux has another view of /proc, or has read too many files
    if (pipe) steps.push(["source-file", `/proc/${process.pid}/fd/${pipe.read}`]);
    // of a part of it, when this process is killed in the midst, nothing is carried out: the end is missing
    const text = new TextEncoder().encode(`if-shell -F 1 { ${quoteCommands(steps)} }\n`);
    const isWritten = quickWrite(next.write, text) === text.length;
    quickClose(next.write);
    if (!isWritten) {
      // more than fits
      quickClose(next.read);
      if (pipe) close(pipe);
    }
    this.given = isWritten ? { read: next.read, bytes: text.length } : undefined;
    this.next = isWritten ? pipe : undefined;
    this.mark = mark;
    return isWritten;
  }

  /**
   * What its commands wrote to stdout; undefined when it has ended before it came to them. Throws as tmuxAsync() does.
   */
  async answer(commands: TmuxCommand[], timeoutMs: number): Promise<string | undefined> {
    const { server, child, given } = this;
    const stdout = await within(timeoutMs, this.read());
    const isUnread = given !== undefined && bytesToRead(given.read) === given.bytes;
    if (given) quickClose(given.read);
    this.given = undefined;
    if (typeof stdout === "string") {
      if (this.next) this.idle = setTimeout(() => this.hangUp(), IDLE_MS).unref();
      else child.unref();
      return stdout;
    }
    const timedOut = stdout === undefined;
    this.hangUp();
    if (timedOut) child.kill("SIGKILL");
    else if (isUnread) return undefined;
    const stderr = timedOut ? "" : await child.stderr.text();
    throw failure(server, commands, { stderr, timedOut, timeoutMs });
  }

  /** Gives it nothing more to do: it ends. */
  hangUp(): void {
    clearTimeout(this.idle);
    if (this.next) close(this.next);
    this.next = undefined;
    this.child.unref();
  }

  /** Its output up to the mark, without that; null when it ends before. */
  private async read(): Promise<string | null> {
    const end = `${this.mark}\n`;
    const parts: string[] = [];
    for (let tail = ""; tail !== end; ) {
      const { done, value } = await this.output.read();
      if (done) return null;
      const part = this.decoder.decode(value, { stream: true });
      parts.push(part);
      tail = (tail + part).slice(-end.length);
    }
    return parts.join("").slice(0, -end.length);
  }
}

interface Pipe {
  read: number;
  write: number;
}

function close(pipe: Pipe): void {
  quickClose(pipe.read);
  quickClose(pipe.write);
}
