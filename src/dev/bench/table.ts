// The figures that this program is to reach, in one run, each beside its floor, and some beside a loop of a shell that
// polls as many scripts do. Prints a Markdown table with the bar of each. Some half an hour; a busy machine shows in the
// figures.
//   bun run bench [--only commands,server] [--mb 1000]
import { parseArgs } from "node:util";
import { poll, sleep } from "../../lib/wait.ts";
import { aloneFlood, bareFlood, ourFlood } from "./flood.ts";
import { heartbeatIdle, ourIdle, pollingIdle } from "./idle.ts";
import { bareLatency, bareLatencyInFlood, type Company, type Latency, ourLatency, pollingLatency } from "./latency.ts";
import { mcpMemory } from "./mcp.ts";
import { memoryCosts } from "./memory.ts";
import { type Cost, measureCommands } from "./one-shot.ts";
import { type ServerCost, serverCosts } from "./server.ts";
import { autosaveCost, snapshotCosts } from "./snapshots.ts";
import { daemonPid, newStage } from "./stage.ts";

const { values } = parseArgs({ options: { mb: { type: "string", default: "1000" }, only: { type: "string" } } });
const IDLE_SESSIONS = 50;
const IDLE_S = 60;
const SESSIONS = 200;
const EVENTS = 1000;
const MCP_CALLS = 10_000;

/** A row of the table. */
interface Row {
  what: string;
  ours: string;
  floor?: string;
  polling?: string;
  /** what it must reach, and whether it does */
  bar?: string;
  isReached?: boolean;
}

/** What is measured, by the name that --only takes. */
const SECTIONS: Record<string, () => Promise<Row[]> | Row[]> = {
  commands,
  latency,
  crowd,
  flood: latencyInFlood,
  crash,
  server,
  idle,
  memory,
  mcp,
  stream,
  snapshots,
  output: () => output(Number(values.mb)),
};

const only = values.only?.split(",") ?? Object.keys(SECTIONS);
console.log("| what | claude-tmux | floor | polling loop | bar | |\n| --- | --- | --- | --- | --- | --- |");
for (const name of only) {
  const section = SECTIONS[name];
  if (!section) throw new Error(`--only takes some of: ${Object.keys(SECTIONS).join(", ")}`);
  for (const { what, ours, floor = "", polling = "", bar = "", isReached } of await section()) {
    const mark = isReached === undefined ? "" : isReached ? "✓" : "✗";
    console.log(`| ${what} | ${ours} | ${floor} | ${polling} | ${bar} | ${mark} |`);
  }
}

function commands(): Row[] {
  const costs = [...measureCommands(20, [])];
  const own = ["daemon health", "pane-run -- true"];
  const others = costs.filter(({ name }) => !own.includes(name));
  const ratios = others.map(ratioOf).toSorted((a, b) => a - b);
  const at = (share: number) => ratios[Math.floor((ratios.length - 1) * share)] ?? Number.NaN;
  const over = others.filter((cost) => ratioOf(cost) > 1.4).map((cost) => `${cost.name} ${ratioOf(cost).toFixed(2)}`);
  const single = (name: string, bar: number, floor: string): Row[] =>
    costs
      .filter((cost) => cost.name === name)
      .map((cost) => ({
        what: `\`${name}\``,
        ours: `${cost.ours.toFixed(1)} ms, ${ratioOf(cost).toFixed(2)} ×`,
        floor: `${floor} ${cost.floor.toFixed(1)} ms`,
        bar: `${bar} ×`,
        isReached: ratioOf(cost) <= bar,
      }));
  return [
    ...single("daemon health", 1.6, "hello-world"),
    {
      what: `${others.length} bridge commands, median (best to worst)`,
      ours: `${at(0.5).toFixed(2)} × (${at(0).toFixed(2)} to ${at(1).toFixed(2)})${over.length > 0 ? `; over the bar: ${over.join(", ")}` : ""}`,
      floor: "tmux + hello-world",
      bar: "1.4 ×",
      isReached: over.length === 0,
    },
    ...single("pane-run -- true", 1.5, "send-keys, wait-for, hello-world"),
  ];
}

