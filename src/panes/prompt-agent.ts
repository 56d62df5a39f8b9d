import type { Prompts } from "../agents/agent.ts";
import { composerOn } from "../agents/composer.ts";
import { promptText } from "../agents/prompt-text.ts";
import { kindNamed } from "../agents/table.ts";
import type { AgentState } from "../agents/told.ts";
import { lastSaid } from "../agents/transcript.ts";
import { AppError } from "../lib/errors.ts";
import { poll } from "../lib/wait.ts";
import { Dialogue } from "../tmux/dialogue.ts";
import type { Pane } from "../tmux/panes.ts";
import { type Ask, tmuxEachBy } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { PaneAgent } from "../verdict/agent.ts";
import { agentStatusBy, type PaneVerdict } from "./agents.ts";
import { endTurn, takeTurn } from "./ask-turn.ts";
import { isOurs } from "./busy.ts";
import { newHolder } from "./holders.ts";
import { pressWhere } from "./press-where.ts";
import { type Keyed, PromptKey, type Receipt } from "./prompt-keys.ts";
import { type Leave, mayPrompt, type PromptLook, type Taken, takenBy } from "./prompt-rule.ts";
import type { Place } from "./typable.ts";
import { typeInto } from "./type-into.ts";

/** What an agent is given. */
export interface PromptOptions extends Place {
  text: string;
  /** by which it is given once */
  key: string | undefined;
  /** whether it may be given to one that works, and keeps it for afterwards */
  queue: boolean;
}

/** What became of a prompt. */
export interface Prompted {
  pane: Pane;
  agent: string;
  receipt: Exclude<Receipt, "unknown">;
  /** when it was given, ms since the epoch */
  at: number;
  /** whether that was an earlier time, with the same key */
  isRepeated: boolean;
}

/** What is seen of an agent, and where the cursor is. */
interface Look extends PromptLook {
  cursor: { row: number; column: number };
  agent: PaneAgent | undefined;
}

const IDLE: readonly AgentState[] = ["idle", "done", "failed"];
const LOOK_MS = 50;
const DRAWN_MS = 3000;
const PASTE_TRIES = 10;
/** How long a text may take to be drawn: an agent that starts draws its composer before it reads. */
const SHOWN_MS = 5000;
/** An Enter that comes sooner after a paste is taken for a part of it. */
const PASTE_MS = 300;
/** A text that stands there so long after Enter was not taken. */
const TAKEN_MS = 2500;
/** How long an agent that has taken it may need to begin: one that starts keeps it until then. */
const BEGUN_MS = 15_000;

/**
 * Gives an agent a prompt: only where it has nothing to do, or keeps it for afterwards, and nothing is written in its composer. It
 * is pasted once, Enter is pressed when it is shown there, and the agent is looked at until it is seen to have taken it.
 * @throws AppError as agentStatus(); with `receipt` "refused" among its facts, when nothing was typed: ERR_PANE_BUSY,
 *   ERR_INVALID_ARGUMENT for a text or a key, ERR_COMMAND_FAILED for a pane without an agent, or of which that can't be told; with
 *   `receipt` "unknown", when it may have been taken or not: ERR_TIMEOUT, ERR_COMMAND_FAILED
 */
export async function promptAgent(server: TmuxServer, options: PromptOptions): Promise<Prompted> {
  try {
    return await prompted(server, options);
  } catch (thrown) {
    if (thrown instanceof AppError) thrown.details.receipt ??= "refused";
    throw thrown;
  }
}

async function prompted(server: TmuxServer, options: PromptOptions): Promise<Prompted> {
  using dialogue = new Dialogue(server);
  const ask: Ask = (commands) => dialogue.ask(commands);
  const given = promptText(options.text);
  if ("refused" in given) throw notText(given.refused);
  const found = await agentStatusBy(ask, options);
  const { pane } = found;
  const { kind, prompts } = promptable(found);
  const keyed = {
    text: given.text,
    pane: `${pane.server} ${pane.id}`,
    name: `pane ${pane.paneId} of "${pane.session}"`,
  };
  const key = await taken(options.key, keyed);
  if (key && !(key instanceof PromptKey)) return repeated(pane, kind, key);
  const prompting = new Prompting(server, ask, { pane, prompts });
  try {
    const receipt = await prompting.give(given.text, options.queue);
    key?.settle(receipt);
    return { pane, agent: kind, receipt, at: prompting.at, isRepeated: false };
  } catch (thrown) {
    if (!prompting.isTyped) key?.release();
    else {
      key?.settle("unknown");
      if (thrown instanceof AppError) thrown.details.receipt ??= "unknown";
    }
    throw thrown;
  }
}

