// Asks programs that answer questions (python3, node, bash, sqlite3, gdb), and checks that every answer is whole, and none
// comes before its time or with another's text.
//   bun run fuzz:asks [--questions 100] [--seed N] [--program PATH]
import { parseArgs } from "node:util";
import { Stage } from "../../stage/stage.ts";
import { randomFrom } from "../random.ts";
import { ask, REPLS, startRepl } from "./play-asks.ts";

const { values } = parseArgs({
  options: {
    questions: { type: "string", default: "100" },
    seed: { type: "string", default: `${Math.floor(Math.random() * 2 ** 31)}` },
    program: { type: "string", default: new URL("../../../dist/claude-tmux", import.meta.url).pathname },
  },
});
console.log(`${values.questions} questions to each, seed ${values.seed}`);

const random = randomFrom(Number(values.seed));
const below = (limit: number) => Math.floor(random() * limit);
let wrong = 0;
for (const repl of REPLS.filter(({ program }) => Bun.which(program))) {
  await using stage = new Stage({ SHELL: Bun.which("bash") ?? "/bin/sh" }, [values.program]);
  await startRepl(stage, repl);
  let right = 0;
  for (let i = 0; i < Number(values.questions); i++) {
    const lines = Array.from(
      { length: random() < 0.1 ? 60 : below(4) },
      (_, line) => `A${i}.${line} ${"x".repeat(below(30))}`,
    );
    const ms = random() < 0.4 ? 0 : below(400);
    const problem = await ask(stage, repl, { ...repl.question(lines, ms), ms });
    if (problem === undefined) right++;
    else console.log(`${repl.name}, question ${i}: ${problem.slice(0, 400)}`);
  }
  wrong += Number(values.questions) - right;
  console.log(`${repl.name}: ${right} answers`);
}
if (wrong > 0) process.exitCode = 1;
