import { expect, test } from "bun:test";
import { agentProcess, ownProcesses } from "../../../src/agents/process.ts";
import { processStat } from "../../../src/process/identity.ts";
import { until } from "../../helpers/box.ts";

test("a process is told with its words, its start and the variables that it was started with", async () => {
  const child = Bun.spawn(["sleep", "600"], { env: { PATH: "/usr/bin:/bin", HOME: "/x=y", EMPTY: "" } });
  try {
    // a moment passes until the kernel tells the words of a program that was just started
    const told = await until(
      "it has begun",
      () => agentProcess(child.pid)?.argv.length === 2 && agentProcess(child.pid),
    );
    expect(told).toMatchObject({
      pid: child.pid,
      startTime: processStat(child.pid)?.startTime ?? 0,
      argv: ["sleep", "600"],
    });
    expect(["HOME", "EMPTY", "HOM", "NONE"].map((name) => told?.variable(name))).toEqual([
      "/x=y",
      "",
      undefined,
      undefined,
    ]);
    const mine = ownProcesses((argv) => argv[0] === "sleep", process.pid);
    expect(mine.map(({ pid }) => pid)).toEqual([child.pid]);
  } finally {
    child.kill("SIGKILL");
    await child.exited;
  }
  expect(agentProcess(child.pid)).toBeUndefined();
});