/** A prompt on its way into an agent. */
class Prompting {
  /** whether it was typed, or may have been */
  isTyped = false;
  /** when Enter was pressed, or something is about to be typed; ms since the epoch */
  at = Date.now();
  /** whether the agent works meanwhile */
  private isBusy = false;
  private readonly pane: Pane;
  private readonly prompts: Prompts;

  constructor(
    private readonly server: TmuxServer,
    private readonly ask: Ask,
    { pane, prompts }: { pane: Pane; prompts: Prompts },
  ) {
    this.pane = pane;
    this.prompts = prompts;
  }

  /** Gives it, and returns what became of it. */
  async give(text: string, wantsQueue: boolean): Promise<Exclude<Receipt, "unknown">> {
    const { ask, pane } = this;
    const holder = newHolder();
    await takeTurn(ask, pane, holder);
    try {
      await this.paste(text, wantsQueue);
      const typed = await this.shown();
      for (const isLast of [false, true]) {
        await this.enter(isLast);
        const seen = await this.seen(typed);
        if (seen === "submitted" || seen === "queued") return seen;
        if (seen === "unseen")
          throw unseen(pane, "has gone from the composer, and the agent was not seen to do anything");
      }
      throw unseen(pane, "stands in the composer, and the agent does not take it");
    } finally {
      await endTurn(ask, pane, holder);
    }
  }

  /** Pastes the text in the moment in which the cursor stands where it stood when the composer was seen to be empty. */
  private async paste(text: string, wantsQueue: boolean): Promise<void> {
    const { server, ask, pane } = this;
    const bytes = new TextEncoder().encode(text);
    // the composer of an agent that works may have moved
    for (let tries = 0; tries < PASTE_TRIES; tries++) {
      const now = await this.settled();
      const leave: Leave = mayPrompt(now, this.prompts, wantsQueue);
      if ("refused" in leave) throw refused(pane, leave.refused, leave.hint);
      this.isBusy = leave.isBusy;
      this.isTyped = true;
      const when = isCursorAt(now.cursor);
      this.isTyped = await typeInto(server, ask, pane, { bytes, enter: false, paste: true, isSecret: true, when });
      if (this.isTyped) return;
    }
    throw refused(pane, "does not stand still", "Try again in a moment.");
  }

  /** Looks at it; one that starts, or draws its screen anew, has no composer for a moment. */
  private async settled(): Promise<Look> {
    const drawn = async () => {
      const now = await this.look();
      return now.composer || !IDLE.includes(now.state) ? now : undefined;
    };
    return (await poll(DRAWN_MS, LOOK_MS, drawn)) ?? (await this.look());
  }

  /** What the composer shows when the text has been drawn there, and long enough after it was pasted. */
  private async shown(): Promise<string> {
    const pasted = performance.now();
    const text = await poll(SHOWN_MS, LOOK_MS, async () => {
      const { state, composer } = await this.look();
      if (state === "waiting")
        throw unseen(this.pane, "was typed as the agent began to wait for somebody; Enter was not pressed");
      return performance.now() - pasted >= PASTE_MS && composer?.text ? composer.text : undefined;
    });
    if (text === undefined || text === "")
      throw unseen(this.pane, "was typed, and is not shown; Enter was not pressed");
    return text;
  }

  /** Presses Enter where the text stands. A second time only where the agent does nothing, or would keep it for afterwards. */
  private async enter(isAgain: boolean): Promise<void> {
    const { ask, pane, prompts } = this;
    const now = await this.look();
    const isFree = now.state !== "waiting" && (!isAgain || now.state !== "working" || prompts.isQueued);
    const isThere = isFree && now.composer !== undefined;
    if (!isAgain) this.at = Date.now();
    if (isThere && (await pressWhere(ask, pane.id, ["Enter"], isCursorAt(now.cursor)))) return;
    if (isAgain) return; // it has been taken meanwhile, or never will be
    throw unseen(pane, "was typed, and something else has the keys now; Enter was not pressed");
  }

