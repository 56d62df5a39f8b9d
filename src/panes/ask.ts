import { AppError } from "../lib/errors.ts";
import { poll } from "../lib/wait.ts";
import { ageS, processStat } from "../process/identity.ts";
import { Dialogue } from "../tmux/dialogue.ts";
import { findPane, findPaneBy, type Pane } from "../tmux/panes.ts";
import type { Ask } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { isToldLast } from "../tmux/typed.ts";
import { isFollowed } from "../verdict/reading.ts";
import { prepareVerdict, verdictOf } from "../verdict/verdict.ts";
import { type Waiting, waitingOf } from "../verdict/waiting.ts";
import { type Answer, PaneAnswer } from "./ask-answer.ts";
import { askShell } from "./ask-shell.ts";
import { endTurn, takeTurn } from "./ask-turn.ts";
import { BusyError, busy, isOurs } from "./busy.ts";
import { clearedRightOfCursor, clearingKeys } from "./clear-line.ts";
import { deadPane } from "./dead-pane.ts";
import { deadlineAfter } from "./ended.ts";
import { execInPane } from "./exec.ts";
import { compileMatcher } from "./find.ts";
import { newHolder } from "./holders.ts";
import { beforeTyping } from "./left-to-people.ts";
import { PaneListener } from "./listener.ts";
import { untilStarted } from "./ready.ts";
import { typable } from "./typable.ts";
import { typeInto } from "./type-into.ts";

/** What is asked, where, and what ends the answer. */
export interface AskOptions {
  session: string;
  pane: string;
  text: string;
  isSecret: boolean;
  /** a line that matches ends it */
  until: string | undefined;
  /** so many seconds of silence end it */
  quietS: number | undefined;
  timeoutS: number;
  stateDir: () => string;
  signal?: AbortSignal | undefined;
}

/** How long a program that does not read yet may take to come to it. */
const READY_MS = 1000;
/** The same of one that was started no longer ago; so many looks in a row are to find that it reads. */
const STARTING_MS = 3000;
const STARTING_LOOKS = 4;
const LOOK_MS = 50;

/**
 * Types a text, and Enter, to whatever runs in a pane, and waits for the answer.
 * @throws AppError ERR_SESSION_NOT_FOUND, ERR_PANE_NOT_FOUND, ERR_AMBIGUOUS_LABEL; ERR_PANE_DEAD; ERR_PANE_BUSY when
 *   nothing there reads; ERR_INVALID_ARGUMENT for a text that would not arrive whole; ERR_INVALID_PATTERN; ERR_TIMEOUT, with
 *   what was written so far
 */
export async function askPane(server: TmuxServer, options: AskOptions): Promise<Answer> {
  const deadline = deadlineAfter(options.timeoutS);
  const matches = options.until === undefined ? undefined : await (await compileMatcher(options.until))();
  const first = findPane(server, options.session, options.pane, { meanwhile: prepareVerdict });
  if (first.isDead) throw deadPane(first);
  if (isOurs(first)) throw busy(first);
  const before = await untilStarted(server, first);
  const isWhole = !matches && options.quietS === undefined;
  const isCommand = await isAtPrompt(before);
  if (isCommand && options.isSecret) throw notAsked(before);
  using dialogue = new Dialogue(server);
  const ask: Ask = (commands, how) => dialogue.ask(commands, how);
  const pane = await typable(ask, { session: before.session, pane: before.id });
  const holder = newHolder();
  await takeTurn(ask, pane, holder);
  try {
    if (isCommand && isWhole) return await askShell(server, ask, pane, { ...options, deadline });
    const reading = isCommand ? { pane, clear: undefined } : await untilAsked(server, ask, pane, options);
    // only then is it listened to: what it wrote while it was started may be heard late, and would be taken for an answer
    const { session, id } = pane;
    await using listener = await PaneListener.open(server, { ...options, session, pane: id, deadline });
    const answer = new PaneAnswer(listener, pane, { ...options, deadline, matches });
    // the way that leaves alone what somebody has begun to type
    if (isCommand) await execInPane(server, { session, pane: id, command: options.text });
    else await typeTo(server, listener, { ...reading, answer }, options);
    return await answer.wait({ isCommand }).catch(async (thrown) => {
      throw await answer.givenUp(thrown, options.signal);
    });
  } finally {
    await endTurn(ask, pane, holder);
  }
}

