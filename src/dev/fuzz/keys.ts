// Presses random keys and types random texts in a pane, and checks that a program there gets each byte of them: with
// extended keys off and on, and with a program that asks for them.
//   bun run fuzz:keys [--rounds 1000] [--seed N] [--program PATH]
import { parseArgs } from "node:util";
import { Stage } from "../../stage/stage.ts";
import { randomFrom } from "../random.ts";
import { Recorder, randomKeys, randomText } from "./play-keys.ts";

const { values } = parseArgs({
  options: {
    rounds: { type: "string", default: "1000" },
    seed: { type: "string", default: `${Math.floor(Math.random() * 2 ** 31)}` },
    program: { type: "string", default: new URL("../../../dist/claude-tmux", import.meta.url).pathname },
  },
});
const version = Bun.spawnSync(["tmux", "-V"]).stdout.toString().trim();
console.log(`${values.rounds} sequences of keys and texts, ${version}, seed ${values.seed}`);

const WAYS = [
  { name: "extended-keys off", isExtended: false, asksForKeys: false },
  { name: "extended-keys on", isExtended: true, asksForKeys: false },
  { name: "extended-keys on, and asked for", isExtended: true, asksForKeys: true },
];
let wrong = 0;
for (const { name, ...way } of WAYS) {
  const random = randomFrom(Number(values.seed));
  await using stage = new Stage({}, [values.program]);
  const recorder = await Recorder.start(stage, way);
  const counts = { "pane-send-keys": 0, "pane-send-stdin": 0 };
  for (let i = 0; i < Number(values.rounds); i++) {
    for (const verb of ["pane-send-keys", "pane-send-stdin"] as const) {
      const sent = verb === "pane-send-keys" ? randomKeys(random) : randomText(random);
      const problem = await recorder.check(verb, sent);
      if (problem === undefined) counts[verb]++;
      else console.log(`${name}, ${verb} ${JSON.stringify(sent.words).slice(0, 300)}: ${problem}`);
    }
  }
  const sum = counts["pane-send-keys"] + counts["pane-send-stdin"];
  wrong += 2 * Number(values.rounds) - sum;
  console.log(`${name}: ${counts["pane-send-keys"]} sequences of keys and ${counts["pane-send-stdin"]} texts arrived`);
}
if (wrong > 0) process.exitCode = 1;
