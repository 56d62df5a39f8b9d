import { describe, expect, test } from "bun:test";
import { signalByPidfd } from "../../../src/lib/pidfd.ts";

describe.skipIf(process.platform !== "linux")("a signal by a descriptor of the process", () => {
  test("reaches it", async () => {
    const child = Bun.spawn(["sleep", "100"]);
    expect(signalByPidfd(child.pid, 15, () => true)).toBe(true);
    await child.exited;
    expect(child.signalCode).toBe("SIGTERM");
  });

  test("reaches nobody when it is another process by now, or gone", async () => {
    const child = Bun.spawn(["sleep", "100"]);
    expect(signalByPidfd(child.pid, 9, () => false)).toBe(false);
    expect(child.exitCode).toBeNull();
    child.kill("SIGKILL");
    await child.exited;
    expect(signalByPidfd(child.pid, 9, () => true)).toBeUndefined();
  });
});
