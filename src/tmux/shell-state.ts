import { isDigits } from "../lib/names.ts";

/**
 * What the shell of a pane tells of itself through the shell integration (shell/*): an OSC 7 ("current folder", which
 * tmux keeps as the pane's `pane_path` and shows nowhere) that holds
 * `claude-tmux:KEY;PID;WORD;PROMPT;CODE;MICROSECONDS`. As part of the pane's output it comes in order with what commands
 * write; as `pane_path` it is there for whoever asks. Any program can write one: only wordOf() tells whose it is.
 */
export interface ShellState {
  /** all of it, as the shell wrote it */
  text: string;
  /** the secret that only that shell was given, so that nothing another program wrote passes for it */
  key: string;
  /** the shell's own pid; 0 for a marker */
  pid: number;
  /**
   * `run`: a command starts · `end`: it has ended, the prompt is not there yet · `idle`: the shell waits at its
   * prompt · `more`: as idle, but more lines have been typed already · `rest`: it waits for the rest of a command ·
   * `take`: it has taken the command that was left for it (see typing/) · `off`: a shell that can't be followed, for now
   */
  word: "run" | "end" | "idle" | "more" | "rest" | "take" | "off";
  /** how many prompts the shell has shown */
  prompt: number;
  /** the exit code of the last command that ended; undefined when nobody knows */
  code: number | undefined;
  /** how long that command ran; undefined when the shell can't tell */
  durationMs: number | undefined;
}

/** A new secret: 64 bits, hexadecimal. */
export function newShellKey(): string {
  return crypto.getRandomValues(new Uint8Array(KEY_LENGTH / 2)).toHex();
}

/** The state, if it is the word of that very shell; undefined for what anything else wrote. Pure. */
export function wordOf(state: ShellState | undefined, shell: { pid: number; key: string }): ShellState | undefined {
  return state !== undefined && shell.key !== "" && state.key === shell.key && state.pid === shell.pid
    ? state
    : undefined;
}

const WORDS: readonly string[] = ["run", "end", "idle", "more", "rest", "take", "off"];
const SCHEME = "claude-tmux:";

/**
 * Reads the text of a mark, or a `pane_path`; undefined for any other text, so that what is read may stand in a tmux
 * format. Pure.
 */
export function parseShellState(text: string): ShellState | undefined {
  // no regular expression and no every(): each command that lists panes comes by here, once
  if (!text.startsWith(SCHEME)) return undefined;
  const fields = text.slice(SCHEME.length).split(";");
  const [key = "", pid = "", word = "", prompt = "", code = "", duration = "", ...more] = fields;
  if (!WORDS.includes(word) || !isDigits(pid) || !isKey(key) || more.length > 0) return undefined;
  if (!isNumberOrEmpty(prompt) || !isNumberOrEmpty(code) || !isNumberOrEmpty(duration)) return undefined;
  return {
    text,
    key,
    pid: Number(pid),
    word: word as ShellState["word"],
    prompt: Number(prompt) || 0,
    code: code === "" ? undefined : Number(code),
    durationMs: duration === "" ? undefined : toMs(Number(duration)),
  };
}

function isKey(text: string): boolean {
  if (text.length !== KEY_LENGTH) return false;
  for (let i = 0; i < KEY_LENGTH; i++) if (!"0123456789abcdef".includes(text.charAt(i))) return false;
  return true;
}

const KEY_LENGTH = 16;

function isNumberOrEmpty(field: string): boolean {
  return field === "" || isDigits(field);
}

/** Microseconds, whole, in milliseconds. Each command that lists panes comes by here: Math takes 0.1 ms to be made. */
function toMs(us: number): number {
  const rest = us % 1000;
  return (us - rest) / 1000 + (rest < 500 ? 0 : 1);
}

/** A part of a pane's output: bytes that it wrote, or the text of a mark (an OSC 7) between them. */
export type OutputPart = { type: "data"; data: Uint8Array } | { type: "mark"; text: string };

/** Splits a pane's output at the marks of ours in it. Feed it chunks as they come, in any split; it loses no byte. */
export class MarkScanner {
  private rest: Uint8Array = new Uint8Array();

  /** The parts that are complete, in order. */
  push(chunk: Uint8Array): OutputPart[] {
    const bytes = this.rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([this.rest, chunk]);
    const parts: OutputPart[] = [];
    let from = 0;
    const introducer = Buffer.from(INTRODUCER);
    for (let at = bytes.indexOf(ESC); at !== -1; at = bytes.indexOf(ESC, at + 1)) {
      if (at + 1 < bytes.length && bytes[at + 1] !== BRACKET) continue; // most are colours
      const head = bytes.subarray(at, at + INTRODUCER.length);
      if (!introducer.subarray(0, head.length).equals(head)) continue;
      const end = bytes.indexOf(BEL, at);
      if (end === -1 || end - at > MARK_MAX) {
        if (bytes.length - at > MARK_MAX) continue; // no mark of ours is that long
        this.rest = Buffer.from(bytes.subarray(at));
        addData(parts, bytes.subarray(from, at));
        return parts;
      }
      addData(parts, bytes.subarray(from, at));
      parts.push({ type: "mark", text: bytes.toString("utf8", at + INTRODUCER.length - SCHEME.length, end) });
      from = end + 1;
      at = end;
    }
    this.rest = new Uint8Array();
    addData(parts, bytes.subarray(from));
    return parts;
  }
}

const ESC = 27;
const BEL = 7;
const BRACKET = 0x5d;
const INTRODUCER = `\x1b]7;${SCHEME}`; // a text: the first Buffer costs half a millisecond
const MARK_MAX = 200;

function addData(parts: OutputPart[], data: Uint8Array): void {
  if (data.length > 0) parts.push({ type: "data", data });
}
