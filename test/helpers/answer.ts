// Calls a command of the table as another program would, without a terminal, and prints what it answers as JSON.
import type { Context } from "../../src/commands/define.ts";
import { isAnswering } from "../../src/commands/define.ts";
import { defaultOptions } from "../../src/commands/options.ts";
import { parseCommand } from "../../src/commands/parse.ts";
import { TABLE } from "../../src/commands/table.ts";
import { statePaths } from "../../src/lib/paths.ts";
import { resolveServer } from "../../src/tmux/server.ts";

const [family = "", name = "", ...tokens] = process.argv.slice(2);
const entry = TABLE.families[family as "daemon"][name];
if (!entry) throw new Error(`there is no ${family} ${name}`);
const { default: command } = await entry.load();
if (!isAnswering(command)) throw new Error(`${family} ${name} does not answer`);
const server = resolveServer({ name: undefined, path: undefined });
const context: Context = {
  server,
  paths: statePaths(server.stateFolder),
  table: TABLE,
  note: () => {},
  input: async () => "",
  interruptible: (run) => run(new AbortController().signal),
};
const values = parseCommand(tokens, command.args, defaultOptions());
process.stdout.write(JSON.stringify(await command.answer(values as never, context)));
