import { expect, spyOn, test } from "bun:test";
import { QuickChild } from "../../../src/lib/quick-child.ts";
import { parseRows, rowFormat } from "../../../src/tmux/format.ts";
import { joinCommands, quoteCommand, requireTmux, tmux, tmuxAsync, tmuxError } from "../../../src/tmux/run.ts";
import { resolveServer } from "../../../src/tmux/server.ts";

test("a last semicolon of an argument is escaped, others are data already", () => {
  expect(
    joinCommands([
      ["send-keys", "-l", "--", "a;b;"],
      ["x", ";"],
    ]),
  ).toEqual(["send-keys", "-l", "--", "a;b\\;", ";", "x", "\\;"]);
});

test.each([
  ["can't find session: dev", "ERR_SESSION_NOT_FOUND"],
  ["can't find pane: 7", "ERR_PANE_NOT_FOUND"],
  ["can't find window: 3", "ERR_PANE_NOT_FOUND"],
  ["duplicate session: dev", "ERR_SESSION_EXISTS"],
  ["no server running on /tmp/tmux-0/default", "ERR_TMUX_NOT_RUNNING"],
  ["error connecting to /tmp/x (No such file or directory)", "ERR_TMUX_NOT_RUNNING"],
  ["error connecting to /tmp/x (Permission denied)", "ERR_COMMAND_FAILED"],
  ["server exited unexpectedly", "ERR_TMUX_NOT_RUNNING"],
  ["no space for new pane", "ERR_COMMAND_FAILED"],
  ["", "ERR_COMMAND_FAILED"],
])("%p is %s", (stderr, code) => {
  expect(tmuxError("some-command", stderr).code).toBe(code as never);
});

test.each(["no space for new pane", "size or position no space for a new pane"])(
  "%p is told with what to do",
  (stderr) => {
    expect(tmuxError("if-shell", stderr).hint).toContain("End a pane first");
  },
);

test("rows come back as they went in, with quotes, spaces and newlines in their fields", () => {
  const variables = ["a", "b"] as const;
  expect(rowFormat(variables)).toBe("#{s/\u241f|\u241e/?/:a}\u241f#{s/\u241f|\u241e/?/:b}\u241e");
  expect(parseRows(variables, '1\u241fx "y" z\u241e\n\u241fline\nline\u241e\n')).toEqual([
    { a: "1", b: 'x "y" z' },
    { a: "", b: "line\nline" },
  ]);
});

test("of a path that a program has set, a long one comes as its length", () => {
  const long = "#{e|>:#{n:pane_path},500}";
  expect(rowFormat(["pane_path"])).toBe(`#{?${long},#{n:pane_path},#{s/\u241f|\u241e/?/:pane_path}}\u241e`);
});

test.each([["no space for new pane"], ["size or position no space for a new pane"]])(
  "%p is said with what to do",
  (text) => {
    expect(tmuxError("if-shell", text).hint).toStartWith("End a pane first");
  },
);

test("what tmux 3.4 prints of names and paths is read as they are", () => {
  const row = "3.4\u241fl\\$abc\u241e\n3.5a\u241fl\\$abc\u241e\n";
  expect(parseRows(["version", "@label"], row).map((found) => found["@label"])).toEqual(["l$abc", "l\\$abc"]);
});

test("a row that does not fit is an error, not a guess", () => {
  expect(() => parseRows(["a", "b"], "1\u241e\n")).toThrow("does not fit");
});

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

test("who has asked for tmux's version once does not ask again when a command fails", async () => {
  requireTmux();
  const asked = spyOn(QuickChild, "start");
  try {
    const server = resolveServer({ path: "/etc/passwd/socket" });
    const failed = expect.objectContaining({ code: "ERR_COMMAND_FAILED" });
    expect(() => tmux(server, [["list-sessions"]])).toThrow(failed);
    expect(asked).toHaveBeenCalledTimes(1);
    asked.mockClear();
    await expect(tmuxAsync(server, [["list-sessions"]])).rejects.toMatchObject({ code: "ERR_COMMAND_FAILED" });
    expect(asked).not.toHaveBeenCalled();
  } finally {
    asked.mockRestore();
  }
});

test.each([
  [["a b", "c"], "'a b' 'c'"],
  [["it's"], "'it'\\''s'"],
  [["#{x};$Y", ";"], "'#{x};$Y' ';'"],
  [["a\n  #b"], `'a'"\\n"'  #b'`],
])("the words %p are quoted %p", (words, quoted) => {
  expect(quoteCommand(words)).toBe(quoted);
});

test("where the C library can't wait for tmux, Bun does", () => {
  const version = requireTmux();
  const refused = spyOn(QuickChild, "start").mockReturnValue(undefined);
  try {
    expect(requireTmux()).toBe(version);
    const nobody = resolveServer({ path: "/nonexistent/socket" });
    expect(() => tmux(nobody, [["list-sessions"]])).toThrow("No tmux server is running");
    expect(refused).toHaveBeenCalledTimes(2);
  } finally {
    refused.mockRestore();
  }
});
