import type { AgentKind } from "../agents/agent.ts";
import { type Answer, answerTo, type Choice, inOwnWords } from "../agents/dialog.ts";
import { kindNamed } from "../agents/table.ts";
import { AppError } from "../lib/errors.ts";
import { Dialogue } from "../tmux/dialogue.ts";
import type { Pane } from "../tmux/panes.ts";
import type { Ask } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { agentStatusBy, type PaneVerdict } from "./agents.ts";
import { Asking, changed, isSame, type Request, refused } from "./asking.ts";
import { isOurs } from "./busy.ts";
import { insteadOfPermitting } from "./left-to-people.ts";
import type { Place } from "./typable.ts";

/** How an agent was answered. */
interface Answered {
  pane: Pane;
  /** what it had waited for */
  for: "permission" | "question";
  /** the label of the choice that was taken, or the words that were written in its place; undefined where the dialog was closed */
  choice: string | undefined;
}

/** What an agent asks, as a person may be shown it. */
export interface Question {
  for: "permission" | "question";
  request: Request;
}

/** What an agent asks that can be answered here. Throws as answerAgent(). */
export async function questionOf(server: TmuxServer, place: Place): Promise<Question> {
  using dialogue = new Dialogue(server);
  const { wait, request } = await open(server, (commands) => dialogue.ask(commands), place);
  return { for: wait, request };
}

/**
 * Answers the dialog in which an agent asks for a permission, or something else, if it still does: the choice is selected, the screen
 * is looked at, and Enter is pressed only while it shows that.
 * @param asked what the answer is for, where that was seen before: nothing else is answered
 * @throws AppError as agentStatus(); ERR_COMMAND_FAILED for one that asks nothing, or something else, in a pane of which that can't be
 *   told, or that does not take the answer; ERR_INVALID_ARGUMENT for an answer that is not offered, and can't be one's own words (see
 *   inOwnWords); ERR_NOT_OWNER for a permission that is left to people (see leavePermissionsToPeople)
 */
export async function answerAgent(
  server: TmuxServer,
  place: Place,
  answer: string,
  asked?: Question,
): Promise<Answered> {
  using dialogue = new Dialogue(server);
  const opened = await open(server, (commands) => dialogue.ask(commands), place);
  const { pane, kind, wait, dialog } = opened;
  let { request } = opened;
  if (asked && !(asked.for === wait && isSame(asked.request, request))) throw changed(pane);
  const { choices } = request;
  const isQuestion = wait === "question";
  const own = isQuestion ? kind.ownWords : undefined;
  const wanted = answerTo(choices, answer, !isQuestion) ?? inOwnWords(choices, answer, own);
  if (!wanted) throw notOffered(pane, answer, choices, inOwnWords(choices, "any words", own) !== undefined);
  const isChoice = "choice" in wanted;
  if (isChoice && !wanted.choice.spot) await dialog.select(request, wanted.choice);
  if (isChoice && wanted.words !== undefined) request = await dialog.write(wanted.choice, wanted.words);
  await dialog.close(request, wanted);
  if (isRefusal(wanted)) await dialog.confirmRefusal();
  return { pane, for: wait, choice: isChoice ? (wanted.words ?? wanted.choice.label) : undefined };
}

/** A dialog that can be answered. */
interface Opened {
  pane: Pane;
  kind: AgentKind;
  wait: Question["for"];
  dialog: Asking;
  request: Request;
}

/** The dialog that an agent shows. Throws as answerAgent(). */
async function open(server: TmuxServer, ask: Ask, place: Place): Promise<Opened> {
  const found = await agentStatusBy(ask, place);
  const { pane } = found;
  if (isOurs(pane)) throw refused(pane, "is the one that this command runs in: nobody answers himself");
  if (!found.agent || found.state !== "waiting") throw refused(pane, `${whatOf(found)}: there is nothing to answer`);
  const { for: wait } = found;
  if (wait !== "permission" && wait !== "question") {
    throw refused(pane, `${whatOf(found)}, which is a person's to answer`);
  }
  const instead = insteadOfPermitting();
  if (wait === "permission" && instead !== undefined) throw notPermitting(found, instead);
  const kind = kindNamed(found.agent.kind);
  if (!kind) throw refused(pane, `${whatOf(found)}, of which it is not known how it is answered`);
  if (wait === "question" && kind.questionsLeft !== undefined) {
    throw refused(pane, `asks a question and ${kind.questionsLeft}: it is a person's to answer`);
  }
  const dialog = new Asking(server, ask, { pane, wait, kind });
  const request = await dialog.request();
  if (!request) throw refused(pane, "shows no choices that can be told apart");
  return { pane, kind, wait, dialog, request };
}

/** Whether it may be asked what is to be done in place of what was refused: of any other, a person writes there. */
function isRefusal(answer: Answer): boolean {
  return "escape" in answer || /^(no|reject)\b/i.test(answer.choice.label);
}

function whatOf({ agent, state, for: wait }: PaneVerdict): string {
  if (!agent) return "runs no agent that is known";
  return state === "waiting"
    ? `is ${agent.kind} that waits for ${wait ?? "something that nobody can tell"}`
    : `is ${agent.kind}, ${state}`;
}

function notPermitting(found: PaneVerdict, hint: string): AppError {
  const { paneId, session } = found.pane;
  return new AppError("ERR_NOT_OWNER", `Pane ${paneId} of "${session}" ${whatOf(found)}, which only a person gives`, {
    hint,
  });
}

function notOffered(
  { paneId, session }: Pane,
  answer: string,
  choices: readonly Choice[],
  takesWords: boolean,
): AppError {
  const offered = choices.map(({ number, label }) => `${number}. ${label}`).join(", ");
  return new AppError("ERR_INVALID_ARGUMENT", `Pane ${paneId} of "${session}" does not offer "${answer}"`, {
    hint: `It offers: ${offered}${takesWords ? "; or two words and more of your own, in one line" : ""}`,
  });
}
