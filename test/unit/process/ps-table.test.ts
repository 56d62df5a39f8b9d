import { afterAll, describe, expect, test } from "bun:test";
import { closeSync, existsSync, mkdtempSync, openSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename } from "node:path";
import { poll } from "../../../src/lib/wait.ts";
import { ProcTable } from "../../../src/process/proc-table.ts";
import type { ProcessTable } from "../../../src/process/process-table.ts";
import { findLsof } from "../../../src/process/ps.ts";
import { PsTable } from "../../../src/process/ps-table.ts";

const HAS_PROC = existsSync("/proc/self/stat");
const HAS_LSOF = findLsof() !== undefined;
if (!HAS_PROC) console.warn("no /proc here: the two process tables are not compared");
if (!HAS_LSOF) console.warn("no lsof here: open files are not looked for by it");

const folder = realpathSync(mkdtempSync(`${tmpdir()}/claude-tmux-tables-`));
afterAll(() => rmSync(folder, { recursive: true }));

const proc = new ProcTable();
const ps = new PsTable();

/** A shell that prints a pid, be it its own, and becomes `sleep`; every variable of its environment is given. */
async function sleeper(script = "echo $$"): Promise<Bun.Subprocess & { told: number }> {
  const child = Bun.spawn(["/bin/sh", "-c", `${script}; exec sleep 600`], {
    env: { PATH: "/usr/bin:/bin", MARK: "a mark, with blanks", LAST: "" },
    stdout: "pipe",
    stderr: "ignore",
  });
  const { value } = await child.stdout.getReader().read();
  await until(() => ps.commandLine(child.pid)[0] === "sleep");
  return Object.assign(child, { told: Number(new TextDecoder().decode(value)) });
}

async function until(condition: () => boolean): Promise<void> {
  if (!(await poll(10_000, 10, condition))) throw new Error("waited, and it did not happen");
}

/** What both tables have to say alike; start times by their age. */
function answers(table: ProcessTable, pid: number) {
  // what ps does not tell in the same way everywhere
  const { startTime, session: _, ...stat } = table.stat(pid) ?? { startTime: 0, session: 0 };
  return {
    stat: { ...stat, pid },
    uid: table.ownerUid(pid),
    words: table.commandLine(pid),
    isOwn: table.ownPids().includes(pid),
    waits: table.waitChannel(pid).replace(/^[-0]$/, ""),
  };
}

function compare(pid: number): void {
  expect(answers(ps, pid)).toEqual(answers(proc, pid));
  expect(answers(ps.now(pid), pid)).toEqual(answers(proc, pid));
  expect(answers(ps.now(), pid)).toEqual(answers(proc, pid));
  const ages = [ps, proc].map((table) => table.ageS(table.stat(pid)?.startTime ?? Number.NaN) ?? Number.NaN);
  expect(Math.abs((ages[0] ?? 0) - (ages[1] ?? 0))).toBeLessThan(3);
}

