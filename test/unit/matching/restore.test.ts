import { describe, expect, test } from "bun:test";
import { type PaneState, PaneWatch, type Typings } from "../../../src/matching/pane-watch.ts";
import { compilePattern } from "../../../src/matching/pattern.ts";
import { type Progress, parseProgress, progressNow } from "../../../src/matching/progress.ts";

const ROWS = 20;
const COLS = 40;
const EVENT = compilePattern("^EVENT");
const line = (i: number) => (i % 2 ? `EVENT ${i}` : `other ${i}`);
const lines = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => line(from + i));
const events = (from: number, to: number) => lines(from, to).filter((text) => text.startsWith("EVENT"));

/** A pane with this history and screen, at whose last line (a prompt) the cursor is. */
function pane(text: string[], options: { cols?: number; rows?: number; row?: number } = {}): PaneState {
  const { cols = COLS, rows = ROWS, row: firstOfAll = 0 } = options;
  let row = firstOfAll;
  const places = [...text, "$ "].map((each) => {
    const place = { row, line: each.trimEnd() };
    row += Math.max(1, Math.ceil(each.length / cols));
    return place;
  });
  const last = places.at(-1)?.row ?? 0;
  const firstRow = Math.max(firstOfAll, last + 1 - rows);
  const scrollRegion = { upper: 0, lower: rows - 1 };
  const cursor = { x: 2, y: last - firstRow };
  return { cols, rows, firstRow, lines: places, cursor, alternate: undefined, scrollRegion, historyLimit: 2000 };
}

/** How far one has got who has seen all that a pane shows. */
function progressAt(state: PaneState): Progress {
  const cursorRow = state.firstRow + state.cursor.y;
  const progress = progressNow(state.lines, { cols: state.cols, firstRow: state.firstRow, cursorRow }, EVENT);
  return JSON.parse(JSON.stringify(progress));
}

interface Watching {
  watch: PaneWatch;
  fired: string[];
  progress(): Progress | undefined;
  write(text: string): Promise<void>;
}

function watching(
  state: PaneState,
  progress: Progress | undefined,
  typed: Typings = { last: "", typings: [] },
): Watching {
  const fired: string[] = [];
  let last: string | undefined;
  const handlers = {
    typed: async () => typed,
    matched: (_: number, sighting: { line: string }, now: () => string | undefined) => {
      fired.push(sighting.line);
      last = now() ?? last;
    },
    progressed: (_: number, now: string) => {
      last = now;
    },
    told: () => {},
    isOwn: () => true,
  };
  const joining = progress ? [{ subscription: 1, pattern: EVENT, progress }] : [];
  const watch = new PaneWatch(state, handlers, { last: "", typings: [] }, joining);
  const write = async (text: string) => {
    watch.write(Buffer.from(text));
    await watch.settle();
  };
  return { watch, fired, write, progress: () => parseProgress(last ?? null) };
}

/** What fires when a pane is watched from there on. */
async function resume(state: PaneState, progress: Progress): Promise<string[]> {
  const { watch, fired } = watching(state, progress);
  await watch.settle();
  return fired;
}

test.each([
  ["a short history", 30, 20],
  ["a history that scrolls by", 600, 200],
  ["a history of several slices, whose end was seen", 3000, 2960],
  ["a history in which all was seen", 2500, 2500],
])("%s: what was not seen fires, once and in order", async (_, count, seenTo) => {
  const progress = progressAt(pane(lines(0, seenTo)));
  expect(await resume(pane(lines(0, count)), progress)).toEqual(events(seenTo, count));
});

test("an echo at the prompt of that moment is no output, though nobody has seen the cursor rest there", async () => {
  const typings = [{ id: "1", text: "echo EVENT", isCut: false }];
  const progress = progressNow([{ row: 0, line: "$" }], { cols: COLS, firstRow: 0, cursorRow: 0 }, EVENT);
  const fired: string[] = [];
  const handlers = {
    typed: async () => ({ last: "1", typings }),
    matched: (_: number, sighting: { line: string }) => fired.push(sighting.line),
    progressed: () => {},
    told: () => {},
    isOwn: () => true,
  };
  const joining = [{ subscription: 1, pattern: compilePattern("EVENT"), progress }];
  const watch = new PaneWatch(pane(["$ echo EVENT", "EVENT"]), handlers, { last: "", typings: [] }, joining);
  await watch.settle();
  expect(fired).toEqual(["EVENT"]);
});

