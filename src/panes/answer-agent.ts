import { answerTo, type Choice, type Dialog, dialogOn } from "../agents/dialog.ts";
import { AppError } from "../lib/errors.ts";
import { poll, sleep } from "../lib/wait.ts";
import { quoteCommands } from "../tmux/command-line.ts";
import { Dialogue } from "../tmux/dialogue.ts";
import { inPaneAlone } from "../tmux/keyboard.ts";
import type { Pane } from "../tmux/panes.ts";
import type { Ask } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { agentStatusBy, type PaneVerdict } from "./agents.ts";
import { isOurs } from "./busy.ts";
import { insteadOfPermitting } from "./left-to-people.ts";
import { type Place, toProgram } from "./typable.ts";

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
const PRESSED = "\u241epressed";

/** What an agent asks. */
interface Request extends Dialog {
  /** since when it waits, where that is told: the next request has another time */
  since: number | null;
}

/**
 * Answers the dialog in which an agent asks for a permission, or something else, if it still does: the choice is selected, the screen
 * is looked at, and Enter is pressed only while it shows that.
 * @throws AppError as agentStatus(); ERR_COMMAND_FAILED for one that asks nothing, in a pane of which that can't be told, or that does
 *   not take the answer; ERR_INVALID_ARGUMENT for an answer that is not offered; ERR_NOT_OWNER for a permission that is left to
 *   people (see leavePermissionsToPeople)
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
  const dialog = new Asking(ask, pane, found.for);
  const request = await dialog.request();
  if (!request) throw refused(pane, "shows no choices that can be told apart");
  const wanted = answerTo(request.choices, answer, found.for === "permission");
  if (!wanted) throw notOffered(pane, answer, request.choices);
  if ("choice" in wanted) await dialog.select(request, wanted.choice);
  await dialog.close(request, "choice" in wanted ? "Enter" : "Escape");
  return { pane, for: found.for, choice: "choice" in wanted ? wanted.choice.label : undefined };
}

/** The dialog of an agent, and whoever presses keys in it. */
class Asking {
  constructor(
    private readonly ask: Ask,
    private readonly pane: Pane,
    private readonly wait: Answered["for"],
  ) {}

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
      await this.press(at < to ? "Down" : "Up", now.choices[at] as Choice);
      await poll(AGAIN_MS, LOOK_MS, async () => selectedIn(await this.same(request)) !== at);
    }
    throw refused(this.pane, `does not go to "${wanted.label}": nothing was answered`);
  }

  /** Presses what ends the dialog, and waits until it has. */
  async close(request: Request, key: string): Promise<void> {
    const now = await this.same(request);
    const selected = now.choices[selectedIn(now)] as Choice;
    for (let presses = 0; presses < PRESSES; presses++) {
      const isPressed = this.press(key, selected);
      // the first one may have ended it meanwhile
      await (presses === 0 ? isPressed : isPressed.catch(() => {}));
      if (await poll(AGAIN_MS, LOOK_MS, () => this.isOver(request))) return;
      // of what does not tell since when it asks, the next request may look the same
      if (request.since === null) break;
    }
    if (await poll(DRAWN_MS, LOOK_MS, () => this.isOver(request))) return;
    throw refused(this.pane, "still shows the dialog");
  }

  private async now(): Promise<Request | undefined> {
    const found = await agentStatusBy(this.ask, { session: this.pane.session, pane: this.pane.id });
    const { since, state } = found;
    const screen = await this.ask([["capture-pane", "-p", "-t", this.pane.id]]);
    const dialog = state === "waiting" && found.for === this.wait ? dialogOn(screen.split("\n")) : undefined;
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

  /** Presses a key while that choice is shown as the selected one, in the very moment. */
  private async press(key: string, selected: Choice): Promise<void> {
    const { pane, ask } = this;
    const keys = inPaneAlone(pane.id, [...toProgram(pane.id), ["send-keys", "-t", pane.id, key]]);
    const then = quoteCommands([...keys, ["display-message", "-p", PRESSED]]);
    const step = [["if-shell", "-F", "-t", pane.id, shownFormat(selected), then, ""]];
    // it may be drawn just now
    const isPressed = await poll(DRAWING_LOOKS * LOOK_MS, LOOK_MS, async () => (await ask(step)).includes(PRESSED));
    if (!isPressed) throw changed(pane);
  }
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
