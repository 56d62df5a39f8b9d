import { pipeEnds, quickWrite, waitReadable } from "../lib/libc.ts";
import { openPidfd } from "../lib/pidfd.ts";
import { quickClose } from "../lib/quick.ts";
import { within } from "../lib/wait.ts";
import { quoteCommands, type TmuxCommand } from "./command-line.ts";
import type { TmuxServer } from "./server.ts";

/**
 * A client of tmux that is started before it is known what it is to do: it is on its way to its server meanwhile, which takes
 * it about as long as to find that out. Nothing is heard of what it does. It ends also when this process does.
 */
export class ClientAhead {
  /** Starts one; undefined where there can be none. Throws as Bun.spawn() does when there is no tmux. */
  static start(server: TmuxServer): ClientAhead | undefined {
    const ends = pipeEnds();
    if (!ends) return undefined;
    let client: ClientAhead | undefined;
    try {
      const args = ["-u", ...server.flags, "source-file", "-"];
      const child = Bun.spawn(["tmux", ...args], { stdin: ends.read, stdout: "ignore", stderr: "ignore" });
      client = new ClientAhead(child, ends.write);
      return client;
    } finally {
      quickClose(ends.read);
      if (!client) quickClose(ends.write);
    }
  }

  private constructor(
    private readonly child: Bun.Subprocess,
    /** the end of the pipe from which it reads */
    private readonly input: number,
  ) {}

  /** Has it carry out commands, or none, and waits for its end, which after so many milliseconds is SIGKILL. */
  async finish(commands: readonly TmuxCommand[], timeoutMs: number): Promise<void> {
    const { child, input } = this;
    const pidfd = openPidfd(child.pid);
    // of a part of it, when this process is killed in the midst, nothing is carried out: the end is missing
    const text = commands.length === 0 ? "" : `if-shell -F 1 { ${quoteCommands(commands)} }\n`;
    quickWrite(input, new TextEncoder().encode(text));
    quickClose(input);
    const isOver = pidfd < 0 ? (await within(timeoutMs, child.exited)) !== undefined : waitReadable(pidfd, timeoutMs);
    if (!isOver) child.kill("SIGKILL");
  }
}
