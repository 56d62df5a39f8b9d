import { afterAll, afterEach, beforeEach, expect, spyOn, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { Autosaver } from "../../../src/daemon/autosaver.ts";
import { AppError } from "../../../src/lib/errors.ts";
import * as autosaving from "../../../src/snapshots/autosave.ts";
import { addWish } from "../../../src/snapshots/wishes.ts";
import type { NewEvent } from "../../../src/store/events.ts";
import { resolveServer } from "../../../src/tmux/server.ts";
import { until } from "../../helpers/box.ts";

const server = resolveServer({ path: "/tmp/nowhere/default" });
const before = process.env.XDG_STATE_HOME;
const WISH = { every_s: 300, keep: 10, scrollback: false };
let folder = "";
const signatures = spyOn(autosaving, "signatures");
const autosave = spyOn(autosaving, "autosave");
let rejections: unknown[] = [];
const onRejection = (thrown: unknown) => void rejections.push(thrown);

beforeEach(async () => {
  folder = mkdtempSync(`${tmpdir()}/claude-tmux-test-`);
  process.env.XDG_STATE_HOME = folder;
  rejections = [];
  process.on("unhandledRejection", onRejection);
  const seen = { bare: "bare", whole: "whole" };
  signatures.mockResolvedValue({ server: "1:1", sessions: new Map([["dev", seen]]) });
  await addWish(server, "dev", WISH);
});

afterEach(() => {
  process.off("unhandledRejection", onRejection);
  signatures.mockReset();
  autosave.mockReset();
  if (before === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = before;
  rmSync(folder, { recursive: true, force: true });
});

afterAll(() => {
  signatures.mockRestore();
  autosave.mockRestore();
});

function saver(onEvents: (events: readonly NewEvent[]) => void, subscriptions: () => [] = () => []) {
  const errors: string[] = [];
  const log = { info: () => {}, warn: () => {}, error: (line: string) => void errors.push(line) };
  return { saver: new Autosaver({ server, log, onEvents, subscriptions }), errors };
}

const full = () => {
  throw new Error("database or disk is full");
};

test("where its event can't be written, a session is saved all the same, and the log says which of the two failed", async () => {
  autosave.mockResolvedValue({ id: "dev-20261129T184501Z", bytes: 10 });
  const { saver: own, errors } = saver(full);
  own.tick();
  await until("it is told", async () => errors.length > 0);
  await own[Symbol.asyncDispose]();
  expect(own.figures().outcomes).toEqual({ saved: 1, unchanged: 0, failed: 0 });
  expect(errors).toEqual([
    "what has happened (snapshot-saved) cannot be written to the log of events: database or disk is full",
  ]);
  expect(rejections).toEqual([]);
});

test("a session that can't be saved, nor its event written, is told, and ends nothing", async () => {
  autosave.mockRejectedValue(new AppError("ERR_COMMAND_FAILED", "there is no space left"));
  const { saver: own, errors } = saver(full);
  own.tick();
  await until("both are told", async () => errors.length > 1);
  await own[Symbol.asyncDispose]();
  expect(own.figures().outcomes).toEqual({ saved: 0, unchanged: 0, failed: 1 });
  expect(errors).toEqual([
    "the session dev cannot be saved: there is no space left",
    "what has happened (snapshot-failed) cannot be written to the log of events: database or disk is full",
  ]);
  expect(rejections).toEqual([]);
});

test("where subscriptions can't be read, nothing is saved without them, and it is tried again", async () => {
  autosave.mockResolvedValue({ id: "dev-20261129T184501Z", bytes: 10 });
  let isFull = true;
  let reads = 0;
  const { saver: own } = saver(
    () => {},
    () => {
      reads++;
      return isFull ? full() : [];
    },
  );
  expect(() => own.tick()).toThrow("disk is full");
  isFull = false;
  own.tick();
  await until("it is saved", async () => own.figures().outcomes.saved === 1);
  await own[Symbol.asyncDispose]();
  expect([reads, rejections]).toEqual([2, []]);
});

test("one that is to be saved by its name and has another one now is told once; one that went with its server is not", async () => {
  autosave.mockResolvedValue({ id: "dev-20261129T184501Z", bytes: 0 });
  const told: NewEvent[] = [];
  const { saver: own } = saver((events) => void told.push(...events));
  const seen = { bare: "bare", whole: "whole" };
  let looks = 0;
  const look = async (...names: string[]) => {
    signatures.mockResolvedValue({ server: "1:1", sessions: new Map(names.map((name) => [name, seen])) });
    await addWish(server, "dev", { ...WISH, keep: 10 + ++looks });
    const before = signatures.mock.calls.length;
    await until("it looks", async () => {
      own.tick();
      return signatures.mock.calls.length > before;
    });
    await until("it has looked", async () => (own as unknown as { running?: unknown }).running === undefined);
  };
  const gone = () => told.filter(({ event_type: type }) => type === "snapshot-failed").map(({ session }) => session);
  await look("other");
  await look("dev", "other");
  await look();
  await look("other");
  expect(gone()).toEqual([]);
  await look("dev", "other");
  await look("renamed", "other");
  await look("renamed", "other");
  expect(gone()).toEqual(["dev"]);
  await own[Symbol.asyncDispose]();
});

test("a save that takes longer than the daemon's end waits is told in the log when its store is closed", async () => {
  const save = Promise.withResolvers<{ id: string; bytes: number }>();
  autosave.mockReturnValue(save.promise);
  const { saver: own, errors } = saver(full);
  own.tick();
  await until("it saves", async () => autosave.mock.calls.length > 0);
  await own[Symbol.asyncDispose]();
  save.resolve({ id: "dev-20261129T184501Z", bytes: 10 });
  await until("it is told", async () => errors.length > 0);
  expect([own.figures().outcomes.saved, rejections]).toEqual([1, []]);
});
