import { closeSync } from "node:fs";
import { childEnv } from "../lib/config.ts";
import { asError } from "../lib/errors.ts";
import { type ControlEvent, ControlParser } from "./control.ts";
import { quoteCommand } from "./run.ts";
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

const ANSWER_MS = 10_000;

/** The answer of one command, in order with everything else. */
export type Reply = { lines: string[]; isError: boolean };

// Starts the client with a reader of descriptor 3, which ends when the owner closes it or dies: the client is then ended
// if it does not go by itself. Its own output is closed, so that the client's ends with the client.
const GUARD = `exec 4<&0; tmux "$@" <&4 4<&- 3<&- & client=$!; trap '' INT QUIT HUP TERM; exec </dev/null >/dev/null 2>&1 4<&-; read -r _ <&3; kill -KILL $client`;

/**
 * A tmux control client attached to one session (tmux(1), CONTROL MODE). It never changes the size of a window
 * (ignore-size) or the environment of the session (-E). The owner closes it. If the owner's process is killed, tmux may
 * keep the client, and with it the server, for good: a guard (a shell that waits) ends it then. `owner`, variables for
 * its environment, makes it known to whoever clears up should the guard be killed as well.
 */
export class ControlClient implements AsyncDisposable {
  private readonly child: Bun.Subprocess<"pipe", "pipe", "pipe">;
  /** the descriptor whose end the guard waits for */
  private guard: number | undefined;
  private readonly waiting: ((reply: Reply) => void)[] = [];
  private readonly cancels = new Set<() => void>();
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
    const child = Bun.spawn(["/bin/sh", "-c", GUARD, "sh", ...attach], {
      stdio: ["pipe", "pipe", "pipe", "pipe"],
      env: childEnv({ TERM: "dumb", ...owner }),
    });
    this.child = child as Bun.Subprocess<"pipe", "pipe", "pipe">;
    this.guard = child.stdio[3] as unknown as number;
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
    this.write(commands.map(quoteCommand).join(" ; "));
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
      const timer = setTimeout(() => this.close("tmux does not answer"), ANSWER_MS);
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

  /** Detaches, and ends the client's process if it does not go by itself. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.close("closed");
    await this.child.exited;
  }

  private write(line: string): void {
    try {
      this.child.stdin.write(`${line}\n`);
      this.child.stdin.flush();
    } catch (thrown) {
      this.close(asError(thrown).message); // the client was killed, which its output will tell only later
    }
  }

  private close(reason: string): void {
    if (this.isClosed) return;
    this.isClosed = true;
    for (const cancel of [...this.cancels]) cancel();
    try {
      this.child.stdin.end();
    } catch {
      // its end of the pipe is gone already
    }
    const force = setTimeout(() => this.endGuard(), 1000);
    this.child.exited.then(() => clearTimeout(force));
    this.handlers.closed(reason);
  }

  /** Lets the guard go, which ends the client if it is still there. */
  private endGuard(): void {
    if (this.guard === undefined) return;
    closeSync(this.guard);
    this.guard = undefined;
  }

  private async read(): Promise<void> {
    const parser = new ControlParser();
    let reason = "its output ended";
    for await (const chunk of this.child.stdout) {
      for (const event of parser.push(chunk)) reason = this.handle(event) ?? reason;
      if (!this.isClosed) await this.handlers.idle();
    }
    this.endGuard();
    const complaint = (await this.child.stderr.text()).trim();
    this.close(complaint || reason);
  }

  /** Returns why the client is about to end, when the event says so. */
  private handle(event: ControlEvent): string | undefined {
    if (event.type === "output") this.handlers.output(event.pane, event.data);
    // the first block of all answers the attach-session that we did not send as a line
    else if (event.type === "reply") {
      if (event.isOurs) this.waiting.shift()?.(event);
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
