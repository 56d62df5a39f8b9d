/** What the line of an event looks like: a number, and when it was written (s). */
export const EVENT = "^EVENT [0-9]+ [0-9.]+$";

/** What a callback does first: say which event it is called for; the reader notes the time. */
export const CALLBACK = 'echo "$CLAUDE_TMUX_LINE" >"$TMUX_TMPDIR/fifo"';

/** What starts the callback for each event in some output, which comes in parts. */
export function caller(env: Record<string, string | undefined>): (text: string) => void {
  const event = new RegExp(EVENT.slice(1)); // the prompt's last escape sequence may stand before the first
  let rest = "";
  return (text) => {
    const lines = (rest + text).split("\r\n");
    rest = lines.pop() ?? "";
    for (const line of lines) {
      const [found] = event.exec(line) ?? [];
      if (found) Bun.spawn(["/bin/sh", "-c", CALLBACK], { env: { ...env, CLAUDE_TMUX_LINE: found } });
    }
  };
}