describe.skipIf(!HAS_PROC)("/proc and ps give the same answers", () => {
  test("about this very process", () => {
    // what a running process does now, and how large it is, changes between two looks
    const { stat, waits: _, ...rest } = answers(ps, process.pid);
    const { stat: expected, waits: __, ...others } = answers(proc, process.pid);
    // a test's command line may hold what ps can't tell apart
    expect({ ...rest, words: rest.words[0] }).toEqual({ ...others, words: others.words[0] });
    expect({ ...stat, state: "" }).toEqual({ ...expected, state: "" });
    const sizes = [ps, proc].map((table) => table.residentBytes(process.pid) ?? 0);
    expect(sizes[0]).toBeGreaterThan((sizes[1] ?? 0) / 2);
    expect(sizes[0]).toBeLessThan((sizes[1] ?? 0) * 2);
    // its name alone, if it was called by a relative path; the name of the link by which it was called, if by one
    const called = basename(proc.commandLine(process.pid)[0] ?? "");
    const names = [process.execPath, basename(process.execPath), called];
    expect(names).toContain(ps.executable(process.pid) ?? "");
    expect(proc.executable(process.pid)).toBe(process.execPath);
  });

  test("about a sleeping, a stopped and a killed child", async () => {
    const child = await sleeper();
    compare(child.pid);
    expect(ps.executable(child.pid)).toBe("sleep");
    expect(ps.stat(child.pid)?.state).toBe("S");
    child.kill("SIGSTOP");
    await until(() => proc.stat(child.pid)?.state === "T");
    compare(child.pid);
    expect(ps.stat(child.pid)?.state).toBe("T");
    child.kill("SIGKILL");
    await child.exited;
    expect([ps.stat(child.pid), ps.now().stat(child.pid), proc.stat(child.pid)]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(ps.commandLine(child.pid)).toEqual([]);
  });

  test("about a zombie", async () => {
    // the shell becomes a sleep, which does not wait for the child: it ends after that
    const parent = await sleeper("sleep 0.3 & echo $!");
    await until(() => proc.stat(parent.told)?.state === "Z");
    compare(parent.told);
    expect(ps.stat(parent.told)).toMatchObject({ state: "Z", ppid: parent.pid });
    expect([ps.commandLine(parent.told), ps.residentBytes(parent.told)]).toEqual([[], undefined]);
    parent.kill("SIGKILL");
    await parent.exited;
  });

  test("about the environment a child was started with", async () => {
    const child = await sleeper();
    for (const table of [proc, ps, ps.now(), ps.now(child.pid)]) {
      const environment = table.startEnvironment(child.pid);
      for (const pair of ["MARK=a mark, with blanks", "LAST="]) expect(environment).toContain(pair);
    }
    child.kill("SIGKILL");
    await child.exited;
  });
});

test.each([0, -1, 1.5, Number.NaN, 2 ** 31, 99_999_999_999, 2 ** 31 - 1])("%p is no process to ps", (pid) => {
  for (const table of [ps, ps.now(pid)]) {
    expect([table.stat(pid), table.ownerUid(pid), table.residentBytes(pid), table.executable(pid)]).toEqual([
      undefined,
      undefined,
      undefined,
      undefined,
    ]);
    expect([...table.commandLine(pid), ...table.startEnvironment(pid), table.waitChannel(pid)]).toEqual([""]);
  }
});

describe("open files", () => {
  const tables: [string, ProcessTable, boolean][] = [
    ["/proc", proc, HAS_PROC],
    ["ps", ps, HAS_LSOF],
  ];
  for (const [name, table, isThere] of tables) {
    test.skipIf(!isThere)(`${name}: there, replaced, deleted, closed`, () => {
      const path = `${folder}/jürgen's lock`;
      const look = () => [false, true].map((deletedOnly) => table.hasOpen(process.pid, path, { deletedOnly }));
      expect(look()).toEqual([false, false]);
      const fd = openSync(path, "w");
      expect(look()).toEqual([true, false]);
      expect(table.openFiles(process.pid)).toContain(path);
      rmSync(path);
      expect(look()).toEqual([true, true]);
      writeFileSync(path, "another");
      expect(look()).toEqual([true, true]);
      closeSync(fd);
      expect(look()).toEqual([false, false]);
      expect(table.openFiles(process.pid)).not.toContain(path);
      rmSync(path);
    });
  }

  test("without lsof, the lock file tells, or the state folder in the environment of a default server's daemon", async () => {
    const blind = new PsTable(undefined, () => undefined);
    const lock = `${folder}/daemon.lock`;
    const spawn = (stateDir: string, ...words: string[]) =>
      Bun.spawn(["/bin/sh", "-c", "read x", ...words], { env: { CLAUDE_TMUX_STATE_DIR: stateDir }, stdin: "pipe" });
    const ours = spawn(folder, "daemon", "run", "-L", "default");
    const named = spawn(folder, "daemon", "run", "-L", "other");
    const stranger = spawn("/nonexistent", "daemon", "run", "-L", "default");
    const holders = (deletedOnly = false) =>
      [ours, named, stranger].map(({ pid }) => blind.hasOpen(pid, lock, { deletedOnly }));
    await until(() => ps.commandLine(stranger.pid).length > 3);
    expect(holders()).toEqual([true, false, false]);
    expect(holders(true)).toEqual([false, false, false]);
    writeFileSync(lock, `{"pid":${named.pid},"startTime":1}\n`);
    expect(holders()).toEqual([true, true, false]);
    writeFileSync(lock, `{"pid":${stranger.pid},"startTime":1}\n`);
    expect(holders()).toEqual([true, false, false]);
    for (const child of [ours, named, stranger]) child.kill("SIGKILL");
  });
});
