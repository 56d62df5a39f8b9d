import { describe, expect, test } from "bun:test";
import type { Typings } from "../../../src/matching/judge.ts";
import type { MatcherSeed } from "../../../src/matching/pane-matcher.ts";
import type { Progress } from "../../../src/matching/progress.ts";
import { COLS, EVENT, events, lines, pane, progressAt, ROWS, resume, watching } from "./watching.ts";

describe("reseeding", () => {
  test("behind which a full-screen program has written unheard fires for what it shows now, and was not there", async () => {
    const showing = (lines: string[]): MatcherSeed => ({
      ...pane(["$ less"]),
      alternate: { lines, cursor: { x: 0, y: 3 } },
    });
    for (const [isComplete, expected] of [
      [false, ["EVENT new"]],
      [true, []],
    ] as const) {
      const { watch, fired } = watching(showing(["EVENT old", "other", "", "status"]), undefined);
      await watch.settle();
      await watch.add(1, EVENT);
      watch.reseed(showing(["EVENT old", "EVENT new", "", "status"]), { isComplete });
      await watch.settle();
      expect(fired).toEqual([...expected]);
    }
  });

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

  test.each<[string, string[], string[], string[]]>([
    ["nothing but a prompt", [], ["$ echo EVENT", "EVENT"], ["EVENT"]],
    ["nothing but a prompt, which is drawn anew", [], [], []],
    ["some lines", lines(0, 6), ["$ echo EVENT", "EVENT"], ["EVENT"]],
    ["many lines", lines(0, 60), ["$ echo EVENT", "EVENT"], ["EVENT"]],
    ["a line that comes again", [...lines(0, 6), "EVENT"], ["$", "EVENT"], ["EVENT"]],
    ["a long line", [...lines(0, 6), `EVENT ${"x".repeat(COLS)}`], [], []],
  ])(
    "of a pane of another size fires for what tmux has shown and not passed on, behind %s",
    async (_, before, after, expected) => {
      const { watch, fired } = watching(pane(before), progressAt(pane(before)));
      await watch.settle();
      for (const [cols, rows] of [
        [COLS, ROWS + 10],
        [COLS, ROWS - 10],
        [COLS + 7, ROWS],
        [COLS - 7, ROWS],
      ] as const) {
        fired.length = 0;
        await watch.resize(cols, rows);
        watch.reseed(pane([...before, ...after], { cols, rows }), { isComplete: true });
        await watch.settle();
        expect(fired).toEqual(expected);
        // again, without
        watch.reseed(pane(before), { isComplete: true });
        await watch.settle();
        watch.reseed(pane(before), { isComplete: true });
        await watch.settle();
        expect(fired).toEqual(expected);
      }
    },
  );

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

  test("for another program leaves what a smaller screen had moved into the history, also when the screen has grown since", async () => {
    for (const before of [0, 15]) {
      const { watch, fired, write } = await start(before);
      await write(`\r${lines(before, before + 10).join("\r\n")}`);
      // all but the last four lines was in the history when the screen was cleared; some is on a larger screen now
      const count = before + 6;
      const kept = pane(lines(0, count), { cols: COLS + 4 });
      const firstRow = Math.max(0, before - ROWS / 2);
      const cursor = { x: 0, y: count - firstRow };
      watch.reseed({ ...kept, lines: kept.lines.slice(0, -1), firstRow, cursor }, { isCleared: true });
      await watch.settle();
      expect(fired).toEqual(events(before, before + 10));
    }
  });

  test("for another program that prints the same again fires, also when the screen has grown meanwhile", async () => {
    const before = Array.from({ length: 60 }, (_, i) => `history ${i}`);
    const banner = [...Array.from({ length: 14 }, (_, i) => `start ${i}`), "EVENT ready", "listening"];
    const state = pane([...before, ...banner]);
    const { watch, fired } = watching(state, progressAt(state));
    await watch.settle();
    // the larger screen took rows back from the history, and they were cleared with it
    const kept = state.firstRow - 4;
    const after = pane([...before.slice(0, kept), ...banner], { rows: ROWS + 4 });
    watch.reseed({ ...after, firstRow: kept, cursor: { x: 2, y: banner.length } }, { isCleared: true });
    await watch.settle();
    expect(fired).toEqual(["EVENT ready"]);
  });

  test("for another program leaves what came last of the one before, and scrolled by it, as it was", async () => {
    const { watch, write, fired } = await start(30);
    await write(`\r${lines(30, 40).join("\r\n")}`);
    // as many lines again came, and were not shown any more: by them, ten rows of the screen went into the history
    watch.write(Buffer.from(`\r\n${lines(40, 50).join("\r\n")}`));
    const kept = lines(0, 40 - ROWS + 10);
    const same = events(20, 24); // the other program prints what the first one has printed
    const after = pane([...kept, ...same]);
    watch.reseed({ ...after, firstRow: kept.length, cursor: { x: 2, y: same.length } }, { isCleared: true });
    await watch.settle();
    expect(fired).toEqual([...events(30, 40), ...same]);
  });

  test("for another program that prints what scrolls into the history again fires for it", async () => {
    const banner = lines(100, 110);
    const state = pane([...lines(0, 30), ...banner]);
    const at = { ...state, firstRow: 30, cursor: { x: 2, y: banner.length } };
    const { watch, fired } = watching(at, progressAt(at));
    await watch.settle();
    const again = [...banner, ...lines(110, 140)];
    watch.write(Buffer.from(again.join("\r\n")));
    watch.reseed(pane([...lines(0, 30), ...again]), { isCleared: true });
    await watch.settle();
    expect(fired).toEqual(events(100, 140));
  });

  test("for another program knows what is left of a history that tmux was told to drop before", async () => {
    const before = [...lines(0, 30), "$ "];
    const { watch, fired, write } = await start(30);
    // clear-history, of which nobody is told: the screen's rows become the first ones
    const onScreen = before.slice(-ROWS);
    await write(`\r\n${lines(30, 70).join("\r\n")}`);
    expect(fired).toEqual(events(30, 70));
    const kept = [...onScreen, ...lines(30, 70)].slice(0, 40);
    const after = pane([...kept, "EVENT new"]);
    watch.reseed({ ...after, firstRow: kept.length, cursor: { x: 2, y: 1 } }, { isCleared: true });
    await watch.settle();
    expect(fired.slice(events(30, 70).length)).toEqual(["EVENT new"]);
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
