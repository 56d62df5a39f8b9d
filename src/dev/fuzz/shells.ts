// Gives bash, zsh and fish random start-up files, and checks that no command that pane-run runs in them gets a wrong
// exit code. Each set-up has a tmux server and a HOME of its own.
//   bun run fuzz:shells [--setups 100] [--seed N] [--shell NAME] [--program PATH]
import { parseArgs } from "node:util";
import { randomFrom } from "../random.ts";
import { findShell, playSetUp } from "./play-set-up.ts";
import { makeSetUp, type SetUp } from "./set-ups.ts";

const { values } = parseArgs({
  options: {
    setups: { type: "string", default: "100" },
    seed: { type: "string", default: `${Math.floor(Math.random() * 2 ** 31)}` },
    shell: { type: "string" },
    program: { type: "string", default: new URL("../../../dist/claude-tmux", import.meta.url).pathname },
  },
});
const names = values.shell === undefined ? (["bash", "zsh", "fish"] as const) : [values.shell as SetUp["shell"]];
const shells = names.filter((name) => findShell(name) !== undefined);
console.log(`${values.setups} set-ups of ${shells.join(", ")}, seed ${values.seed}`);

const counts = { right: 0, marked: 0, unknown: 0, stuck: 0, wrong: 0 };
for (let i = 0; i < Number(values.setups); i++) {
  // each has a seed of its own, so that it can be played alone: --seed N --setups 1
  const seed = Number(values.seed) + i;
  const setUp = makeSetUp(randomFrom(seed), shells);
  const { wrong, unknown, marked, stuck } = await playSetUp(setUp, [values.program]);
  if (wrong.length > 0) counts.wrong++;
  else if (stuck.length > 0) counts.stuck++;
  else if (unknown > 0) counts.unknown++;
  else if (marked > 0) counts.marked++;
  else counts.right++;
  if (wrong.length + stuck.length === 0) continue;
  console.log(`seed ${seed}: ${JSON.stringify(setUp)}`);
  for (const line of wrong) console.log(`  wrong: ${line}`);
  for (const line of stuck) console.log(`  stuck: ${line}`);
}
console.log(
  `${counts.right} right by the shell's own word, ${counts.marked} with the marker, ${counts.unknown} with codes unknown, ${counts.stuck} stuck, ${counts.wrong} with wrong codes`,
);
if (counts.wrong > 0) process.exitCode = 1;