function ratioOf({ ours, floor }: Cost): number {
  return ours / floor;
}

async function latency(): Promise<Row[]> {
  const [bare, ours, polling] = [await bareLatency(EVENTS), await ourLatency(EVENTS), await pollingLatency(20)];
  const what = "a line in a pane, until its callback's first action";
  return [{ ...latencyRow(what, ours), floor: percentiles(bare), polling: percentiles(polling) }];
}

async function crowd(): Promise<Row[]> {
  const companies: [string, Company][] = [
    ["with 50 watched sessions", { sessions: 50 }],
    ["with 200 watched sessions", { sessions: 200 }],
    ["with 100 patterns on its pane", { patterns: 100 }],
  ];
  const rows: Row[] = [];
  for (const [name, company] of companies) rows.push(latencyRow(`the same ${name}`, await ourLatency(EVENTS, company)));
  return rows;
}

async function latencyInFlood(): Promise<Row[]> {
  const [bare, ours] = [await bareLatencyInFlood(EVENTS), await ourLatency(EVENTS, { flood: true })];
  const isReached = ours.p50 <= 3 * bare.p50 && ours.p99 <= 3 * bare.p99 && ours.called === EVENTS;
  const row = {
    ...latencyRow("the same beside a flood in another watched pane", ours),
    bar: "3 × the floor",
    isReached,
  };
  return [{ ...row, floor: `a bare reader of pipes ${percentiles(bare)}` }];
}

function latencyRow(what: string, found: Latency): Row {
  const isReached = found.p50 <= 10 && found.p99 <= 50 && found.called === EVENTS;
  return { what, ours: percentiles(found), bar: "p50 10, p99 50 ms", isReached };
}

function percentiles({ p50, p99, called }: Latency): string {
  const missing = called === EVENTS || called < 100 ? "" : `, ${called} of ${EVENTS}`;
  return `p50 ${p50.toFixed(1)}, p99 ${p99.toFixed(1)} ms${missing}`;
}

/** From the kill to a daemon that serves, beyond the back-off of two seconds. */
async function crash(): Promise<Row[]> {
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
  const ms = performance.now() - killed - 2000;
  return [
    {
      what: "daemon killed, back and healthy after the back-off of 2 s",
      ours: `${ms.toFixed(0)} ms`,
      bar: "500 ms",
      isReached: ms <= 500,
    },
  ];
}

async function server(): Promise<Row[]> {
  const { alone, watched } = await serverCosts(SESSIONS);
  const rows: [string, keyof ServerCost][] = [
    ["new-window", "newWindow"],
    ["kill-window", "killWindow"],
    ["the next command", "nextCommand"],
  ];
  const times = rows.map(([what, key]) => ({
    what: `the person's tmux with ${SESSIONS} watched sessions: ${what}`,
    ours: `${watched[key].toFixed(1)} ms`,
    floor: `no daemon ${alone[key].toFixed(1)} ms`,
    bar: "1.5 ×, or 4 ms more",
    isReached: watched[key] <= Math.max(1.5 * alone[key], alone[key] + 4),
  }));
  return [
    ...times,
    {
      what: "and its own CPU when idle",
      ours: `${watched.idlePercent.toFixed(2)} %`,
      floor: `no daemon ${alone.idlePercent.toFixed(2)} %`,
      bar: "0.5 %",
      isReached: watched.idlePercent <= 0.5,
    },
  ];
}

async function idle(): Promise<Row[]> {
  // at the same time: how long so little takes is the machine's matter as much as the program's
  const [ours, floor] = await Promise.all([ourIdle(IDLE_SESSIONS, IDLE_S), heartbeatIdle(IDLE_S)]);
  const polling = await pollingIdle(IDLE_SESSIONS, IDLE_S / 4);
  return [
    {
      what: `idle, ${IDLE_SESSIONS} sessions and subscriptions`,
      ours: `${ours.percent.toFixed(3)} % of a CPU`,
      floor: `a heartbeat and no more ${floor.toFixed(3)} %`,
      polling: `${polling.percent.toFixed(0)} %, ${Math.round((polling.forks * 4) / IDLE_S)} processes a second`,
      bar: "0.1 %, or 2 × the floor",
      isReached: ours.percent <= Math.max(0.1, 2 * floor),
    },
  ];
}