test("what can't have been erased is known by its rows, also when it was written twice", async () => {
  const twice = [...lines(0, 60), "between", ...lines(0, 60)];
  const before = pane([...twice, "EVENT erased"]);
  const progress = progressAt(before);
  const after = pane([...twice.slice(0, before.firstRow), "EVENT new", "other"]);
  expect(await resume({ ...after, firstRow: before.firstRow }, progress)).toEqual(["EVENT new"]);
});

test("where lines stand at another width is known, also when they were written twice and the end was erased", async () => {
  const long = "x".repeat(3 * COLS - 1);
  const twice = [...lines(0, 60), long, "y".repeat(COLS + 1), "EVENT between", ...lines(0, 60)];
  const before = pane(twice);
  const kept = before.lines.filter(({ row }) => row < before.firstRow).map(({ line }) => line);
  for (const cols of [25, 80]) {
    const after = pane([...kept, "EVENT new", "other"], { cols });
    expect(await resume(after, progressAt(before))).toEqual(["EVENT new"]);
  }
});

test("a pane that has grown before it was cleared has less history than there was: where that is, is known by its rows", async () => {
  const flood = Array.from({ length: 60 }, (_, i) => `${i}`);
  const text = [...flood, ...flood, "EVENT between", ...flood];
  const before = pane([...text, ...events(0, 20)]);
  const kept = before.lines.filter(({ row }) => row < before.firstRow - 3).map(({ line }) => line);
  expect(kept.at(-1)).toBe("47");
  const after = pane([...kept, "EVENT new"], { cols: 88, rows: ROWS + 3 });
  expect(await resume({ ...after, firstRow: kept.length }, progressAt(before))).toEqual(["EVENT new"]);
});

test("what an erased screen has left of a long line is no new one, also in a pane that has grown since", async () => {
  const long = `EVENT ${"x".repeat(3 * COLS)}`;
  const before = pane([...lines(0, 30), long, "other", ...lines(31, 45)]);
  // what was heard of it then began with the long line, of which some was in the history when the screen was erased
  const progress = progressAt({ ...before, firstRow: 30 });
  for (const left of [1, 2, 3]) {
    const after = pane([...lines(0, 30), long.slice(0, left * COLS), "EVENT new"], { cols: 2 * COLS, rows: ROWS + 10 });
    expect(after.firstRow).toBeLessThan(30);
    expect(await resume(after, progress)).toEqual(["EVENT new"]);
  }
});

test("the very first line is no new one when all after it has been erased", async () => {
  const progress = progressAt(pane(["EVENT first", "EVENT erased", "other"]));
  expect(await resume(pane(["EVENT first", ...lines(0, 30)]), progress)).toEqual(events(0, 30));
});

describe("what has come since is found", () => {
  const seen = progressAt(pane(lines(0, 60)));
  test.each<[string, PaneState]>([
    ["where nothing else has happened", pane(lines(0, 80))],
    ["when a tenth of the history was dropped", { ...pane(lines(20, 80)), historyLimit: 200 }],
    ["when the history was cleared", pane(lines(55, 80))],
    ["in a pane that has become narrower", pane(lines(0, 80), { cols: 8 })],
    ["in a pane that has become wider and higher", pane(lines(0, 80), { cols: 120, rows: 50 })],
    ["when all that was seen is gone", pane(lines(60, 80))],
    ["when the end of what was seen was erased", pane([...lines(0, 58), ...lines(60, 80)], { cols: 30 })],
  ])("%s", async (_, state) => {
    expect(await resume(state, seen)).toEqual(events(60, 80));
  });

  test("among lines that are all alike, by their rows", async () => {
    const alike = (count: number) => Array.from({ length: count }, () => "EVENT");
    expect(await resume(pane(alike(70)), progressAt(pane(alike(60))))).toEqual(alike(10));
  });

  test("after a match that has gone on since", async () => {
    const { watch, write, fired, progress } = watching(pane(lines(0, 10)), progressAt(pane(lines(0, 10))));
    await watch.settle();
    await write("\r\nEVENT 45%");
    expect(fired).toEqual(["EVENT 45%"]);
    const narrow = pane([...lines(0, 10), "$", "EVENT 45% done", "EVENT next"], { cols: 30 });
    expect(await resume(narrow, progress() as Progress)).toEqual(["EVENT next"]);
  });
});

