import { afterEach, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { addWish, removeWish, wishesFile } from "../../../src/snapshots/wishes.ts";
import { durableDir, resolveServer } from "../../../src/tmux/server.ts";

const server = resolveServer({ path: "/tmp/nowhere/default" });
const before = process.env.XDG_STATE_HOME;
const WISH = { every_s: 300, keep: 10, scrollback: false };
const path = () => `${durableDir(server)}/autosave.json`;
let folder = "";

beforeEach(async () => {
  folder = mkdtempSync(`${tmpdir()}/claude-tmux-test-`);
  process.env.XDG_STATE_HOME = folder;
  await addWish(server, "dev", WISH);
});

afterEach(() => {
  if (before === undefined) delete process.env.XDG_STATE_HOME;
  else process.env.XDG_STATE_HOME = before;
  rmSync(folder, { recursive: true, force: true });
});

test("while one wish can't be read, none is added or taken away, and those that are there stay", async () => {
  const text = JSON.stringify({ sessions: { dev: WISH, api: { ...WISH, every_s: "soon" } } });
  writeFileSync(path(), text);
  const told = { code: "ERR_COMMAND_FAILED", message: expect.stringContaining("sessions.api.every_s is not what") };
  await expect(addWish(server, "moved", WISH)).rejects.toMatchObject(told);
  await expect(removeWish(server, undefined)).rejects.toMatchObject(told);
  expect(readFileSync(path(), "utf8")).toBe(text);
});

test("what a newer version has written beside wishes is ignored, and stays", async () => {
  const newer = { sessions: { dev: { ...WISH, compressed: true } }, until: "tomorrow" };
  writeFileSync(path(), JSON.stringify(newer));
  await addWish(server, undefined, WISH);
  await addWish(server, "api", WISH);
  expect(await removeWish(server, "api")).toBe(true);
  expect<unknown>(wishesFile.read(server)).toEqual({ ...newer, all: WISH, sessions: { ...newer.sessions, api: null } });
});
