// Twenty tasks that agents do with tmux, done by several ways, and what each way costs: calls, and bytes that an agent writes and
// reads. Prints a Markdown table. Each task has a tmux server, a HOME and a state folder of its own.
//   bun run bench:agents [--only 5,6] [--way mcp] [--rounds 3] [--questions]
//     [--tmux-mcp "node …/tmux-mcp/build/index.js"]   or CLAUDE_TMUX_BENCH_TMUX_MCP; without, that way is left out
import { parseArgs } from "node:util";
import { type Done, doTask } from "./one.ts";
import { shares, table } from "./table.ts";
import { TASKS } from "./tasks/tasks.ts";
import { waysOf } from "./ways/ways.ts";

const { values } = parseArgs({
  options: {
    only: { type: "string" },
    way: { type: "string" },
    rounds: { type: "string", default: "1" },
    questions: { type: "boolean", default: false },
    "tmux-mcp": { type: "string", default: process.env.CLAUDE_TMUX_BENCH_TMUX_MCP },
  },
});
const only = values.only?.split(",").map(Number);
const wanted = values.way?.split(",");
const isHere = (program: string) => Bun.which(program) !== null;
const tasks = TASKS.filter(({ number, needs = [] }) => (only?.includes(number) ?? true) && needs.every(isHere));
const ways = waysOf(values["tmux-mcp"]).filter(({ name }) => wanted?.includes(name) ?? true);

const missing = wanted?.filter((name) => !ways.some((way) => way.name === name)) ?? [];

if (missing.length > 0) {
  console.error(`No such way: ${missing.join(", ")} (tmux-mcp needs --tmux-mcp; see the head of ${import.meta.path})`);
  process.exit(2);
}
if (values.questions) {
  for (const { number, name, question } of tasks) console.log(`${number} ${name}: ${question}\n`);
} else {
  await compare();
}

async function compare(): Promise<void> {
  const done: Done[] = [];
  for (let round = 1; round <= Number(values.rounds); round++) {
    for (const task of tasks) {
      for (const way of ways) {
        if (!way.does(task.number)) continue;
        const one = await doTask(task, way);
        done.push(one);
        if (one.because !== undefined) console.error(`${task.number} by ${way.name}: ${one.verdict}: ${one.because}`);
      }
    }
  }
  const names = ways.map(({ name }) => name);
  console.log(table(tasks, names, done));
  const told = names.map((name) => `${name} ${done.find(({ way }) => way === name)?.toldBytes ?? 0}`);
  console.log(`\nTold once of the tools, in bytes, and not counted above: ${told.join(", ")}`);
  for (const [own, other] of [
    ["mcp", "tmux-mcp"],
    ["mcp", "tmux"],
    ["cli", "tmux-mcp"],
    ["cli", "tmux"],
  ] as const) {
    const share = shares(done, own, other);
    if (share)
      console.log(
        `${own} beside ${other}: ${share.calls.toFixed(2)} of the calls, ${share.bytes.toFixed(2)} of the bytes`,
      );
  }
}
