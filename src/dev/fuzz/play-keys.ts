import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { poll } from "../../lib/wait.ts";
import type { Stage } from "../../stage/stage.ts";

type Random = () => number;

/** What keys or a text must arrive as, and the words and the input of the command that sends it. */
export interface Sent {
  words: string[];
  file?: Uint8Array;
  expected: Uint8Array;
}

// what terminals have always sent for them, and tmux with a TERM of screen or tmux does (terminfo(5))
const CURSOR: Record<string, string> = { Up: "A", Down: "B", Right: "C", Left: "D" };
const EDGES: Record<string, { plain: string; letter: string }> = {
  Home: { plain: "1~", letter: "H" },
  End: { plain: "4~", letter: "F" },
};
const NUMBERED: Record<string, number> = {
  IC: 2,
  DC: 3,
  PPage: 5,
  NPage: 6,
  F5: 15,
  F6: 17,
  F7: 18,
  F8: 19,
  F9: 20,
  F10: 21,
  F11: 23,
  F12: 24,
};
const FUNCTIONS: Record<string, string> = { F1: "P", F2: "Q", F3: "R", F4: "S" };
const NAMED: Record<string, string> = {
  Enter: "\r",
  Escape: "\x1b",
  Tab: "\t",
  Space: " ",
  BSpace: "\x7f",
  BTab: "\x1b[Z",
};
const KEYPAD = [..."0123456789.+-*/"]; // as long as the program does not ask for another mode
const CHARACTERS = [..."abcxyzABCXYZ0189!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~äß€日本語😀"];
const CONTROLS = "@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_";

/** One to twelve random keys. */
export function randomKeys(random: Random): Sent {
  const keys = Array.from({ length: 1 + below(random, 12) }, () => randomKey(random));
  return {
    words: keys.map(({ name }) => name),
    expected: new TextEncoder().encode(keys.map(({ bytes }) => bytes).join("")),
  };
}

function randomKey(random: Random): { name: string; bytes: string } {
  const isMeta = random() < 0.2;
  const meta = (name: string, bytes: string) =>
    isMeta ? { name: `M-${name}`, bytes: `\x1b${bytes}` } : { name, bytes };
  switch (below(random, 4)) {
    case 0: {
      const character = pick(random, CHARACTERS);
      return meta(character, character);
    }
    case 1: {
      const letter = pick(random, [...CONTROLS]);
      return meta(
        `C-${random() < 0.5 ? letter.toLowerCase() : letter}`,
        String.fromCharCode(letter.charCodeAt(0) & 31),
      );
    }
    case 2: {
      const [name = "", bytes = ""] = pick(random, Object.entries(NAMED));
      return name === "BTab" ? { name, bytes } : meta(name, bytes);
    }
    default:
      return randomMove(random);
  }
}

function randomMove(random: Random): { name: string; bytes: string } {
  if (random() < 0.1) {
    const bytes = pick(random, KEYPAD);
    return { name: `KP${bytes}`, bytes };
  }
  const name = pick(
    random,
    [CURSOR, EDGES, NUMBERED, FUNCTIONS].flatMap((table) => Object.keys(table)),
  );
  const pressed = ["S-", "M-", "C-"].map((modifier) => (random() < 0.25 ? modifier : ""));
  const mask = 1 + pressed.reduce((sum, modifier, i) => sum + (modifier ? 2 ** i : 0), 0);
  const bytes = () => {
    const with1 = mask > 1 ? `1;${mask}` : "";
    if (CURSOR[name]) return `\x1b[${with1}${CURSOR[name]}`;
    if (EDGES[name]) return mask > 1 ? `\x1b[${with1}${EDGES[name].letter}` : `\x1b[${EDGES[name].plain}`;
    if (FUNCTIONS[name]) return mask > 1 ? `\x1b[${with1}${FUNCTIONS[name]}` : `\x1bO${FUNCTIONS[name]}`;
    return `\x1b[${NUMBERED[name]}${mask > 1 ? `;${mask}` : ""}~`;
  };
  return { name: `${pressed.join("")}${name}`, bytes: bytes() };
}

