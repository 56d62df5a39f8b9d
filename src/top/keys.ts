/** What a person does at the terminal: a key by its name (`a`, `up`, `C-c`), a text that was pasted, or a click. */
export type Key = { key: string } | { paste: string } | { click: { column: number; row: number } };

/** CSI and SS3 sequences without their modifiers (XTerm Control Sequences). */
const SEQUENCES: Readonly<Record<string, string>> = {
  ...{ A: "up", B: "down", C: "right", D: "left", H: "home", F: "end" },
  ...{ "1~": "home", "4~": "end", "5~": "page-up", "6~": "page-down", "3~": "delete" },
};
const CONTROLS: Readonly<Record<string, string>> = {
  "\r": "enter",
  "\n": "enter",
  "\x7f": "backspace",
  "\b": "backspace",
};

const CSI = /^\x1b\[([0-9;:<=>?]*)([@-~])/;
const PASTE_BEGIN = "\x1b[200~";
const PASTE_END = "\x1b[201~";
/** Longer than any of these sequences. */
const SEQUENCE_MAX = 64;
/** How long after an Escape what belongs to it may come, also from far away; and the rest of what is pasted. */
const ESCAPE_MS = 50;
const PASTE_MS = 3000;
/** A longer paste is no text that anybody would type: it is dropped, and not cut. */
const PASTE_MAX = 256 * 1024;

/**
 * Reads what a terminal sends. What is told in several parts is kept until the rest has come; what is not understood is no
 * key, and nothing that is pasted is one.
 */
export class KeyReader {
  private rest = "";
  /** whether the paste that goes on is too long */
  private isTooLong = false;
  private readonly decoder = new TextDecoder();

  /** How long the rest of what has begun is to be waited for, before end(), ms; undefined where nothing has. */
  get patienceMs(): number | undefined {
    if (this.rest === "") return undefined;
    return this.rest.startsWith(PASTE_BEGIN) ? PASTE_MS : ESCAPE_MS;
  }

  /** The keys that are complete. */
  push(bytes: Uint8Array): Key[] {
    this.rest += this.decoder.decode(bytes, { stream: true });
    const keys: Key[] = [];
    while (this.rest !== "") {
      const taken = take(this.rest);
      if (!taken) break;
      this.rest = this.rest.slice(taken.length);
      if (taken.key && !this.isTooLong) keys.push(taken.key);
      this.isTooLong = false;
    }
    if (this.rest.length > PASTE_MAX) {
      this.isTooLong = true;
      this.rest = PASTE_BEGIN + this.rest.slice(1 - PASTE_END.length); // which may be the beginning of its end
    }
    return keys;
  }

  /** Takes what has come for all of it: an Escape, if nothing has followed. A paste without an end is given up. */
  end(): Key[] {
    const isEscape = this.rest === "\x1b";
    this.rest = "";
    this.isTooLong = false;
    return isEscape ? [{ key: "escape" }] : [];
  }
}

/** What hears bytes as they come, and tells the keys that they are: an Escape when nothing has followed for a moment. */
export function keyHearer(tell: (keys: readonly Key[]) => void): (bytes: Uint8Array) => void {
  const keys = new KeyReader();
  let timer: Timer | undefined;
  return (bytes) => {
    clearTimeout(timer);
    tell(keys.push(bytes));
    if (keys.patienceMs !== undefined) timer = setTimeout(() => tell(keys.end()), keys.patienceMs);
  };
}

/** The first key of a text, and how long it is; undefined where the rest of it has not come yet. */
function take(text: string): { key?: Key; length: number } | undefined {
  if (text.startsWith(PASTE_BEGIN)) {
    const end = text.indexOf(PASTE_END);
    if (end === -1) return undefined;
    return { key: { paste: text.slice(PASTE_BEGIN.length, end) }, length: end + PASTE_END.length };
  }
  if (text.startsWith("\x1b[")) {
    const match = CSI.exec(text);
    if (!match) return text.length > SEQUENCE_MAX || /[^\x1b[0-9;:<=>?]/.test(text) ? { length: 2 } : undefined;
    const [all, parameters = "", final = ""] = match;
    return withKey(keyOf(parameters, final), all.length);
  }
  if (text.startsWith("\x1bO")) return text.length < 3 ? undefined : withKey(named(SEQUENCES[text[2] ?? ""]), 3);
  if (text === "\x1b") return undefined;
  // Escape twice, or Alt with a key, which has no meaning here
  if (text.startsWith("\x1b")) return text[1] === "\x1b" ? { key: { key: "escape" }, length: 1 } : { length: 2 };
  const letter = String.fromCodePoint(text.codePointAt(0) ?? 0);
  return withKey(typed(letter), letter.length);
}

function withKey(key: Key | undefined, length: number): { key?: Key; length: number } {
  return key ? { key, length } : { length };
}

function keyOf(parameters: string, final: string): Key | undefined {
  if (parameters.startsWith("<")) return mouse(parameters.slice(1), final);
  return named(SEQUENCES[final === "~" ? `${parameters.split(";")[0]}~` : final]);
}

/** A mouse by SGR (1006): a press of the first button, or a turn of the wheel. */
function mouse(parameters: string, final: string): Key | undefined {
  const [button, column = 0, row = 0] = parameters.split(";").map(Number);
  if (final !== "M") return undefined;
  if (button === 64) return { key: "up" };
  if (button === 65) return { key: "down" };
  return button === 0 ? { click: { column: column - 1, row: row - 1 } } : undefined;
}

function named(name: string | undefined): Key | undefined {
  return name === undefined ? undefined : { key: name };
}

function typed(letter: string): Key | undefined {
  const code = letter.codePointAt(0) ?? 0;
  const control = CONTROLS[letter];
  if (control !== undefined) return { key: control };
  if (code < 32) return { key: `C-${String.fromCharCode(code + 96)}` };
  return code >= 0x7f && code < 0xa0 ? undefined : { key: letter };
}
