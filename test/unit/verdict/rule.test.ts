import { describe, expect, test } from "bun:test";
import type { Reading } from "../../../src/verdict/reading.ts";
import { isRunning, judge, type Unsure, type Verdict } from "../../../src/verdict/rule.ts";

/** A shell at its prompt that tells of it, but for what is said otherwise. */
const at = (facts: Partial<Reading> = {}): Reading => ({
  isDead: false,
  word: "idle",
  isFollowed: true,
  isHidden: false,
  isPending: false,
  typedAgoMs: 60_000,
  isReadable: true,
  hasForeground: true,
  isResting: true,
  isShell: true,
  isLineEdited: true,
  ...facts,
});

/** What is said of looks that are all alike, and how many it took and how long. */
function judged(facts: Partial<Reading>, later: Partial<Reading> = facts) {
  const looks: [Reading, ...Reading[]] = [at(facts)];
  let waitedMs = 0;
  for (;;) {
    const found: Verdict | Unsure = judge(looks);
    if (!("againMs" in found)) return { state: found.state, method: found.method, looks: looks.length, waitedMs };
    waitedMs += found.againMs;
    looks.push(at(later));
  }
}

const state = (facts: Partial<Reading>) => judged(facts).state;

test("a pane whose program has ended is dead, whatever its shell has told", () => {
  expect(judged({ isDead: true, word: "run" })).toMatchObject({ state: "dead", looks: 1 });
});

describe("a shell that tells", () => {
  test("is idle at its prompt, at the first look", () => {
    expect(judged({})).toEqual({ state: "idle", method: "shell-integration", looks: 1, waitedMs: 0 });
  });

  test("works when it says so, or waits for the rest of a command, or has said nothing yet", () => {
    for (const word of ["run", "end", "take", "rest", undefined] as const) {
      expect([word, judged({ word })]).toEqual([
        word,
        { state: "working", method: "shell-integration", looks: 1, waitedMs: 0 },
      ]);
    }
  });

  test("works as long as what was typed at its prompt has not been taken", () => {
    expect(state({ isPending: true })).toBe("working");
    expect(state({ isPending: true, word: "more" })).toBe("working");
  });

  test("works when a key has started a program at its prompt", () => {
    expect(state({ hasForeground: false })).toBe("working");
  });

  test("is given the time to begin to read after it has told of its prompt", () => {
    expect(judged({ isLineEdited: false }, {})).toMatchObject({ state: "idle", looks: 2 });
  });

  test("works when its prompt was shown by a program that reads otherwise", () => {
    const { state, waitedMs } = judged({ isLineEdited: false });
    expect([state, waitedMs <= 100]).toEqual(["working", true]);
  });

  test("is idle in the middle of a line only when it rests for several looks in a row", () => {
    expect(judged({ word: "more" })).toMatchObject({ state: "idle", looks: 4 });
    expect(judged({ word: "more", isResting: false }, { word: "more" })).toMatchObject({ state: "idle", looks: 5 });
    expect(judged({ word: "more", isResting: false })).toMatchObject({ state: "working", looks: 12 });
    expect(state({ word: "more", isLineEdited: false })).toBe("working");
  });

  test("is idle where nobody can know how its terminal is set", () => {
    expect(state({ isLineEdited: undefined })).toBe("idle");
    expect(state({ isLineEdited: undefined, word: "more" })).toBe("idle");
  });
});

describe("a shell whose word something else stands in the place of", () => {
  const hidden = { word: undefined, isHidden: true };

  test("is idle when it sleeps in its line editor, else it works", () => {
    expect(judged(hidden)).toEqual({ state: "idle", method: "foreground", looks: 1, waitedMs: 0 });
    expect(state({ ...hidden, isResting: false })).toBe("working");
    expect(state({ ...hidden, isLineEdited: false })).toBe("working");
  });

  test("is idle when it wakes up for a moment in its line editor, as when a job of it ends", () => {
    expect(judged({ ...hidden, isResting: false }, hidden)).toMatchObject({ state: "idle", looks: 2 });
    expect(judged({ ...hidden, isResting: false })).toMatchObject({ state: "working", looks: 12 });
    expect(judged({ ...hidden, isResting: false, isLineEdited: false }, hidden)).toMatchObject({
      state: "working",
      looks: 1,
    });
  });

  test("is given the time to read what was typed a moment ago", () => {
    expect(judged({ ...hidden, typedAgoMs: 30 })).toMatchObject({ state: "idle", looks: 2, waitedMs: 70 });
  });
});

describe("a program that tells nothing", () => {
  const silent = { word: undefined, isFollowed: false };

  test("is idle when it is a shell that sleeps and has the terminal", () => {
    expect(judged(silent)).toEqual({ state: "idle", method: "foreground", looks: 1, waitedMs: 0 });
    expect(state({ ...silent, isResting: false })).toBe("working");
    expect(state({ ...silent, isShell: false })).toBe("working");
    expect(judged({ ...silent, isResting: false }, silent)).toMatchObject({ state: "idle", looks: 2 });
    expect(judged({ ...silent, isResting: false, isShell: false }, silent)).toMatchObject({
      state: "working",
      looks: 1,
    });
  });

  test("is looked at again when it may not have read yet what was typed", () => {
    expect(judged({ ...silent, typedAgoMs: 99 })).toMatchObject({ state: "idle", looks: 2, waitedMs: 1 });
    expect(judged({ ...silent, typedAgoMs: 0 }, { ...silent, isResting: false })).toMatchObject({ state: "working" });
    expect(judged({ ...silent, typedAgoMs: 10, isResting: false }, { ...silent, typedAgoMs: 20 })).toMatchObject({
      state: "idle",
      looks: 3,
      waitedMs: 90,
    });
    expect(judged({ ...silent, typedAgoMs: -5000 })).toMatchObject({ state: "idle", looks: 1 }); // the clock was set back
  });

  test("is unknown, and not idle, where the process table does not tell of it", () => {
    expect(state({ ...silent, isReadable: false })).toBe("unknown");
    expect(state({ word: undefined, isHidden: true, isReadable: false })).toBe("unknown");
  });
});

test("whether something runs is null where that is not known", () => {
  const said = (["idle", "working", "dead", "unknown"] as const).map((one) =>
    isRunning({ state: one, method: "foreground", because: "" }),
  );
  expect(said).toEqual([false, true, false, null]);
});
