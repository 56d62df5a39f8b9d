import { Glob } from "bun";

const NAME_WIDTH = 28;
const LINE_MAX = 130;

/**
 * A drawing of a folder of sources: each file with one line, what it says of what it exports first that does something.
 * @param known what other files are, by their paths: such as say it elsewhere
 */
export async function drawing(root: string, known: ReadonlyMap<string, string>): Promise<string> {
  const lines: string[] = [];
  let folder = "";
  for (const file of [...new Glob("**/*.{ts,sh,fish,zsh}").scanSync(root)].sort(byFolder)) {
    const own = folderOf(file);
    if (own !== folder) lines.push(own);
    folder = own;
    const name = `${own === "" ? "" : "  "}${file.slice(own.length)}`;
    const text = known.get(file) ?? oneLine(await Bun.file(`${root}/${file}`).text());
    lines.push(`${name.padEnd(NAME_WIDTH)} ${cut(text, LINE_MAX - NAME_WIDTH - 1)}`.trimEnd());
  }
  return lines.join("\n");
}

/** The first sentence of the comment that tells what a source is, without its end; "" for none. Pure. */
export function oneLine(source: string): string {
  const comments = [...source.matchAll(/\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\nexport (?:async |abstract )?(\w+)/g)];
  const acting = comments.find(([, , kind]) => kind === "function" || kind === "class" || kind === "default");
  const head = /^(?:#!.*\n)?((?:(?:\/\/|#) .*\n)+)/.exec(source)?.[1];
  const comment = acting?.[1] ?? head ?? comments[0]?.[1] ?? "";
  const text = comment
    .replace(/^\s*(?:\*|\/\/|#) ?/gm, "")
    .replace(/\s+/g, " ")
    .trim();
  return (/^(.*?)[.:;](?: |$)/.exec(text)?.[1] ?? text).replaceAll("`", "");
}

/** The files of a folder before the folders in it. */
function byFolder(a: string, b: string): number {
  return folderOf(a).localeCompare(folderOf(b)) || a.localeCompare(b);
}

function folderOf(file: string): string {
  return file.slice(0, file.lastIndexOf("/") + 1);
}

function cut(text: string, max: number): string {
  if (text.length <= max) return text;
  return `${text.slice(0, text.lastIndexOf(" ", max - 2))} …`;
}
