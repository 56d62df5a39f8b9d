// Calls a command as another program would, without a terminal, and prints what it answers as JSON:
// bun answer.ts FAMILY NAME JSON
import { type Context, type Family, isAnswering } from "../../src/commands/define.ts";
import { readInput } from "../../src/commands/schema.ts";
import { TABLE } from "../../src/commands/table.ts";
import { statePaths } from "../../src/lib/paths.ts";
import { resolveServer } from "../../src/tmux/server.ts";

const [family = "", name = "", input = "{}"] = process.argv.slice(2);
const entry = TABLE.families[family as Family][name];
if (!entry) throw new Error(`there is no ${family} ${name}`);
const { default: command } = await entry.load();
if (!isAnswering(command)) throw new Error(`${family} ${name} does not answer`);
const server = resolveServer({ name: undefined, path: undefined });
const context: Context = {
  server,
  paths: statePaths(server.stateFolder),
  table: TABLE,
  ours: (text) => text,
  note: () => {},
  input: async () => new Uint8Array(),
  interruptible: (run) => run(new AbortController().signal),
};
const values = readInput(command, JSON.parse(input));
process.stdout.write(JSON.stringify(await command.answer(values as never, context)));
