import { mkdirSync, rmSync } from "node:fs";
import { writeAtomic } from "../lib/files.ts";
import bash from "./shell/bash.sh" with { type: "text" };
import draft from "./shell/draft.sh" with { type: "text" };
import fish from "./shell/fish.fish" with { type: "text" };
import start from "./shell/start.sh" with { type: "text" };
import zsh from "./shell/zshenv.zsh" with { type: "text" };

// under the names that the shells look for (see shellCommand)
const FILES: [string, string][] = [
  ["bash.sh", bash],
  [".zshenv", zsh],
  ["fish.fish", fish],
  ["draft.sh", draft],
  ["start.sh", start],
];

/** Writes the files of the shell integration into a folder of their own. Throws what the file system fails with. */
export function installShellFiles(folder: string): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  try {
    for (const [name, text] of FILES) writeAtomic(`${folder}/${name}`, text);
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true });
    throw cause;
  }
}