/** A random text, given in one of the ways there are. */
export function randomText(random: Random): Sent {
  const isLong = random() < 0.1;
  const length = isLong ? below(random, 20_000) : below(random, 60) + 1;
  const bytes = new TextEncoder().encode(
    Array.from({ length }, () => {
      if (random() < 0.1) return pick(random, ["\n", "\r", "\t", "\x1b", "\x03", "\x7f", "\u0085", "\x1b[201~", ";"]);
      return pick(random, CHARACTERS);
    }).join(""),
  );
  const enter = random() < 0.3;
  const expected = enter ? new Uint8Array([...bytes, 0x0d]) : bytes;
  const flags = enter ? ["--enter"] : [];
  if (!isLong && random() < 0.6) return { words: [...flags, "--", new TextDecoder().decode(bytes)], expected };
  if (random() < 0.3) {
    // any bytes at all
    const raw = Uint8Array.from(bytes, (byte) => (random() < 0.2 ? below(random, 256) : byte));
    return { words: [...flags, "--file", "text"], file: raw, expected: enter ? new Uint8Array([...raw, 0x0d]) : raw };
  }
  return { words: [...flags, "--file", "text"], file: bytes, expected };
}

/** A program in a pane that keeps every byte that it reads. */
export class Recorder {
  private seen = 0;

  private constructor(private readonly stage: Stage) {}

  /** @param asksForKeys whether the program asks for extended keys, as agents do */
  static async start(stage: Stage, options: { isExtended: boolean; asksForKeys: boolean }): Promise<Recorder> {
    await stage.must(["bridge", "session-create", "keys"]);
    const extended = options.isExtended ? "on" : "off";
    await tmux(stage, ["set-option", "-s", "extended-keys", extended]);
    const ask = options.asksForKeys ? "printf '\\033[>4;2m'; " : "";
    const script = `stty raw -echo; ${ask}: > recorded; echo ready > begun; exec cat > recorded`;
    await tmux(stage, ["respawn-pane", "-k", "-c", stage.folder, "-t", "=keys:", script]);
    await stage.lines("begun", 1, 20_000);
    return new Recorder(stage);
  }

  /** Sends what is to be sent. Returns what is wrong with how it arrived, if anything is. */
  async check(
    verb: "pane-send-keys" | "pane-send-stdin",
    { words, file, expected }: Sent,
  ): Promise<string | undefined> {
    if (file) await writeFile(`${this.stage.folder}/text`, file);
    const given = words.map((word) => (word === "text" && file ? `${this.stage.folder}/text` : word));
    const { exitCode, stdout } = await this.stage.run(["bridge", verb, "keys", "0", ...given]);
    if (exitCode !== 0) return `exit code ${exitCode}: ${stdout}`;
    const isThere = await poll(5000, 2, () => this.recorded().length >= this.seen + expected.length);
    await Bun.sleep(isThere ? 1 : 0); // for what may come beyond that
    const arrived = this.recorded().subarray(this.seen);
    this.seen += arrived.length;
    if (Buffer.compare(arrived, expected) === 0) return undefined;
    return `${JSON.stringify(shown(expected))} arrived as ${JSON.stringify(shown(arrived))}`;
  }

  private recorded(): Buffer {
    return readFileSync(`${this.stage.folder}/recorded`);
  }
}

function shown(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("latin1").slice(0, 200);
}

async function tmux(stage: Stage, args: string[]): Promise<void> {
  const child = Bun.spawn(["tmux", ...args], { env: stage.env, stdin: "ignore", stdout: "ignore", stderr: "pipe" });
  if ((await child.exited) !== 0) throw new Error(`tmux ${args.join(" ")}: ${await child.stderr.text()}`);
}

function below(random: Random, limit: number): number {
  return Math.floor(random() * limit);
}

function pick<T>(random: Random, from: readonly T[]): T {
  return from[below(random, from.length)] as T;
}
