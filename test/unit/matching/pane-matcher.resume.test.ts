import { describe, expect, test } from "bun:test";
import { type MatcherSeed, PaneMatcher } from "../../../src/matching/pane-matcher.ts";
import { compilePattern } from "../../../src/matching/pattern.ts";
import { type Progress, parseProgress, progressNow } from "../../../src/matching/progress.ts";
import { COLS, EVENT, events, lines, pane, progressAt, ROWS, resume, watching } from "./watching.ts";

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
  const watch = new PaneMatcher(pane(["$ echo EVENT", "EVENT"]), handlers, { last: "", typings: [] }, joining);
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

test("what had scrolled into the history before the rest was erased is no new one, be it a single line", async () => {
  const before = pane(lines(0, 50));
  expect(before.lines[before.firstRow]?.line).toMatch(/^EVENT/);
  for (const scrolled of [1, 2, 5]) {
    const kept = lines(0, before.firstRow + scrolled);
    const since = Array.from({ length: 40 }, (_, i) => `${i}`);
    const after = pane([...kept, ...since, "EVENT new"]);
    expect([scrolled, await resume(after, progressAt(before))]).toEqual([scrolled, ["EVENT new"]]);
  }
});

test("what is written between lines like those that were there before is new", async () => {
  const cols = 100;
  const rows = 23;
  const zeros = (count: number) => "0".repeat(count);
  const said = (n: number) => [`EVENT ${n} ${zeros(300)}`, `${zeros(199)}8`];
  const history = [...Array.from({ length: 60 }, (_, i) => `${i}`), "$ say 9", ...said(9), "$ say 10 to 14"];
  const before = pane([...history, ...said(10), ...said(11), ...said(12), ...said(13), ...said(14)], { cols, rows });
  // it was saved with the last match, when what is in the history now was on the screen
  const firstRow = before.lines[history.length - 2]?.row ?? 0;
  const progress = progressAt({ ...before, firstRow, cursor: { x: 0, y: before.firstRow + rows - 4 - firstRow } });
  // the screen was cleared, and lines like those were written about where they stood
  const kept = [...history, ...said(10), `EVENT 11 ${zeros(291)}`, `${zeros(9)}7`, zeros(100)];
  const after = pane([...kept, "other", "$ say 15", ...said(15), "$ say 16 to 20", ...["EVENT 16", "a", "b", "c"]], {
    cols,
    rows,
  });
  expect((await resume(after, progress)).map((line) => line.slice(0, 8))).toEqual(["EVENT 15", "EVENT 16"]);
});

test("what is written where a pane that had grown was cleared is new", async () => {
  const other = (count: number) => Array.from({ length: count }, (_, i) => `other ${i}`);
  const seen = progressAt(pane(["EVENT seen"]));
  // it has got further, to where nothing matched, and was saved with the last match
  const progress = { ...seen, from: pane(["EVENT seen", ...other(60)]).firstRow };
  const rows = 2 * ROWS;
  // all that was on the larger screen is gone
  const kept = pane(["EVENT seen", ...other(60)], { rows }).firstRow;
  for (const cols of [COLS, 2 * COLS]) {
    const text = ["EVENT seen", ...other(60)].slice(0, kept);
    const after = { ...pane([...text, "EVENT new"], { cols, rows }), firstRow: kept, cursor: { x: 2, y: 1 } };
    expect([cols, await resume(after, progress)]).toEqual([cols, ["EVENT new"]]);
  }
});

test("the very first line is no new one when all after it has been erased", async () => {
  const progress = progressAt(pane(["EVENT first", "EVENT erased", "other"]));
  expect(await resume(pane(["EVENT first", ...lines(0, 30)]), progress)).toEqual(events(0, 30));
});

describe("what has come since is found", () => {
  const seen = progressAt(pane(lines(0, 60)));
  test.each<[string, MatcherSeed]>([
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
  const full = (state: MatcherSeed): MatcherSeed => ({
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
