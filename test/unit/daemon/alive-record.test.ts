import { afterAll, beforeEach, describe, expect, spyOn, test } from "bun:test";
import { readFileSync, writeFileSync } from "node:fs";
import { AliveRecord } from "../../../src/daemon/alive-record.ts";
import { bootId } from "../../../src/lib/believed-clock.ts";
import { aliveFile, ENDED_MS } from "../../../src/snapshots/alive.ts";
import { durableDir, type TmuxServer } from "../../../src/tmux/server.ts";
import { ownStateHome } from "../../helpers/state-home.ts";

const SERVER = { socket: "/tmp/tmux-0/default", args: [] } as unknown as TmuxServer;
ownStateHome();
const clock = spyOn(performance, "now");

let record: AliveRecord;
let errors: string[] = [];

beforeEach(() => {
  errors = [];
  record = new AliveRecord(SERVER, { error: (line) => void errors.push(line) });
});

afterAll(() => clock.mockRestore());

const look = async (at: number, server: string, ...names: string[]) => {
  clock.mockReturnValue(at);
  const saved = names.map((name) => ({ name, snapshot: `${name}-1`, problem: null }));
  await record.note({ names: new Set(names), server, saved, isToBeSaved: () => true });
  return aliveFile.read(SERVER)?.sessions.map(({ name }) => name);
};

describe.skipIf(bootId() === undefined)("which sessions are alive", () => {
  test("a session has ended when a server has answered without it for a while", async () => {
    expect(await look(0, "1:1", "api", "dev")).toEqual(["api", "dev"]);
    expect(await look(1, "1:1", "dev")).toEqual(["api", "dev"]);
    expect(record.lookAt).toBe(1 + ENDED_MS);
    expect(await look(1 + ENDED_MS, "1:1", "dev")).toEqual(["dev"]);
  });

  test("as a machine goes down, they end one after the other, and the server with the last one: these stay", async () => {
    await look(0, "1:1", "api", "dev", "last");
    expect(await look(1, "1:1", "dev", "last")).toEqual(["api", "dev", "last"]);
    expect(await look(2, "1:1", "last")).toEqual(["api", "dev", "last"]);
    expect(await look(3, "")).toEqual(["api", "dev", "last"]);
    expect(await look(4 * ENDED_MS, "")).toEqual(["api", "dev", "last"]);
  });

  test("so has one that went with its server, when another one has answered for a while: the machine did not go down", async () => {
    await look(0, "1:1", "dev");
    expect(await look(2, "")).toEqual(["dev"]);
    expect(await look(9 * ENDED_MS, "")).toEqual(["dev"]);
    const since = 10 * ENDED_MS;
    expect(await look(since, "2:2", "after")).toEqual(["after", "dev"]);
    expect(record.lookAt).toBe(since + ENDED_MS);
    expect(await look(since + ENDED_MS - 1, "2:2", "after")).toEqual(["after", "dev"]);
    expect(await look(since + ENDED_MS, "2:2", "after")).toEqual(["after"]);
  });

  test("not when the one that answers is a third: none of them has answered for long", async () => {
    await look(0, "1:1", "dev");
    await look(1, "1:1", "other");
    expect(await look(ENDED_MS, "2:2", "x")).toEqual(["dev", "other", "x"]);
    expect(await look(1 + ENDED_MS, "3:3", "x")).toEqual(["dev", "other", "x"]);
  });

  test("of two hundred servers that were left one after the other, the last is in it, and no other", async () => {
    for (let i = 0; i < 200; i++) {
      await look(3 * i * ENDED_MS, `${i}:${i}`, `s${i}`);
      await look((3 * i + 1) * ENDED_MS, `${i}:${i}`, `s${i}`);
    }
    expect(aliveFile.read(SERVER)?.sessions.map(({ name }) => name)).toEqual(["s199"]);
  });

  test("what can't be read is set aside, and that is told", async () => {
    await look(0, "1:1", "dev");
    const path = `${durableDir(SERVER)}/alive.json`;
    writeFileSync(path, "{");
    expect(await look(1, "1:1", "api")).toEqual(["api"]);
    expect(readFileSync(`${path}.damaged`, "utf8")).toBe("{");
    expect(errors).toEqual([expect.stringContaining(`it is called ${path}.damaged now`)]);
  });
});
