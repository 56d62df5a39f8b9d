import { describe, expect, spyOn, test } from "bun:test";
import type { Typings } from "../../../src/matching/judge.ts";
import { PaneMatcher } from "../../../src/matching/pane-matcher.ts";
import { compilePattern } from "../../../src/matching/pattern.ts";
import { parseShellState } from "../../../src/tmux/shell-state.ts";

// what marks begin with: their secret, in versions that have one
const KEY = parseShellState("claude-tmux:0123456789abcdef;1;idle;1;0;1") ? "0123456789abcdef;" : "";
const COLS = 40;
const ROWS = 10;

const typing = (...texts: string[]): Typings => ({
  last: `${texts.length}`,
  typings: texts.map((text, i) => ({ id: `${i + 1}`, text, isCut: false })).reverse(),
});

/** A pane watched for one pattern; `write` shows output piece by piece, `fired` are the lines that fired. */
async function watchPane(pattern: string, options: { lines?: string[]; typed?: Typings } = {}) {
  const fired: string[] = [];
  const lines = options.lines ?? [];
  const now = { typed: typing() };
  const seed = {
    cols: COLS,
    rows: ROWS,
    firstRow: 0,
    lines: lines.map((line, row) => ({ row, line })),
    alternate: undefined,
    historyLimit: 2000,
    cursor: { x: lines.at(-1)?.length ?? 0, y: Math.max(0, lines.length - 1) },
    scrollRegion: { upper: 0, lower: ROWS - 1 },
  };
  const handlers = {
    typed: async () => now.typed,
    matched: (_: number, { line }: { line: string }) => fired.push(line),
    progressed: () => {},
    told: () => {},
    isOwn: () => true,
  };
  const watch = new PaneMatcher(seed, handlers, typing());
  await watch.add(1, compilePattern(pattern));
  now.typed = options.typed ?? typing();
  /** `settled`: the output pauses after each piece */
  const write = async (pieces: string[], settled = false) => {
    for (const piece of pieces) {
      watch.write(new TextEncoder().encode(piece));
      await watch.flush();
      if (settled) await watch.settle();
    }
    await watch.settle();
  };
  const type = (...texts: string[]) => {
    now.typed = typing(...texts);
  };
  return { write, fired, watch, type };
}