/** What reads in a pane, and the keys that clear what somebody has begun to type there, which a shell would run with what is asked. */
interface Reader {
  pane: Pane;
  clear: readonly string[] | undefined;
}

/**
 * Waits until what runs in the pane reads what is typed. Throws ERR_PANE_BUSY; ERR_INVALID_ARGUMENT for a secret at a shell's
 * prompt.
 */
async function untilAsked(server: TmuxServer, ask: Ask, pane: Pane, { isSecret }: AskOptions): Promise<Reader> {
  const { waitingFor, pane: reading } = await untilReads(ask, pane);
  if (waitingFor !== "prompt") return { pane: reading, clear: undefined };
  if (isSecret) throw notAsked(pane);
  await beforeTyping(ask, { session: reading.session, pane: reading.id });
  await clearedRightOfCursor(server, reading);
  return { pane: reading, clear: clearingKeys(reading) };
}

/** Types the text into what reads in the pane, unless that has ended since: its shell would take it for a command. */
async function typeTo(
  server: TmuxServer,
  listener: PaneListener,
  { pane, clear, answer }: Reader & { answer: PaneAnswer },
  { text, isSecret }: AskOptions,
): Promise<void> {
  await answer.begin();
  const bytes = new TextEncoder().encode(text);
  const when = stillThere(pane);
  const also = { ...(clear && { clear }), ...(when !== undefined && { when }) };
  const typing = { bytes, enter: true, paste: false, isSecret, ...also };
  if (await typeInto(server, listener.call, pane, typing)) return;
  throw new BusyError(
    `What ran in pane ${pane.paneId} of "${pane.session}" goes on in another way by now: nothing was typed`,
    "Look with pane-screen, and ask again.",
  );
}

/** A tmux format that is true while what was seen to read may still do so: its shell has told nothing new, or has told nothing and runs that. */
function stillThere({ shell, command }: Pane): string | undefined {
  if (shell) return isToldLast(shell);
  return PLAIN_NAME.test(command) ? `#{==:#{pane_current_command},${command}}` : undefined;
}

/** A name that means nothing more to a format. */
const PLAIN_NAME = /^[\w.+-]+$/;

async function isAtPrompt(pane: Pane): Promise<boolean> {
  return isFollowed(pane) && (await verdictOf(pane)).state === "idle";
}

function notAsked({ paneId, session }: Pane): AppError {
  return new AppError(
    "ERR_INVALID_ARGUMENT",
    `Nothing in pane ${paneId} of "${session}" asks for a secret: its shell is at its prompt`,
    {
      hint: "The shell would take it for a command, and keep it in its history. Start what asks for it first.",
    },
  );
}

/** Waits until what runs in a pane reads what is typed. Throws ERR_PANE_BUSY. */
async function untilReads(ask: Ask, pane: Pane): Promise<Waiting & { pane: Pane }> {
  const reads = async () => {
    if (processStat(pane.pid) === undefined) throw deadPane(pane);
    // anew, since it may end meanwhile, and its shell be at its prompt
    const now = await findPaneBy(ask, pane.session, pane.id);
    const waiting = await waitingOf(now, await verdictOf(now));
    return waiting.waitingFor !== "nothing" && { ...waiting, pane: now };
  };
  // one that was started a moment ago reads when it has set its terminal, and goes on to
  const isNew = Math.abs(Date.now() - pane.typed.at) < STARTING_MS && isJustStarted(pane);
  let looks = 0;
  const readsOn = async () => {
    const found = await reads();
    looks = found ? looks + 1 : 0;
    return looks >= STARTING_LOOKS && found;
  };
  const found = isNew ? await poll(STARTING_MS, LOOK_MS, readsOn) : await poll(READY_MS, LOOK_MS, reads);
  if (found) return found;
  throw new BusyError(
    `Pane ${pane.paneId} of "${pane.session}" is busy: ${pane.command} does not read what is typed`,
    "Wait for it with pane-wait, or until it asks: pane-watch-timeout, or waiting_for of pane-status.",
  );
}

/** Whether what has the pane's terminal was started a moment ago, or is its shell, which may be about to start it. */
function isJustStarted(pane: Pane): boolean {
  const { tpgid = 0, pgrp = 0 } = processStat(pane.pid) ?? {};
  return tpgid === pgrp || ageS(tpgid) * 1000 < STARTING_MS;
}
