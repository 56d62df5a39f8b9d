import { expect, test } from "bun:test";
import { PaneFollow } from "../../../src/daemon/pane-follow.ts";
import { type PaneSeed, parseSeed } from "../../../src/daemon/pane-seed.ts";
import type { Interest } from "../../../src/subscriptions/interest.ts";
import { interestOf, row } from "../subscriptions/rows.ts";

/** What tmux tells of a pane of ten columns and four rows, of which the history has two. */
function seedOf(options: { alternate?: string[]; pid?: number; lines?: string[] } = {}): PaneSeed {
  const { alternate, pid = 77, lines = ["$ make", "one", "two", "$", "", ""] } = options;
  const cursor = alternate ? "0 1 2 1" : "2 1 4294967295 4294967295";
  const state = `10 4 ${cursor} ${alternate ? 1 : 0} 0 3 2 2000 ${pid} 1700000000`;
  const shown = alternate ? [...lines.slice(0, 2), ...alternate] : lines;
  const saved = alternate ? lines.slice(2) : [];
  const seed = parseSeed([[state], [""], [""], shown, shown, saved, saved], "all");
  if (!seed) throw new Error("no seed");
  return seed;
}

/** A followed pane, and what those who take an interest in it are told. */
function following(seed: PaneSeed, interests: (told: string[]) => Interest[]) {
  const told: string[] = [];
  const wanted = interests(told);
  const follow = new PaneFollow(seed, wanted, {
    typed: async () => ({ last: "", typings: [] }),
    failed: () => told.push("failed"),
  });
  return { follow, told, wanted };
}

/** An interest in lines that match. */
function lines(told: string[], id: number, pattern: string, progress: string | null = null): Interest {
  const matched: NonNullable<Interest["lines"]>["matched"] = ({ line }) => told.push(`${id} ${line}`);
  return { id, lines: { pattern, progress, matched, progressed() {} } };
}

test("an interest that can't be read stops no other", async () => {
  const { follow, told, wanted } = following(seedOf(), (told) => [
    lines(told, 1, "("),
    interestOf(row("silence", { id: 2, seconds: 1000, progress: "garbage" })),
    interestOf(row("silence", { id: 3, seconds: 1000, progress: "null" })),
    interestOf(row("command-finished", { id: 4, progress: "garbage" })),
    lines(told, 5, "new", "garbage"),
    lines(told, 6, "new"),
  ]);
  await follow.want(wanted);
  follow.write(Buffer.from("\r\nnew\r\n"));
  await follow.settle();
  follow[Symbol.dispose]();
  expect(told).toEqual(["failed", "5 new", "6 new"]);
});

test("who listens is told what the pane writes until it is not wanted any more", async () => {
  const { follow, told, wanted } = following(seedOf(), (told) => [
    {
      id: 1,
      listen({ activityAt }) {
        told.push(`begins ${activityAt}`);
        return {
          wrote: (bytes) => told.push(`wrote ${Buffer.from(bytes)}`),
          [Symbol.dispose]: () => told.push("ends"),
        };
      },
    },
  ]);
  await follow.want(wanted);
  await follow.want(wanted);
  follow.write(Buffer.from("a"));
  await follow.want([]);
  follow.write(Buffer.from("b"));
  follow[Symbol.dispose]();
  expect(told).toEqual(["begins 1700000000000", "wrote a", "ends"]);
});

test("what tmux tells of a pane is read: the normal screen with its history, and what a full-screen program shows", () => {
  const { screen } = seedOf({ alternate: ["~", "full", "", ""] });
  expect(screen.lines.map(({ row, line }) => `${row} ${line}`)).toEqual([
    "0 $ make",
    "1 one",
    "2 two",
    "3 $",
    "4 ",
    "5 ",
  ]);
  expect(screen).toMatchObject({ firstRow: 2, cursor: { x: 2, y: 1 }, alternate: { cursor: { x: 0, y: 1 } } });
  expect(screen.alternate?.lines).toEqual(["~", "full", "", ""]);
  expect(seedOf().screen).toMatchObject({ cursor: { x: 2, y: 1 }, alternate: undefined });
  expect(parseSeed([[""]], "all")).toBeUndefined();
});