describe("a line fires once for each appearance", () => {
  test.each<[string, string, string[], string[]]>([
    ["a plain line", "DONE", ["DONE\r\n"], ["DONE"]],
    ["a prompt without a newline", "Password:", ["Password: "], ["Password:"]],
    ["a match split over writes", "DONE", ["DO", "NE\r\n"], ["DONE"]],
    ["a match split over colours", "DONE", ["\x1b[31mDO\x1b[0m\x1b[1mNE\x1b[0m\r\n"], ["DONE"]],
    ["the same line twice", "DONE", ["DONE\r\nDONE\r\n"], ["DONE", "DONE"]],
    ["a growing line", "a+", ["a", "a", "a", "\r\n"], ["aaa"]],
    [
      "a line wider than the pane",
      "START.*END",
      [`START${"x".repeat(3 * COLS)}END\r\n`],
      [`START${"x".repeat(3 * COLS)}END`],
    ],
    ["a progress line, drawn over itself", "DONE", ["work\r", "DONE\r", "DONE\r", "\x1b[KDONE\r\n"], ["DONE"]],
    ["text placed by the cursor", "^a {8}b", ["a\x1b[10Gb\r\n"], ["a        b"]],
    [
      "a screen drawn again and again",
      "ready",
      ["ready\r\n", "\x1b[H\x1b[2Jready\r\n", "\x1b[H\x1b[2J", "ready\r\n"],
      ["ready"],
    ],
    ["a line shown and cleared in one write", "DONE", ["DONE\r\n\x1b[H\x1b[2J"], ["DONE"]],
    [
      "lines below the part of the screen that scrolls, each written over by the next",
      "DONE.*",
      [`\x1b[1;${ROWS - 1}r\x1b[${ROWS};1HDONE 1\r\nDONE 2\r\nDONE 3\r\n`],
      ["DONE 1", "DONE 2", "DONE 3"],
    ],
    [
      "lines of a part of the screen from which they go into the history",
      "DONE.*",
      [`\x1b[1;4r\x1b[1;1H${Array.from({ length: 9 }, (_, i) => `DONE ${i}\r\n`).join("")}`],
      Array.from({ length: 9 }, (_, i) => `DONE ${i}`),
    ],
    [
      "lines that leave a part of the screen which has rows above it",
      "DONE.*",
      [`\x1b[3;4r\x1b[3;1H${Array.from({ length: 5 }, (_, i) => `DONE ${i}\r\n`).join("")}`],
      ["DONE 0", "DONE 1", "DONE 2", "DONE 3", "DONE 4"],
    ],
    ["a line followed by thousands", "MARK", [`MARK\r\n${"x\r\n".repeat(5000)}`], ["MARK"]],
    [
      "lines in the middle of thousands",
      "MARK",
      [`${"x\r\n".repeat(3000)}MARK\r\n${"x\r\n".repeat(3000)}MARK\r\n`],
      ["MARK", "MARK"],
    ],
    ["emoji, of two columns each", "^🎉.+x$", ["🎉🎉\x1b[5Gx\r\n", "🎉e\u0301\x1b[4Gx\r\n"], ["🎉🎉x", "🎉e\u0301x"]],
    ["wide characters", "終わり", ["日本語 終わり\r\n"], ["日本語 終わり"]],
    ["a full-screen program", "menu", ["\x1b[?1049h\x1b[Hmenu", "\x1b[Hmenu", "\x1b[?1049l"], ["menu"]],
    ["a title and other commands to the terminal", "DONE", ["\x1b]0;DONE\x07\x1b[?25l"], []],
    ["a title as in screen", "^DONE|title", ["\x1bktitle\x1b\\DONE\r\n"], ["DONE"]],
    ["C1 characters", "^DONE", ["a\u0090b\u009d\u009f\u0098\r\nDO\u009bNE\r\n"], ["DONE"]],
    [
      "a string without its end, and a prompt's mark",
      "^DONE",
      ["\x1b]0;x", `\x1b]7;claude-tmux:${KEY}1;end;1;0;1\x07DONE\r\n`],
      ["DONE"],
    ],
  ])("%s", async (_, pattern, pieces, lines) => {
    const { write, fired } = await watchPane(pattern);
    await write(pieces);
    expect(fired).toEqual(lines);
  });

  test("every match among ten thousand lines, in order", async () => {
    const { write, fired } = await watchPane("^match");
    const lines = Array.from({ length: 10_000 }, (_, i) => (i % 10 === 0 ? `match ${i}` : `other ${i}`));
    const text = lines.map((line) => `${line}\r\n`).join("");
    await write([text.slice(0, 33_333), text.slice(33_333, 33_340), text.slice(33_340)]);
    expect(fired).toEqual(lines.filter((line) => line.startsWith("match")));
  });

  test("a pane that grows, and shows lines of its history again, makes no line new", async () => {
    const { write, fired, watch } = await watchPane("match");
    await write([Array.from({ length: 30 }, (_, i) => `match ${i}\r\n`).join("")]);
    watch.resize(COLS, 25);
    await write(["other\r\n"]);
    watch.resize(COLS, 5);
    watch.resize(COLS, 30);
    await write(["match last\r\n"]);
    expect(fired).toHaveLength(31);
  });

  test("matches among lines that only scroll by, with others before, between and after", async () => {
    const { write, fired } = await watchPane("^match|wide.*END");
    const many = (from: number) =>
      Array.from({ length: 3000 }, (_, i) => (i % 100 === 0 ? `match ${from + i}` : "other"));
    const wide = `wide ${"x".repeat(3 * COLS)}END`;
    const lines = [...many(0), "\x1b[32mmatch in green\x1b[0m", ...many(10_000), wide, ...many(20_000), "match last"];
    const text = lines.map((line) => `${line}\r\n`).join("");
    await write([text.slice(0, 5), text.slice(5, 70_000), text.slice(70_000)]);
    expect(fired).toEqual(lines.map((line) => Bun.stripANSI(line)).filter((line) => line !== "other"));
    await write(["match after\r\n"]);
    expect(fired.at(-1)).toBe("match after");
  });

  test("a flood in a part of the screen, or in a full-screen program, is drawn as it is", async () => {
    const { write, fired } = await watchPane("^match");
    const flood = Array.from({ length: 2000 }, (_, i) => `${i === 1000 ? "match" : "other"}\r\n`).join("");
    await write(["\x1b[2;5r\x1b[2;1H", flood, "\x1b[r\x1b[?1049h", flood, "\x1b[?1049l"]);
    expect(fired).toEqual(["match", "match"]);
  });

  test("what stood there before does not fire, what comes after does", async () => {
    const { write, fired } = await watchPane("DONE", { lines: ["DONE", "$ "] });
    await write(["\r\nDONE\r\n"]);
    expect(fired).toEqual(["DONE"]);
  });

  test("a resize makes no line new", async () => {
    const { write, fired, watch } = await watchPane("DONE");
    await write([`${"x".repeat(60)}\r\nDONE\r\n`]);
    watch.resize(30, ROWS);
    await write(["more\r\n"]);
    watch.resize(80, 20);
    await write(["more\r\n"]);
    expect(fired).toEqual(["DONE"]);
  });
});

