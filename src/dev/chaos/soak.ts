// Lets daemon and watchdog work for a long time (sessions that come and go, output, events, callbacks, crashes) and
// checks that memory, file descriptors, disk and processes stay where they are. In a tmux server of its own.
//   bun run soak [--minutes 30]
import { readdirSync, readFileSync, statSync } from "node:fs";
import { parseArgs } from "node:util";
import { sleep } from "../../lib/wait.ts";
import { World } from "./world.ts";

const { values } = parseArgs({ options: { minutes: { type: "string", default: "30" } } });
const end = performance.now() + Number(values.minutes) * 60_000;
const SAMPLE_MS = Math.min(10_000, (Number(values.minutes) * 60_000) / 30);
const CRASH_MS = 60_000;

/** What is measured, and by how much its middle value in the last third may lie above that in the second. */
const LIMITS = {
  daemonMb: 10,
  watchdogMb: 5,
  daemonFiles: 4,
  watchdogFiles: 2,
  diskKb: 2000,
  processes: 2,
} as const;
type Sample = Record<keyof typeof LIMITS, number>;

await using world = new World({
  CLAUDE_TMUX_EVENTS_MAX: "1000",
  CLAUDE_TMUX_LOG_MAX_MB: "0.2",
  CLAUDE_TMUX_HEARTBEAT_MAX_AGE: "30",
});
await world.makeSession();
await world.must(["daemon", "start", "--auto-restart"]);
await world.subscribe();

const samples: Sample[] = [];
let rounds = 0;
let crashes = 0;
let sampleAt = performance.now() + SAMPLE_MS;
let crashAt = performance.now() + CRASH_MS;
while (performance.now() < end) {
  await round();
  if (performance.now() > crashAt) {
    crashAt += CRASH_MS;
    crashes++;
    world.signal(crashes % 2 === 0 ? "watchdog" : "daemon", "SIGKILL");
    await world.recovered(false);
  }
  if (performance.now() > sampleAt) {
    sampleAt += SAMPLE_MS;
    await world.recovered(false);
    samples.push(sample());
  }
}
await world.heard();
await world.check();
report();
await world.must(["daemon", "stop"]);

/** A session comes, writes, fires and goes; the lasting one writes as well. */
async function round(): Promise<void> {
  const name = `s${rounds++}`;
  await world.must(["bridge", "session-create", name]);
  await world.must(["daemon", "subscribe", name, "pattern-match", "0", "^[0-9]*99$", "true"]);
  await world.must(["daemon", "subscribe", name, "command-finished", "0", "true"]);
  await world.must(["bridge", "pane-run", name, "0", "--timeout", "30", "--", "seq 1 2000"]);
  await world.say();
  await world.must(["bridge", "session-kill", name]);
  await world.heard();
  await world.subscribe(); // it forgets the marks, and looks at new ones only
  const list = JSON.parse(
    `[${(await world.must(["daemon", "subscriptions", "--json"])).split("\n").join(",")}]`,
  ).flat();
  for (const { id } of list.slice(0, -1)) await world.run(["daemon", "unsubscribe", `${id}`]);
  await sleep(100);
}

function sample(): Sample {
  const [daemon = 0, watchdog = 0] = [world.pid("daemon"), world.pid("watchdog")];
  return {
    daemonMb: residentMb(daemon),
    watchdogMb: residentMb(watchdog),
    daemonFiles: readdirSync(`/proc/${daemon}/fd`).length,
    watchdogFiles: readdirSync(`/proc/${watchdog}/fd`).length,
    diskKb: readdirSync(world.state).reduce((sum, name) => sum + sizeKb(`${world.state}/${name}`), 0),
    processes: world.processes().length,
  };
}

function report(): void {
  const third = Math.floor(samples.length / 3);
  console.log(`${rounds} sessions came and went, ${crashes} crashes, ${samples.length} samples\n`);
  console.log("| | first third | second | last | max | |\n|---|---|---|---|---|---|");
  for (const [key, limit] of Object.entries(LIMITS) as [keyof Sample, number][]) {
    const all = samples.map((each) => each[key]);
    const [first, second, last] = [0, 1, 2].map((i) => median(all.slice(i * third, (i + 1) * third)));
    const isFlat = (last ?? 0) - (second ?? 0) <= limit;
    if (!isFlat) process.exitCode = 1;
    const shown = [first, second, last, Math.max(...all)].map((value) => Math.round(value ?? 0)).join(" | ");
    console.log(`| ${key} | ${shown} | ${isFlat ? "flat" : `grows by more than ${limit}`} |`);
  }
}

function median(numbers: number[]): number {
  return numbers.toSorted((a, b) => a - b)[numbers.length >> 1] ?? Number.NaN;
}

function residentMb(pid: number): number {
  return Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1000;
}

function sizeKb(path: string): number {
  try {
    return statSync(path).size / 1000;
  } catch {
    return 0; // it was removed meanwhile
  }
}
