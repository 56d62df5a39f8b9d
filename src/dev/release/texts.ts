import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SCRIPTS } from "../../commands/completion/scripts.ts";
import { documents } from "../../commands/reference/markdown.ts";
import { describeCommands } from "../../commands/reference/usage.ts";
import { VERSION } from "../../lib/self.ts";

/** What comes with the program. */
export interface Texts {
  readme: string;
  license: string;
  changelog: string;
  /** the reference: Markdown, and man pages below `man`, by their paths */
  documents: Readonly<Record<string, string>>;
  completions: { bash: string; zsh: string; fish: string };
}

/** The texts of this project that a release carries, from its files and its declarations. */
export async function releaseTexts(): Promise<Texts> {
  const read = (name: string) => readFileSync(join(import.meta.dir, "../../..", name), "utf8");
  return {
    readme: read("README.md"),
    license: read("LICENSE"),
    changelog: read("CHANGELOG.md"),
    documents: documents(await describeCommands(), VERSION),
    completions: SCRIPTS,
  };
}

/** The man pages among the documents, by their names. Pure. */
export function manPages({ documents }: Pick<Texts, "documents">): [name: string, source: string][] {
  return Object.entries(documents).flatMap(([path, text]) => (path.startsWith("man/") ? [[path.slice(4), text]] : []));
}
