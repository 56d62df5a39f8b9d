import type { AgentKind } from "../agents/agent.ts";
import { type Answer, type Choice, type Dialog, dialogOn, type Spot } from "../agents/dialog.ts";
import { AppError } from "../lib/errors.ts";
import { poll, sleep } from "../lib/wait.ts";
import type { Pane } from "../tmux/panes.ts";
import type { Ask } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { agentStatusBy } from "./agents.ts";
import { pressWhere } from "./press-where.ts";
import { typeInto } from "./type-into.ts";

/** How long an agent may take to draw what a key has changed. */
const DRAWN_MS = 3000;
const LOOK_MS = 50;
/** In so many looks one after the other nobody finds a screen half drawn. */
const DRAWING_LOOKS = 5;
/** A dialog that was drawn just now may not hear a key yet: it is pressed again, where it is certain that it is the same one. */
const PRESSES = 4;
const AGAIN_MS = 700;
const FIELD_MS = 200;
const HEARING_MS = 200;
/** Of words that were written, so many characters have to be seen. */
const WORDS_SEEN = 20;

/** What an agent asks. */
export interface Request extends Dialog {
  /** since when it waits, where that is told: the next request has another time */
  since: number | null;
}

/** The dialog of an agent, and whoever presses keys in it. Its methods throw ERR_COMMAND_FAILED for one that shows something else by then. */
export class Asking {
  private readonly pane: Pane;
  private readonly wait: "permission" | "question";
  private readonly kind: AgentKind;

  constructor(
    private readonly server: TmuxServer,
    private readonly ask: Ask,
    of: { pane: Pane; wait: "permission" | "question"; kind: AgentKind },
  ) {
    this.pane = of.pane;
    this.wait = of.wait;
    this.kind = of.kind;
  }

  /** What it asks: it says that it waits a moment before it has drawn what for. */
  async request(): Promise<Request | undefined> {
    const request = await poll(DRAWN_MS, LOOK_MS, () => this.now());
    if (!request?.choices.some(({ spot }) => spot)) return request;
    // it is clicked once alone, when it surely hears that
    await sleep(HEARING_MS);
    return await this.now();
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
    let last: string | undefined;
    const written = await poll(DRAWN_MS, LOOK_MS, async () => {
      const now = await this.now();
      const shown = now?.choices[choice.number - 1];
      // a long one may be cut, or go on below, and may be drawn bit by bit
      const isShown = shown?.isSelected && beginning(shown.label) === beginning(words) && shown.label === last;
      last = shown?.label;
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
      // the next request may look the same, where it is not told since when one asks, or by a hook alone, which comes later
      if (request.since === null || spot) break;
    }
    if (await poll(DRAWN_MS, LOOK_MS, () => this.isOver(request))) return;
    throw refused(this.pane, "still shows the dialog");
  }

  /** Where it asks what to do in place of what was refused, nothing is said. */
  async confirmRefusal(): Promise<void> {
    if (!(await this.isRefusalShown())) return;
    await this.press(["Enter"], "#{C/r:\u25b3 Reject permission}");
    if (await poll(DRAWN_MS, LOOK_MS, async () => !(await this.isRefusalShown()))) return;
    throw refused(this.pane, "asks what is to be done in place of what was refused");
  }

  private read(rows: readonly string[]): Dialog | undefined {
    return (this.kind.dialogOn ?? dialogOn)(rows);
  }

  private async isRefusalShown(): Promise<boolean> {
    return this.kind.isRefusalOn?.(await this.rows()) === true;
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

/** Whether two requests are the same one, shown at two moments. Pure. */
export function isSame(now: Request, before: Request): boolean {
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

/** What is thrown where something else is asked by now than what was to be answered. */
export function changed(pane: Pane): AppError {
  return refused(pane, "shows something else by now: nothing was answered");
}

/** What is thrown of a pane in which nothing can be answered, or was not. */
export function refused({ paneId, session }: Pane, what: string): AppError {
  const message = `Pane ${paneId} of "${session}" ${what}`;
  return new AppError("ERR_COMMAND_FAILED", message, {
    hint: "See what it does with agent-status, and what it shows with pane-screen.",
  });
}
