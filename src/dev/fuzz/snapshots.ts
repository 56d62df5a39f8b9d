// Makes sessions of any kind, saves them, ends their tmux server, restores them, and compares everything.
//   bun run snapshots [--cycles 1000] [--seed N] [--at-once N] [--program PATH] [--steps]
import { parseArgs } from "node:util";
import { playSnapshot } from "./play-snapshots.ts";

const { values } = parseArgs({
  options: {
    cycles: { type: "string", default: "1000" },
    seed: { type: "string", default: `${Math.floor(Math.random() * 2 ** 30)}` },
    program: { type: "string", default: new URL("../../../dist/claude-tmux", import.meta.url).pathname },
    "at-once": { type: "string", default: "1" },
    steps: { type: "boolean", default: false },
  },
});
const cycles = Number(values.cycles);
console.log(`${cycles} cycles, seed ${values.seed}`);

let wrong = 0;
const times: { saved: number[]; restored: number[] } = { saved: [], restored: [] };
const last = Number(values.seed) + cycles;
let next = Number(values.seed);
const playOn = async () => {
  for (let seed = next++; seed < last; seed = next++) {
    const played = await playSnapshot(seed, { program: values.program });
    times.saved.push(played.savedMs);
    times.restored.push(played.restoredMs);
    if (played.wrong.length > 0) wrong++;
    for (const line of played.wrong) console.log(`seed ${seed}, ${played.steps[0]}: ${line}`);
    if (values.steps) console.log(played.steps.join("\n"));
  }
};
await Promise.all(Array.from({ length: Number(values["at-once"]) }, playOn));
const median = (all: number[]) => (all.toSorted((a, b) => a - b)[all.length >> 1] ?? 0).toFixed(0);
console.log(`saved in ${median(times.saved)} ms, restored in ${median(times.restored)} ms (medians)`);
console.log(`${cycles} cycles, ${wrong} wrong`);
if (wrong > 0) process.exitCode = 1;