test("long lines that were seen are not new in a pane of another width, wherever they stand there", async () => {
  const long = (i: number) => [`EVENT ${i}`, "x".repeat(150), "x".repeat(150), `EVENT ${i}b`];
  const text = Array.from({ length: 10 }, (_, i) => long(i)).flat();
  const { watch, fired, progress, write } = watching(pane([], { cols: 200, rows: 50 }), progressAt(pane([])));
  await watch.settle();
  await write("\r\n");
  for (const each of text) await write(`${each}\r\n`);
  expect(fired).toHaveLength(20);
  expect(await resume(pane(text, { cols: 80, rows: 24 }), progress() as Progress)).toEqual([]);
  expect(await resume(pane([...text, "EVENT more"], { cols: 60, rows: 10 }), progress() as Progress)).toEqual([
    "EVENT more",
  ]);
});

describe("a full-screen program", () => {
  const full = (state: PaneState): PaneState => ({
    ...state,
    alternate: { lines: ["EVENT of it", ""], cursor: { x: 0, y: 1 } },
  });

  test("that has the pane when it is subscribed to does not keep later lines from firing", async () => {
    const { watch, write, fired } = watching(full(pane(lines(0, 30))), undefined);
    await watch.add(1, EVENT);
    await write("\x1b[?1049l\r\nEVENT new\r\n");
    expect(fired).toEqual(["EVENT new"]);
  });

  test("behind which lines are cut off by a narrower pane makes none of them new", async () => {
    const text = lines(0, 10).map((each) => `${each} ${"x".repeat(30)}`);
    const whole = pane(text);
    const cut = full(
      pane(
        text.map((each) => each.slice(0, 20)),
        { cols: 20 },
      ),
    );
    expect(await resume(cut, progressAt(whole))).toEqual([]);
    const { watch, write, fired } = watching(full(whole), progressAt(whole));
    await watch.settle();
    watch.resize(20, ROWS);
    watch.reseed(cut);
    await write("\x1b[?1049l\r\n");
    expect(fired).toEqual([]);
    watch.reseed(pane([...text, "$", "EVENT new"], { cols: 20 }), { isComplete: true });
    await watch.settle();
    expect(fired).toEqual(["EVENT new"]);
  });

  test("that has it when watching is resumed hides nothing of what has come before it, or comes after", async () => {
    const { watch, write, fired, progress } = watching(full(pane(lines(0, 40))), progressAt(pane(lines(0, 30))));
    await watch.settle();
    expect(fired).toEqual(events(30, 40));
    await write("\x1b[?1049l\r\nEVENT new\r\nother\r\n");
    expect(fired).toEqual([...events(30, 40), "EVENT new"]);
    expect(progress()?.from).toBeLessThan(100);
    const after = pane([...lines(0, 40), "$", "EVENT new", "other", "EVENT newer"]);
    expect(await resume(after, progress() as Progress)).toEqual(["EVENT newer"]);
  });

  test("fires by itself as long as it is followed, and leaves no trace in the progress", async () => {
    const { watch, write, fired, progress } = watching(pane(lines(0, 30)), progressAt(pane(lines(0, 30))));
    await watch.settle();
    await write("\x1b[?1049h\x1b[HEVENT full\r\n");
    expect(fired).toEqual(["EVENT full"]);
    expect(progress()).toBeUndefined();
  });

  test("in whose rows the progress of an earlier version was counted costs nothing that comes now", async () => {
    const old = { from: 1000001000000, seen: [], anchors: [{ row: 1000001000000, line: "x" }], prompts: [] };
    const progress = parseProgress(JSON.stringify(old)) as Progress;
    const { watch, write, fired } = watching(pane(lines(0, 40)), progress);
    await watch.settle();
    await write("\r\nEVENT new\r\n");
    expect(fired).toEqual(["EVENT new"]);
  });
});

