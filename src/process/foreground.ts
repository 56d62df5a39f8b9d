import { baseName } from "../lib/names.ts";
import { commandLine, isTableQuick, processStat, waitChannel } from "./identity.ts";

const SHELLS = "sh bash zsh fish dash ash ksh mksh yash tcsh csh nu elvish xonsh pwsh".split(" ");

/**
 * Whether an interactive shell waits at its prompt, as far as the process table tells: it sleeps, its own process group
 * is the foreground group of its terminal (a shell gives the terminal to the command it runs, tcsetpgrp(3)), and it
 * does not wait for a child. A process that is gone, or is no interactive shell, is not idle.
 */
export function isShellIdle(pid: number): boolean {
  const stat = processStat(pid);
  if (stat === undefined || stat.tpgid !== stat.pgrp || stat.state !== "S") return false;
  return isInteractiveShell(commandLine(pid)) && !/^(do_wait|wait$|kernel_wait)/.test(waitChannel(pid));
}

/**
 * Whether a process's own group has the foreground of its terminal, so that what is typed is read by it. True where that
 * would take a process to find out (ps), and for a process that is gone.
 */
export function hasForeground(pid: number): boolean {
  const stat = isTableQuick() ? processStat(pid) : undefined;
  return stat === undefined || stat.tpgid === stat.pgrp;
}

/** Whether a command line starts a shell that reads commands from its terminal: no script, no -c. Pure. */
export function isInteractiveShell([program = "", ...args]: readonly string[]): boolean {
  const name = baseName(program).replace(/^-/, "");
  if (!SHELLS.includes(name)) return false;
  return args.every((arg) => arg.startsWith("-") && (arg.startsWith("--") || !arg.includes("c")));
}
