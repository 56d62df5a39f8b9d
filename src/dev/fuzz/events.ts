// Plays random series of what happens to panes, and checks that each line that matches fires once, and none is lost.
// Each seed has a tmux server of its own.
//   bun run fuzz:events [--seeds 100] [--seed N] [--at-once 2]
import { parseArgs } from "node:util";
import { play } from "./play.ts";

const { values } = parseArgs({
  options: {
    seeds: { type: "string", default: "100" },
    seed: { type: "string", default: `${Math.floor(Math.random() * 2 ** 31)}` },
    "at-once": { type: "string", default: "2" },
  },
});
const first = Number(values.seed);
const end = first + Number(values.seeds);
let next = first;
let failed = 0;
console.log(`${values.seeds} seeds from ${first}`);
await Promise.all(Array.from({ length: Number(values["at-once"]) }, work));
console.log(`${Number(values.seeds) - failed} of ${values.seeds} seeds: each line once`);
process.exit(failed > 0 ? 1 : 0);

async function work(): Promise<void> {
  while (next < end) {
    const seed = next++;
    const { steps, wrong } = await play(seed);
    if (wrong.length === 0) continue;
    failed++;
    console.log(`seed ${seed}\n  ${steps.join("\n  ")}\n${wrong.join("\n")}`);
    console.log(`again with: bun run fuzz:events --seeds 1 --seed ${seed}`);
  }
}
