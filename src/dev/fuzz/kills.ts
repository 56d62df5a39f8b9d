// Kills who saves, restores, prunes and autosaves at random instants, and checks after each that nothing is lost: every
// snapshot whole, no session half-made, nobody else's harmed, and that the next command works.
//   bun run snapshots:kills [--kills 200] [--seed N] [--only TEXT] [--program PATH]
import { parseArgs } from "node:util";
import { randomFrom } from "../random.ts";
import { KillStage } from "./kill-stage.ts";
import { KILLS } from "./play-kills.ts";

const { values } = parseArgs({
  options: {
    kills: { type: "string", default: "200" },
    seed: { type: "string", default: `${Math.floor(Math.random() * 2 ** 30)}` },
    only: { type: "string", default: "" },
    program: { type: "string", default: new URL("../../../dist/claude-tmux", import.meta.url).pathname },
  },
});
const random = randomFrom(Number(values.seed));
const kinds = Object.entries(KILLS)
  .filter(([name]) => name.includes(values.only))
  .flatMap(([name, { weight, play }]) => Array.from({ length: weight }, () => ({ name, play })));
const seen = new Map<string, string[]>();
console.log(`${values.kills} kills, seed ${values.seed}`);

await using stage = new KillStage(values.program);
await stage.furnish();
for (let kill = 1; kill <= Number(values.kills); kill++) {
  const { name, play } = kinds[Math.floor(random() * kinds.length)] as (typeof kinds)[number];
  try {
    const outcome = await play(stage, random);
    seen.set(name, [...(seen.get(name) ?? []), outcome]);
  } catch (thrown) {
    console.log(`kill ${kill}, ${name}: ${thrown instanceof Error ? thrown.message : thrown}`);
    const narrowed = values.only === "" ? "" : ` --only "${values.only}"`;
    console.log(`again with: bun run snapshots:kills --kills ${kill} --seed ${values.seed}${narrowed}`);
    process.exitCode = 1;
    break;
  }
  if (kill % 50 === 0) console.log(`${kill} kills`);
}
if (process.exitCode !== 1) {
  const left = await stage.leftAtEnd();
  for (const path of left) console.log(`left after the end: ${path}`);
  if (left.length > 0) process.exitCode = 1;
}
report();

function report(): void {
  console.log("\n| killed | times | what was there then |\n|---|---|---|");
  for (const [name, outcomes] of seen) {
    const counts = [...new Set(outcomes)].map((one) => `${one} ${outcomes.filter((other) => other === one).length}`);
    console.log(`| ${name} | ${outcomes.length} | ${counts.toSorted().join(", ")} |`);
  }
  console.log(
    `${[...seen.values()].flat().length} kills, ${process.exitCode === 1 ? "something is wrong" : "0 wrong"}`,
  );
}
