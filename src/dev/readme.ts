// Makes the tables of README.md anew from the code, and the drawing of src from its comments.
import { fillBlocks } from "../commands/reference/markdown.ts";
import { describeCommands } from "../commands/reference/usage.ts";
import { drawingBlock } from "./drawing-block.ts";

const path = `${import.meta.dir}/../../README.md`;
const text = fillBlocks(await Bun.file(path).text(), await describeCommands());
await Bun.write(path, await drawingBlock(text));