describe("a line counts when it is whole, or when output pauses", () => {
  test("half a line that the whole contradicts does not fire", async () => {
    const { write, fired } = await watchPane("^[0-9]{1,4}$");
    await write(["1086", "12\r\n", "77\r\n"]);
    expect(fired).toEqual(["77"]);
  });

  test("a line longer than the history fires once", async () => {
    const { write, fired } = await watchPane("MARK");
    await write([`${"x".repeat(2500 * COLS)}MARK`, "more", "more\r\n", "$ "], true);
    expect(fired).toHaveLength(1);
  });
});

describe("a line longer than the history", () => {
  const long = "x".repeat(1500 * COLS);

  test.each<[string, string[]]>([
    ["written at once", [`MARK${long}`, "more\r\n", "$ "]],
    ["growing", ["MARK ", ...Array.from({ length: 30 }, () => "x".repeat(50 * COLS)), "\r\n", "$ "]],
    ["that matches again at its end", [`MARK${long}`, `${long}MARK\r\n`, "$ "]],
  ])("%s fires once for a match at its beginning", async (_, pieces) => {
    for (const settled of [true, false]) {
      const { write, fired } = await watchPane("MARK");
      await write(pieces, settled);
      expect(fired).toHaveLength(1);
      expect(fired[0]).toMatch(/^MARK|MARK$/);
    }
  });

  test("leaves later lines as they are", async () => {
    const { write, fired } = await watchPane("MARK [0-9]+");
    await write([`MARK 1${long}`, "\r\nMARK 2\r\n", "MARK 3\r\n"], true);
    expect(fired.map((line) => line.slice(0, 6))).toEqual(["MARK 1", "MARK 2", "MARK 3"]);
  });
});

describe("a screen that is cleared", () => {
  test("by the next command shows what that one writes: the same line is a new one, and not drawn again", async () => {
    const { write, fired } = await watchPane("FAILED");
    const run = (n: number) =>
      [`$ t.sh\r\n\x1b]7;claude-tmux:${KEY}99;run;${n};0;\x07`, "\x1b[H\x1b[2J", "FAILED 1 test\r\n"] as const;
    await write([...run(1), ...run(2), "\x1b[H\x1b[2JFAILED 1 test\r\n", ...run(3)], true);
    expect(fired).toEqual(["FAILED 1 test", "FAILED 1 test", "FAILED 1 test"]);
  });

  const frame = "\x1b[H\x1b[2J3 failed\r\n";
  test("and drawn again by the same program fires once", async () => {
    const { write, fired, type } = await watchPane("[0-9]+ failed");
    type("watch");
    await write([frame, frame, frame], true);
    expect(fired).toEqual(["3 failed"]);
  });

  test("and written again by another command fires again", async () => {
    const { write, fired, type } = await watchPane("[0-9]+ failed");
    type("run");
    await write([frame], true);
    type("run", "run");
    await write([frame], true);
    expect(fired).toEqual(["3 failed", "3 failed"]);
  });

  test("by the very command whose output it then shows fires for that output", async () => {
    const { write, fired, type } = await watchPane("DONE");
    await write(["$ "], true);
    type("clear; echo DONE");
    await write(["clear; echo DONE\r\n", "\x1b[H\x1b[2JDONE\r\n"]);
    expect(fired).toEqual(["DONE"]);
  });

  test("again and again by one command fires for each line that differs", async () => {
    const { write, fired, type } = await watchPane("run");
    type("script");
    await write(["run 1\r\n", "\x1b[H\x1b[2Jrun 2\r\n", "\x1b[H\x1b[2Jrun 3\r\n"], true);
    expect(fired).toEqual(["run 1", "run 2", "run 3"]);
  });

  test("leaves other lines in the same rows new", async () => {
    const { write, fired } = await watchPane("mark [0-9]+");
    await write(["mark 1\r\nmark 2\r\n", "\x1b[H\x1b[2J", "mark 11\r\nmark 22\r\n"], true);
    expect(fired).toEqual(["mark 1", "mark 2", "mark 11", "mark 22"]);
  });

  test("by a full-screen program keeps what is behind it old", async () => {
    const { write, fired } = await watchPane("DONE");
    await write(["DONE\r\n", "\x1b[?1049h\x1b[2J\x1b[Htext", "\x1b[?1049l", "$ "], true);
    expect(fired).toEqual(["DONE"]);
  });
});

