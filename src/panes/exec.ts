import { AppError } from "../lib/errors.ts";
import { sleep } from "../lib/wait.ts";
import { hasForeground, isShellIdle } from "../process/foreground.ts";
import { quoteCommand, quoteCommands, type TmuxCommand } from "../tmux/command-line.ts";
import { noteAwaited } from "../tmux/command-note.ts";
import { Dialogue } from "../tmux/dialogue.ts";
import { inPaneAlone } from "../tmux/keyboard.ts";
import { findPaneBy, type Pane, panesCommand, parsePanes } from "../tmux/panes.ts";
import { type Ask, tmux, tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { ShellState } from "../tmux/shell-state.ts";
import { isLastTyped, isToldLast, isTypedAt, isTypingAhead, newStamp, noteTyped } from "../tmux/typed.ts";
import { isServerBefore } from "../tmux/version.ts";
import { isFollowed } from "../verdict/reading.ts";
import type { Verdict } from "../verdict/rule.ts";
import { prepareVerdict, promptOf } from "../verdict/verdict.ts";
import { busy, isOurs } from "./busy.ts";
import { clearedRightOfCursor, clearingKeys } from "./clear-line.ts";
import { deadPane } from "./dead-pane.ts";
import { leaveCommand, PRIVATE_KEY, takeBack, untilTaken } from "./hand-over.ts";
import { newBuffer } from "./holders.ts";
import { parseRow, ROW_FORMAT } from "./last-words.ts";
import { beforeTyping } from "./left-to-people.ts";
import { askedForPrompt } from "./lost-prompt.ts";

// Typed keys are read by a shell in raw mode without a limit, but the first bytes may meet a terminal that is still in
// canonical mode, whose line is cut at 4,096 bytes; and a single argument of tmux must fit its message of 16 KB.
const TYPED_MAX_BYTES = 1000;

/** What is to be run where. */
interface ExecOptions {
  session: string;
  pane: string;
  command: string;
  /** only by a shell that waits at its prompt, or is about to */
  isIfIdle?: boolean;
}

/**
 * Has a pane's shell run a command, or types it, byte for byte, and Enter, into what runs there. What somebody has half
 * typed at a prompt is not run with it.
 * @throws AppError ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL; ERR_PANE_DEAD; ERR_PANE_BUSY for the rest
 *   of somebody's command, and what is no idle shell where only that is meant; ERR_COMMAND_FAILED for a shell at its prompt
 *   that did not take it; ERR_INVALID_ARGUMENT for a text that would end its own paste
 */
export async function execInPane(server: TmuxServer, options: ExecOptions): Promise<Pane> {
  const { session, pane: name, command, isIfIdle = false } = options;
  using dialogue = new Dialogue(server);
  const ask: Ask = (commands) => dialogue.ask(commands);
  for (let tries = 1; ; tries++) {
    const finding = findPaneBy(ask, session, name);
    prepareVerdict();
    const asked = await askedForPrompt(server, await finding);
    const isNew = isIfIdle && tries === 1;
    const pane = isNew ? await (await import("./ready.ts")).untilStarted(server, asked) : asked;
    if (pane.isDead) throw deadPane(pane);
    // the rest of somebody's command would be made of it
    if (pane.shell?.word === "rest" || (isIfIdle && isOurs(pane))) throw busy(pane);
    await beforeTyping(ask, { session: pane.session, pane: pane.id });
    if (await isHandedOver(ask, server, pane, command)) return pane;
    const isTypable = !isIfIdle || (!isFollowed(pane) && isShellIdle(pane.pid));
    if (isTypable && (await isTyped(server, pane, command))) return pane;
    // it has come to its prompt meanwhile, or draws it, or a key has started a program there
    if (tries === TRIES) throw busy(pane);
    await sleep(AGAIN_MS);
  }
}

const TRIES = 10;
const AGAIN_MS = 20;

/** Types a command into a pane that does not wait at a prompt of its shell; false when it does by now. */
async function isTyped(server: TmuxServer, pane: Pane, text: string): Promise<boolean> {
  const typing = { session: pane.session, target: pane.id, text, clear: await lineCleared(server, pane) };
  if (isFollowed(pane)) return typeText(server, { ...typing, only: isTypingAhead(pane) }) !== undefined;
  typeText(server, typing);
  return true;
}

/**
 * The keys that are to clear the line before anything is typed into a pane: a shell that waits at its prompt, and tells nothing, would
 * run what somebody has typed there with it. That may be one within the pane's own; undefined where there is none. Throws ERR_PANE_BUSY
 * when it can't be cleared.
 */
export async function lineCleared(server: TmuxServer, pane: Pane): Promise<readonly string[] | undefined> {
  if (!(await isAtSomePrompt(pane))) return undefined;
  await clearedRightOfCursor(server, pane);
  return clearingKeys(pane);
}

async function isAtSomePrompt(pane: Pane): Promise<boolean> {
  if (isFollowed(pane) && hasForeground(pane.pid)) return false;
  if (isShellIdle(pane.pid)) return true;
  const { waitingOf } = await import("../verdict/waiting.ts");
  return (await waitingOf(pane, BUSY)).waitingFor === "prompt";
}

/** Of a pane that does not wait at a prompt of which its shell tells. */
const BUSY: Verdict = { state: "working", method: "foreground", because: "something runs there" };

/** Hands a command to a shell that waits at its prompt; false when it does not, or somebody was quicker. */
async function isHandedOver(ask: Ask, server: TmuxServer, pane: Pane, command: string): Promise<boolean> {
  const prompt = await promptOf(pane);
  if (!prompt) return false;
  const typing = { session: pane.session, target: pane.id, text: command, only: stillAt(prompt, pane) };
  const file = leaveCommand(pane, command);
  // where it can't be left (a full disk), or none may be handed over
  if (file === undefined) {
    await clearedRightOfCursor(server, pane);
    return (await typeTextBy(ask, server, { ...typing, clear: clearingKeys(pane) })) !== undefined;
  }
  try {
    const typed = await typeTextBy(ask, server, { ...typing, hands: true });
    if (typed) await untilTaken(server, { pane, prompt, file, stamp: typed.stamp });
    return typed !== undefined;
  } finally {
    takeBack(file);
  }
}

/**
 * The tmux format that is true while the shell waits at that very prompt, and nothing has been typed at it but what
 * promptOf() takes for given up.
 */
export function stillAt(prompt: ShellState, { shell, typed, isTypedPending }: Pane): string {
  const isGivenUp = isTypedPending && shell?.text === prompt.text;
  const isFree = isGivenUp ? isLastTyped(typed.stamp) : `#{?${isTypedAt(prompt)},0,1}`;
  return `#{?${isFree},${isToldLast(prompt)},0}`;
}

/** The session's panes after a typing, and, after commands before it, the row on which the echo begins (see last-words.ts). */
export interface AfterTyping {
  /** tells this typing from any other */
  stamp: string;
  panes: Pane[];
  row: number | undefined;
}

/** What is typed where, and what must hold for it. */
export interface Typing {
  session: string;
  /** the tmux target of the pane */
  target: string;
  text: string;
  /** commands for the same call, before it */
  before?: TmuxCommand[];
  /** a tmux format: unless it is true in the pane, in the very moment, nothing is typed */
  only?: string;
  /** the keys that clear the line first, in a shell that has no better way */
  clear?: readonly string[] | undefined;
  /** the text waits in a file for the shell, which is told so by the private key: nothing is typed but that */
  hands?: boolean;
}

/**
 * Types a text and Enter. In the same call the text is noted in options of the pane, so that its echo can be told from
 * output, and the pane counts as running until the shell has dealt with it.
 * @returns undefined when `only` did not hold
 */
export function typeText(server: TmuxServer, typing: Typing): AfterTyping | undefined {
  const { commands, input, read } = typingCall(typing);
  return read(tmux(server, commands, { input }));
}

/**
 * As typeText(), for who listens to the pane meanwhile: what the text does may be heard before tmux has answered.
 * @param ask makes the call, if it needs no more than commands
 */
export async function typeTextBy(ask: Ask, server: TmuxServer, typing: Typing): Promise<AfterTyping | undefined> {
  const { commands, input, read } = typingCall(typing);
  return read(await (input === undefined ? ask(commands) : tmuxAsync(server, commands, { input })));
}

/** The one call to tmux that types, and how its answer is read. Pure, but for the time in the note. */
function typingCall({ session, target, text, before = [], only = "1", clear, hands = false }: Typing): {
  commands: TmuxCommand[];
  input: string | undefined;
  read: (answer: string) => AfterTyping | undefined;
} {
  const typing = hands ? pressKey(target) : planTyping(target, text, clear);
  const list = panesCommand(session);
  // where the echo begins is asked only by those who hold the pane
  const row = before.length > 0 ? [["display-message", "-p", "-t", target, ROW_FORMAT]] : [];
  // and they wait for the end
  const awaited = before.length > 0 ? [noteAwaited(target)] : [];
  const stamp = newStamp();
  // tmux carries this out as one: of two that type at once, one sees that the other has
  const typed = [
    ...noteTyped(target, text, stamp, hands || clear !== undefined),
    ...awaited,
    ...inPaneAlone(target, typing.commands),
  ];
  const refused = [["display-message", "-p", REFUSED], ...typing.undo];
  const steps =
    only === "1" ? typed : [["if-shell", "-F", "-t", target, only, quoteCommands(typed), quoteCommands(refused)]];
  // a failing first command runs none of the others: nothing is typed when there is no such pane
  const commands = [["copy-mode", "-q", "-t", target], ...before, ...typing.prepare, ...row, ...steps, list];
  const read = (answer: string) => {
    const lines = answer.split("\n");
    const place = row.length > 0 ? parseRow(lines.shift() ?? "") : undefined;
    return lines[0] === REFUSED ? undefined : { stamp, panes: parsePanes(lines.join("\n")), row: place };
  };
  return { commands, input: typing.input, read };
}

const REFUSED = "\u241erefused";

/** How a text is typed: what comes first, the typing, and what undoes the first if it is not typed after all. */
interface TypingPlan {
  prepare: TmuxCommand[];
  commands: TmuxCommand[];
  undo: TmuxCommand[];
  /** for tmux's standard input */
  input?: string;
}

/** How a text gets into a pane unchanged: as keys while it is short and plain, else through a paste buffer. Pure. */
export function planTyping(target: string, command: string, clear?: readonly string[]): TypingPlan {
  const enter = ["send-keys", "-t", target, "Enter"];
  const first = clear ? [["send-keys", "-t", target, ...clear]] : [];
  if (command === "") return { prepare: [], commands: [...first, enter], undo: [] };
  if (isShort(command) && !hasControls(command)) {
    const keys = ["send-keys", "-t", target, "-l", "--", command];
    return { prepare: [], commands: [...first, keys, enter], undo: [] };
  }
  if (command.includes(PASTE_END)) {
    throw new AppError(
      "ERR_INVALID_ARGUMENT",
      "The text holds ESC[201~, which ends a paste: what follows would be keys",
      {
        hint: "Write it another way, as printf '\\033[201~' does, or put it in a file.",
      },
    );
  }
  const buffer = newBuffer();
  const paste = (flags: string) => ["paste-buffer", flags, "-b", buffer, "-t", target];
  // from 3.7 on tmux shows control characters instead of pasting them, unless -S is there, which it did not know before
  const pasteByVersion = [isServerBefore(7), quoteCommand(paste("-dp")), quoteCommand(paste("-dpS"))];
  // a paste into a dead pane ends a tmux before 3.4, with every session
  const undo = ["delete-buffer", "-b", buffer];
  const isDead = ["if-shell", "-F", "-t", target, "#{pane_dead}"];
  return {
    prepare: [["load-buffer", "-b", buffer, "-"]],
    commands: [...first, [...isDead, quoteCommand(undo), quoteCommand(["if-shell", "-F", ...pasteByVersion])], enter],
    undo: [undo],
    input: command,
  };
}

/** What ends a bracketed paste, wherever it stands in it: there is no way to paste this itself. */
const PASTE_END = "\x1b[201~";

function pressKey(target: string): TypingPlan {
  return { prepare: [], commands: [["send-keys", "-t", target, ...PRIVATE_KEY]], undo: [] };
}

function isShort(text: string): boolean {
  return text.length * 3 <= TYPED_MAX_BYTES || (text.length <= TYPED_MAX_BYTES && byteLength(text) <= TYPED_MAX_BYTES);
}

// a function of its own: the mere mention of Buffer costs a tenth of a millisecond
function byteLength(text: string): number {
  return Buffer.byteLength(text);
}

/** Without a regular expression, whose first use costs half a millisecond. */
function hasControls(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 || code === 127) return true;
  }
  return false;
}
