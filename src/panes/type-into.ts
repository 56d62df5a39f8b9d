import { AppError } from "../lib/errors.ts";
import { hidesInput, terminalMode } from "../process/terminal-mode.ts";
import { quoteCommand, quoteCommands, type TmuxCommand } from "../tmux/command-line.ts";
import { inPaneAlone } from "../tmux/keyboard.ts";
import type { Pane } from "../tmux/panes.ts";
import { type Ask, tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { notePart, noteTyped, noteUnread } from "../tmux/typed.ts";
import { isServerBefore } from "../tmux/version.ts";
import { deadPane } from "./dead-pane.ts";
import { newBuffer } from "./holders.ts";
import { beforeTyping } from "./left-to-people.ts";
import { TAKES_NOTHING, toProgram, typable } from "./typable.ts";

/** What a terminal that hands over whole lines keeps of one (termios(3), canonical mode), without its end. */
const LINE_MAX_BYTES = 4095;

/** What is typed, and how. */
export interface Text {
  bytes: Uint8Array;
  /** whether Enter is pressed after it */
  enter: boolean;
  /** whether it is marked as a paste where the program has asked for that */
  paste: boolean;
  /** whether nothing may be noted of it, nor be an argument of a process */
  isSecret: boolean;
  /** keys that are pressed before it, for send-keys: those that clear the line */
  clear?: readonly string[];
  /** a tmux format that has to be true in the very moment */
  when?: string;
  /** called with true when it is about to be typed: what is thrown before that was not; with false when it is known that it was not */
  onTyping?: (mayBeTyped: boolean) => void;
}

/**
 * Types a text into a pane, in that one alone, which may have ended since it was looked at. Returns whether it was: not where `when`
 * is not true by then. Throws as typable() and beforeTyping(), and ERR_INVALID_ARGUMENT for what would not arrive whole.
 */
export async function typeInto(server: TmuxServer, ask: Ask, pane: Pane, text: Text): Promise<boolean> {
  const mode = terminalMode(pane.pid);
  if (mode?.isCanonical) checkLines(text.bytes, pane);
  const isSecret = text.isSecret || hidesInput(mode);
  const plain = isSecret || text.paste ? undefined : plainText(text.bytes);
  const isLoaded = plain === undefined && text.bytes.length > 0;
  const buffer = isLoaded ? newBuffer() : "";
  const type = isLoaded
    ? [pasting(pane.id, buffer, text.paste)]
    : [["send-keys", "-t", pane.id, "-l", "--", plain ?? ""]];
  const enter = text.enter ? [["send-keys", "-t", pane.id, "-H", "0d"]] : [];
  const clear = text.clear ? [["send-keys", "-t", pane.id, ...text.clear]] : [];
  const keys = [...toProgram(pane.id), ...clear, ...(text.bytes.length > 0 ? type : []), ...enter];
  const steps = [...noteOf(pane.id, text, isSecret), ...inPaneAlone(pane.id, keys)];
  const unload = isLoaded ? [["delete-buffer", "-b", buffer]] : [];
  const refuse = [["display-message", "-p", REFUSED], ...unload];
  // in the moment itself: a paste into a dead pane ends a tmux before 3.4
  const isThere = `#{?${TAKES_NOTHING},0,#{&&:#{==:#{pane_id},${pane.id}},${text.when ?? "1"}}}`;
  const typing = ["if-shell", "-F", "-t", pane.id, isThere, quoteCommands(steps), quoteCommands(refuse)];
  await beforeTyping(ask, { session: pane.session, pane: pane.id });
  text.onTyping?.(true);
  let answer: string;
  if (isLoaded) {
    try {
      answer = await tmuxAsync(server, [["load-buffer", "-b", buffer, "-"], typing], { input: text.bytes });
    } catch (thrown) {
      // nothing of the text is to stay
      await tmuxAsync(server, unload).catch(() => {});
      throw thrown;
    }
  } else answer = await ask([typing]);
  if (!answer.includes(REFUSED)) return true;
  text.onTyping?.(false);
  await typable(ask, { session: pane.session, pane: pane.id });
  if (text.when !== undefined) return false;
  throw deadPane(pane);
}

const REFUSED = "\u241erefused";

function noteOf(pane: string, { bytes, enter }: Text, isSecret: boolean): TmuxCommand[] {
  const isEnded = enter || bytes.includes(0x0a) || bytes.includes(0x0d);
  if (isSecret) return isEnded ? noteUnread(pane, 1) : [];
  const text = new TextDecoder().decode(bytes).replaceAll("\r\n", "\n").replaceAll("\r", "\n");
  if (isEnded) return noteTyped(pane, text.endsWith("\n") ? text.slice(0, -1) : text);
  return text === "" ? [] : notePart(pane, text);
}

// a single argument must fit tmux's message of 16 KB, and a line what a terminal may hold before anybody reads
const KEYS_MAX = 1000;

/** The text, if tmux can be given it as keys: short, and without control characters, also by another name of theirs. */
function plainText(bytes: Uint8Array): string | undefined {
  if (bytes.length > KEYS_MAX) return undefined;
  for (let i = 0; i < bytes.length; i++) if ((bytes[i] as number) < 0x20 || bytes[i] === 0x7f) return undefined;
  const text = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true }).decode(bytes);
  const isAscii = text.length === bytes.length; // which most texts are: no regular expression for them
  return !isAscii && /[\u0080-\u009f\ufffd]/.test(text) ? undefined : text;
}

/** The command that pastes a buffer, byte for byte, and removes it. */
function pasting(pane: string, buffer: string, paste: boolean): TmuxCommand {
  const flags = paste ? "-dpr" : "-dr";
  const by = (all: string) => quoteCommand(["paste-buffer", all, "-b", buffer, "-t", pane]);
  // from 3.7 on tmux shows control characters instead of pasting them, unless -S is there, which it did not know before
  return ["if-shell", "-F", isServerBefore(7), by(flags), by(`${flags}S`)];
}

function checkLines(bytes: Uint8Array, pane: Pane): void {
  let begin = 0;
  for (let i = 0; i <= bytes.length; i++) {
    const isEnd = i === bytes.length || bytes[i] === 0x0a || bytes[i] === 0x0d;
    if (!isEnd) continue;
    if (i - begin > LINE_MAX_BYTES) throw tooLong(i - begin, pane);
    begin = i + 1;
  }
}

function tooLong(length: number, pane: Pane): AppError {
  const message = `A line of ${length} bytes would be cut: the terminal of pane ${pane.paneId} of "${pane.session}" keeps ${LINE_MAX_BYTES} until it is read`;
  return new AppError("ERR_INVALID_ARGUMENT", message, {
    hint: "What runs there reads whole lines from the terminal. Give it a file to read instead.",
  });
}