describe("the echo of what pane-exec typed does not fire, its output does", () => {
  test.each<[string, string[], string[]]>([
    ["at a prompt", ["$ ", "echo DONE", "\r\nDONE\r\n"], ["DONE"]],
    ["letter by letter", ["$ ", ..."echo DONE", "\r\n", "DONE\r\n"], ["DONE"]],
    ["typed ahead and shown again by a shell that starts", ["echo DONE\r\n", "$ echo DONE\r\n", "DONE\r\n"], ["DONE"]],
    ["shown by a program that traces", ["$ ", "echo DONE\r\n", "+ echo DONE\r\n", "DONE\r\n"], ["+ echo DONE", "DONE"]],
  ])("%s", async (_, pieces, lines) => {
    const { write, fired } = await watchPane("DONE", { typed: typing("echo DONE") });
    await write(pieces, true);
    expect(fired).toEqual(lines);
  });

  test("of several typings that wait, each", async () => {
    const { write, fired, type } = await watchPane("[0-9] passed");
    type("sleep 1");
    await write(["$ ", "sleep 1\r\n"], true);
    type("sleep 1", 'echo "5 passed"', 'echo "6 passed"', "true");
    const first = 'echo "5 passed"\r\necho "6 passed"\r\ntrue\r\n$ echo "5 passed"\r\n5 passed\r\n';
    await write([first, '$ echo "6 passed"\r\n6 passed\r\n']);
    expect(fired).toEqual(["5 passed", "6 passed"]);
  });

  test("typed ahead while a command ran, and drawn in one write with the prompt that the shell tells of", async () => {
    const mark = (word: string) => `\x1b]7;claude-tmux:${KEY}99;${word};2;0;1000\x07`;
    const { write, fired, type } = await watchPane("DONE", { lines: ["$ sleep 1", ""] });
    type("echo DONE");
    await write(["still here", "\r\necho DONE\r\n"]);
    await write([`${mark("end")}${mark("more")}me@host:~$ echo DONE\r\n${mark("run")}DONE\r\n`]);
    expect(fired).toEqual(["DONE"]);
  });

  test("a line of a program that ends with the very text, right after a prompt, is output", async () => {
    const mark = (word: string) => `\x1b]7;claude-tmux:${KEY}99;${word};2;0;1000\x07`;
    const { write, fired, type } = await watchPane("DONE");
    type("make DONE");
    await write([`${mark("idle")}$ `, `make DONE\r\n${mark("run")}+ make DONE\r\n`], true);
    expect(fired).toEqual(["+ make DONE"]);
  });

  test("a program that answers with the very text", async () => {
    const { write, fired } = await watchPane("DONE", { typed: typing("DONE") });
    await write(["DONE\r\n", "DONE\r\n"]);
    expect(fired).toEqual(["DONE"]);
  });
});

