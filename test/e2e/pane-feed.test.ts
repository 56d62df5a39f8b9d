import { expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { PipeFeed } from "../../src/daemon/pane-feed.ts";
import { WatchedPane } from "../../src/daemon/watched-pane.ts";
import type { Interest } from "../../src/subscriptions/interest.ts";
import { PIPE_OPTION } from "../../src/tmux/options.ts";
import { resolveServer } from "../../src/tmux/server.ts";
import { Box, until } from "../helpers/box.ts";

/** In pieces, with so much time between that who reads it may be held up for a while: a pipe holds some ten of them. */
const PIECE = 100_000;
const FLOOD = 40 * PIECE;

/** How many bytes have been written by what a tmux server has started to pass on what panes write (proc_pid_io(5)). */
function passedOn(server: number): number {
  const children = readFileSync(`/proc/${server}/task/${server}/children`, "utf8").trim().split(" ");
  const written = (pid: string) => Number(/^wchar: (\d+)/m.exec(readFileSync(`/proc/${pid}/io`, "utf8"))?.[1]);
  const helpers = children.filter((pid) => readFileSync(`/proc/${pid}/comm`, "utf8") === "dd\n");
  return helpers.reduce((sum, pid) => sum + written(pid), 0);
}

test.skipIf(process.platform !== "linux" || !existsSync("/bin/dd"))(
  "a flood that goes on while a seed waits for what came before is heard whole",
  async () => {
    await using box = new Box();
    // writes so many letters for each line that it is given, and says when it has
    const piece = `head -c ${PIECE} /dev/zero | tr "\\\\0" x; sleep 0.02`;
    const write = `for i in $(seq ${FLOOD / PIECE}); do ${piece}; done | fold -w 79; echo; echo "done $line"`;
    const program = `stty -echo; echo ready; while read -r line; do ${write}; done`;
    await box.tmux("new-session", "-d", "-s", "dev", "-x", "80", "-y", "24", program);
    const show = async (format: string) => (await box.tmux("display-message", "-p", "-t", "=dev:", format)).trim();
    const shows = async (text: string) => (await box.tmux("capture-pane", "-p", "-t", "=dev:")).includes(text);
    await until("it reads", () => shows("ready"));
    const server = resolveServer({ path: await show("#{socket_path}") });
    let heard = 0;
    let slowMs = 0;
    const ends: boolean[] = [];
    await using feed = new PipeFeed(server, `${box.folder}/state`, await show("#{pane_id}"), [], {
      data: async (bytes) => {
        for (const byte of bytes) if (byte === 0x78) heard++;
        if (slowMs > 0) await Bun.sleep(slowMs);
      },
      ended: (wasFull) => {
        ends.push(wasFull);
      },
    });
    const flood = async (name: string) => {
      await box.tmux("send-keys", "-t", "=dev:", name, "Enter");
      await until("tmux has read all of it", () => shows(`done ${name}`));
    };
    const isWhole: boolean[] = [];
    const seed = () => feed.seed(0, (_, whole) => void isWhole.push(whole));
    expect(await seed()).toBe("done");
    const first = await show(`#{${PIPE_OPTION}}`);
    slowMs = 400;
    await flood("one");
    // what it has not passed on to this pipe by then, it drops when there is another
    const tmux = Number(await show("#{pid}"));
    await until("tmux has passed on all of it", () => passedOn(tmux) >= FLOOD);
    const seeding = seed();
    await until("the second pipe is connected", async () => (await show(`#{${PIPE_OPTION}}`)) !== first);
    await flood("two");
    expect(Bun.peek.status(seeding)).toBe("pending");
    slowMs = 0;
    expect(await seeding).toBe("done");
    await until("all of it is heard", () => heard >= 2 * FLOOD || ends.length > 0);
    expect({ heard, ends, isWhole }).toEqual({ heard: 2 * FLOOD, ends: [], isWhole: [true, true] });
  },
);

test.skipIf(!existsSync("/usr/bin/perl"))(
  "lines that tmux drops as it gives a pane another pipe are found in what it shows, once each",
  async () => {
    await using box = new Box();
    // some 1,500 lines a second, which is no flood
    const program = `$| = 1; <STDIN>; for (1 .. 1000) { print "n $_\\n"; select(undef, undef, undef, 0.0005) } print "over\\n"; sleep 600`;
    await box.tmux("new-session", "-d", "-s", "dev", "-x", "80", "-y", "24", `perl -e '${program}'`);
    const show = async (format: string) => (await box.tmux("display-message", "-p", "-t", "=dev:", format)).trim();
    const server = resolveServer({ path: await show("#{socket_path}") });
    const pane = await show("#{pane_id}");
    const told: string[] = [];
    const ignore = () => {};
    const handlers = { changed: ignore, wrote: ignore, gap: ignore, status: ignore, progress: ignore };
    const failed = (thrown: unknown) => void told.push(String(thrown));
    await using watched = new WatchedPane(
      { server, stateDir: `${box.folder}/state`, pane, abandoned: [] },
      { ...handlers, failed },
    );
    const interest = (id: number, pattern: string, progress: string | null): Interest => ({
      id,
      lines: { pattern, progress, matched: ({ line }) => void told.push(line), progressed: ignore },
    });
    const lines = interest(1, "^n [0-9]+$|^over", null);
    await watched.want([lines]);
    await box.tmux("send-keys", "-t", "=dev:", "Enter");
    const progress = JSON.stringify({ from: 0, cols: 80, seen: [], trail: [], at: -1, isWhole: false, prompts: [] });
    // one that goes on from elsewhere needs what the pane shows, and with that another pipe
    for (let id = 2; !told.includes("over"); id++) await watched.want([lines, interest(id, "never", progress)]);
    await watched.settle();
    expect(told).toEqual([...Array.from({ length: 1000 }, (_, i) => `n ${i + 1}`), "over"]);
  },
);
