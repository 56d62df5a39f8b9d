import { expect, test } from "bun:test";
import { existsSync } from "node:fs";
import { PipeFeed } from "../../src/daemon/pane-feed.ts";
import { PIPE_OPTION } from "../../src/tmux/options.ts";
import { resolveServer } from "../../src/tmux/server.ts";
import { Box, until } from "../helpers/box.ts";

const FLOOD = 4_000_000;

test.skipIf(process.platform !== "linux" || !existsSync("/bin/dd"))(
  "a flood that goes on while a seed waits for what came before is heard whole",
  async () => {
    await using box = new Box();
    // writes so many letters for each line that it is given, and says when it has
    const write = `head -c ${FLOOD} /dev/zero | tr "\\\\0" x | fold -w 79; echo; echo "done $line"`;
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
