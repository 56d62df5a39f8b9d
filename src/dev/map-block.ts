import { describeCommands } from "../commands/reference/usage.ts";
import { drawing } from "./drawing.ts";

const SOURCES = `${import.meta.dir}/..`;

/** Where the map of src is. */
export const MAP_FILE = `${import.meta.dir}/../../.github/CONTRIBUTING.md`;

/** A text with the map of src made anew, where two comments of the name `src` mark it. */
export async function withMap(text: string): Promise<string> {
  const commands = await describeCommands();
  const files = commands.map(({ family, name, summary }) => {
    return [`commands/${family === undefined ? "" : `${family}/`}${name}.ts`, summary] as const;
  });
  const known = new Map<string, string>([["cli.ts", "Where the program begins"], ...files]);
  const block = `\`\`\`text\n${await drawing(SOURCES, known)}\n\`\`\``;
  return text.replace(/(<!-- src -->\n)[\s\S]*?(<!-- \/src -->)/, (_, open, close) => `${open}\n${block}\n\n${close}`);
}
