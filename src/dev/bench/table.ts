// The README's figures in one run, each beside its floor, and beside a loop of a shell that polls as many scripts
// do. Prints a Markdown table. Some twelve minutes; a busy machine shows in the figures.
//   bun run bench [--mb 1000]
import { parseArgs } from "node:util";
import { poll, sleep } from "../../lib/wait.ts";
import { aloneFlood, bareFlood, ourFlood } from "./flood.ts";
import { ourIdle, pollingIdle } from "./idle.ts";
import { bareLatency, ourLatency, pollingLatency } from "./latency.ts";
import { measureCommands } from "./one-shot.ts";
import { daemonPid, memoryMb, newStage } from "./stage.ts";

const { values } = parseArgs({ options: { mb: { type: "string", default: "1000" } } });
const SESSIONS = 50;
const IDLE_S = 60;
const HEALTH = "daemon health";

console.log("| what | claude-tmux | floor | polling loop |\n|---|---|---|---|");
commands();
await latency();
await crash();
await idle();
await sessions();
await stream();
await flood(Number(values.mb));

function row(what: string, ours: string, floor = "", polling = ""): void {
  console.log(`| ${what} | ${ours} | ${floor} | ${polling} |`);
}

function commands(): void {
  const all = [...measureCommands(20, [])];
  const [health, costs] = [all.find(({ name }) => name === HEALTH), all.filter(({ name }) => name !== HEALTH)];
  if (health) {
    const ratio = (health.ours / health.floor).toFixed(2);
    row("`daemon health`", `${health.ours.toFixed(1)} ms, ${ratio} ×`, `hello-world ${health.floor.toFixed(1)} ms`);
  }
  const ratios = costs.map(({ ours, floor }) => ours / floor).toSorted((a, b) => a - b);
  const at = (share: number) => (ratios[Math.floor((ratios.length - 1) * share)] ?? Number.NaN).toFixed(2);
  row(
    `${costs.length} bridge commands, median (best to worst)`,
    `${at(0.5)} × (${at(0)} to ${at(1)})`,
    "tmux + hello-world",
  );
}

async function latency(): Promise<void> {
  const [bare, ours, polling] = [await bareLatency(1000), await ourLatency(1000), await pollingLatency(20)];
  const cells = [ours, bare, polling].map(({ p50, p99 }) => `p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)} ms`);
  row("a line in a pane, until its callback's first action", ...(cells as [string, string, string]));
}

/** From the kill to a daemon that serves, beyond the back-off of two seconds. */
async function crash(): Promise<void> {
  await using stage = await newStage();
  await stage.must(["daemon", "start", "--auto-restart"]);
  const before = await daemonPid(stage);
  const killed = performance.now();
  process.kill(before, "SIGKILL");
  const isBack = async () => {
    if ((await daemonPid(stage).catch(() => before)) === before) return false;
    return (await stage.run(["daemon", "health"])).stdout === "healthy\n";
  };
  if (!(await poll(20_000, 5, isBack))) throw new Error("the daemon did not come back");
  row(
    "daemon killed, back and healthy after the back-off of 2 s",
    `${(performance.now() - killed - 2000).toFixed(0)} ms`,
  );
}

async function idle(): Promise<void> {
  const ours = await ourIdle(SESSIONS, IDLE_S);
  const polling = await pollingIdle(SESSIONS, IDLE_S / 4);
  row(
    `idle, ${SESSIONS} sessions and subscriptions`,
    `${ours.percent.toFixed(3)} % of a CPU`,
    "",
    `${polling.percent.toFixed(0)} %, ${Math.round((polling.forks * 4) / IDLE_S)} processes a second`,
  );
}

async function sessions(): Promise<void> {
  await using stage = await newStage();
  for (let i = 0; i < 100; i++) await stage.must(["bridge", "session-create", `s${i}`]);
  await stage.must(["daemon", "start"]);
  await sleep(3000);
  row("memory, 100 sessions", `${memoryMb(await daemonPid(stage))} MB`);
}

async function stream(): Promise<void> {
  await using stage = await newStage();
  const out = `${stage.folder}/lines`;
  const child = Bun.spawn([...stage.command, "bridge", "pane-stream", "dev", "0"], {
    env: stage.env,
    stdin: "ignore",
    stdout: Bun.file(out),
    stderr: "ignore",
  });
  await sleep(1000);
  await stage.must(["bridge", "pane-exec", "dev", "0", "seq 1 1000000"]);
  await poll(120_000, 100, async () => (await Bun.file(out).text()).endsWith("\n1000000\n"));
  child.kill();
  await child.exited;
  const lines = (await Bun.file(out).text()).split("\n").filter((line) => /^\d+$/.test(line));
  const isRight = lines.length === 1_000_000 && lines.every((line, i) => line === String(i + 1));
  row(
    "`pane-stream` of `seq 1 1000000`",
    isRight ? "every line, once, in order" : `${lines.length} lines, NOT in order`,
  );
}

async function flood(mb: number): Promise<void> {
  const [alone, bare, ours] = [await aloneFlood(mb), await bareFlood(mb), await ourFlood(mb)];
  row(
    `${mb} MB through a watched pane`,
    `${ours.seconds.toFixed(0)} s, ${ours.found} of 100 lines found, memory ${ours.mb?.before} → ${ours.mb?.after} MB`,
    `${bare.seconds.toFixed(0)} s (nobody reads: ${alone.seconds.toFixed(0)} s)`,
  );
}
