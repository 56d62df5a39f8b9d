import { readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { sleep } from "../../lib/wait.ts";
import { startPolling } from "./latency.ts";
import { cpuNs, daemonPid, forks, memoryMb, newStage } from "./stage.ts";

/** What something costs while nothing happens. */
export interface Idle {
  /** of one CPU */
  percent: number;
  /** processes that were started meanwhile, on the whole machine */
  forks: number;
  /** resident memory, MB */
  mb: number;
}

const SETTLE_MS = 30_000;
const TICKS_PER_S = 100;

/** A program that writes a heartbeat twice a second and does no more, % of a CPU: the floor. */
export async function heartbeatIdle(seconds: number): Promise<number> {
  const file = `${tmpdir()}/claude-tmux-bench-heartbeat-${process.pid}`;
  const script = `const fd = require("fs").openSync(${JSON.stringify(file)}, "w");
    setInterval(() => require("fs").writeSync(fd, JSON.stringify({ pid: process.pid, at: Date.now() }), 0), 500);`;
  const child = Bun.spawn([process.execPath, "-e", script], { stdin: "ignore", stdout: "ignore", stderr: "inherit" });
  try {
    await sleep(SETTLE_MS);
    return await cpuPercent(child.pid, seconds);
  } finally {
    child.kill("SIGKILL");
    await child.exited;
    rmSync(file, { force: true });
  }
}

/** The daemon with so many sessions and a subscription in each, half a minute after the last was made. */
export async function ourIdle(sessions: number, seconds: number): Promise<Idle> {
  await using stage = await newStage();
  for (let i = 0; i < sessions; i++) await stage.must(["bridge", "session-create", `s${i}`]);
  await stage.must(["daemon", "start"]);
  for (let i = 0; i < sessions; i++) await stage.must(["daemon", "subscribe", `s${i}`, "pattern-match", "0", "never"]);
  const pid = await daemonPid(stage);
  await sleep(SETTLE_MS);
  const before = forks();
  return { percent: await cpuPercent(pid, seconds), forks: forks() - before, mb: memoryMb(pid) };
}

/** The part of one CPU that a process takes for so long. */
async function cpuPercent(pid: number, seconds: number): Promise<number> {
  const before = cpuNs(pid);
  await sleep(seconds * 1000);
  let ns = 0;
  for (const [thread, after] of cpuNs(pid)) ns += after - (before.get(thread) ?? 0);
  return ns / (seconds * 1e7);
}

/** A polling loop over as many panes, with what it starts. */
export async function pollingIdle(sessions: number, seconds: number): Promise<Omit<Idle, "mb">> {
  await using stage = await newStage();
  for (let i = 0; i < sessions; i++) await stage.must(["bridge", "session-create", `s${i}`]);
  const panes = Array.from({ length: sessions }, (_, i) => `=s${i}:^.0`);
  const loop = await startPolling(stage, panes, "never", "true");
  await sleep(2000);
  const before = { ticks: familyTicks(loop.pid), forks: forks() };
  await sleep(seconds * 1000);
  const percent = ((familyTicks(loop.pid) - before.ticks) / TICKS_PER_S / seconds) * 100;
  const idle = { percent, forks: forks() - before.forks };
  loop.kill("SIGKILL");
  await loop.exited;
  return idle;
}

/** The time that a process and its children that have ended have run (proc_pid_stat(5)). */
function familyTicks(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]?.split(" ") ?? [];
  return fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
}
