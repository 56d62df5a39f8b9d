import { cString, linux, linuxRare } from "../lib/libc.ts";
import { terminalOf } from "./identity.ts";

// the values that x64 and arm64 share (asm-generic/ioctls.h, asm-generic/termbits.h, asm-generic/fcntl.h)
const TCGETS = 0x5401;
const FIONREAD = 0x541b;
const ICRNL = 0o400;
const INLCR = 0o100;
const ICANON = 0o2;
const ECHO = 0o10;
const ISIG = 0o1;
/** O_RDONLY | O_NOCTTY | O_NONBLOCK | O_CLOEXEC: the terminal does not become ours. */
const OPEN_FLAGS = 0o400 | 0o4000 | 0o2000000;

/** How a terminal is set (termios(3)). */
export interface TerminalMode {
  /** whether it hands over whole lines, and edits them itself */
  isCanonical: boolean;
  /** whether it shows what is typed */
  echoes: boolean;
  /** whether Enter is what it is, or told from Ctrl-J, as line editors set it; what reads single keys otherwise leaves it */
  isEnterPlain: boolean;
  /** whether Ctrl-C interrupts, and is no key for the program */
  interrupts: boolean;
}

/** How the terminal of a process is set; undefined where that can't be known. */
export function terminalMode(pid: number): TerminalMode | undefined {
  const termios = askTerminal(pid, TCGETS, 64); // the kernel's struct: c_iflag, c_oflag, c_cflag, c_lflag
  return termios && modeOf(termios.getUint32(0, true), termios.getUint32(12, true));
}

/** How many bytes have been typed that nobody has read; undefined where that can't be known. */
export function unreadInput(pid: number): number | undefined {
  return askTerminal(pid, FIONREAD, 4)?.getInt32(0, true);
}

/** What ioctl_tty(2) answers about the terminal of a process. */
function askTerminal(pid: number, request: number, bytes: number): DataView | undefined {
  const path = terminalOf(pid);
  const c = path === undefined ? null : linux();
  if (!c || path === undefined) return undefined;
  const fd = c.open(cString(path), OPEN_FLAGS, 0);
  if (fd < 0) return undefined;
  const answer = new DataView(new ArrayBuffer(bytes));
  const isTold = linuxRare()?.ioctl(fd, request, answer) === 0;
  c.close(fd);
  return isTold ? answer : undefined;
}

/** The mode that the input and the local flags of a terminal make. Pure. */
export function modeOf(input: number, local: number): TerminalMode {
  return {
    isCanonical: (local & ICANON) !== 0,
    echoes: (local & ECHO) !== 0,
    interrupts: (local & ISIG) !== 0,
    // readline and fish want Enter as it is, zsh wants it told from Ctrl-J
    isEnterPlain: (input & ICRNL) === 0 || (input & INLCR) !== 0,
  };
}

/** Whether a terminal takes lines and does not show them: what is typed there is not to be kept, a password. Pure. */
export function hidesInput(mode: TerminalMode | undefined): boolean {
  return mode?.isCanonical === true && !mode.echoes;
}

/**
 * Whether the terminal of a process is set as the line editors of shells set it, in which a plain `read`, and what waits
 * for a single key, leave Enter and the echo of it what they are; undefined where that can't be known.
 */
export function isLineEdited(pid: number): boolean | undefined {
  const mode = terminalMode(pid);
  return mode && isEditorMode(mode);
}

/** The same of a mode. Pure. */
export function isEditorMode({ isCanonical, echoes, isEnterPlain }: TerminalMode): boolean {
  return !isCanonical && !echoes && isEnterPlain;
}
