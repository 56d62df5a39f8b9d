import { processStat } from "./identity.ts";

/**
 * Whether a shell waits at its prompt: its own process group is the foreground group of its terminal. A shell that runs
 * a command has given the terminal to that command's group (tcsetpgrp(3)). A process that is gone is not idle.
 */
export function isShellIdle(pid: number): boolean {
  const stat = processStat(pid);
  return stat !== undefined && stat.tpgid === stat.pgrp;
}
