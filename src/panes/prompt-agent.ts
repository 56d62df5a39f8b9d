import type { Prompts } from "../agents/agent.ts";
import { promptText } from "../agents/prompt-text.ts";
import { kindNamed } from "../agents/table.ts";
import { AppError } from "../lib/errors.ts";
import { sleep } from "../lib/wait.ts";
import { hasEnded, isSameProcess } from "../process/identity.ts";
import { Dialogue } from "../tmux/dialogue.ts";
import type { Pane } from "../tmux/panes.ts";
import type { Ask } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { agentStatusBy, type PaneVerdict } from "./agents.ts";
import { BusyError, isOurs } from "./busy.ts";
import { deadlineAfter } from "./ended.ts";
import { type Earlier, PromptKey, type Receipt } from "./prompt-keys.ts";
import { notGiven, type PromptedAgent, Prompting } from "./prompting.ts";
import type { Place } from "./typable.ts";

/** What an agent is to be given, and by which key it is given once. */
interface Given extends Place {
  text: string;
  key: string | undefined;
}

/** What an agent is given. */
interface PromptOptions extends Given {
  /** whether to wait until it can be given */
  queue: boolean;
  /** how long all of it may take */
  timeoutS: number | undefined;
  signal: AbortSignal;
}

/** A prompt that an agent was seen to take. */
export interface Prompted {
  pane: Pane;
  /** the agent; undefined for one that was given before, and runs no more */
  agent: PromptedAgent | undefined;
  /** when it was given, ms since the epoch */
  at: number;
  /** whether that was an earlier time, with the same key */
  isRepeated: boolean;
}

/** Whom a prompt is for. */
interface Meant extends Place {
  /** undefined until an agent was found there */
  agent: PromptedAgent | undefined;
}

/** Who waits its turn looks so often. */
const QUEUE_LOOK_MS = 250;
/** What the process ends with where it is not known what became of a prompt, as timeout(1) has it. */
const UNKNOWN_EXIT = 124;

/**
 * Gives an agent a prompt: only where it has nothing to do, and nothing is written in its composer. It is pasted once, Enter is
 * pressed when it is shown there, and the agent is looked at until it is seen to have taken it.
 * @throws AppError as agentStatus(); with `receipt` "refused" among its facts, when nothing was typed: ERR_PANE_BUSY,
 *   ERR_TIMEOUT for one that waited, ERR_INVALID_ARGUMENT for a text or a key, ERR_COMMAND_FAILED for a pane without an agent, or
 *   of which that can't be told; with `receipt` "unknown", when it was typed, and not seen to be taken: ERR_TIMEOUT, for a key
 *   of which that is so ERR_COMMAND_FAILED; what the signal was aborted with
 */
export async function promptAgent(server: TmuxServer, options: PromptOptions): Promise<Prompted> {
  const { queue, timeoutS, signal } = options;
  const deadline = deadlineAfter(timeoutS);
  let last: Pane | undefined;
  try {
    using dialogue = new Dialogue(server);
    const ask: Ask = (commands) => dialogue.ask(commands);
    // by its id, and the process, once they are known: what waits its turn is for nobody else
    let meant: Meant = { session: options.session, pane: options.pane, agent: undefined };
    for (;;) {
      try {
        const found = await agentStatusBy(ask, { session: meant.session, pane: meant.pane });
        if (meant.agent && !isSameProcess(found.agent, meant.agent)) throw goneSince(found.pane, meant.agent);
        last = found.pane;
        meant = { session: found.pane.session, pane: found.pane.id, agent: found.agent };
        return await giveNow(server, ask, found, { ...options, deadline });
      } catch (thrown) {
        if (!queue || !(thrown instanceof BusyError)) throw thrown;
        if (performance.now() >= deadline) throw notInTime(thrown, timeoutS);
      }
      if (!(await sleep(QUEUE_LOOK_MS, signal))) throw signal.reason;
    }
  } catch (thrown) {
    // of what goes wrong before anything is typed
    if (thrown instanceof AppError) addReceipt(thrown, server, options, last);
    throw thrown;
  }
}

/**
 * Tells with an error what became of a prompt that was not typed now, unless it does.
 * @param pane undefined where that was not found
 */
export function addReceipt(error: AppError, server: TmuxServer, given: Given, pane?: Pane): void {
  error.details.receipt ??= earlierReceipt(server, given, pane) ?? "refused";
}