  private async seen(typed: string): Promise<Taken> {
    const { isBusy, at } = this;
    const entered = performance.now();
    const seen = await poll(BEGUN_MS, LOOK_MS, async () => {
      const now = await this.look();
      const hasSpoken = now.agent !== undefined && lastSaid(now.agent, at) !== undefined;
      const taken = takenBy({ ...now, hasSpoken }, { typed, isBusy, at });
      const isLate = taken === "standing" && performance.now() - entered >= TAKEN_MS;
      return taken === "submitted" || taken === "queued" || isLate || now.state === "dead" ? taken : undefined;
    });
    return seen ?? "unseen";
  }

  private async look(): Promise<Look> {
    const { ask, pane, prompts } = this;
    const { state, for: wait, since, agent } = await agentStatusBy(ask, { session: pane.session, pane: pane.id });
    const [screen = "", place = ""] = await tmuxEachBy(ask, [
      ["capture-pane", "-p", "-e", "-t", pane.id],
      ["display-message", "-p", "-t", pane.id, "#{cursor_y} #{cursor_x}"],
    ]);
    const [row = 0, column = 0] = place.trim().split(" ").map(Number);
    const cursor = { row, column };
    const composer = composerOn(prompts.composer, { rows: screen.split("\n"), cursor });
    return { state: agent ? state : "dead", for: wait, since, composer, cursor, agent };
  }
}

/** The kind of an agent that can be given prompts. Throws ERR_COMMAND_FAILED, ERR_PANE_BUSY. */
function promptable({ pane, agent }: PaneVerdict): { kind: string; prompts: Prompts } {
  if (isOurs(pane)) throw refused(pane, "is the one that this command runs in", "Nobody prompts himself.");
  if (!agent) {
    const hint = "To run a command in a shell use pane-run; to ask a program something, pane-ask.";
    throw notDone(pane, "runs no agent that is known", hint);
  }
  const prompts = kindNamed(agent.kind)?.prompts;
  if (prompts) return { kind: agent.kind, prompts };
  const hint = "Type with pane-send-stdin --enter, and look with pane-screen.";
  throw notDone(pane, `runs ${agent.kind}, of which it is not known how it shows a prompt`, hint);
}

async function taken(key: string | undefined, keyed: Keyed) {
  return key === undefined ? undefined : await PromptKey.take(key, keyed);
}

function repeated(pane: Pane, agent: string, { receipt, at }: { receipt: Receipt; at: number }): Prompted {
  if (receipt !== "unknown") return { pane, agent, receipt, at, isRepeated: true };
  const message = `Whether pane ${pane.paneId} of "${pane.session}" was given the prompt with that key is not known`;
  throw new AppError("ERR_COMMAND_FAILED", message, {
    hint: "Look with pane-screen. What was given with a key is never given again: if it was not taken, use another key.",
    details: { receipt },
  });
}

/** A tmux format that is true while the cursor is there. */
function isCursorAt({ row, column }: { row: number; column: number }): string {
  return `#{&&:#{==:#{cursor_x},${column}},#{==:#{cursor_y},${row}}}`;
}

function nameOf({ paneId, session }: Pane): string {
  return `pane ${paneId} of "${session}"`;
}

function notText(why: string): AppError {
  return new AppError("ERR_INVALID_ARGUMENT", `The prompt can't be given: ${why}`);
}

function refused(pane: Pane, what: string, hint: string): AppError {
  const message = `The prompt was not given: ${nameOf(pane)} ${what}`;
  return new AppError("ERR_PANE_BUSY", message, { hint });
}

function notDone(pane: Pane, what: string, hint: string): AppError {
  const message = `The prompt was not given: ${nameOf(pane)} ${what}`;
  return new AppError("ERR_COMMAND_FAILED", message, { hint });
}

function unseen(pane: Pane, what: string): AppError {
  return new AppError("ERR_TIMEOUT", `The prompt for ${nameOf(pane)} ${what}`, {
    hint: "Look with pane-screen before you give it again.",
  });
}
