import { afterEach, expect, spyOn, test } from "bun:test";
import { AliveRecord } from "../../../src/daemon/alive-record.ts";
import { bootId } from "../../../src/lib/believed-clock.ts";
import { aliveFile, ENDED_MS } from "../../../src/snapshots/alive.ts";
import type { TmuxServer } from "../../../src/tmux/server.ts";
import { ownStateHome } from "../../helpers/state-home.ts";

const SERVER = { socket: "/tmp/tmux-0/default", args: [] } as unknown as TmuxServer;
ownStateHome();
const clock = spyOn(performance, "now");

afterEach(() => {
  clock.mockRestore();
});

test.skipIf(bootId() === undefined)(
  "a session has ended when its own server has answered without it for a while, and no other",
  async () => {
    const record = new AliveRecord(SERVER, { error: () => {} });
    const look = async (at: number, server: string, ...names: string[]) => {
      clock.mockReturnValue(at);
      const saved = names.map((name) => ({ name, snapshot: `${name}-1`, problem: null }));
      await record.note({ names: new Set(names), server, saved, isToBeSaved: () => true });
      return aliveFile.read(SERVER)?.sessions.map(({ name }) => name);
    };
    expect(await look(0, "1:1", "api", "dev", "last")).toEqual(["api", "dev", "last"]);
    expect(await look(1, "1:1", "dev", "last")).toEqual(["api", "dev", "last"]);
    expect(await look(1 + ENDED_MS, "1:1", "dev", "last")).toEqual(["dev", "last"]);
    // as a machine goes down: one after the other, and the server with the last one, whenever it is looked again
    expect(await look(2 + ENDED_MS, "1:1", "last")).toEqual(["dev", "last"]);
    expect(await look(3 + ENDED_MS, "")).toEqual(["dev", "last"]);
    expect(await look(4 * ENDED_MS, "")).toEqual(["dev", "last"]);
    // another server answers
    expect(await look(5 * ENDED_MS, "2:2", "after")).toEqual(["after", "dev", "last"]);
    expect(await look(9 * ENDED_MS, "2:2", "after")).toEqual(["after", "dev", "last"]);
  },
);
