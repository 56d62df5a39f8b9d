/** The oldest tmux that can do what this program asks of it (new-session -e, copy-mode -q, control-mode flags). */
export const TMUX_MINIMUM = "3.2";

/** Whether "3.3a", "next-3.5" or "master" is at least TMUX_MINIMUM; a version without numbers is a newer build. */
export function isVersionEnough(version: string): boolean {
  const [first = "", second = ""] = version.split(".");
  // the usual case without a regular expression, whose first use costs half a millisecond
  if (first === "3" && Number.parseInt(second, 10) >= 2) return true;
  const found = /(\d+)\.(\d+)/.exec(version);
  if (!found) return version !== "";
  const [major = 0, minor = 0] = found.slice(1).map(Number);
  return major > 3 || (major === 3 && minor >= 2);
}
