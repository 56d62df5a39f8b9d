import { baseName } from "../lib/names.ts";
import { sleep } from "../lib/wait.ts";
import { isInteractiveShell, isReadingElse } from "../process/foreground.ts";
import {
  commandLine,
  isOwn,
  processStat,
  readSize,
  terminalOf,
  type Waits,
  waitsForTerminal,
} from "../process/identity.ts";
import { isEditorMode, type TerminalMode, terminalMode } from "../process/terminal-mode.ts";
import { groupOf } from "../process/tree.ts";
import type { Pane } from "../tmux/panes.ts";
import { isFollowed } from "./reading.ts";
import { type Verdict, WAITING } from "./rule.ts";

/**
 * What a program does with its terminal. `line`: it reads a line that the terminal shows as it is typed · `password`: one that
 * it does not show · `keys`: single keys (an editor, a pager, a menu) · `prompt`: it is a shell at its prompt · `nothing`: it
 * does not read · `unknown`: nobody can know
 */
export type WaitingFor = "line" | "password" | "keys" | "prompt" | "nothing" | "unknown";

/** How it was found out: its shell told; the kernel did; by how the terminal is set, and what the program is. */
export type WaitingMethod = "shell-integration" | "kernel" | "settings";

/** What a pane waits for, and how that is known. */
export interface Waiting {
  waitingFor: WaitingFor;
  method: WaitingMethod;
}

/** What one look at what has a pane's terminal tells. */
export interface TerminalReading {
  /** whether its shell tells that it shows its prompt, and is believed */
  isAtPrompt: boolean;
  mode: TerminalMode | undefined;
  /** whether any process of the foreground waits for the terminal */
  waits: Waits;
  /** what kind of process that is: a shell that reads commands from its terminal, at its prompt as far as can be known */
  reader: "shell" | "perhaps-shell" | "program";
  /** whether what may wait belongs to the user, so that its files could be seen */
  isOwn: boolean;
  /** whether it is a program of another user that turns the echo off for nothing but a password */
  asksPasswords: boolean;
}

/** Programs that run as another user, and turn the echo off for a password alone. */
const PASSWORD_PROGRAMS = "sudo sudo-rs su doas passwd chsh chfn newgrp gpasswd pkexec login".split(" ");

/** The rule of what a pane waits for. Pure. */
export function judgeWaiting(reading: TerminalReading): Waiting {
  const { isAtPrompt, mode, waits, reader, isOwn, asksPasswords } = reading;
  if (isAtPrompt) return { waitingFor: "prompt", method: "shell-integration" };
  if (!mode) return { waitingFor: "unknown", method: "settings" };
  if (waits === "no") return { waitingFor: "nothing", method: "kernel" };
  if (waits === "unknown") {
    if (mode.isCanonical && !mode.echoes && asksPasswords) return { waitingFor: "password", method: "settings" };
    if (reader === "shell" && isEditorMode(mode)) return { waitingFor: "prompt", method: "settings" };
    // who has set it so for a program of the user, and looks at it, waits for keys
    const isKeys = isOwn && !mode.isCanonical;
    return { waitingFor: isKeys ? "keys" : "unknown", method: "settings" };
  }
  if (reader === "shell" && (mode.isCanonical || isEditorMode(mode))) return { waitingFor: "prompt", method: "kernel" };
  if (reader === "perhaps-shell" && mode.isCanonical && mode.echoes) return { waitingFor: "unknown", method: "kernel" };
  if (!mode.isCanonical) return { waitingFor: "keys", method: "kernel" };
  return { waitingFor: mode.echoes ? "line" : "password", method: "kernel" };
}

/** A program that draws on the whole screen works for moments between its reads: so many looks, after so many ms each. */
const LOOKS = 5;
const LOOK_MS = 5;

/** What a pane waits for, of which tmux has told just now, and what it does. Takes 0.02 s at most. */
export async function waitingOf(pane: Pane, verdict: Verdict): Promise<Waiting> {
  if (pane.isDead) return { waitingFor: "nothing", method: "kernel" };
  for (let looks = 1; ; looks++) {
    const reading = readTerminal(pane, verdict);
    const isBetween = reading.waits === "no" && reading.mode?.isCanonical === false && !reading.isAtPrompt;
    if (!isBetween || looks === LOOKS) return judgeWaiting(reading);
    await sleep(LOOK_MS);
  }
}

function readTerminal(pane: Pane, { state }: Verdict): TerminalReading {
  const nobody = {
    isAtPrompt: false,
    mode: undefined,
    waits: "unknown",
    reader: "program",
    isOwn: false,
    asksPasswords: false,
  } as const;
  if (state === "idle" && isFollowed(pane)) return { ...nobody, isAtPrompt: true };
  const tty = terminalOf(pane.pid);
  const mode = terminalMode(pane.pid);
  const foreground = processStat(pane.pid)?.tpgid ?? 0;
  if (tty === undefined || !mode || foreground <= 0) return { ...nobody, mode };
  let found: { pid: number; waits: Waits } | undefined;
  for (const pid of groupOf(foreground)) {
    const waits = processWaits(pid, tty);
    if (waits === "yes" || (waits === "unknown" && found?.waits !== "unknown")) found = { pid, waits };
    if (waits === "yes") break;
  }
  if (!found) return { ...nobody, mode, waits: "no" };
  const { pid, waits } = found;
  const own = isOwn(pid);
  const asksPasswords = !own && PASSWORD_PROGRAMS.includes(baseName(commandLine(pid)[0] ?? ""));
  return { isAtPrompt: false, mode, waits, reader: readerKind(pane, pid, mode), isOwn: own, asksPasswords };
}

/** Another user's program that runs, or sleeps so that no signal wakes it, does not wait for its terminal. */
function processWaits(pid: number, tty: string): Waits {
  const waits = waitsForTerminal(pid, tty);
  return waits === "unknown" && processStat(pid)?.state !== "S" ? "no" : waits;
}

/** A shell's own prompt is read by blocks where the terminal makes the lines; `read` takes one byte after the other. */
const PROMPT_BYTES = 1024;

function readerKind(pane: Pane, pid: number, mode: TerminalMode): TerminalReading["reader"] {
  if (!isInteractiveShell(commandLine(pid))) return "program";
  // a shell that tells says when it is at its prompt: else what reads is a command of its own
  const isTelling = pid === pane.pid && isFollowed(pane);
  if (isTelling) return pane.shell?.word === "rest" || WAITING.includes(pane.shell?.word ?? "") ? "shell" : "program";
  if (isReadingElse(pid)) return "program";
  if (!mode.isCanonical) return "shell";
  const size = readSize(pid);
  if (size === undefined) return "perhaps-shell";
  return size >= PROMPT_BYTES && mode.echoes ? "shell" : "program";
}
