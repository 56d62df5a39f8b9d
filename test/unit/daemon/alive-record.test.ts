import { afterEach, expect, spyOn, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { AliveRecord } from "../../../src/daemon/alive-record.ts";
import { bootId } from "../../../src/lib/believed-clock.ts";
import { aliveFile, ENDED_MS } from "../../../src/snapshots/alive.ts";
import type { TmuxServer } from "../../../src/tmux/server.ts";

const SERVER = { socket: "/tmp/tmux-0/default", args: [] } as unknown as TmuxServer;
const home = process.env.XDG_STATE_HOME;
const clock = spyOn(performance, "now");

afterEach(() => {
  clock.mockRestore();
  process.env.XDG_STATE_HOME = home;
  if (home === undefined) delete process.env.XDG_STATE_HOME;
});

test.skipIf(bootId() === undefined)(
  "a session has ended when its own server has answered without it for a while, and no other",
  async () => {
    const folder = mkdtempSync(`${tmpdir()}/alive-`);
    process.env.XDG_STATE_HOME = folder;
    try {
      const record = new AliveRecord(SERVER, { error: () => {} });
      const look = async (at: number, server: string, ...names: string[]) => {
        clock.mockReturnValue(at);
        const saved = names.map((name) => ({ name, snapshot: `${name}-1`, problem: null }));
        await record.note({ names: new Set(names), server, saved, isToBeSaved: () => true });
        return aliveFile.read(SERVER)?.sessions.map(({ name }) => name);
      };
      expect(await look(0, "1:1", "api", "dev")).toEqual(["api", "dev"]);
      expect(await look(1, "1:1", "dev")).toEqual(["api", "dev"]);
      expect(await look(1 + ENDED_MS, "1:1", "dev")).toEqual(["dev"]);
      // the server has gone, and another one answers
      expect(await look(2 + ENDED_MS, "2:2", "after")).toEqual(["after", "dev"]);
      expect(await look(9 * ENDED_MS, "2:2", "after")).toEqual(["after", "dev"]);
    } finally {
      rmSync(folder, { recursive: true });
    }
  },
);
