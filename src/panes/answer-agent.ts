import { type Answer, answerTo, type Choice, type Dialog, dialogOn, inOwnWords, type Spot } from "../agents/dialog.ts";
import { isRefusalOn, rowDialogOn } from "../agents/row-dialog.ts";
import { kindNamed } from "../agents/table.ts";
import { AppError } from "../lib/errors.ts";
import { poll, sleep } from "../lib/wait.ts";
import { Dialogue } from "../tmux/dialogue.ts";
import type { Pane } from "../tmux/panes.ts";
import type { Ask } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { agentStatusBy, type PaneVerdict } from "./agents.ts";
import { isOurs } from "./busy.ts";
import { insteadOfPermitting } from "./left-to-people.ts";
import { pressWhere } from "./press-where.ts";
import type { Place } from "./typable.ts";
import { typeInto } from "./type-into.ts";

/** How an agent was answered. */
export interface Answered {
  pane: Pane;
  /** what it had waited for */
  for: "permission" | "question";
  /** the choice that was taken; undefined where the dialog was closed */
  choice: string | undefined;
}

/** How long an agent may take to draw what a key has changed. */
const DRAWN_MS = 3000;
const LOOK_MS = 50;
/** In so many looks one after the other nobody finds a screen half drawn. */
const DRAWING_LOOKS = 5;
/** A dialog that was drawn just now may not hear a key yet: it is pressed again, where it is certain that it is the same one. */
const PRESSES = 4;
const AGAIN_MS = 700;
const FIELD_MS = 200;
/** Of words that were written, so many characters have to be seen. */
const WORDS_SEEN = 20;

/** What an agent asks. */
interface Request extends Dialog {
  /** since when it waits, where that is told: the next request has another time */
  since: number | null;
}

/**
 * Answers the dialog in which an agent asks for a permission, or something else, if it still does: the choice is selected, the screen
 * is looked at, and Enter is pressed only while it shows that.
 * @throws AppError as agentStatus(); ERR_COMMAND_FAILED for one that asks nothing, in a pane of which that can't be told, or that does
 *   not take the answer; ERR_INVALID_ARGUMENT for an answer that is not offered, where no other words are taken; ERR_NOT_OWNER for a
 *   permission that is left to people (see leavePermissionsToPeople)
 */
export async function answerAgent(server: TmuxServer, place: Place, answer: string): Promise<Answered> {
  using dialogue = new Dialogue(server);
  const ask: Ask = (commands) => dialogue.ask(commands);
  const found = await agentStatusBy(ask, place);
  const { pane } = found;
  if (isOurs(pane)) throw refused(pane, "is the one that this command runs in: nobody answers himself");
  if (!found.agent || found.state !== "waiting") throw refused(pane, `${whatOf(found)}: there is nothing to answer`);
  if (found.for !== "permission" && found.for !== "question") {
    throw refused(pane, `${whatOf(found)}, which is a person's to answer`);
  }
  const instead = insteadOfPermitting();
  if (found.for === "permission" && instead !== undefined) throw notPermitting(found, instead);
  const isRow = found.agent.kind === "opencode";
  if (isRow && found.for === "question") {
    throw refused(
      pane,
      "asks a question and tells by colours alone which answer is selected: it is a person's to answer",
    );
  }
  const dialog = new Asking(server, ask, { pane, wait: found.for, read: isRow ? rowDialogOn : dialogOn });
  let request = await dialog.request();
  if (!request) throw refused(pane, "shows no choices that can be told apart");
  const { choices } = request;
  const own = found.for === "question" ? kindNamed(found.agent.kind)?.ownWords : undefined;
  const wanted = answerTo(choices, answer, found.for === "permission") ?? inOwnWords(choices, answer, own);
  if (!wanted) throw notOffered(pane, answer, choices);
  const isChoice = "choice" in wanted;
  if (isChoice && !wanted.choice.spot) await dialog.select(request, wanted.choice);
  if (isChoice && wanted.words !== undefined) request = await dialog.write(wanted.choice, wanted.words);
  await dialog.close(request, wanted);
  if (isRow) await dialog.confirmRefusal();
  return { pane, for: found.for, choice: isChoice ? (wanted.words ?? wanted.choice.label) : undefined };
}

