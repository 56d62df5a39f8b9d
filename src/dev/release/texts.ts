import { readFileSync } from "node:fs";
import { join } from "node:path";
import { SCRIPTS } from "../../commands/completion/scripts.ts";
import { manPage } from "../../commands/reference/man.ts";
import { describeCommands } from "../../commands/reference/usage.ts";
import { VERSION } from "../../lib/self.ts";

/** What comes with the program. */
export interface Texts {
  readme: string;
  license: string;
  changelog: string;
  /** the man page's source */
  man: string;
  completions: { bash: string; zsh: string; fish: string };
}

/** The texts of this project that a release carries, from its files and its declarations. */
export async function releaseTexts(): Promise<Texts> {
  const read = (name: string) => readFileSync(join(import.meta.dir, "../../..", name), "utf8");
  return {
    readme: read("README.md"),
    license: read("LICENSE"),
    changelog: read("CHANGELOG.md"),
    man: `${manPage(await describeCommands(), VERSION)}\n`,
    completions: SCRIPTS,
  };
}