test("the progress of an earlier version is gone on from", async () => {
  const seen = lines(20, 40).flatMap((text, i) =>
    text.startsWith("EVENT") ? [{ row: 20 + i, line: text, match: { start: 0, text: "EVENT" } }] : [],
  );
  const old = JSON.stringify({ from: 21, seen, anchors: [], prompts: ["$"] });
  expect(await resume(pane(lines(0, 50)), parseProgress(old) as Progress)).toEqual(events(40, 50));
});

describe("reseeding", () => {
  const start = async (count: number) => {
    const watched = watching(pane(lines(0, count)), progressAt(pane(lines(0, count))));
    await watched.watch.settle();
    return watched;
  };

  test("after output that was not heard fires for it, once", async () => {
    const { watch, write, fired } = await start(30);
    await write("\r\nEVENT heard\r\n");
    watch.reseed(pane([...lines(0, 30), "$", "EVENT heard", "EVENT missed", "other"]));
    await write("\rEVENT after\r\n");
    expect(fired).toEqual(["EVENT heard", "EVENT missed", "EVENT after"]);
  });

  test("for another program, for which tmux cleared the screen, begins at the top", async () => {
    const { watch, write, fired } = await start(30);
    watch.write(Buffer.from("EVENT 1st of it\r\n"));
    const kept = pane(lines(0, 30)).firstRow;
    watch.reseed(
      { ...pane([...lines(0, kept), "EVENT 1st of it"]), firstRow: kept, cursor: { x: 2, y: 1 } },
      { isCleared: true },
    );
    await write("\x1b[5;1HEVENT in row 5\r\n");
    expect(fired).toEqual(["EVENT 1st of it", "EVENT in row 5"]);
  });

  test("for another program is not misled by what was written twice", async () => {
    const twice = [...lines(0, 60), ...lines(0, 60)];
    const { watch, fired } = watching(pane(twice), progressAt(pane(twice)));
    await watch.settle();
    const kept = pane(twice).firstRow;
    watch.reseed(
      { ...pane([...twice.slice(0, kept), "EVENT new"]), firstRow: kept, cursor: { x: 2, y: 1 } },
      { isCleared: true },
    );
    await watch.settle();
    expect(fired).toEqual(["EVENT new"]);
  });

  test("for another program leaves what was cut off where the history ends as it was", async () => {
    const long = `EVENT ${"x".repeat(2 * COLS)}`;
    const before = pane(["other 0", long, ...Array.from({ length: 17 }, () => "other")]);
    const { watch, fired } = watching(before, progressAt(before));
    await watch.settle();
    const kept = pane(["other 0", long.slice(0, COLS), "EVENT new"]);
    watch.reseed({ ...kept, firstRow: 2, cursor: { x: 2, y: 1 } }, { isCleared: true });
    await watch.settle();
    expect(fired).toEqual(["EVENT new"]);
  });

  test("for another program leaves what a narrower screen had moved into the history before, in the same moment", async () => {
    const long = (i: number) => `EVENT ${i} ${"x".repeat(COLS)}`;
    const before = pane([...lines(0, 30), long(1), long(2), long(3), long(4), "other"]);
    const { watch, fired, write } = watching(before, progressAt(before));
    await watch.settle();
    await write("run\r\nEVENT heard\r\nother\r\n$ ");
    const kept = [...lines(0, 30), long(1), long(2), long(3), long(4)];
    const after = pane([...kept, "EVENT new"], { cols: 2 * COLS, rows: ROWS / 2 });
    watch.reseed({ ...after, firstRow: kept.length, cursor: { x: 2, y: 1 } }, { isCleared: true });
    await watch.settle();
    expect(fired).toEqual(["EVENT heard", "EVENT new"]);
  });

  test("at another size makes no line new, and knows where tmux has put each", async () => {
    const { watch, write, fired, progress } = await start(30);
    await write("\r\nEVENT a\r\n");
    watch.resize(20, 10);
    watch.reseed(pane([...lines(0, 30), "$", "EVENT a"], { cols: 20, rows: 10 }), { isComplete: true });
    await write("\r\x1b[KEVENT b\r\n");
    expect(fired).toEqual(["EVENT a", "EVENT b"]);
    expect(progress()?.cols).toBe(20);
  });

  test("with nothing to recognize: all of it is new, but when all was heard", async () => {
    const missed = await start(30);
    missed.watch.reseed(pane(["EVENT x", "EVENT y"]));
    await missed.watch.settle();
    expect(missed.fired).toEqual(["EVENT x", "EVENT y"]);
    const heard = await start(30);
    heard.watch.reseed(pane(["EVENT x", "EVENT y"]), { isComplete: true });
    await heard.watch.settle();
    expect(heard.fired).toEqual([]);
  });

  test("whose size was told too late: what stands elsewhere, or alone on its line, has been heard", async () => {
    const { watch, write, fired } = await start(3);
    await write(`\r\n${events(10, 20).join("\r\n")}\r\nEVENT lasted for long\rEVENT last\r\n`);
    const heard = [...events(10, 20), "EVENT lasted for long"];
    expect(fired).toEqual(heard);
    heard.push("EVENT over");
    await write("EVENT over");
    await write("\r$ \r\n");
    watch.write(Buffer.from("EVENT as before\r\nEVENT unfinished"));
    await watch.flush();
    watch.resize(20, 10);
    const now = pane([...lines(0, 3), "$", "EVENT last", "EVENT over", "EVENT as before"], { cols: 20, rows: 10 });
    const growing = { row: now.firstRow + now.cursor.y, line: "EVENT unfinished" };
    const state = { ...now, lines: [...now.lines.slice(0, -1), growing], cursor: { x: 16, y: now.cursor.y } };
    watch.reseed(state, { isComplete: true });
    await watch.settle();
    expect(fired).toEqual([...heard, "EVENT as before", "EVENT unfinished"]);
  });

  test("leaves a match to wait at the cursor, also where nothing else is there to recognize", async () => {
    const { watch, fired } = await start(3);
    watch.write(Buffer.from("\x1b[2J\x1b[HEVENT unfinished"));
    await watch.flush();
    watch.resize(20, 10);
    const state = pane([], { cols: 20, rows: 10 });
    watch.reseed(
      { ...state, lines: [{ row: 0, line: "EVENT unfinished" }], cursor: { x: 16, y: 0 } },
      { isComplete: true },
    );
    await watch.settle();
    expect(fired).toEqual(["EVENT unfinished"]);
  });

  test("remembers little of a line that is written over and over", async () => {
    const { watch, write, fired, progress } = await start(3);
    for (let i = 0; i < 300; i++) {
      await write(`\r\x1b[KEVENT ${i}`);
      await write("\r\x1b[Kbusy");
    }
    await write("\r\nEVENT last\r\n");
    expect(fired).toHaveLength(301);
    expect(JSON.stringify(progress()).length).toBeLessThan(5000);
    watch[Symbol.dispose]();
  });

  test("for another subscription that goes on from its own point leaves the first as it is", async () => {
    const { watch, write, fired } = await start(30);
    await write("\r\nEVENT a\r\n");
    const joining = [{ subscription: 2, pattern: EVENT, progress: progressAt(pane(lines(0, 30))) }];
    watch.reseed(pane([...lines(0, 30), "$", "EVENT a"]), { joining, isComplete: true });
    expect(watch.subscriptions).toEqual([1, 2]);
    await watch.settle();
    expect(fired).toEqual(["EVENT a", "EVENT a"]);
    await write("\rEVENT b\r\n");
    expect(fired).toEqual(["EVENT a", "EVENT a", "EVENT b", "EVENT b"]);
  });

  test("leaves a line that is not whole to go on", async () => {
    const { watch, write, fired } = await start(3);
    watch.write(Buffer.from("\r\nEVENT ha"));
    await watch.flush();
    const state = pane([...lines(0, 3), "$"]);
    watch.reseed({
      ...state,
      lines: [...state.lines.slice(0, -1), { row: 4, line: "EVENT ha" }],
      cursor: { x: 8, y: 4 },
    });
    await watch.flush();
    await write("lf\r\n");
    expect(fired).toEqual(["EVENT half"]);
  });
});