/** The dialog of an agent, and whoever presses keys in it. */
class Asking {
  private readonly pane: Pane;
  private readonly wait: Answered["for"];
  private readonly read: (rows: readonly string[]) => Dialog | undefined;

  constructor(
    private readonly server: TmuxServer,
    private readonly ask: Ask,
    of: { pane: Pane; wait: Answered["for"]; read: (rows: readonly string[]) => Dialog | undefined },
  ) {
    this.pane = of.pane;
    this.wait = of.wait;
    this.read = of.read;
  }

  /** What it asks: it says that it waits a moment before it has drawn what for. */
  request(): Promise<Request | undefined> {
    return poll(DRAWN_MS, LOOK_MS, () => this.now());
  }

  /** Goes to a choice, step by step: whoever else presses keys there is noticed. */
  async select(request: Request, wanted: Choice): Promise<void> {
    const to = wanted.number - 1;
    for (let steps = 0; steps <= PRESSES * request.choices.length; steps++) {
      const now = await this.same(request);
      const at = selectedIn(now);
      if (at === to) return;
      await this.press([at < to ? "Down" : "Up"], shownFormat(now.choices[at] as Choice));
      await poll(AGAIN_MS, LOOK_MS, async () => selectedIn(await this.same(request)) !== at);
    }
    throw refused(this.pane, `does not go to "${wanted.label}": nothing was answered`);
  }

  /** Writes words in the place of the choice that is selected, once, and returns what is asked as it is shown then. */
  async write(choice: Choice, words: string): Promise<Request> {
    const { server, ask, pane } = this;
    // a field that is drawn may not take a paste yet
    await sleep(FIELD_MS);
    const bytes = new TextEncoder().encode(words);
    const text = { bytes, enter: false, paste: true, isSecret: true, when: shownFormat(choice) };
    if (!(await typeInto(server, ask, pane, text))) throw changed(pane);
    const written = await poll(DRAWN_MS, LOOK_MS, async () => {
      const now = await this.now();
      const shown = now?.choices[choice.number - 1];
      // a long one may be cut, or go on below
      const isShown = shown?.isSelected && beginning(shown.label) === beginning(words);
      return isShown ? now : undefined;
    });
    if (!written) throw refused(pane, "does not show the words that were written there, and they were not sent");
    return written;
  }

  /** Presses what ends the dialog, or clicks there, and waits until it has ended. */
  async close(request: Request, wanted: Answer): Promise<void> {
    const { choices } = await this.same(request);
    const number = "choice" in wanted ? wanted.choice.number : undefined;
    const choice = choices.find((one) => (number === undefined ? one.isSelected : one.number === number)) ?? choices[0];
    if (!choice) throw changed(this.pane);
    const { spot } = choice;
    const keys = number === undefined ? ["Escape"] : spot ? clickOn(spot) : ["Enter"];
    for (let presses = 0; presses < PRESSES; presses++) {
      const isPressed = this.press(keys, spot ? placedFormat(spot) : shownFormat(choice));
      // the first one may have ended it meanwhile
      await (presses === 0 ? isPressed : isPressed.catch(() => {}));
      if (await poll(AGAIN_MS, LOOK_MS, () => this.isOver(request))) return;
      // of what does not tell since when it asks, the next request may look the same
      if (request.since === null) break;
    }
    if (await poll(DRAWN_MS, LOOK_MS, () => this.isOver(request))) return;
    throw refused(this.pane, "still shows the dialog");
  }

  /** Where it asks what to do in place of what was refused, nothing is said. */
  async confirmRefusal(): Promise<void> {
    if (!isRefusalOn(await this.rows())) return;
    await this.press(["Enter"], "#{C/r:\u25b3 Reject permission}");
    if (await poll(DRAWN_MS, LOOK_MS, async () => !isRefusalOn(await this.rows()))) return;
    throw refused(this.pane, "asks what is to be done in place of what was refused");
  }

