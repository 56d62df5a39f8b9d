import { expect, test } from "bun:test";
import { resolveServer, stateFoldersOf } from "../../../src/tmux/server.ts";

test.each([
  ["work", undefined, "server-work"],
  ["default", undefined, undefined],
  ["we ird", undefined, expect.stringMatching(/^server-we_ird-\w+$/)],
  [undefined, "/run/x/tmux.sock", expect.stringMatching(/^server-tmux\.sock-\w+$/)],
])("server -L %p -S %p has the folder %p", (name, path, folder) => {
  expect(resolveServer({ name, path }).stateFolder).toEqual(folder);
});

test.each([
  [{ name: "a", path: "/b" }, "-L and -S"],
  [{ name: "a/b" }, "not a socket name"],
  [{ name: "" }, "not a socket name"],
  [{ path: "relative" }, "not an absolute path"],
])("%p is refused", (options, message) => {
  expect(() => resolveServer(options)).toThrow(message);
});

test.each([
  ["/tmp", "/tmp"],
  ["/tmp/", "/tmp"],
  ["/usr/", "/usr"],
  ["/not/there", "/tmp"], // as tmux does
])("with TMUX_TMPDIR %s, sockets are below %s", (value, parent) => {
  const before = process.env.TMUX_TMPDIR;
  process.env.TMUX_TMPDIR = value;
  try {
    expect(resolveServer({ name: "x" }).socket).toStartWith(`${parent}/tmux-`);
  } finally {
    if (before === undefined) delete process.env.TMUX_TMPDIR;
    else process.env.TMUX_TMPDIR = before;
  }
});

test("the state folders of a server are known whatever TMUX_TMPDIR it was started with", () => {
  const before = process.env.TMUX_TMPDIR;
  try {
    process.env.TMUX_TMPDIR = import.meta.dir;
    const there = resolveServer({ name: "dev" });
    delete process.env.TMUX_TMPDIR;
    const elsewhere = resolveServer({ path: there.socket });
    const folders = stateFoldersOf(there.socket);
    expect(folders[0]).toBe("server-dev");
    expect(folders).toContain(`${there.stateFolder}`);
    expect(folders).toContain(`${elsewhere.stateFolder}`);
  } finally {
    if (before !== undefined) process.env.TMUX_TMPDIR = before;
    else delete process.env.TMUX_TMPDIR;
  }
});
