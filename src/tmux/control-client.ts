import { asError } from "../lib/errors.ts";
import { quoteCommand, quoteCommands } from "./command-line.ts";
import { type ControlEvent, ControlParser } from "./control.ts";
import { type GuardedClient, spawnGuarded } from "./guard.ts";
import type { TmuxServer } from "./server.ts";

/** What a control client tells its owner, in the order in which tmux wrote it. */
export interface ControlHandlers {
  output(pane: string, data: Uint8Array): void;
  notification(name: string, rest: string): void;
  /** Called when no more input lies ready; reading goes on when it resolves, so a slow owner slows tmux down. */
  idle(): Promise<void>;
  /** The client has ended: the session is gone, the server is, or someone killed or detached it. */
  closed(reason: string): void;
}

/** How long a control client waits for an answer of tmux, ms. */
export const ANSWER_MS = 10_000;
/** Why a control client has closed that got no answer. */
export const NO_ANSWER = "tmux does not answer";
/** How many bytes are taken before the owner is asked to deal with them, however much more there is. */
const AT_ONCE_MAX = 256 * 1024;

/** The answer of one command, in order with everything else. */
export type Reply = { lines: string[]; isError: boolean };

/**
 * A tmux control client attached to one session (tmux(1), CONTROL MODE). It never changes the size of a window
 * (ignore-size) or the environment of the session (-E). The owner closes it; see spawnGuarded for an owner that is killed.
 */
export class ControlClient implements AsyncDisposable {
  private readonly client: GuardedClient;
  private readonly waiting: ((reply: Reply) => void)[] = [];
  private readonly cancels = new Set<() => void>();
  /**
   * What is to be sent when tmux has attached us; undefined from then on. tmux 3.3 carries out commands that it reads
   * before, and a pane that writes between their answer and the attaching would not be heard.
   */
  private early: string[] | undefined = [];
  private readonly begun = Promise.withResolvers<void>();
  private sessionId: string | undefined;
  private isClosed = false;

  /** @param session the tmux target of the session */
  constructor(
    server: TmuxServer,
    session: string,
    owner: Record<string, string>,
    private readonly handlers: ControlHandlers,
  ) {
    const attach = ["-u", ...server.flags, "-C", "attach-session", "-E", "-t", session, "-f", "ignore-size"];
    this.client = spawnGuarded(attach, owner);
    this.read().catch((thrown) => this.close(asError(thrown).message));
  }

  /**
   * Sends one command. `onReply` is called in order with the output around the answer, before any later output is
   * handed over; not at all when the client closes first.
   */
  send(words: string[], onReply: (reply: Reply) => void = () => {}): void {
    if (this.isClosed) return;
    this.waiting.push(onReply);
    this.write(quoteCommand(words));
  }

  /**
   * Sends commands that tmux carries out as one, with no output of any pane between them. `onReply` is called once, with
   * the lines of each answer, or with undefined when one failed; in order with output, as in send().
   */
  sendAll(commands: string[][], onReply: (answers: string[][] | undefined) => void): void {
    if (this.isClosed) return;
    const answers: string[][] = [];
    const take = ({ lines, isError }: Reply) => {
      answers.push(lines);
      if (!isError && answers.length < commands.length) return;
      // tmux carries out none of those after one that failed, and answers none of them
      if (isError) this.waiting.splice(0, commands.length - answers.length);
      onReply(isError ? undefined : answers);
    };
    for (const _ of commands) this.waiting.push(take);
    this.write(quoteCommands(commands));
  }

  /** Sends one command; the lines of its answer, or undefined when it failed or the client closed. */
  request(words: string[]): Promise<string[] | undefined> {
    return this.ask((answer) => this.send(words, ({ lines, isError }) => answer(isError ? undefined : lines)));
  }

  /**
   * A promise for what `start` answers; undefined when the client closes first, so that nobody waits for ever: a tmux
   * that does not answer for ten seconds is given up, and the client with it.
   */
  ask<T>(start: (answer: (value: T | undefined) => void) => void): Promise<T | undefined> {
    if (this.isClosed) return Promise.resolve(undefined);
    return new Promise((resolve) => {
      const timer = setTimeout(() => this.close(NO_ANSWER), ANSWER_MS);
      const finish = (value: T | undefined) => {
        clearTimeout(timer);
        this.cancels.delete(cancel);
        resolve(value);
      };
      const cancel = () => finish(undefined);
      this.cancels.add(cancel);
      start(finish);
    });
  }

  /** Resolves when tmux has attached it, or it has closed. */
  get settled(): Promise<void> {
    return this.begun.promise;
  }

  /** Closes it for want of an answer. */
  giveUp(): void {
    this.close(NO_ANSWER);
  }

  /** Detaches, and ends the client's process if it does not go by itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close("closed");
    await this.client.child.exited;
  }

  private write(line: string): void {
    if (this.early) {
      this.early.push(line);
      return;
    }
    try {
      this.client.child.stdin.write(`${line}\n`);
      this.client.child.stdin.flush();
    } catch (thrown) {
      this.close(asError(thrown).message); // the client was killed, which its output will tell only later
    }
  }

  private attached(): void {
    const lines = this.early ?? [];
    this.early = undefined;
    this.begun.resolve();
    for (const line of lines) this.write(line);
  }

  private close(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    this.begun.resolve();
    for (const cancel of [...this.cancels]) cancel();
    try {
      this.client.child.stdin.end();
    } catch {
      // its end of the pipe is gone already
    }
    const force = setTimeout(() => this.client.release(), 1000);
    this.client.child.exited.then(() => clearTimeout(force));
    this.handlers.closed(reason);
  }

  private async read(): Promise<void> {
    const parser = new ControlParser();
    let reason = "its output ended";
    const reader = this.client.child.stdout.getReader();
    let taken = 0;
    let part = reader.read();
    for (;;) {
      const { done, value } = await part;
      if (done) break;
      for (const event of parser.push(value)) reason = this.handle(event) ?? reason;
      part = reader.read();
      part.catch(() => {}); // told when it is awaited
      taken += value.length;
      // to look at what panes show after each piece of a flood would take longer than the flood
      if (taken < AT_ONCE_MAX && (await Promise.race([part, nextTurn()]))) continue;
      taken = 0;
      if (!this.isClosed) await this.handlers.idle();
    }
    this.client.release();
    const complaint = (await this.client.child.stderr.text()).trim();
    this.close(complaint || reason);
  }

  /** Returns why the client is about to end, when the event says so. */
  private handle(event: ControlEvent): string | undefined {
    if (event.type === "output") this.handlers.output(event.pane, event.data);
    // the first block of all answers the attach-session that we did not send as a line
    else if (event.type === "reply") {
      if (event.isOurs) this.waiting.shift()?.(event);
      else if (event.isError) return event.lines.join("\n");
      else this.attached();
    } else if (event.name === "exit") return event.rest || "the session ended";
    else if (event.name === "session-changed") {
      const [id] = event.rest.split(" ");
      this.sessionId ??= id; // the first one comes with attaching
      // with detach-on-destroy off, tmux moves the clients of a session that ends to another
      if (id !== this.sessionId) this.close("the session ended");
    } else this.handlers.notification(event.name, event.rest);
    return undefined;
  }
}

/** Undefined, when everything that lay ready has been seen to. */
function nextTurn(): Promise<undefined> {
  return new Promise((resolve) => setImmediate(resolve));
}
