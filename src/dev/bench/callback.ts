import { constants } from "node:fs";

/** How a named pipe is opened whose writer may not be there yet. */
export const O_READ = constants.O_RDONLY | constants.O_NONBLOCK;

/** What the line of an event looks like: a number, and when it was written (s). */
export const EVENT = "^EVENT [0-9]+ [0-9.]+$";

/** What a callback does first: say which event it is called for; the reader notes the time. */
export const CALLBACK = 'echo "$CLAUDE_TMUX_LINE" >"$TMUX_TMPDIR/fifo"';

/** Starts the callback for each event in some output. */
export function callBack(text: string, env: Record<string, string | undefined>): void {
  for (const line of text.split("\r\n")) {
    if (new RegExp(EVENT).test(line)) {
      Bun.spawn(["/bin/sh", "-c", CALLBACK], { env: { ...env, CLAUDE_TMUX_LINE: line } });
    }
  }
}
