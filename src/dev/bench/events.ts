// What the event daemon costs, beside a floor that does the same with nothing of ours in between: a bare control-mode
// client that starts the callback itself. Prints Markdown tables. Everything runs in a tmux server of its own.
//   bun run bench:events [--events 1000] [--idle 60] [--mb 200]
import { parseArgs } from "node:util";
import { aloneFlood, bareFlood, type Flood, ourFlood } from "./flood.ts";
import { ourIdle } from "./idle.ts";
import { bareLatency, type Latency, ourLatency } from "./latency.ts";

const { values } = parseArgs({
  options: {
    events: { type: "string", default: "1000" },
    idle: { type: "string", default: "60" },
    mb: { type: "string", default: "200" },
  },
});
const [events, seconds, mb] = [Number(values.events), Number(values.idle), Number(values.mb)];

if (events > 0) {
  console.log(`\n## From the write in a pane to the callback's first action, ${events} events\n`);
  console.log("| | p50 (ms) | p90 | p99 | max | called |\n|---|---|---|---|---|---|");
  const bare = await bareLatency(events);
  console.log(`| bare control mode | ${latencyCells(bare)} |`);
  const ours = await ourLatency(events);
  console.log(`| claude-tmux | ${latencyCells(ours)} |`);
  console.log(`| ratio of p50 | ${(ours.p50 / bare.p50).toFixed(2)} | | | | |`);
}
if (seconds > 0) {
  console.log(`\n## Idle, 50 sessions and 50 subscriptions, ${seconds} s\n`);
  console.log("| CPU (%) | processes started on the whole machine | memory (MB) |\n|---|---|---|");
  const idle = await ourIdle(50, seconds);
  console.log(`| ${idle.percent.toFixed(3)} | ${idle.forks} | ${idle.mb} |`);
}
if (mb > 0) {
  console.log(`\n## ${mb} MB through one pane\n`);
  console.log("| | time (s) | MB/s | found | memory before → after (MB) |\n|---|---|---|---|---|");
  console.log(`| nobody reads | ${floodCells(await aloneFlood(mb))} |`);
  console.log(`| bare control mode | ${floodCells(await bareFlood(mb))} |`);
  console.log(`| claude-tmux | ${floodCells(await ourFlood(mb))} |`);
}

function latencyCells({ p50, p90, p99, max, called }: Latency): string {
  return [...[p50, p90, p99, max].map((ms) => ms.toFixed(1)), called].join(" | ");
}

function floodCells({ seconds: s, found, mb: memory }: Flood): string {
  const change = memory ? `${memory.before} → ${memory.after}` : "";
  return `${s.toFixed(1)} | ${(mb / s).toFixed(0)} | ${found === undefined ? "" : `${found} of 100`} | ${change}`;
}
