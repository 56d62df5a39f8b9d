import { Pipe } from "../lib/pipe.ts";
import { failure, quoteCommands, secretMark, startClient, TIMEOUT_MS, type TmuxCommand, tmuxAsync } from "./run.ts";
import type { TmuxServer } from "./server.ts";

// To start a client of tmux takes longer than most commands do. Where one call follows from the answer to another, one
// client carries out both: between them it reads its next commands from a pipe (source-file). It is attached to no
// session, and ends when that pipe does, also when the process that has the other end is killed.

/** How long a client may wait for its next commands: a server without sessions does not end before its clients do. */
const IDLE_MS = 500;

/** How a call is made. */
interface Turn {
  timeoutMs: number;
  isLast: boolean;
  /** must not fail */
  meanwhile: (() => Promise<unknown>) | undefined;
}

/** Several calls to one tmux server, one after the other: by one client, where that can be done. */
export class Dialogue implements Disposable {
  private client: Client | undefined;
  private isOver = false;
  private isBusy = false;

  constructor(private readonly server: TmuxServer) {}

  /**
   * Runs tmux commands in one call. Throws as tmuxAsync() does.
   * @param options.isLast whether no other call will follow
   * @param options.meanwhile what is to be done while tmux works, such as to load what its answer is for
   */
  async ask(commands: TmuxCommand[], options: Partial<Turn> = {}): Promise<string> {
    const { timeoutMs = TIMEOUT_MS, isLast = false, meanwhile } = options;
    if (this.isBusy) return await tmuxAsync(this.server, commands, { timeoutMs });
    this.isBusy = true;
    try {
      return await this.turn(commands, { timeoutMs, isLast, meanwhile });
    } finally {
      this.isBusy = false;
      if (this.isOver) this.client?.end();
    }
  }

  /** Lets the client end, if there is still one, when it has answered. */
  [Symbol.dispose](): void {
    this.isOver = true;
    if (!this.isBusy) this.client?.end();
  }

  private async turn(commands: TmuxCommand[], { timeoutMs, isLast, meanwhile }: Turn): Promise<string> {
    if (this.client?.goOn(commands, isLast)) {
      await meanwhile?.();
      const answer = await this.client.answer(commands, timeoutMs);
      if (answer !== undefined) return answer;
    }
    this.client = this.isOver || isLast ? undefined : Client.start(this.server, commands);
    await meanwhile?.();
    return (await this.client?.answer(commands, timeoutMs)) ?? (await tmuxAsync(this.server, commands, { timeoutMs }));
  }
}

/** A client of tmux that, when it has carried out its commands, reads what it is to do next. */
class Client {
  /** Starts one; undefined where there can be none. Throws ERR_TMUX_MISSING. */
  static start(server: TmuxServer, commands: TmuxCommand[]): Client | undefined {
    const pipes = [Pipe.open(), Pipe.open(), Pipe.open()];
    const [next, output, errors] = pipes;
    let client: Client | undefined;
    try {
      if (!next || !output || !errors) return undefined;
      const mark = secretMark();
      const all = [...commands, ["display-message", "-p", mark], ["source-file", "-"]];
      const ends = { stdin: next.readEnd, stdout: output.writeEnd, stderr: errors.writeEnd };
      client = new Client(server, startClient(server, all, ends), output, errors, next, mark);
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
    private readonly server: TmuxServer,
    private readonly child: Bun.Subprocess,
    private readonly output: Pipe,
    private readonly errors: Pipe,
    /** from which it reads what it is to do next; undefined when it is to end */
    private next: Pipe | undefined,
    /** stands behind its answer */
    private mark: string,
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

  /**
   * What its commands wrote to stdout; undefined when it has ended before it came to them. Throws as tmuxAsync() does.
   */
  async answer(commands: TmuxCommand[], timeoutMs: number): Promise<string | undefined> {
    const { server, child, given } = this;
    const mark = `${this.mark}\n`;
    const parts: string[] = [];
    let tail = "";
    const how = await this.output.read((bytes) => {
      const part = this.decoder.decode(bytes, { stream: true });
      parts.push(part);
      tail = (tail + part).slice(-mark.length);
      return tail === mark;
    }, performance.now() + timeoutMs);
    const isUnread = given !== undefined && given.pipe.unread === given.bytes;
    given?.pipe.close();
    this.given = undefined;
    if (how === "all") {
      if (this.next) this.idle = setTimeout(() => this.end(), IDLE_MS).unref();
      else this.end();
      return parts.join("").slice(0, -mark.length);
    }
    if (how === "late") child.kill("SIGKILL");
    // what is wrong with a file that it reads, tmux says on stdout
    const stderr = how === "ended" ? this.errors.text() || parts.join("") : "";
    this.end();
    if (how === "ended" && isUnread) return undefined;
    throw failure(server, commands, { stderr, timedOut: how === "late", timeoutMs });
  }

  /** Gives it nothing more to do: it ends. */
  end(): void {
    clearTimeout(this.idle);
    for (const pipe of [this.next, this.output, this.errors]) pipe?.close();
    this.next = undefined;
    this.child.unref();
  }
}
