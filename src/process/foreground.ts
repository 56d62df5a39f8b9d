import { baseName } from "../lib/names.ts";
import { commandLine, isTableQuick, processStat, programOf, readSize, waitChannel } from "./identity.ts";
import { hidesInput, isEditorMode, terminalMode } from "./terminal-mode.ts";

const SHELLS =
  "sh bash rbash zsh rzsh fish dash ash ksh rksh ksh93 rksh93 ksh2020 pdksh oksh loksh mksh lksh yash tcsh csh bsh osh ysh nu elvish xonsh pwsh".split(
    " ",
  );

/** What stands behind the name of a shell: `-5.2`, `93u+m`. */
const VERSION = /^-?\d[\d.]*([a-z]?\+?m?)?$/;

/** Those that read their prompts by line editors of their own. */
const EDITING = /^(bash|zsh|fish)(?![a-z])/;
/** bash that has no line editor reads its prompt by so many bytes, and an answer (`read`) by more. */
const BASH_BYTES = 1024;
/** dash reads commands by the block; its `read` takes bytes from a terminal one by one. */
const BLOCK_BYTES = 512;

/**
 * Whether an interactive shell waits at its prompt, as far as the process table tells: it sleeps, its own process group
 * is the foreground group of its terminal (a shell gives the terminal to the command it runs, tcsetpgrp(3)), it
 * does not wait for a child, and is not seen to read something else. A process that is gone, or is no interactive shell, is not idle.
 */
export function isShellIdle(pid: number): boolean {
  return isResting(pid) && isInteractiveShell(commandLine(pid)) && !isReadingElse(pid);
}

/**
 * Whether a shell that reads from its terminal is seen not to read its prompt, but an answer (`read`) or a password: by how much it asks for,
 * and by how the terminal is set. A dash whose system calls the kernel keeps to itself (Yama) is taken to read its prompt where the
 * terminal shows what is typed.
 */
export function isReadingElse(pid: number): boolean {
  const mode = terminalMode(pid);
  if (!mode) return false;
  const name = baseName(programOf(pid) ?? "");
  const isEditing = EDITING.test(name);
  if (isEditing && isEditorMode(mode)) return false;
  const size = readSize(pid);
  if (name === "dash" && size !== undefined) return size < BLOCK_BYTES;
  if (name === "bash" && size === BASH_BYTES) return false;
  if (hidesInput(mode)) return true;
  return isEditing && !commandLine(pid).includes("--noediting");
}

/**
 * Whether a process has the terminal and sleeps, but not until a child ends: it has read all that was typed. What
 * isShellIdle() asks of a process that need not be a shell.
 */
export function isResting(pid: number): boolean {
  const stat = processStat(pid);
  if (stat === undefined || stat.tpgid !== stat.pgrp || stat.state !== "S") return false;
  const channel = waitChannel(pid);
  const isForChild = channel === "wait" || channel.startsWith("do_wait") || channel.startsWith("kernel_wait");
  return !isForChild && !channel.includes("sigsuspend");
}

/**
 * Whether a process's own group has the foreground of its terminal, so that what is typed is read by it. True where that
 * would take a process to find out (ps), and for a process that is gone.
 */
export function hasForeground(pid: number): boolean {
  const stat = isTableQuick() ? processStat(pid) : undefined;
  return stat === undefined || stat.tpgid === stat.pgrp;
}

/**
 * Whether a command line starts a shell that reads commands from its terminal: no script, no -c. Its name may have a
 * version (bash-5.2, zsh-5.9.1, ksh93u+m), and its arguments may have been blanked, as tcsh does. Pure.
 */
export function isInteractiveShell(words: readonly string[]): boolean {
  if (!isShell(words)) return false;
  for (let i = 1; i < words.length; i++) {
    const arg = words[i] as string;
    if (arg !== "" && (!arg.startsWith("-") || (!arg.startsWith("--") && arg.includes("c")))) return false;
  }
  return true;
}

/** Whether a command line starts a shell, whatever that is to do. Pure. */
export function isShell([program = ""]: readonly string[]): boolean {
  const base = baseName(program);
  const name = base.startsWith("-") ? base.slice(1) : base;
  // most programs have the name of a shell, or one that begins with none: no regular expression for them
  if (SHELLS.includes(name)) return true;
  for (const shell of SHELLS) if (name.startsWith(shell) && VERSION.test(name.slice(shell.length))) return true;
  return false;
}