test("what stands on the screen when it is subscribed to has been seen, wrapped lines and the cursor's line too", () => {
  const wide = `EVENT ${"x".repeat(50)}`;
  const state = pane(["EVENT 1", wide, "other"], { row: 100 });
  const progress = progressAt(state);
  expect(progress.seen.map(({ row }) => row)).toEqual([100, 101]);
  expect(progress).toMatchObject({ from: 100, cols: COLS, at: 103, isWhole: false, prompts: ["$"] });
  expect(progress.trail).toHaveLength(3);
  expect(parseProgress(JSON.stringify(progress))).toEqual(progress);
  expect([null, "{}", "no JSON", "null", '{"from":1}'].map(parseProgress)).toEqual(Array(5).fill(undefined));
});

describe("a program that has tmux drop the history", () => {
  const CLEAR = "\x1b[H\x1b[2J\x1b[3J";
  const count = (to: number) => Array.from({ length: to }, (_, i) => `${i + 1}`);
  const said = (from: number, to: number) => ["$ say", ...lines(from, to)];
  const written = (text: readonly string[]) => text.map((each) => `${each}\r\n`).join("");

  test.each<[string, string[], string[]]>([
    ["with what stood there before written again below", count(300), ["EVENT 99", ...count(300)]],
    ["with the very same written again", said(0, 8), said(0, 8)],
  ])("%s: all that came since fires", async (_, before, since) => {
    const typed: Typings = { last: "1", typings: [] };
    const { watch, write, progress } = watching(pane([]), progressAt(pane([])), typed);
    await write(written(before));
    typed.last = "2";
    await write(`${CLEAR}${written(said(0, 8))}`);
    const resumed = await resume(pane([...said(0, 8), ...since], { cols: COLS + 3 }), progress() as Progress);
    expect(resumed).toEqual(since.filter((text) => EVENT(text)));
    watch[Symbol.dispose]();
  });

  test("rows are counted as tmux counts them from then on", async () => {
    const { watch, write, progress } = watching(pane([]), progressAt(pane([])));
    await write(written(lines(0, 100)));
    await write(`${CLEAR}${written(lines(100, 140))}`);
    expect(progress()).toMatchObject({ cols: COLS, at: 39, isWhole: true });
    watch[Symbol.dispose]();
  });

  test("what stands on the screen is what has been seen, and nothing above it", async () => {
    const { watch, write, progress } = watching(pane([]), progressAt(pane([])));
    await write(`${written(lines(0, 60))}\x1b[3J${written(lines(60, 64))}`);
    expect(progress()).toMatchObject({ cols: COLS, at: 22, isWhole: true });
    // the cursor's row was blank
    expect(progress()?.trail).toHaveLength(ROWS - 1 + 4);
    expect(progress()?.seen.map(({ row }) => row)).toEqual([0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20, 22]);
    expect(await resume(pane(lines(41, 70)), progress() as Progress)).toEqual(events(64, 70));
    watch[Symbol.dispose]();
  });

  test("lines that stand on the screen then stay the same ones", async () => {
    const typed: Typings = { last: "1", typings: [] };
    const { watch, fired, write } = watching(pane([]), progressAt(pane([])), typed);
    await write(written(lines(0, 30)));
    typed.last = "2";
    await write("\x1b[3J");
    await write("more\r\n");
    expect(fired).toEqual(events(0, 30));
    watch[Symbol.dispose]();
  });
});
