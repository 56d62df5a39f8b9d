// What the event daemon costs, beside a floor that does the same with nothing of ours in between: a bare control-mode
// client that starts the callback itself. Prints Markdown tables. Everything runs in a tmux server of its own.
//   bun run bench:events [--events 1000] [--idle 60] [--mb 200]
import { closeSync, constants, openSync, readdirSync, readFileSync, readSync } from "node:fs";
import { parseArgs } from "node:util";
import { Stage } from "../../demo/stage.ts";
import { sleep } from "../../lib/wait.ts";
import { ControlClient } from "../../tmux/control-client.ts";
import { resolveServer } from "../../tmux/server.ts";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "1000" },
    idle: { type: "string", default: "60" },
    mb: { type: "string", default: "200" },
  },
});
const events = Number(values.events);
const PATTERN = "^EVENT [0-9]+ [0-9.]+$";
// what a callback does first: say which event it is called for; the reader notes the time
const CALLBACK = 'echo "$CLAUDE_TMUX_LINE" >"$TMUX_TMPDIR/fifo"';
const SETTLE_MS = 30_000;
/** by when memory has been given back after a flood: a look every two seconds, and one of the allocator's every five */
const FREED_MS = 12_000;

await latency();
await idle();
await flood();

/** From the write in the pane, which names its own microsecond, to the callback's first action. */
async function latency(): Promise<void> {
  console.log(`\n## From the write in a pane to the callback's first action, ${events} events\n`);
  console.log("| | p50 (ms) | p90 | p99 | max | called |\n|---|---|---|---|---|---|");
  const bare = await measureLatency(async (stage) => {
    const spawn = (line: string) =>
      Bun.spawn(["/bin/sh", "-c", CALLBACK], { env: { ...stage.env, CLAUDE_TMUX_LINE: line } });
    const client = bareClient(stage, (text) => {
      for (const line of text.split("\r\n")) if (/^EVENT \d+ [\d.]+$/.test(line)) spawn(line);
    });
    await client.request(["display-message", "-p", "ready"]);
    return () => client[Symbol.asyncDispose]();
  });
  console.log(`| bare control mode | ${bare.row} |`);
  const ours = await measureLatency(async (stage) => {
    await stage.must(["daemon", "start"]);
    await stage.must(["daemon", "subscribe", "dev", "pattern-match", "0", PATTERN, CALLBACK]);
    return async () => {};
  });
  console.log(`| claude-tmux | ${ours.row} |`);
  console.log(`| ratio of p50 | ${(ours.p50 / bare.p50).toFixed(2)} | | | | |`);
}

async function measureLatency(start: (stage: Stage) => Promise<() => Promise<void>>) {
  await using stage = await newStage();
  const fifo = `${stage.folder}/fifo`;
  Bun.spawnSync(["mkfifo", fifo]);
  const fd = openSync(fifo, constants.O_RDWR | constants.O_NONBLOCK);
  const end = await start(stage);
  const script = `for ((i = 0; i < ${events}; i++)); do printf 'EVENT %d %s\\n' $i $EPOCHREALTIME; read -rt 0.025 <> <(:); done`;
  await stage.must(["bridge", "pane-exec", "dev", "0", script]);
  const delays: number[] = [];
  const buffer = Buffer.alloc(65_536);
  let rest = "";
  const giveUp = performance.now() + events * 60 + 10_000;
  while (delays.length < events && performance.now() < giveUp) {
    const read = tryRead(fd, buffer);
    const now = performance.timeOrigin + performance.now();
    if (read === 0) {
      Bun.sleepSync(0.2);
      await sleep(0);
      continue;
    }
    const lines = (rest + buffer.toString("utf8", 0, read)).split("\n");
    rest = lines.pop() ?? "";
    for (const line of lines) delays.push(now - Number(line.split(" ")[2]?.replace(",", ".")) * 1000);
  }
  closeSync(fd);
  await end();
  delays.sort((a, b) => a - b);
  const at = (share: number) => delays[Math.min(delays.length - 1, Math.floor(delays.length * share))] ?? Number.NaN;
  const shown = [at(0.5), at(0.9), at(0.99), at(1)].map((ms) => ms.toFixed(1));
  return { p50: at(0.5), row: [...shown, delays.length].join(" | ") };
}

