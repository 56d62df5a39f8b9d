// Breaks daemon, watchdog, tmux and the state folder in random ways, and after each checks that all is well again:
// nobody orphaned, nothing lost, nothing twice. Everything runs in a tmux server of its own.
//   bun run chaos [--rounds 100] [--seed N] [--only TEXT] [--faketime LIBRARY]
//   --faketime /usr/lib/…/faketime/libfaketimeMT.so.1 (Debian's package libfaketime) lets the clock jump as well
import { existsSync } from "node:fs";
import { parseArgs } from "node:util";
import { sleep } from "../../lib/wait.ts";
import { randomFrom } from "../random.ts";
import { FAULTS, type Fault } from "./faults.ts";
import { World } from "./world.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "100" },
    seed: { type: "string", default: `${Math.floor(Math.random() * 2 ** 31)}` },
    only: { type: "string", default: "" },
    faketime: { type: "string" },
  },
});
const random = randomFrom(Number(values.seed));
const names = Object.keys(FAULTS).filter(
  (name) => name.includes(values.only) && (values.faketime !== undefined || !FAULTS[name]?.needsClock),
);
const times = new Map<string, number[]>();
console.log(`${values.rounds} rounds, seed ${values.seed}`);

await using world = new World({}, values.faketime);
await world.makeSession();
await world.must(["daemon", "start", "--auto-restart"]);
await world.subscribe();
for (let round = 1; round <= Number(values.rounds); round++) {
  const name = names[Math.floor(random() * names.length)] ?? "";
  try {
    const ms = await play(FAULTS[name] as Fault);
    times.set(name, [...(times.get(name) ?? []), ms]);
  } catch (thrown) {
    console.log(`round ${round}, ${name}: ${thrown instanceof Error ? thrown.message : thrown}`);
    const narrowed = values.only === "" ? "" : ` --only "${values.only}"`;
    console.log(`again with: bun run chaos --rounds ${round} --seed ${values.seed}${narrowed}`);
    console.log((await world.run(["bridge", "pane-capture", "dev", "web"])).stdout);
    for (const role of ["watchdog", "daemon"]) {
      if (existsSync(world.state)) console.log((await world.run([role, "logs", "30"])).stdout);
    }
    process.exitCode = 1;
    break;
  }
  if (round % 50 === 0) console.log(`${round} rounds`);
}
if (process.exitCode !== 1) await finish();
report();

/** One round: a mark, the fault, a mark while it lasts, the cure; returns how long that took, ms. */
async function play({ costs, needsEnsure, make }: Fault): Promise<number> {
  world.sweep();
  await world.say();
  // what is taken away cannot be looked up later
  if (costs !== "nothing") await world.heard();
  await sleep(random() * 50);
  await make(world, random);
  if (costs === "nothing") await world.say();
  const isGone = costs === "server";
  if (isGone) await world.makeSession();
  const ms = await world.recovered(needsEnsure === true);
  if (costs === "database" || isGone) await world.subscribe();
  await world.say();
  await world.heard();
  await world.check();
  return ms;
}

/** Nothing is left when it is told to stop. */
async function finish(): Promise<void> {
  await world.must(["daemon", "stop"]);
  await world.endServer();
  await sleep(500);
  const left = world.processes();
  console.log(`left after the end: ${left.length}`);
  if (left.length > 0) process.exitCode = 1;
}

function report(): void {
  console.log("\n| fault | rounds | healthy after, p50 (ms) | p90 | max |\n|---|---|---|---|---|");
  const rows: [string, number[]][] = [...times, ["all", [...times.values()].flat()]];
  for (const [name, all] of rows) {
    const sorted = all.toSorted((a, b) => a - b);
    const at = (share: number) => sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))]?.toFixed(0);
    console.log(`| ${name} | ${all.length} | ${at(0.5)} | ${at(0.9)} | ${at(1)} |`);
  }
}