async function memory(): Promise<Row[]> {
  const { idle: unwatched, watched, highest } = await memoryCosts(100);
  const row = (what: string, mb: number, bar: number): Row => ({
    what,
    ours: `${mb} MB`,
    bar: `${bar} MB`,
    isReached: mb <= bar,
  });
  return [
    row("memory with all that it starts (PSS), 100 sessions", unwatched, 60),
    row("100 sessions, all watched", watched, 90),
    row("at its highest, as each of 100 panes writes 1,500 coloured lines", highest, 150),
  ];
}

async function mcp(): Promise<Row[]> {
  const samples = await mcpMemory(MCP_CALLS);
  const at = (calls: number) => samples.find((sample) => sample.calls === calls)?.mb ?? Number.NaN;
  const [early, late] = [at(MCP_CALLS / 5), at(MCP_CALLS)];
  return [
    {
      what: `an MCP server's memory after ${MCP_CALLS / 5} and ${MCP_CALLS} calls`,
      ours: `${early} → ${late} MB`,
      bar: "10 MB more",
      isReached: late <= early + 10,
    },
  ];
}

async function stream(): Promise<Row[]> {
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
  const isReached = lines.length === 1_000_000 && lines.every((line, i) => line === String(i + 1));
  const ours = isReached ? "every line, once, in order" : `${lines.length} lines, NOT in order`;
  return [{ what: "`pane-stream` of `seq 1 1000000`", ours, bar: "every line", isReached }];
}

async function snapshots(): Promise<Row[]> {
  const { first, again, read, readEach, restored, shells, manifestBytes, grownBytes } = await snapshotCosts();
  const autosave = await autosaveCost(IDLE_SESSIONS);
  const ms = (value: number) => `${value.toFixed(0)} ms`;
  const kb = (bytes: number) => `${(bytes / 1000).toFixed(1)} KB`;
  const saved = (what: string, value: number): Row => ({
    what,
    ours: `${ms(value)}, ${(value / read).toFixed(2)} ×`,
    floor: `two clients that read the same ${ms(read)}; one for each thing ${ms(readEach)}`,
    bar: "3 × the first",
    isReached: value <= 3 * read,
  });
  return [
    saved("`session-save` of 10 panes of 2,000 coloured lines", first),
    saved("again, when nothing has changed", again),
    {
      what: "`session-restore` of it, every shell at its prompt and all compared",
      ours: `${ms(restored)}, ${(restored / shells).toFixed(2)} ×`,
      floor: `10 shells by tmux alone ${ms(shells)}`,
      bar: "1 s",
      isReached: restored <= 1000,
    },
    {
      what: `a round of autosaving ${IDLE_SESSIONS} sessions that have not changed`,
      ours: `${autosave.ms.toFixed(1)} ms of CPU, ${autosave.isWritten ? "something" : "nothing"} written`,
      floor: "a daemon that saves none",
      bar: "20 ms, nothing",
      isReached: autosave.ms <= 20 && !autosave.isWritten,
    },
    { what: "100 lines more in one of the panes: of texts is written", ours: kb(grownBytes) },
    {
      what: "the manifest of the 10 panes",
      ours: kb(manifestBytes),
      bar: "100 KB",
      isReached: manifestBytes <= 100_000,
    },
  ];
}

async function output(mb: number): Promise<Row[]> {
  const [alone, bare, ours] = [await aloneFlood(mb), await bareFlood(mb), await ourFlood(mb)];
  const { before = 0, after = 0 } = ours.mb ?? {};
  return [
    {
      what: `${mb} MB through a watched pane`,
      ours: `${ours.seconds.toFixed(0)} s, ${ours.found} of 100 lines found`,
      floor: `a control client ${bare.seconds.toFixed(0)} s (nobody reads: ${alone.seconds.toFixed(0)} s)`,
      bar: "1.3 ×",
      isReached: ours.seconds <= 1.3 * bare.seconds && ours.found === 100,
    },
    { what: "and its memory", ours: `${before} → ${after} MB`, bar: "20 MB more", isReached: after <= before + 20 },
  ];
}
