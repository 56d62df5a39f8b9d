import * as v from "valibot";
import { fs, nodePath } from "../lib/builtin.ts";
import { DAY_MS } from "../lib/clock.ts";
import { AppError, errno } from "../lib/errors.ts";
import { readText, writeAtomic } from "../lib/files.ts";
import { checkStateDir, durableRoot, ensureDurableRoot, ensurePrivateDir } from "../lib/paths.ts";
import { sumOf } from "../lib/sum.ts";
import { poll } from "../lib/wait.ts";
import { isOwnerAlive, ownerName } from "../process/identity.ts";

// A prompt with a key is given once, also when whoever gives it is killed in the midst of that and tries again, or two try at
// once. Each key has a file, which is there before anything is typed: its name is a hash of the key, and of the text it holds
// no more than a hash.

/** What became of a prompt that was typed, as far as it was seen. */
const RECEIPTS = ["submitted", "unknown"] as const;
/** What became of it. */
export type Receipt = (typeof RECEIPTS)[number];

/** For so long it is known what became of a prompt. */
const KEPT_DAYS = 30;
/** How long one that gives the same prompt just now is waited for. */
const OTHER_MS = 30_000;
const LOOK_MS = 50;

const Noted = v.object({
  /** the process that gives it (see ownerName) */
  owner: v.string(),
  /** a hash of the text */
  sum: v.string(),
  /** the very pane, and the session and index by which people know it */
  pane: v.string(),
  name: v.string(),
  /** how it was named by who gave the prompt; notes of before have none */
  place: v.optional(v.string()),
  /** ms since the epoch */
  at: v.number(),
  /** null: it may have been typed, or not */
  receipt: v.nullable(v.picklist(RECEIPTS)),
});

/** What is known of a prompt that was given with the same key before. */
export interface Earlier {
  receipt: Receipt;
  /** ms since the epoch */
  at: number;
}

/** What is given with a key. */
export interface Keyed {
  text: string;
  /** the very pane, and how people call it */
  pane: string;
  name: string;
  /** the words by which it was named, and of which server */
  place: string;
}

/** A key that this process has taken for a prompt. */
export class PromptKey {
  private constructor(
    private readonly path: string,
    private readonly noted: v.InferOutput<typeof Noted>,
  ) {}

  /**
   * Takes a key before its prompt is typed, or tells what became of it before.
   * @throws AppError ERR_INVALID_ARGUMENT when it was used for another prompt; ERR_TIMEOUT when another process gives it just
   *   now, and has not ended for a while; ERR_UNSAFE_STATE_DIR; what the signal was aborted with
   */
  static async take(key: string, keyed: Keyed, signal: AbortSignal): Promise<PromptKey | Earlier> {
    ensureDurableRoot();
    const dir = promptsDir();
    ensurePrivateDir(dir);
    removeOld(dir);
    const path = pathOf(dir, key);
    const { pane, name, place } = keyed;
    const noted = {
      owner: ownerName(),
      sum: sumOfBoth(key, keyed.text),
      pane,
      name,
      place,
      at: Date.now(),
      receipt: null,
    };
    for (;;) {
      if (begin(path, noted)) return new PromptKey(path, noted);
      const other = await poll(OTHER_MS, LOOK_MS, () => {
        signal.throwIfAborted();
        return settled(path);
      });
      if (other === undefined) throw givenJustNow();
      if (other === "gone") continue; // it was not given in the end
      if (other === "damaged") return { receipt: "unknown", at: fs().statSync(path).mtimeMs };
      if (other.sum !== noted.sum || other.pane !== noted.pane) throw usedBefore(other);
      return { receipt: other.receipt ?? "unknown", at: other.at };
    }
  }

  /** Whether some prompt was given with that key, or is just now. Throws ERR_UNSAFE_STATE_DIR. */
  static isUsed(key: string): boolean {
    return earlierNote(key) !== "gone";
  }

  /**
   * What is known of that very prompt, given with that key before; undefined where it was not, nor is just now. Of a damaged file, which
   * does not tell of what prompt it is, that nothing is known. Throws ERR_UNSAFE_STATE_DIR.
   * @param keyed.pane undefined for one that is not found any more: then it is the same if it is named the same, and else there is no
   *   telling
   */
  static earlier(
    key: string,
    { text, pane, place }: Pick<Keyed, "text" | "place"> & { pane: string | undefined },
  ): Receipt | undefined {
    const noted = earlierNote(key);
    if (noted === "gone") return undefined;
    if (noted === "damaged") return "unknown";
    if (noted.sum !== sumOfBoth(key, text)) return undefined;
    if (pane === undefined && noted.place !== place) return "unknown";
    return pane === undefined || noted.pane === pane ? (noted.receipt ?? "unknown") : undefined;
  }