  private async rows(): Promise<string[]> {
    return (await this.ask([["capture-pane", "-p", "-t", this.pane.id]])).split("\n");
  }

  private async now(): Promise<Request | undefined> {
    const found = await agentStatusBy(this.ask, { session: this.pane.session, pane: this.pane.id });
    const { since, state } = found;
    const dialog = state === "waiting" && found.for === this.wait ? this.read(await this.rows()) : undefined;
    return dialog && { ...dialog, since };
  }

  /** The same request as it is shown now; waits while it is drawn. Throws when there is another one by now, or none. */
  private async same(request: Request): Promise<Request> {
    let now: Request | undefined;
    for (let looks = 0; looks < DRAWING_LOOKS; looks++) {
      now = await this.now();
      if (now && isSame(now, request)) return now;
      await sleep(LOOK_MS);
    }
    throw changed(this.pane);
  }

  private async isOver(request: Request): Promise<boolean> {
    return this.same(request).then(
      () => false,
      () => true,
    );
  }

  /** Presses keys while the screen shows that a format is true of it, in the very moment. */
  private async press(keys: readonly string[], format: string): Promise<void> {
    const { pane, ask } = this;
    if (!(await pressWhere(ask, pane.id, keys, format))) throw changed(pane);
  }
}

function beginning(words: string): string {
  return words.slice(0, WORDS_SEEN).trimEnd();
}

function selectedIn({ choices }: Dialog): number {
  return choices.findIndex(({ isSelected }) => isSelected);
}

function isSame(now: Request, before: Request): boolean {
  return now.text === before.text && now.since === before.since;
}

/** The tmux format that is true while the screen shows that choice as the selected one. Nothing in it means more to tmux than a letter. */
function shownFormat({ marker, number, label }: Choice): string {
  const like = label.slice(0, 20).replace(/[^A-Za-z0-9 ]/g, ".");
  return `#{C/r:${marker} *${number}[.] +${like}}`;
}

/** The tmux format that is true while the screen shows those choices in that very place, and its program hears clicks. Of the same kind. */
function placedFormat({ row, line }: Spot): string {
  return `#{&&:#{mouse_sgr_flag},#{==:#{C/r:^${line}},${row}}}`;
}

/** A click of the first button, as terminals tell it (xterm, SGR 1006), for `send-keys`. */
function clickOn({ column, row }: Spot): string[] {
  const bytes = ["M", "m"].map((end) => `\x1b[<0;${column};${row}${end}`).join("");
  return ["-H", ...[...bytes].map((byte) => byte.charCodeAt(0).toString(16))];
}

function whatOf({ agent, state, for: wait }: PaneVerdict): string {
  if (!agent) return "runs no agent that is known";
  return state === "waiting"
    ? `is ${agent.kind} that waits for ${wait ?? "something that nobody can tell"}`
    : `is ${agent.kind}, ${state}`;
}

function changed(pane: Pane): AppError {
  return refused(pane, "shows something else by now: nothing was answered");
}

function notPermitting(found: PaneVerdict, hint: string): AppError {
  const { paneId, session } = found.pane;
  return new AppError("ERR_NOT_OWNER", `Pane ${paneId} of "${session}" ${whatOf(found)}, which only a person gives`, {
    hint,
  });
}

function refused({ paneId, session }: Pane, what: string): AppError {
  const message = `Pane ${paneId} of "${session}" ${what}`;
  return new AppError("ERR_COMMAND_FAILED", message, {
    hint: "See what it does with agent-status, and what it shows with pane-screen.",
  });
}

function notOffered({ paneId, session }: Pane, answer: string, choices: readonly Choice[]): AppError {
  const offered = choices.map(({ number, label }) => `${number}. ${label}`).join(", ");
  return new AppError("ERR_INVALID_ARGUMENT", `Pane ${paneId} of "${session}" does not offer "${answer}"`, {
    hint: `It offers: ${offered}`,
  });
}