test("another program writes new lines, though all that was heard of the pane is known", async () => {
  const { follow, told, wanted } = following(seedOf(), (told) => [lines(told, 1, "^EVENT")]);
  await follow.want(wanted);
  follow.write(Buffer.from("\r\nEVENT x\r\n"));
  await follow.settle();
  follow.reseed(seedOf({ pid: 78, lines: ["$ make", "one", "EVENT x", "$", "", ""] }), { isComplete: true });
  await follow.settle();
  follow[Symbol.dispose]();
  expect(told).toEqual(["1 EVENT x", "1 EVENT x"]);
});

test("what ended while nobody listened is told after the lines that came before it", async () => {
  const shell = "0123456789abcdef claude-tmux:0123456789abcdef;77;idle;5;3;1000";
  const seed = (text: string, lines: string[]) => {
    const state = "10 4 2 1 4294967295 4294967295 0 0 3 2 2000 77 1700000000";
    const found = parseSeed([[state], [text], [""], lines, lines, [], []], "all");
    if (!found) throw new Error("no seed");
    return found;
  };
  const shown = ["$ make", "one", "EVENT 1", "EVENT 2", "$", ""];
  const progress = JSON.stringify({ from: 1, cols: 10, seen: [], trail: [], at: -1, isWhole: false, prompts: [] });
  const { follow, told, wanted } = following(seed(shell, shown), (told) => [
    interestOf(row("command-finished", { progress: JSON.stringify({ pid: 77, prompt: 4 }) }), {
      fired: ({ message }) => told.push(`1 ${message}`),
    }),
    lines(told, 2, "^EVENT", progress),
  ]);
  await follow.want(wanted);
  await follow.settle();
  follow[Symbol.dispose]();
  expect(told).toEqual(["2 EVENT 1", "2 EVENT 2", "1 exit code 3"]);
});

test("another program in the pane is followed from the top of the screen that was cleared for it", async () => {
  const { follow, told, wanted } = following(seedOf(), (told) => [lines(told, 1, "^new|^two")]);
  await follow.want(wanted);
  follow.write(Buffer.from("new 1\r\n")); // it comes before the pane is known to be another's
  follow.reseed(seedOf({ pid: 78, lines: ["$ make", "one", "new 1", "", "", ""] }));
  follow.write(Buffer.from("\rnew 2\r\n"));
  await follow.settle();
  follow[Symbol.dispose]();
  expect(follow.pid).toBe(78);
  expect(told).toEqual(["1 new 1", "1 new 2"]);
});

test("a pane at another size is stale until it is looked up", async () => {
  const { follow } = following(seedOf(), () => []);
  follow.resize(10, 4);
  await follow.flush();
  expect(follow.isStale).toBe(false);
  follow.resize(20, 4);
  await follow.flush();
  expect(follow.isStale).toBe(true);
  follow.reseed(seedOf(), { isComplete: true });
  await follow.flush();
  expect(follow.isStale).toBe(false);
});

test("one whose normal screen was hidden when it was seeded is stale when that comes back", async () => {
  const { follow } = following(seedOf({ alternate: ["~", "", "", ""] }), () => []);
  await follow.flush();
  expect(follow.isStale).toBe(false);
  follow.write(Buffer.from("\x1b[?1049l"));
  await follow.flush();
  expect(follow.isStale).toBe(true);
});

test("what a shell told that was lost, though all else was heard, is told when it is seen", async () => {
  const seed = (prompt: number, lines: string[], word = "idle") => {
    const state = "10 4 2 1 4294967295 4294967295 0 0 3 2 2000 77 1700000000";
    const text = `0123456789abcdef claude-tmux:0123456789abcdef;77;${word};${prompt};3;1000`;
    const found = parseSeed([[state], [text], [""], lines, lines, [], []], "all");
    if (!found) throw new Error("no seed");
    return found;
  };
  const shown = ["$ make", "one", "two", "$", "", ""];
  const { follow, told, wanted } = following(seed(5, shown), (told) => [
    interestOf(row("command-finished"), { fired: ({ message }) => told.push(message) }),
  ]);
  await follow.want(wanted);
  const reseed = async (state: PaneSeed) => {
    follow.reseed(state, { isComplete: true });
    await follow.settle();
  };
  await reseed(seed(5, shown));
  expect(told).toEqual([]);
  await reseed(seed(6, shown));
  expect(told).toEqual(["exit code 3"]);
  // of a command that runs its end is heard
  await reseed(seed(6, shown, "run"));
  follow.write(Buffer.from("\x1b]7;claude-tmux:0123456789abcdef;77;idle;7;4;1000\x07"));
  await follow.settle();
  expect(told).toEqual(["exit code 3", "exit code 4"]);
  follow[Symbol.dispose]();
});
