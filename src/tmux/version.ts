/** The oldest tmux that can do what this program asks of it (new-session -e, copy-mode -q, control-mode flags). */
export const TMUX_MINIMUM = "3.2";

/** Whether "3.3a", "next-3.5" or "master" is at least TMUX_MINIMUM; a version without numbers is a newer build. */
export function isVersionEnough(version: string): boolean {
  return version !== "" && isServerAtLeast(version, TMUX_MINIMUM);
}

/**
 * Whether a tmux version (`#{version}`, or what `tmux -V` says) is at least `least`, as "3.3". Letters of patches do not
 * count, "next-3.5" is taken for 3.5, and a version without numbers ("master") is newer than all. Pure.
 */
export function isServerAtLeast(version: string, least: string): boolean {
  const found = numbersOf(version);
  const wanted = numbersOf(least);
  if (!found || !wanted) return true;
  return found.major > wanted.major || (found.major === wanted.major && found.minor >= wanted.minor);
}

/**
 * A tmux format that is true in a server before 3.`minor`, where isServerAtLeast() is false: for what tmux has to decide in
 * the same call. Pure.
 */
export function isServerBefore(minor: number): string {
  return `#{m/r:^(next-)?3[.][2-${minor - 1}]([^0-9]|$),#{version}}`;
}

/**
 * What a command of a tmux server of that version printed, as it was before: tmux 3.4, and no other, writes `\$` for a `$`
 * before a letter, "_" or "{" in all that its formats expand to. What capture-pane prints is as it is in 3.4 too. Pure.
 */
export function asMeant(version: string, printed: string): string {
  if (isPrintedAsMeant(version) || !printed.includes("\\$")) return printed;
  return printed.replace(/\\\$(?=[A-Za-z_{])/g, "$");
}

/** Whether a server of that version prints all texts as they are. Pure. */
export function isPrintedAsMeant(version: string): boolean {
  return version !== "3.4";
}

/** Without a regular expression, whose first use costs half a millisecond: each command that lists panes comes by here. */
function numbersOf(version: string): { major: number; minor: number } | undefined {
  const [head = "", tail = ""] = version.split(".");
  const major = Number.parseInt(head.slice(head.lastIndexOf("-") + 1), 10);
  const minor = Number.parseInt(tail, 10);
  return major >= 0 && minor >= 0 ? { major, minor } : undefined;
}
