// Writes the reference into dist/docs: Markdown of every command and page, and the man pages.
import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { documents } from "../commands/reference/markdown.ts";
import { describeCommands } from "../commands/reference/usage.ts";
import { VERSION } from "../lib/self.ts";

const FOLDER = "dist/docs";
const part = `${FOLDER}.${process.pid}.part`; // another build may go on
for (const [name, text] of Object.entries(documents(await describeCommands(), VERSION))) {
  mkdirSync(dirname(`${part}/${name}`), { recursive: true });
  writeFileSync(`${part}/${name}`, text);
}
rmSync(FOLDER, { recursive: true, force: true });
renameSync(part, FOLDER);
console.error(`wrote ${FOLDER}`);
