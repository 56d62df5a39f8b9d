import { afterAll, afterEach, beforeEach, describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import {
  checkStateDir,
  durableRoot,
  ensureStateDir,
  statePaths,
  stateRoot,
  withoutEndSlash,
} from "../../../src/lib/paths.ts";
import { stateHome } from "../../helpers/state-home.ts";

const folder = mkdtempSync(`${tmpdir()}/claude-tmux-paths-`);
afterAll(() => rmSync(folder, { recursive: true }));
const dir = `${folder}/state`;
const before = process.env.CLAUDE_TMUX_STATE_DIR;
beforeEach(() => {
  process.env.CLAUDE_TMUX_STATE_DIR = dir;
});
afterEach(() => {
  if (before === undefined) delete process.env.CLAUDE_TMUX_STATE_DIR;
  else process.env.CLAUDE_TMUX_STATE_DIR = before;
  rmSync(dir, { recursive: true, force: true });
});

const mode = (path: string) => statSync(path).mode & 0o777;

describe("a state folder that may be a trap is not used, and left as it is", () => {
  test.each<[string, string, () => void]>([
    ["others may look into", "has mode 755 instead of 700", () => mkdirSync(dir, { mode: 0o755 })],
    ["is a link", "is a symbolic link", () => symlinkSync(folder, dir)],
    ["is a file", "is not a folder", () => writeFileSync(dir, "")],
  ])("one that %s", (_, why, make) => {
    make();
    const refused = expect.objectContaining({ code: "ERR_UNSAFE_STATE_DIR", message: expect.stringContaining(why) });
    expect(() => checkStateDir(dir)).toThrow(refused);
    expect(() => ensureStateDir({ dir })).toThrow(refused);
    expect(() => ensureStateDir({ dir: `${dir}/server-x` })).toThrow(refused);
  });

  test("its mode is not set right", () => {
    mkdirSync(dir);
    chmodSync(dir, 0o777);
    expect(() => ensureStateDir({ dir })).toThrow();
    expect(mode(dir)).toBe(0o777);
  });
});

test("a state folder is made for its owner alone, with its parents, and that of another server in it", () => {
  process.env.CLAUDE_TMUX_STATE_DIR = `${dir}/a/b`;
  const paths = statePaths("server-x");
  expect(checkStateDir(paths.dir)).toBe(false);
  ensureStateDir(paths);
  expect([checkStateDir(`${dir}/a/b`), checkStateDir(`${dir}/a/b/server-x`)]).toEqual([true, true]);
  expect([mode(`${dir}/a/b`), mode(`${dir}/a/b/server-x`)]).toEqual([0o700, 0o700]);
  ensureStateDir(paths);
});

test("one that can't be made is told with what to do", () => {
  process.env.CLAUDE_TMUX_STATE_DIR = "/proc/nope";
  expect(() => ensureStateDir({ dir: "/proc/nope" })).toThrow(
    expect.objectContaining({ code: "ERR_UNSAFE_STATE_DIR", hint: expect.stringContaining("CLAUDE_TMUX_STATE_DIR") }),
  );
});

test.each([
  ["what is to last", "XDG_STATE_HOME"],
  ["the state folder", "CLAUDE_TMUX_STATE_DIR"],
])("of %s, the hint names %s", (what, variable) => {
  using _home = stateHome(folder);
  const unsafe = what === "what is to last" ? `${durableRoot()}/snapshots` : dir;
  mkdirSync(unsafe, { recursive: true });
  chmodSync(unsafe, 0o755);
  expect(() => checkStateDir(unsafe)).toThrow(expect.objectContaining({ hint: expect.stringContaining(variable) }));
});

test("where everything of a server is, also with a slash behind the folder", () => {
  process.env.CLAUDE_TMUX_STATE_DIR = `${dir}//`;
  expect(stateRoot()).toBe(dir);
  expect(statePaths(undefined)).toMatchObject({ dir, daemonSocket: `${dir}/daemon.sock`, database: `${dir}/state.db` });
  expect(statePaths("server-x").heartbeat).toBe(`${dir}/server-x/heartbeat`);
  expect(existsSync(dir)).toBe(false);
});

test("a relative folder is refused: daemon and commands run in different ones", () => {
  process.env.CLAUDE_TMUX_STATE_DIR = "state";
  expect(() => statePaths(undefined)).toThrow(expect.objectContaining({ code: "ERR_INVALID_ARGUMENT" }));
});

test.each([
  ["/a/", "/a"],
  ["/a//", "/a"],
  ["/a", "/a"],
  ["/", "/"],
  ["//", "/"],
])("%s without slashes at its end is %s", (path, without) => {
  expect(withoutEndSlash(path)).toBe(without);
});
