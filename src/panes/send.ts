import { AppError } from "../lib/errors.ts";
import { type TerminalMode, terminalMode } from "../process/terminal-mode.ts";
import { Dialogue } from "../tmux/dialogue.ts";
import { parseRows } from "../tmux/format.ts";
import { inPaneAlone } from "../tmux/keyboard.ts";
import { PANE_VARIABLES } from "../tmux/pane-variables.ts";
import { findPaneBy, type Pane, panesCommand, panesOf } from "../tmux/panes.ts";
import { type Ask, quoteCommand, quoteCommands, type TmuxCommand, tmux, tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { indexTarget, parsePane, pickPane } from "../tmux/target.ts";
import { notePart, noteTyped, noteUnread } from "../tmux/typed.ts";
import { isServerBefore } from "../tmux/version.ts";
import { deadPane } from "./exec.ts";
import { newBuffer } from "./hold.ts";
import { type KeyPress, lineOf, pressing } from "./keys.ts";

const INPUT_VARIABLES = [...PANE_VARIABLES, "pane_input_off"] as const;
/** What a terminal that hands over whole lines keeps of one (termios(3), canonical mode), without its end. */
const LINE_MAX_BYTES = 4095;

/** Which pane is typed into. */
interface Place {
  session: string;
  pane: string;
}

/**
 * Presses keys in a pane, in that one alone.
 * @throws AppError ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL; ERR_PANE_DEAD; ERR_COMMAND_FAILED for a
 *   pane whose input is switched off
 */
export async function sendKeys(server: TmuxServer, place: Place, presses: readonly KeyPress[]): Promise<Pane> {
  const { text, isEnded } = lineOf(presses);
  using dialogue = new Dialogue(server);
  const ask: Ask = (commands) => dialogue.ask(commands);
  if (text !== "") {
    const pane = await typable(ask, place);
    const isShown = !hidesInput(terminalMode(pane.pid));
    const note = isEnded ? (isShown ? noteTyped(pane.id, text) : noteUnread(pane.id, 1)) : [];
    const part = isShown && !isEnded ? notePart(pane.id, text) : [];
    return await pressed(ask, pane.id, place, [...note, ...part], presses);
  }
  const { session, pane: name } = place;
  const target = indexTarget(session, parsePane(name)) ?? (await findPaneBy(ask, session, name)).id;
  return await pressed(
    (commands) => tmuxAtOnce(server, commands),
    target,
    place,
    isEnded ? noteUnread(target, 1) : [],
    presses,
  );
}

/** By a call for itself, which takes less time than to begin a dialogue. */
async function tmuxAtOnce(server: TmuxServer, commands: TmuxCommand[]): Promise<string> {
  return tmux(server, commands);
}

async function pressed(
  ask: Ask,
  target: string,
  place: Place,
  note: TmuxCommand[],
  presses: readonly KeyPress[],
): Promise<Pane> {
  const press = inPaneAlone(target, [...toProgram(target), ...pressing(target, presses)]);
  // what goes to a pane that takes nothing would be lost without a word
  const steps = ["if-shell", "-F", "-t", target, TAKES_NOTHING, "", quoteCommands([...note, ...press])];
  return accepting(await ask([steps, panesCommand(place.session, ["pane_input_off"])]), place);
}

const TAKES_NOTHING = "#{||:#{pane_dead},#{pane_input_off}}";

/** What is typed, and how. */
export interface Text {
  bytes: Uint8Array;
  /** whether Enter is pressed after it */
  enter: boolean;
  /** whether it is marked as a paste where the program has asked for that */
  paste: boolean;
  /** whether nothing may be noted of it, nor be an argument of a process */
  isSecret: boolean;
}

/**
 * Types a text into a pane, as it is, and into that one alone. Throws as sendKeys(), and ERR_INVALID_ARGUMENT for what would
 * not arrive whole.
 */
export async function sendText(server: TmuxServer, place: Place, text: Text): Promise<Pane> {
  using dialogue = new Dialogue(server);
  const ask: Ask = (commands) => dialogue.ask(commands);
  const pane = await typable(ask, place);
  await typeInto(server, ask, pane, text);
  return pane;
}

/** Types a text into a pane, as sendText(), which may have ended since it was looked at. */
export async function typeInto(server: TmuxServer, ask: Ask, pane: Pane, text: Text): Promise<void> {
  const mode = terminalMode(pane.pid);
  if (mode?.isCanonical) checkLines(text.bytes, pane);
  const isSecret = text.isSecret || hidesInput(mode);
  const plain = isSecret || text.paste ? undefined : plainText(text.bytes);
  const isLoaded = plain === undefined && text.bytes.length > 0;
  const buffer = newBuffer();
  const type = isLoaded
    ? [pasting(pane.id, buffer, text.paste)]
    : [["send-keys", "-t", pane.id, "-l", "--", plain ?? ""]];
  const enter = text.enter ? [["send-keys", "-t", pane.id, "-H", "0d"]] : [];
  const keys = [...toProgram(pane.id), ...(text.bytes.length > 0 ? type : []), ...enter];
  const steps = [...noteOf(pane.id, text, isSecret), ...inPaneAlone(pane.id, keys)];
  const unload = isLoaded ? [["delete-buffer", "-b", buffer]] : [];
  const refuse = [["display-message", "-p", REFUSED], ...unload];
  // in the moment itself: a paste into a dead pane ends a tmux before 3.4
  const isThere = `#{?${TAKES_NOTHING},0,#{==:#{pane_id},${pane.id}}}`;
  const typing = ["if-shell", "-F", "-t", pane.id, isThere, quoteCommands(steps), quoteCommands(refuse)];
  let answer: string;
  if (isLoaded) {
    try {
      answer = await tmuxAsync(server, [["load-buffer", "-b", buffer, "-"], typing], { input: text.bytes });
    } catch (thrown) {
      // nothing of the text is to stay
      await tmuxAsync(server, unload).catch(() => {});
      throw thrown;
    }
  } else answer = await ask([typing]);
  if (!answer.includes(REFUSED)) return;
  await typable(ask, { session: pane.session, pane: pane.id });
  throw deadPane(pane);
}

const REFUSED = "\u241erefused";

/** Whether a terminal takes lines and does not show them: what is typed there is not to be kept, a password. */
function hidesInput(mode: TerminalMode | undefined): boolean {
  return mode?.isCanonical === true && !mode.echoes;
}

/** Looks at the pane before it is typed into. Throws as sendKeys(). */
export async function typable(ask: Ask, place: Place): Promise<Pane> {
  return accepting(await ask([panesCommand(place.session, ["pane_input_off"])]), place);
}

/** The pane among those that were listed, if it takes what is typed. */
function accepting(list: string, { session, pane: name }: Place): Pane {
  const rows = parseRows(INPUT_VARIABLES, list);
  const pane = pickPane(panesOf(rows), { session, pane: name });
  if (pane.isDead) throw deadPane(pane);
  if (rows.find(({ pane_id }) => pane_id === pane.id)?.pane_input_off !== "1") return pane;
  throw new AppError("ERR_COMMAND_FAILED", `The input of pane ${pane.paneId} of "${pane.session}" is switched off`, {
    hint: `Somebody has done that with select-pane -d; tmux select-pane -e -t ${pane.id} switches it on.`,
  });
}

/** Whoever scrolls back in the pane is taken to its end: keys would move the view, and not reach the program. */
function toProgram(pane: string): TmuxCommand[] {
  return [["copy-mode", "-q", "-t", pane]];
}

function noteOf(pane: string, { bytes, enter }: Text, isSecret: boolean): TmuxCommand[] {
  const isEnded = enter || bytes.includes(0x0a) || bytes.includes(0x0d);
  const text = isSecret ? "" : new TextDecoder().decode(bytes).replaceAll(/\r\n?/g, "\n");
  if (isSecret) return isEnded ? noteUnread(pane, 1) : [];
  return isEnded ? noteTyped(pane, text.replace(/\n$/, "")) : text === "" ? [] : notePart(pane, text);
}

// a single argument must fit tmux's message of 16 KB, and a line what a terminal may hold before anybody reads
const KEYS_MAX = 1000;

/** The text, if tmux can be given it as keys: short, and without control characters, also by another name of theirs. */
function plainText(bytes: Uint8Array): string | undefined {
  if (bytes.length > KEYS_MAX || bytes.some((byte) => byte < 0x20 || byte === 0x7f)) return undefined;
  const text = new TextDecoder("utf-8", { fatal: false, ignoreBOM: true }).decode(bytes);
  return /[\u0080-\u009f\ufffd]/.test(text) ? undefined : text;
}

/** The command that pastes a buffer, byte for byte, and removes it. */
function pasting(pane: string, buffer: string, paste: boolean): TmuxCommand {
  const flags = paste ? "-dpr" : "-dr";
  const by = (all: string) => quoteCommand(["paste-buffer", all, "-b", buffer, "-t", pane]);
  // from 3.7 on tmux shows control characters instead of pasting them, unless -S is there, which it did not know before
  return ["if-shell", "-F", isServerBefore(7), by(flags), by(`${flags}S`)];
}

function checkLines(bytes: Uint8Array, pane: Pane): void {
  let begin = 0;
  for (let i = 0; i <= bytes.length; i++) {
    const isEnd = i === bytes.length || bytes[i] === 0x0a || bytes[i] === 0x0d;
    if (!isEnd) continue;
    if (i - begin > LINE_MAX_BYTES) throw tooLong(i - begin, pane);
    begin = i + 1;
  }
}

function tooLong(length: number, pane: Pane): AppError {
  const message = `A line of ${length} bytes would be cut: the terminal of pane ${pane.paneId} of "${pane.session}" keeps ${LINE_MAX_BYTES} until it is read`;
  return new AppError("ERR_INVALID_ARGUMENT", message, {
    hint: "What runs there reads whole lines from the terminal. Give it a file to read instead.",
  });
}
