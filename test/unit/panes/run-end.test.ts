import { afterAll, describe, expect, test } from "bun:test";
import { closeSync, existsSync, fstatSync, mkdtempSync, openSync, rmSync, unlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import type { Handed } from "../../../src/panes/hand-over.ts";
import type { PaneListener } from "../../../src/panes/listener.ts";
import { type Marked, markCommand } from "../../../src/panes/marker.ts";
import type { PaneEvent } from "../../../src/panes/pane-event.ts";
import { type TypedCommand, untilEnd } from "../../../src/panes/run-end.ts";
import type { Pane } from "../../../src/tmux/panes.ts";
import { resolveServer } from "../../../src/tmux/server.ts";
import { parseShellState, type ShellState } from "../../../src/tmux/shell-state.ts";

const KEY = "0123456789abcdef";
const PID = 7;
const NOBODY = resolveServer({ path: "/nonexistent/socket" });
const PANE = { id: "%0", paneId: "0", session: "dev", pid: PID, key: KEY, width: 80, height: 24 } as Pane;

/** What the pane's shell tells, as `word;prompt;code;microseconds`; or what something else does. */
function state(told: string, { key = KEY, pid = PID } = {}): ShellState {
  const read = parseShellState(`claude-tmux:${key};${pid};${told}`);
  if (!read) throw new Error(told);
  return read;
}

/** An event of the pane, so many ms after the typing: what it writes, or what its shell tells. */
const wrote = (text: string): PaneEvent => ({ type: "data", data: Buffer.from(text) });
const told = (what: string, at = 0): PaneEvent => ({ type: "shell", at: 1000 + at, state: state(what) });
const gap: PaneEvent = { type: "gap", start: undefined };

/** How a command that was typed at prompt 3 ends, when that is heard of its pane; after it, nothing until the deadline. */
function heard(events: PaneEvent[], options: Partial<TypedCommand> & { shell?: ShellState; pane?: Pane } = {}) {
  const { shell, pane = PANE, ...rest } = options;
  const left = [...events];
  const listener = { pane, next: async () => left.shift(), shell: async () => shell };
  const command = rest.command ?? "make";
  return untilEnd(NOBODY, listener as Partial<PaneListener> as PaneListener, {
    ...{ command, text: command, marked: undefined, watch: undefined, marker: false, row: undefined, typedAt: 1000 },
    ...{
      deadline: performance.now(),
      timeoutS: 5,
      prompt: state("idle;3;0;"),
      handed: undefined,
      stamp: "1-1",
      line: undefined,
      isCleared: false,
    },
    ...rest,
  });
}

describe("a command whose shell tells", () => {
  test("has ended at the next prompt: with its exit code, how long it ran, and what it wrote in between", async () => {
    const events = [wrote("make\r\n"), told("run;3;0;"), wrote("one\r\n"), wrote("two\r\n"), told("end;3;2;1500")];
    expect(await heard([...events, wrote("$ "), told("idle;4;2;1500")])).toMatchObject({
      ...{ exitCode: 2, durationMs: 2, method: "shell-integration", paneEnded: false },
      output: { text: "one\ntwo", isCut: false },
    });
  });

  test.each<[string, PaneEvent]>([
    ["the prompt at which it was typed, drawn again", told("idle;3;0;")],
    [
      "another shell's word",
      { type: "shell", at: 0, state: state("idle;9;9;", { key: KEY.replace("0", "f"), pid: PID }) },
    ],
    ["a shell inside it, with the same key", { type: "shell", at: 0, state: state("idle;9;9;", { pid: 8 }) }],
  ])("is not ended by %s", async (_, event) => {
    const events = [event, told("run;3;0;"), event, told("end;3;0;1000"), event, told("idle;4;0;1000")];
    expect(await heard(events)).toMatchObject({ exitCode: 0, durationMs: 1 });
  });

  test("has not begun with a record of this pane that is shown in it", async () => {
    const record = [told("run;2;0;"), wrote("old\r\n"), told("idle;2;9;")];
    const events = [...record, told("run;3;0;"), wrote("new\r\n"), told("idle;4;0;1000")];
    expect(await heard(events)).toMatchObject({ exitCode: 0, output: { text: "new" } });
  });

  test("of one line has ended also where more has been typed already", async () => {
    expect(await heard([told("run;3;0;"), told("end;3;1;9000"), told("more;4;1;9000")])).toMatchObject({ exitCode: 1 });
  });

  test("of several lines ends with the last of them", async () => {
    const first = [told("run;3;0;"), wrote("a\r\n"), told("end;3;0;1000"), wrote("$ b\r\n"), told("more;4;0;1000")];
    const second = [told("run;4;0;"), wrote("b\r\n"), told("end;4;5;2000"), told("idle;5;5;2000")];
    expect(await heard([...first, ...second], { command: "a\nb" })).toMatchObject({
      exitCode: 5,
      output: { text: "a\nb" },
    });
  });

  test("that the shell refuses is ended without a start: what it said comes after the echo", async () => {
    const events = [wrote("if )\r\nbash: syntax error\r\n"), told("idle;4;2;")];
    expect(await heard(events, { command: "if )" })).toMatchObject({
      ...{ exitCode: 2, durationMs: undefined },
      output: { text: "bash: syntax error" },
    });
  });
});

describe("when some of the output was missed", () => {
  test("it is said so", async () => {
    const events = [told("run;3;0;"), wrote("one\r\n"), gap, wrote("three\r\n"), told("idle;4;0;")];
    expect(await heard(events)).toMatchObject({ output: { text: "one\nthree", isCut: true } });
  });

  test("the end may be what was missed: the shell is asked", async () => {
    expect(await heard([told("run;3;0;"), gap], { shell: state("idle;4;3;2000") })).toMatchObject({ exitCode: 3 });
  });
});

describe("at the deadline", () => {
  test("a command that runs has not ended: what it wrote so far is told", async () => {
    await expect(heard([told("run;3;0;"), wrote("so far\r\n")])).rejects.toMatchObject({
      ...{ code: "ERR_TIMEOUT", message: "The command did not end within 5 s" },
      details: { partial_output: "so far" },
    });
  });

  test("one that was not seen to start is told apart", async () => {
    await expect(heard([wrote("make '\r\n> ")])).rejects.toMatchObject({
      ...{ code: "ERR_TIMEOUT", message: "The command was not seen to start within 5 s" },
      details: { partial_output: "" },
    });
  });
});

describe("when the pane ends", () => {
  const ended = (exitCode: number | undefined): PaneEvent => ({ type: "ended", at: 1250, isComplete: true, exitCode });

  test("so does the command, with the pane's exit code, as long after the typing", async () => {
    expect(await heard([told("run;3;0;"), wrote("bye\r\n"), ended(4)])).toMatchObject({
      ...{ exitCode: 4, durationMs: 250, paneEnded: true },
      output: { text: "bye", isCut: false },
    });
  });

  test("and nobody knows how, that is an error", async () => {
    await expect(heard([told("run;3;0;"), ended(undefined)])).rejects.toMatchObject({ code: "ERR_COMMAND_ENDED" });
  });
});

describe("a marked command", () => {
  const MARK = "fedcba9876543210";
  const marked: Marked = markCommand("make", { flags: [], isFish: false, key: MARK });
  const mark = (word: string, at: number): PaneEvent => ({
    ...{ type: "shell", at: 1000 + at },
    state: state(word, { key: MARK, pid: 0 }),
  });
  const typed = { marked, text: marked.text, prompt: undefined };

  test("has ended with the mark of its end, timed here from the typing on", async () => {
    expect(await heard([mark("run;0;;", 40), wrote("out\r\n"), mark("end;0;7;", 300)], typed)).toMatchObject({
      ...{ exitCode: 7, durationMs: 300, method: "marker" },
      output: { text: "out" },
    });
  });

  test("inside another program, which may be far away, is timed from its start on", async () => {
    const events = [mark("run;0;;", 40), mark("end;0;7;", 300)];
    expect(await heard(events, { ...typed, marker: true })).toMatchObject({ exitCode: 7, durationMs: 260 });
  });

  test("without a start has not been run as it was meant, and so no exit code is told for it", async () => {
    await expect(heard([wrote("> "), mark("end;0;0;", 300)], typed)).rejects.toMatchObject({
      ...{ code: "ERR_COMMAND_FAILED", message: 'How much of the command was run in pane 0 of "dev" is not known' },
    });
  });

  test("whose start may be what was missed has ended, nobody knows how", async () => {
    expect(await heard([gap, mark("end;0;0;", 300)], typed)).toMatchObject({
      ...{ exitCode: undefined, durationMs: undefined, output: { isCut: true } },
    });
  });

  test("is over when the pane's own shell is back at its prompt", async () => {
    const events = [mark("run;0;;", 0), wrote("closed\r\n"), told("idle;4;255;")];
    expect(await heard(events, typed)).toMatchObject({ exitCode: 255, durationMs: undefined, method: "marker" });
  });
});

describe("a marked command in a pane that was made a moment ago", () => {
  const MARK = "fedcba9876543210";
  const marked: Marked = markCommand("make", { flags: [], isFish: false, key: MARK });
  const mark = (word: string): PaneEvent => ({ type: "shell", at: 1000, state: state(word, { key: MARK, pid: 0 }) });
  const typed = { marked, text: marked.text, prompt: undefined, pane: { ...PANE, isStarting: true } };
  const first = told("idle;1;0;");

  test("is not over at the first prompt of its shell, which had not told anything when it was typed", async () => {
    const events = [first, mark("run;0;;"), wrote("out\r\n"), mark("end;0;7;")];
    expect(await heard(events, typed)).toMatchObject({ exitCode: 7, output: { text: "out" } });
    expect(await heard([first, mark("run;0;;"), told("idle;2;5;")], typed)).toMatchObject({ exitCode: 5 });
  });

  test("has not been seen to end if nothing comes after that", async () => {
    await expect(heard([first], typed)).rejects.toMatchObject({ code: "ERR_TIMEOUT" });
  });
});

describe("a command that was left for its shell", () => {
  const folder = mkdtempSync(`${tmpdir()}/claude-tmux-run-end-`);
  afterAll(() => rmSync(folder, { recursive: true }));

  /** A file that waits for a shell. */
  function left(name: string): Handed {
    const path = `${folder}/${name}`;
    const fd = openSync(path, "wx");
    const { ino: inode } = fstatSync(fd, { bigint: true });
    closeSync(fd);
    return { pane: PANE, prompt: state("idle;3;0;"), file: { path, fd: -1, inode, isBack: false }, stamp: "1-1" };
  }

  test("has not begun before that has told that it took it, and then at the prompt that it tells", async () => {
    const before = [wrote("old\r\n"), told("run;3;0;"), wrote("a key's output\r\n"), told("idle;4;9;")];
    const taken = [told("take;5;0;"), wrote("make\r\n"), told("run;5;0;"), wrote("out\r\n"), told("idle;6;1;4000")];
    expect(await heard([...before, ...taken], { handed: left("taken") })).toMatchObject({
      ...{ exitCode: 1, durationMs: 4, output: { text: "out", isCut: false } },
    });
  });

  test("may have been taken where something was missed", async () => {
    const handed = left("missed");
    unlinkSync(handed.file.path);
    expect(await heard([gap, told("run;3;0;"), told("idle;4;1;4000")], { handed })).toMatchObject({ exitCode: 1 });
  });

  test("is taken back at the deadline: nothing was run", async () => {
    const handed = left("late");
    await expect(heard([], { handed })).rejects.toMatchObject({
      ...{ code: "ERR_TIMEOUT", message: "The shell was not seen at a prompt within 5 s" },
    });
    expect(existsSync(handed.file.path)).toBe(false);
  });
});