/** What the daemon does while nothing happens, when it has been started and subscribed to half a minute before. */
async function idle(): Promise<void> {
  const seconds = Number(values.idle);
  await using stage = await newStage();
  for (let i = 0; i < 50; i++) await stage.must(["bridge", "session-create", `s${i}`]);
  await stage.must(["daemon", "start"]);
  for (let i = 0; i < 50; i++) await stage.must(["daemon", "subscribe", `s${i}`, "pattern-match", "0", "never"]);
  await sleep(SETTLE_MS);
  const pid = await daemonPid(stage);
  const before = { cpu: cpuNs(pid), forks: forks() };
  await sleep(seconds * 1000);
  let ns = 0;
  for (const [thread, after] of cpuNs(pid)) ns += after - (before.cpu.get(thread) ?? 0);
  const cpu = (ns / (seconds * 1e9)) * 100;
  console.log(`\n## Idle, 50 sessions and 50 subscriptions, ${seconds} s\n`);
  console.log("| CPU (%) | processes started on the whole machine | memory (MB) |\n|---|---|---|");
  console.log(`| ${cpu.toFixed(3)} | ${forks() - before.forks} | ${memoryMb(pid)} |`);
}

/** A pane that writes as much as it can. */
async function flood(): Promise<void> {
  const mb = Number(values.mb);
  console.log(`\n## ${mb} MB through one pane\n`);
  console.log("| | time (s) | MB/s | found | memory before → after (MB) |\n|---|---|---|---|---|");
  const alone = await measureFlood(mb, async () => ({ end: async () => {} }));
  console.log(`| nobody reads | ${alone} |`);
  const bare = await measureFlood(mb, async (stage) => {
    const client = bareClient(stage, () => {});
    await client.request(["display-message", "-p", "ready"]);
    return { end: () => client[Symbol.asyncDispose]() };
  });
  console.log(`| bare control mode | ${bare} |`);
  const ours = await measureFlood(mb, async (stage) => {
    await stage.must(["daemon", "start"]);
    await stage.must(["daemon", "subscribe", "dev", "pattern-match", "0", "^MARK [0-9]+$"]);
    return { pid: await daemonPid(stage), end: async () => {} };
  });
  console.log(`| claude-tmux | ${ours} |`);
}

async function measureFlood(mb: number, start: (stage: Stage) => Promise<{ pid?: number; end(): Promise<void> }>) {
  await using stage = await newStage();
  const { pid, end } = await start(stage);
  const before = pid === undefined ? "" : memoryMb(pid);
  const marks = 100;
  const line = "x".repeat(99);
  const perMark = Math.round((mb * 10_000) / marks);
  const script = `for i in $(seq ${marks}); do yes ${line} | head -n ${perMark}; echo MARK $i; done; touch "$TMUX_TMPDIR/over"`;
  const started = performance.now();
  await stage.must(["bridge", "pane-exec", "dev", "0", script]);
  while (!(await Bun.file(`${stage.folder}/over`).exists())) await sleep(50);
  const s = (performance.now() - started) / 1000;
  let found = "";
  if (pid !== undefined) {
    for (let i = 0; i < 600; i++) {
      const text = await stage.must(["daemon", "events", "--type", "pattern-match"]);
      found = `${text === "" ? 0 : text.split("\n").length} of ${marks}`;
      if (found.startsWith(`${marks} `)) break;
      await sleep(200);
    }
    await sleep(FREED_MS);
  }
  const after = pid === undefined ? "" : memoryMb(pid);
  await end();
  return `${s.toFixed(1)} | ${(mb / s).toFixed(0)} | ${found} | ${before} → ${after}`;
}

async function newStage(): Promise<Stage> {
  const stage = new Stage({ SHELL: "/bin/bash", LC_ALL: "C.UTF-8" }, [`${process.cwd()}/dist/claude-tmux`]);
  await stage.must(["bridge", "session-create", "dev"]);
  await stage.must(["bridge", "pane-wait", "dev", "0", "10"]);
  return stage;
}

function bareClient(stage: Stage, onText: (text: string) => void): ControlClient {
  const server = resolveServer({ path: `${stage.folder}/tmux-${process.geteuid?.()}/default` });
  const decoder = new TextDecoder();
  return new ControlClient(
    server,
    "=dev:",
    {},
    {
      output: (_, data) => onText(decoder.decode(data, { stream: true })),
      notification: () => {},
      idle: async () => {},
      closed: () => {},
    },
  );
}

async function daemonPid(stage: Stage): Promise<number> {
  return Number(await Bun.file(`${stage.env.CLAUDE_TMUX_STATE_DIR}/daemon.pid`).text());
}

function tryRead(fd: number, buffer: Buffer): number {
  try {
    return readSync(fd, buffer);
  } catch {
    return 0; // EAGAIN
  }
}

/** How long each thread of a process has run, ns (proc_pid_schedstat(5)): ticks are too coarse for so little. */
function cpuNs(pid: number): Map<string, number> {
  const run = (thread: string) => Number(readFileSync(`/proc/${pid}/task/${thread}/schedstat`, "utf8").split(" ")[0]);
  return new Map(readdirSync(`/proc/${pid}/task`).map((thread) => [thread, run(thread)]));
}

function memoryMb(pid: number): number {
  return Math.round(Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1000);
}

function forks(): number {
  return Number(/^processes (\d+)/m.exec(readFileSync("/proc/stat", "utf8"))?.[1]);
}