  /** Notes what became of the prompt. Where that fails, it is not known. */
  settle(receipt: Receipt): void {
    try {
      writeAtomic(this.path, JSON.stringify({ ...this.noted, receipt }));
    } catch {
      // a full disk, a folder that is gone: what is there says that it may have been typed
    }
  }

  /** Gives the key back: nothing was typed. */
  release(): void {
    fs().rmSync(this.path, { force: true });
  }
}

/** The files of keys: all, or those of prompts to panes of these tmux servers, by their sockets. Throws ERR_UNSAFE_STATE_DIR. */
export function promptFiles(sockets?: readonly string[]): string[] {
  const dir = promptsDir();
  if (!checkStateDir(durableRoot()) || !checkStateDir(dir)) return [];
  const ours = fs()
    .readdirSync(dir)
    .filter((name) => /^[0-9a-f]{64}\.json(\.\d+\.(new|part))*$/.test(name));
  return ours.map((name) => `${dir}/${name}`).filter((path) => !sockets || sockets.includes(socketIn(path) ?? ""));
}

function socketIn(path: string): string | undefined {
  const noted = readNoted(path);
  if (typeof noted === "string" || noted.place === undefined) return undefined;
  const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), v.looseTuple([v.string()])), noted.place);
  return success ? output[0] : undefined;
}

/** Where the files of keys are. Throws as durableRoot(). */
function promptsDir(): string {
  return `${durableRoot()}/prompts`;
}

function pathOf(dir: string, key: string): string {
  return `${dir}/${sumOf(key)}.json`;
}

/** Makes the file at once and whole, so that it outlives the machine's end, too; returns whether there was none. */
function begin(path: string, noted: v.InferOutput<typeof Noted>): boolean {
  const part = `${path}.${process.pid}.new`;
  writeAtomic(part, JSON.stringify(noted));
  try {
    fs().linkSync(part, path);
  } catch (thrown) {
    if (errno(thrown) === "EEXIST") return false;
    throw thrown;
  } finally {
    fs().rmSync(part, { force: true });
  }
  const folder = fs().openSync(nodePath().dirname(path), fs().constants.O_RDONLY);
  fs().fsyncSync(folder);
  fs().closeSync(folder);
  return true;
}

/** What a file says, unless its process is still at it. */
function settled(path: string): v.InferOutput<typeof Noted> | "gone" | "damaged" | undefined {
  const found = readNoted(path);
  if (typeof found === "string" || found.receipt !== null) return found;
  // one that has ended meanwhile may have noted it as the last
  return isOwnerAlive(found.owner) ? undefined : readNoted(path);
}

function earlierNote(key: string): ReturnType<typeof readNoted> {
  const dir = promptsDir();
  return checkStateDir(durableRoot()) && checkStateDir(dir) ? readNoted(pathOf(dir, key)) : "gone";
}

function sumOfBoth(key: string, text: string): string {
  return sumOf(`${key}\0${text}`);
}

function readNoted(path: string): v.InferOutput<typeof Noted> | "gone" | "damaged" {
  const text = readText(path);
  return text === undefined ? "gone" : (parsed(text) ?? "damaged");
}

function parsed(text: string): v.InferOutput<typeof Noted> | undefined {
  const { success, output } = v.safeParse(v.pipe(v.string(), v.parseJson(), Noted), text);
  return success ? output : undefined;
}

function removeOld(dir: string): void {
  const oldest = Date.now() - KEPT_DAYS * DAY_MS;
  for (const name of fs().readdirSync(dir)) {
    const path = `${dir}/${name}`;
    if ((fs().statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? oldest) < oldest)
      fs().rmSync(path, { force: true });
  }
}

function usedBefore({ name, at }: v.InferOutput<typeof Noted>): AppError {
  const when = new Date(at).toISOString();
  return new AppError("ERR_INVALID_ARGUMENT", `That key was used for another prompt: for ${name}, at ${when}`, {
    hint: "A key belongs to one prompt, to one pane. Take another key for this one.",
    details: { receipt: "refused" },
  });
}

function givenJustNow(): AppError {
  return new AppError(
    "ERR_TIMEOUT",
    `Another process gives the prompt with that key, and has not ended within ${OTHER_MS / 1000} s`,
    {
      hint: "Try again with the same key: it is given once.",
      details: { receipt: "unknown" },
    },
  );
}
