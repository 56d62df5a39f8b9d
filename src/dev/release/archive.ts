import { VERSION } from "../../lib/self.ts";
import { type Entry, tar } from "./tar.ts";
import type { Texts } from "./texts.ts";

/** The name of the archive of a target, which is that of the folder in it, too. */
export function archiveName(target: string): string {
  return `claude-tmux-${VERSION}-${target}`;
}

/** The archive of a target, not compressed: the program, what explains it, the reference and completions. Pure. */
export function archive(target: string, program: Uint8Array, texts: Texts, time: number): Uint8Array<ArrayBuffer> {
  const files: Entry[] = [
    { path: "claude-tmux", data: program, runs: true },
    { path: "README.md", data: texts.readme },
    { path: "LICENSE", data: texts.license },
    { path: "CHANGELOG.md", data: texts.changelog },
    ...Object.entries(texts.documents).map(([path, data]) => ({ path: `docs/${path}`, data })),
    { path: "completions/claude-tmux", data: texts.completions.bash },
    { path: "completions/_claude-tmux", data: texts.completions.zsh },
    { path: "completions/claude-tmux.fish", data: texts.completions.fish },
  ];
  return tar(
    files.map((file) => ({ ...file, path: `${archiveName(target)}/${file.path}` })),
    time,
  );
}
