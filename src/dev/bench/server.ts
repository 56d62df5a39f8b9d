import { readFileSync } from "node:fs";
import { sleep } from "../../lib/wait.ts";
import type { Stage } from "../../stage/stage.ts";
import { crowdedStage, watchCrowd } from "./crowd.ts";

/** What a person's tmux takes for what the person does: medians, ms; and what it costs when nobody does anything. */
export interface ServerCost {
  newWindow: number;
  killWindow: number;
  /** the command right after a window came */
  nextCommand: number;
  /** of one CPU, while nothing happens, % */
  idlePercent: number;
}

const ROUNDS = 20;
const IDLE_S = 20;

/** A tmux server with so many sessions: as it is, and then with a daemon that watches a pane of each. */
export async function serverCosts(sessions: number): Promise<{ alone: ServerCost; watched: ServerCost }> {
  await using stage = await crowdedStage(sessions);
  const alone = await measureServer(stage);
  await watchCrowd(stage, sessions);
  await sleep(2000);
  return { alone, watched: await measureServer(stage) };
}

async function measureServer(stage: Stage): Promise<ServerCost> {
  const times = { newWindow: [] as number[], killWindow: [] as number[], nextCommand: [] as number[] };
  for (let i = 0; i < ROUNDS; i++) {
    times.newWindow.push(timed(stage, ["new-window", "-d", "-t", "=s0:", "-n", "another", "sleep 100"]));
    times.nextCommand.push(timed(stage, ["display-message", "-p", ""]));
    await sleep(200);
    times.killWindow.push(timed(stage, ["kill-window", "-t", "=s0:another"]));
    await sleep(200);
  }
  const pid = Number(output(stage, ["display-message", "-p", "#{pid}"]));
  const before = cpuNs(pid);
  await sleep(IDLE_S * 1000);
  return {
    newWindow: median(times.newWindow),
    killWindow: median(times.killWindow),
    nextCommand: median(times.nextCommand),
    idlePercent: (cpuNs(pid) - before) / (IDLE_S * 1e7),
  };
}

function timed(stage: Stage, words: string[]): number {
  const start = performance.now();
  output(stage, words);
  return performance.now() - start;
}

function output(stage: Stage, words: string[]): string {
  const { exitCode, stdout, stderr } = Bun.spawnSync(["tmux", ...words], { env: stage.env, stdin: "ignore" });
  if (exitCode !== 0) throw new Error(`tmux ${words.join(" ")}: ${stderr}`);
  return stdout.toString();
}

/** How long a process with one thread has run, ns (proc_pid_schedstat(5)). */
function cpuNs(pid: number): number {
  return Number(readFileSync(`/proc/${pid}/schedstat`, "utf8").split(" ")[0]);
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
}
