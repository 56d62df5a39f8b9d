import { expect, test } from "bun:test";
import { poll } from "../../../src/lib/wait.ts";
import { isOwnerAlive, isToldToEnd, ownerName, processStat } from "../../../src/process/identity.ts";

test("a process is named so that another with its pid is not taken for it", () => {
  expect(isOwnerAlive(ownerName())).toBe(true);
  expect(isOwnerAlive(`${process.pid}:1`)).toBe(false);
  expect(isOwnerAlive("nonsense")).toBe(false);
});

test.skipIf(process.platform !== "linux")("a signal that a process has not taken yet is seen", async () => {
  const child = Bun.spawn(["sleep", "1000"], { stdout: "ignore" });
  try {
    child.kill("SIGSTOP");
    // of signals that come at once the lower one is taken first, which would be its end
    expect(await poll(5000, 5, () => processStat(child.pid)?.state === "T")).toBe(true);
    child.kill("SIGWINCH"); // ends nothing
    expect(isToldToEnd(child.pid)).toBe(false);
    child.kill("SIGTERM");
    expect(await poll(5000, 5, () => isToldToEnd(child.pid))).toBe(true);
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
  expect(isToldToEnd(child.pid)).toBe(false);
});