describe("a flood of matches", () => {
  /** A watch of which every line fires; tmux says what was typed when `answer` is called. */
  async function flooded() {
    const fired: string[] = [];
    const asked: (() => void)[] = [];
    const progress: { last?: () => string | undefined } = {};
    const seed = { cols: COLS, rows: ROWS, firstRow: 0, lines: [], alternate: undefined, historyLimit: 2000 };
    const watch = new PaneMatcher(
      { ...seed, cursor: { x: 0, y: 0 }, scrollRegion: { upper: 0, lower: ROWS - 1 } },
      {
        typed: () => new Promise<Typings>((resolve) => asked.push(() => resolve(typing()))),
        matched: (_, { line }, now) => {
          fired.push(line);
          progress.last = now;
        },
        progressed: () => {},
        told: () => {},
        isOwn: () => true,
      },
      typing(),
    );
    const write = (from: number, to: number, rest = "") => {
      const lines = Array.from({ length: to - from }, (_, i) => `ERR ${from + i}\r\n`);
      watch.write(new TextEncoder().encode(lines.join("") + rest));
    };
    const answer = () => {
      for (const each of asked.splice(0)) each();
    };
    const adding = watch.add(1, compilePattern("^ERR"));
    answer();
    await adding;
    return { watch, fired, asked, progress, write, answer };
  }

  test("is one question to tmux for all that came together, and each fires in order", async () => {
    const { watch, fired, asked, write, answer } = await flooded();
    write(0, 20_000);
    const flushed = watch.flush();
    while (asked.length === 0) await Bun.sleep(0);
    expect(asked).toHaveLength(1);
    answer();
    await flushed;
    expect(asked).toEqual([]);
    expect(fired).toEqual(Array.from({ length: 20_000 }, (_, i) => `ERR ${i}`));
  });

  test.each([
    ["plain", ""],
    ["coloured", "\x1b[1mbold\x1b[0m\r\n"],
  ])("leaves others their turn in the midst of it, and all fires in order: %s", async (_, between) => {
    const { watch, fired, write, answer } = await flooded();
    for (let i = 0; i < 300; i++) write(i * 1000, (i + 1) * 1000, between);
    let turns = 0;
    let isOver = false;
    const others = () => {
      turns++;
      answer();
      if (!isOver) setImmediate(others);
    };
    setImmediate(others);
    await watch.flush();
    isOver = true;
    expect(turns).toBeGreaterThan(5); // it takes hundreds of ms
    expect(fired).toEqual(Array.from({ length: 300_000 }, (_, i) => `ERR ${i}`));
  });

  test("is taken no further than it is dealt with: output waits until tmux has answered", async () => {
    const { watch, fired, asked, write, answer } = await flooded();
    for (let i = 0; i < 40; i++) write(i * 1000, (i + 1) * 1000);
    let isFlushed = false;
    const flushed = watch.flush().then(() => {
      isFlushed = true;
    });
    while (asked.length === 0) await Bun.sleep(0);
    for (let i = 0; i < 20; i++) await Bun.sleep(0);
    expect([isFlushed, fired.length]).toEqual([false, 0]);
    answer();
    await flushed;
    expect(fired).toHaveLength(40_000);
  });

  test("does not make half a line count as a whole one, however long it waits in the middle of it", async () => {
    const { watch, fired, asked, write, answer } = await flooded();
    write(0, 4000, "ERR half");
    watch.write(new TextEncoder().encode(" and half\r\n"));
    const flushed = watch.flush();
    while (asked.length === 0) await Bun.sleep(0);
    await Bun.sleep(30); // longer than the pause after which a line counts
    answer();
    await flushed;
    while (fired.length < 4001) {
      answer();
      await Bun.sleep(0);
    }
    expect(fired.slice(3999)).toEqual(["ERR 3999", "ERR half and half"]);
  });

  test("what it has got to is told when that is asked, as of the last that fired", async () => {
    const { watch, asked, progress, write, answer } = await flooded();
    write(0, 5000);
    const flushed = watch.flush();
    while (asked.length === 0) await Bun.sleep(0);
    answer();
    await flushed;
    const { from, at, seen } = JSON.parse(progress.last?.() ?? "");
    expect(from).toBeGreaterThan(4980);
    expect([at, seen.at(-1)]).toMatchObject([4999, { row: 4999 }]);
    expect(seen.length).toBeLessThan(30);
  });
});

test.each(["mark", "state", "size"])(
  "tells nothing more when it is disposed of in the midst of a flush: %s behind it",
  async (kind) => {
    const after: string[] = [];
    let isDisposed = false;
    const note = (what: string) => {
      if (isDisposed) after.push(what);
    };
    const screen = (lines: string[]) => ({
      ...{ cols: COLS, rows: ROWS, firstRow: 0, alternate: undefined, historyLimit: 2000 },
      ...{ cursor: { x: 0, y: 0 }, scrollRegion: { upper: 0, lower: ROWS - 1 } },
      lines: lines.map((line, row) => ({ row, line })),
    });
    const handlers = {
      typed: async () => typing(),
      matched: () => note("matched"),
      progressed: () => note("progressed"),
      told: () => note("told"),
      isOwn: () => true,
    };
    const watch = new PaneMatcher(screen([]), handlers, typing());
    await watch.add(1, compilePattern("^EVENT"));
    await watch.settle();
    // others have their turn after each slice; all is shown by what comes behind it
    let now = performance.now();
    const clock = spyOn(performance, "now").mockImplementation(() => {
      now += 20;
      return now;
    });
    const lines = Array.from({ length: 800 }, (_, i) => `\x1b[31m${i}\x1b[m\r\n`).join("");
    watch.write(new TextEncoder().encode(`${lines}EVENT last\r\n`));
    if (kind === "mark") watch.write(new TextEncoder().encode(`\x1b]7;claude-tmux:${KEY}1;end;1;0;1000\x07`));
    else if (kind === "state") watch.reseed(screen(["one", "EVENT last"]), { isComplete: true });
    else watch.resize(50, 20);
    const flushed = watch.flush();
    for (let turn = 0; turn < 5; turn++) await new Promise((resolve) => setImmediate(resolve));
    isDisposed = true;
    watch[Symbol.dispose]();
    await flushed;
    await Bun.sleep(50);
    clock.mockRestore();
    expect([isDisposed, after]).toEqual([true, []]);
  },
);
