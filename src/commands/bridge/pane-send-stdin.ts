import { fs } from "../../lib/builtin.ts";
import { AppError } from "../../lib/errors.ts";
import { sendText } from "../../panes/send-text.ts";
import { touchTyped } from "../../tmux/typing-time.ts";
import { type Context, paneArg, sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-send-stdin", {
  effect: "changes",
  examples: [
    `claude-tmux pane-send-stdin dev repl "print(6 * 7)" --enter`,
    "pass show db | claude-tmux pane-send-stdin dev 0 -",
    "claude-tmux pane-send-stdin dev editor --paste --file notes.md",
  ],
  notes: `The text goes to what runs in the pane as it is, byte for byte, and a newline in it is one (Ctrl-J). Enter is pressed
after it only with --enter. To run a command in a shell, use pane-run or pane-exec, which keep what somebody has half typed.

"-" takes the text from stdin, --file from a file: such a text is no argument of any process, and nothing of it is
noted or logged; nor is what goes to a terminal that shows nothing of what is typed, as at a password prompt. Of other
texts the pane keeps a note, so that their echo is never taken for output.

--paste marks the text as pasted (bracketed paste) where the program has asked for that, as editors, shells and agents do.
A line of more than 4,095 bytes is refused where the terminal itself puts lines together, since it would be cut.`,
  args: {
    session: sessionArg,
    pane: paneArg,
    text: {
      type: "positional",
      description: "the text as one argument, or its words after --; - for stdin",
      required: false,
      raw: true,
      multiple: true,
      kind: "text",
    },
    enter: { type: "boolean", description: "press Enter after it" },
    paste: { type: "boolean", description: "as a paste, where the program knows pastes" },
    file: { type: "string", description: "the text from a file", valueHint: "F" },
  },
  schema: async () => (await import("../results/pane.ts")).TextSent,
  async answer({ session, pane, text, enter, paste, file }, context) {
    const { bytes, isSecret } = await read({ text, file }, context);
    if (bytes.length === 0 && enter !== true) throw nothing();
    touchTyped(context.paths.dir);
    const how = { bytes, isSecret, enter: enter === true, paste: paste === true };
    const typedInto = await sendText(context.server, { session, pane }, how);
    return { session, pane: typedInto, output: "Text sent", details: { bytes: bytes.length } };
  },
});

async function read(
  { text, file }: { text: string | undefined; file: string | undefined },
  { input }: Context,
): Promise<{ bytes: Uint8Array; isSecret: boolean }> {
  if (text !== undefined && file !== undefined) {
    throw new AppError("ERR_INVALID_ARGUMENT", "There is a <text>, and --file as well: give one of them");
  }
  if (text === "-") return { bytes: await input(), isSecret: true };
  if (file === undefined) return { bytes: new TextEncoder().encode(text ?? ""), isSecret: false };
  try {
    return { bytes: fs().readFileSync(file), isSecret: true };
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new AppError("ERR_INVALID_ARGUMENT", `--file "${file}" can't be read: ${why}`, { cause });
  }
}

function nothing(): AppError {
  return new AppError("ERR_INVALID_ARGUMENT", "There is nothing to type", {
    hint: "Give a text; with --file it is read from a file, with - from stdin; --enter by itself presses Enter.",
  });
}
