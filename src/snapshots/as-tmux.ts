import type { TmuxCommand } from "../tmux/command-line.ts";

// Texts, as tmux takes them.

/** A text that tmux expands to itself: of several "#", one is left, but before "[" it leaves all as they are, for a style. */
export function asFormat(text: string): string {
  return text.replace(/#+(?![#[])/g, "$&$&");
}

/** The command that names a session. */
export function renaming(target: string, name: string): TmuxCommand {
  return ["rename-session", "-t", target, "--", asName(name)];
}

/** tmux expands a folder's name as a format, and has no way to write "#[": the shell goes there by itself in any case. */
export function folderOption(cwd: string): string[] {
  return cwd.includes("#") ? [] : ["-c", cwd];
}

/** What tmux makes that name of: where one is given later, it keeps a backslash as two, and a variable's `$` with one before it. */
export function asName(name: string): string {
  return asFormat(name.replace(/\\([\\$])/g, "$1"));
}
