import { expect, test } from "bun:test";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { ControlClient } from "../../src/tmux/control-client.ts";
import { resolveServer } from "../../src/tmux/server.ts";
import { Box, until } from "../helpers/box.ts";
import { isTmuxFrom } from "../helpers/tmux-version.ts";

// Histories that are larger than what tmux is asked for in one call.

const ROWS = 150_000;
/** So often it is saved at most until tmux is seen to serve others meanwhile. */
const SAVES = 3;
/** Coloured lines, some of which go on in the next row, blank ones, and colours that go on in the next line. */
const COLOURED = `awk 'BEGIN { for (i = 1; i <= ${ROWS}; i++) printf "\\033[3%dm%d %*d\\033[4%dm x%s\\n%s", i % 8, i, i % 60 ? 9 : 260, i, i * 7 % 8, i % 3 ? "\\033[0m" : "", i % 100 ? "" : "\\n\\n" }'\n`;
/** Numbered lines: so many, and then more until it is ended. */
const COUNTING = `seq ${ROWS}; i=${ROWS}; while :; do i=$((i + 1)); echo $i; done\n`;

/** A box in which a script has been started in a wide pane, and has filled so many rows of its history. */
async function boxWith(script: string, { rows, limit }: { rows: number; limit: number }): Promise<Box> {
  const box = new Box({ SHELL: "/bin/bash" });
  writeFileSync(`${box.folder}/script`, script);
  await box.tmux("new-session", "-d", "-s", "keep");
  await box.tmux("set-option", "-g", "history-limit", `${limit}`);
  await box.output("session-create", "huge", "--size", "200x50");
  await box.prompt("huge", "0");
  await box.tmux("send-keys", "-t", "=huge:", `. ~/script`, "Enter");
  const size = () => box.tmux("display-message", "-p", "-t", "=huge:", "#{history_size}");
  await until("all is written", async () => Number(await size()) >= rows);
  return box;
}

const textOf = (box: Box) => box.tmux("capture-pane", "-p", "-e", "-J", "-S", "-", "-t", "=huge:");

/** Saves it, and tells the numbers of the lines that were saved, but for the last one, which may be half-written. */
async function savedNumbers(box: Box): Promise<{ hidden: unknown; numbers: number[] }> {
  const { hidden } = await box.bridge("session-save", "huge", `${box.folder}/huge.json`);
  const { snapshot, texts } = await Bun.file(`${box.folder}/huge.json`).json();
  const text = snapshot.session.windows[0].panes[0].text.parts.map((sum: string) => texts[sum]).join("");
  const lines = stripVTControlCharacters(text).split("\n");
  return {
    hidden,
    numbers: lines
      .filter((line) => /^\d+$/.test(line))
      .slice(0, -1)
      .map(Number),
  };
}

/** A client beside all others that asks a box's tmux, and tells how much CPU time that took until it had answered, ms: what it did first with it. */
async function askingOf(box: Box) {
  const told = await box.tmux("display-message", "-p", "-t", "=keep:", "#{pid} #{socket_path}");
  const [pid = "", path = ""] = told.trim().split(" ");
  const spent = () => Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]) / 1e6;
  const ignored = { output() {}, notification() {}, idle: async () => {}, closed() {} };
  const client = new ControlClient(resolveServer({ path }), "=keep:", {}, ignored);
  await client.request(["display-message", "-p", "ready"]);
  return {
    async spentOn(command: string[]): Promise<number> {
      const before = spent();
      await client.request(command);
      return spent() - before;
    },
    [Symbol.asyncDispose]: () => client[Symbol.asyncDispose](),
  };
}

const areInOrder = (numbers: readonly number[]) => numbers.every((one, i) => one === (numbers[0] ?? 0) + i);

test.skipIf(!existsSync("/proc/self/schedstat"))(
  "a history of 150,000 coloured rows comes back whole, and tmux serves others while it is read",
  async () => {
    await using box = await boxWith(COLOURED, { rows: ROWS, limit: 200_000 });
    const screen = () => box.tmux("capture-pane", "-p", "-t", "=huge:");
    await until("its shell is at its prompt", async () => (await screen()).endsWith("\n$"));
    const text = await textOf(box);
    {
      await using others = await askingOf(box);
      const longestWhileSaving = async () => {
        let [longest, isSaved] = [0, false];
        const saving = box.bridge("session-save", "huge").finally(() => {
          isSaved = true;
        });
        while (!isSaved) {
          longest = Math.max(longest, await others.spentOn(["display-message", "-p", "-t", "=keep:", "ok"]));
        }
        expect(await saving).toMatchObject({ exitCode: 0, hidden: [] });
        return longest;
      };
      const baseline = await others.spentOn([
        "capture-pane",
        "-p",
        "-e",
        "-J",
        "-S",
        "-2000",
        "-E",
        "-1",
        "-t",
        "=huge:",
      ]);
      // whoever asks may be held up by what else this machine does, and tmux go on with the history meanwhile: not each time
      let longest = Number.POSITIVE_INFINITY;
      for (let i = 0; i < SAVES && longest >= 10 * baseline; i++)
        longest = Math.min(longest, await longestWhileSaving());
      expect(longest).toBeLessThan(10 * baseline);
    }
    await box.tmux("kill-session", "-t", "=huge:");
    expect(await box.bridge("session-restore", "huge")).toMatchObject({ differences: [], missing: [] });
    // but for the prompt; before 3.3, tmux prints blanks that nobody has written, with colours of their own
    const above = (shown: string) => shown.slice(0, shown.lastIndexOf("\n"));
    if (isTmuxFrom(3.3)) expect(above(await textOf(box)) === above(text)).toBe(true);
  },
);

test("so is one that grows while it is read", async () => {
  await using box = await boxWith(COUNTING, { rows: ROWS, limit: 10_000_000 });
  const { hidden, numbers } = await savedNumbers(box);
  expect(hidden).not.toContainEqual(expect.stringContaining("history"));
  expect(numbers[0]).toBe(1);
  expect(numbers.length).toBeGreaterThan(ROWS);
  expect(areInOrder(numbers)).toBe(true);
});

test("of one that drops rows at its limit while it is read, what is missing is told", async () => {
  await using box = await boxWith("seq 100000000\n", { rows: 18_000, limit: 20_000 });
  const { hidden, numbers } = await savedNumbers(box);
  expect(hidden).toEqual([expect.stringMatching(/^the oldest \d+ rows of its history of pane 0.0$/)]);
  expect(numbers.length).toBeGreaterThan(1900);
  expect(areInOrder(numbers)).toBe(true);
});

test("of one that is cleared and written anew, nothing is put together that did not belong together", async () => {
  const again = `while :; do seq 30000; tmux clear-history; done\n`;
  await using box = await boxWith(again, { rows: 20_000, limit: 200_000 });
  const { numbers } = await savedNumbers(box);
  const ends = numbers.filter((one, i) => i > 0 && one !== (numbers[i - 1] ?? 0) + 1);
  // a round follows the one before
  expect(ends.every((one) => one === 1)).toBe(true);
});
