import { afterAll, beforeEach, expect, test } from "bun:test";
import { mkdtempSync, readFileSync, renameSync, rmSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { isHeld, lastHolder } from "../../../src/process/holder.ts";
import { ownIdentity } from "../../../src/process/identity.ts";
import { Lock } from "../../../src/process/lock.ts";

const folder = mkdtempSync(`${tmpdir()}/claude-tmux-lock-`);
afterAll(() => rmSync(folder, { recursive: true }));
const path = `${folder}/role.lock`;
beforeEach(() => rmSync(path, { force: true }));

test("it is had by one at a time, and says by whom", () => {
  const lock = Lock.acquire(path, ["-L", "x"]);
  expect(Lock.acquire(path)).toBeUndefined(); // also in one process: it goes with the open file
  expect(lastHolder(path)).toMatchObject({ ...ownIdentity(), args: ["-L", "x"] });
  expect([isHeld(path), statSync(path).mode & 0o777]).toEqual([true, 0o600]);
  lock?.close();
  expect(isHeld(path)).toBe(false);
  const next = Lock.acquire(path);
  expect(next).toBeDefined();
  next?.close();
});

test("a shorter holder leaves nothing of a longer one behind it", () => {
  Lock.acquire(path, ["x".repeat(500)])?.close();
  const lock = Lock.acquire(path);
  expect(lastHolder(path)?.args).toEqual([]);
  lock?.close();
});

test("who holds a file that was deleted or replaced knows it, and another one may take the new one", () => {
  const lock = Lock.acquire(path);
  expect(lock?.isStillOurs()).toBe(true);
  renameSync(path, `${folder}/moved`);
  expect(lock?.isStillOurs()).toBe(false);
  const next = Lock.acquire(path);
  expect([lock?.isStillOurs(), next?.isStillOurs()]).toEqual([false, true]);
  lock?.close();
  next?.close();
});

test.each(["", "garbage", '{"pid":2,"startTime":1,"startedAt":1}\n', `${"x".repeat(500)}\n`])(
  "what somebody else wrote into it (%p) is put right",
  (text) => {
    const lock = Lock.acquire(path, ["a"]);
    const before = readFileSync(path, "utf8");
    lock?.repair();
    expect(readFileSync(path, "utf8")).toBe(before);
    writeFileSync(path, text);
    lock?.repair();
    expect(readFileSync(path, "utf8")).toBe(before);
    lock?.close();
  },
);

test("what must not meet a holder runs while nobody has it, and nobody has it while that runs", () => {
  Lock.acquire(path, ["a"])?.close();
  const before = readFileSync(path, "utf8");
  const met: unknown[] = [];
  expect(Lock.whileFree(path, () => met.push(Lock.acquire(path)))).toBe(true);
  expect([met, readFileSync(path, "utf8")]).toEqual([[undefined], before]);
  const lock = Lock.acquire(path);
  expect(lock).toBeDefined(); // it was let go
  expect(Lock.whileFree(path, () => expect.unreachable())).toBe(false);
  lock?.close();
  expect(() => Lock.whileFree(path, () => JSON.parse("{"))).toThrow(SyntaxError);
  const next = Lock.acquire(path);
  expect(next).toBeDefined(); // and here too
  next?.close();
});

test("a link in its place is refused", () => {
  symlinkSync("/etc/passwd", path);
  expect(() => Lock.acquire(path)).toThrow(expect.objectContaining({ code: "ERR_NOT_OWNER" }));
});

test("it goes with its process, however that ends", async () => {
  const code = `const { Lock } = await import("${import.meta.dir}/../../../src/process/lock.ts");
    Lock.acquire(${JSON.stringify(path)}); console.log("held"); setInterval(() => {}, 1000);`;
  const child = Bun.spawn([process.execPath, "-e", code], { stdout: "pipe", stderr: "ignore" });
  try {
    await child.stdout.getReader().read();
    expect([Lock.acquire(path), isHeld(path)]).toEqual([undefined, true]);
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
  expect(isHeld(path)).toBe(false);
  const lock = Lock.acquire(path);
  expect(lock).toBeDefined();
  lock?.close();
});