/** What became of the same prompt before, for the same pane; `pane`: undefined where that was not found. */
function earlierReceipt(server: TmuxServer, options: Given, pane: Pane | undefined): Receipt | undefined {
  const { key } = options;
  const given = promptText(options.text);
  if (!key || "refused" in given) return undefined;
  return PromptKey.earlier(key, { text: given.text, pane: pane && keyedPane(pane), place: placeOf(server, options) });
}

function placeOf({ socket }: TmuxServer, { session, pane }: Place): string {
  return JSON.stringify([socket, session, pane]);
}

function keyedPane({ server, id }: Pane): string {
  return `${server} ${id}`;
}

async function giveNow(
  server: TmuxServer,
  ask: Ask,
  found: PaneVerdict,
  options: PromptOptions & { deadline: number },
): Promise<Prompted> {
  const { key: word, deadline, signal } = options;
  const given = promptText(options.text);
  if ("refused" in given)
    throw new AppError("ERR_INVALID_ARGUMENT", `The prompt can't be given: ${given.refused}`, {
      hint: "Change the text. What is to be typed as it stands, whatever it does there, is for pane-send-stdin --enter.",
    });
  const { text } = given;
  const { pane, agent } = found;
  const isUsed = () => word !== undefined && PromptKey.isUsed(word);
  const prepared = () => new Prompting(server, ask, { pane, agent, prompts: promptsOf(found), deadline, signal });
  // what was given with that key is told whatever the agent does now, which may be that
  if (!isUsed()) {
    await prepared()
      .check()
      .catch((thrown) => {
        if (!isUsed()) throw thrown;
      });
  }
  const name = `pane ${pane.paneId} of "${pane.session}"`;
  const keyed = { text, pane: keyedPane(pane), name, place: placeOf(server, options) };
  const key = word === undefined ? undefined : await PromptKey.take(word, keyed, signal);
  if (key && !(key instanceof PromptKey)) return repeated(found, key);
  let prompting: Prompting | undefined;
  try {
    prompting = prepared();
    await prompting.give(text);
  } catch (thrown) {
    const isTyped = prompting?.isTyped === true;
    if (thrown instanceof AppError) thrown.details.receipt = isTyped ? "unknown" : "refused";
    if (isTyped) key?.settle("unknown");
    else key?.release();
    throw thrown;
  }
  key?.settle("submitted");
  return { pane, agent, at: prompting.at, isRepeated: false };
}

/** How the agent in a pane is given prompts. Throws ERR_COMMAND_FAILED, ERR_PANE_BUSY. */
function promptsOf({ pane, agent }: PaneVerdict): Prompts {
  const refuse = (code: "ERR_PANE_BUSY" | "ERR_COMMAND_FAILED", what: string, hint: string) =>
    new AppError(code, notGiven(pane, what), { hint });
  if (isOurs(pane))
    throw refuse(
      "ERR_PANE_BUSY",
      "is the one that this command runs in",
      "No agent prompts itself: name the pane of another one.",
    );
  if (!agent) {
    const hint = "To run a command in a shell use pane-run; to ask a program something, pane-ask.";
    throw refuse("ERR_COMMAND_FAILED", "runs no agent that is known", hint);
  }
  const prompts = kindNamed(agent.kind)?.prompts;
  if (prompts) return prompts;
  const hint = "Type with pane-send-stdin --enter, and look with pane-screen.";
  throw refuse("ERR_COMMAND_FAILED", `runs ${agent.kind}, of which it is not known how it shows a prompt`, hint);
}

function repeated({ pane, agent }: PaneVerdict, { receipt, at }: Earlier): Prompted {
  if (receipt !== "unknown") return { pane, agent, at, isRepeated: true };
  const message = `Whether pane ${pane.paneId} of "${pane.session}" was given the prompt with that key is not known`;
  throw new AppError("ERR_COMMAND_FAILED", message, {
    hint: "Look with pane-screen. What was given with a key is never given again: if it was not taken, use another key.",
    details: { receipt },
    exitCode: UNKNOWN_EXIT,
  });
}

function goneSince(pane: Pane, agent: PromptedAgent): AppError {
  const how = hasEnded(agent) ? "does not run any more" : "does not have in the foreground any more";
  const message = notGiven(pane, `${how} the agent that it was for`);
  return new AppError("ERR_COMMAND_FAILED", message, { hint: "See what runs there now with agent-status." });
}

function notInTime({ message, hint }: BusyError, timeoutS: number | undefined): AppError {
  return new AppError("ERR_TIMEOUT", `${message}, and was not free within ${timeoutS} s`, { hint });
}
