// Makes the tables of README.md anew from the code.
import { fillBlocks } from "../commands/reference/markdown.ts";
import { describeCommands } from "../commands/reference/usage.ts";

const path = `${import.meta.dir}/../../README.md`;
await Bun.write(path, fillBlocks(await Bun.file(path).text(), await describeCommands()));
