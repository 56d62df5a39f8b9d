// Plays sessions in every state (commands, jobs, drafts, owners, people), collects, and checks that those go that nobody
// needs, and no others.
//   bun run fuzz:gc [--rounds 1000] [--seed N] [--program PATH]
import { parseArgs } from "node:util";
import { playGc } from "./play-gc.ts";

const SESSIONS = 20;

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "1000" },
    seed: { type: "string", default: `${Math.floor(Math.random() * 2 ** 30)}` },
    program: { type: "string", default: new URL("../../../dist/claude-tmux", import.meta.url).pathname },
  },
});
const rounds = Number(values.rounds);
console.log(`${rounds} sessions, seed ${values.seed}`);

let wrong = 0;
for (let done = 0, seed = Number(values.seed); done < rounds; done += SESSIONS, seed++) {
  const played = await playGc(seed, { sessions: Math.min(SESSIONS, rounds - done), program: values.program });
  wrong += played.wrong.length;
  for (const line of played.wrong) console.log(`seed ${seed}, ${played.shell}: ${line}`);
}
console.log(`${rounds} sessions, ${wrong} wrong`);
if (wrong > 0) process.exitCode = 1;
