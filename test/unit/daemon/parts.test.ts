import { SQLiteError } from "bun:sqlite";
import { expect, test } from "bun:test";
import { type Part, Parts } from "../../../src/daemon/parts.ts";

const TICK_MS = 500;

function running(parts: Part[]) {
  const errors: string[] = [];
  const damage: string[] = [];
  const log = { error: (text: string) => void errors.push(text) };
  const all = new Parts(parts, { log, tickMs: TICK_MS, onDamage: (reason) => void damage.push(reason) });
  return { all, errors, damage };
}

test("each is done as often as it says, in order", () => {
  const done: string[] = [];
  const part = (what: string, times: Partial<Part> = {}): Part => ({
    what,
    tick: () => void done.push(what),
    ...times,
  });
  const parts = [
    part("rare", { everyMs: 2000 }),
    part("soon", { everyMs: 2000, afterMs: 1000 }),
    part("always"),
    { what: "only ends" },
  ];
  const { all } = running(parts);
  const ticks = Array.from({ length: 8 }, () => {
    done.length = 0;
    all.tick();
    return done.join(" ");
  });
  expect(ticks).toEqual([
    "always",
    "soon always",
    "always",
    "rare always",
    "always",
    "soon always",
    "always",
    "rare always",
  ]);
});

test("one that fails leaves the others, and is complained of once for each reason", () => {
  let reason: string | undefined = "the disk is full";
  let others = 0;
  const { all, errors } = running([
    {
      what: "write",
      tick: () => {
        if (reason) throw new Error(reason);
      },
    },
    { what: "watch panes", tick: () => void others++ },
  ]);
  for (const next of ["the disk is full", "no such file", undefined, "no such file"]) {
    all.tick();
    reason = next;
  }
  all.tick();
  expect(others).toBe(5);
  expect(errors).toEqual([
    "the daemon cannot write: the disk is full",
    "the daemon cannot write: no such file",
    "the daemon cannot write: no such file",
  ]);
});

test("a damaged database is told apart from what passes", () => {
  const damaged = Object.assign(Object.create(SQLiteError.prototype), {
    code: "SQLITE_CORRUPT",
    message: "database disk image is malformed",
  });
  const { all, damage } = running([
    {
      what: "write",
      tick: () => {
        throw damaged;
      },
    },
  ]);
  all.tick();
  expect(damage).toEqual(["database disk image is malformed"]);
});

test("they end one after the other, the last first", async () => {
  const ended: string[] = [];
  const part = (what: string): Part => ({
    what,
    close: async () => {
      await Promise.resolve();
      ended.push(what);
    },
  });
  const { all } = running([part("store"), { what: "nothing to end" }, part("engine"), part("socket")]);
  await all[Symbol.asyncDispose]();
  expect(ended).toEqual(["socket", "engine", "store"]);
});

test("one that can't end leaves the others to end", async () => {
  const ended: string[] = [];
  const { all, errors } = running([
    { what: "store", close: () => void ended.push("store") },
    { what: "watch", close: () => Promise.reject(new Error("tmux hangs")) },
    { what: "listen", close: () => void ended.push("listen") },
  ]);
  await all[Symbol.asyncDispose]();
  expect(ended).toEqual(["listen", "store"]);
  expect(errors).toEqual(["the daemon cannot watch to the end: tmux hangs"]);
});
