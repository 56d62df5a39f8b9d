import type { Prompts } from "../agents/agent.ts";
import { type Cursor, composerOn } from "../agents/composer.ts";
import { lastSaid, transcriptOf } from "../agents/transcript.ts";
import { AppError } from "../lib/errors.ts";
import { poll } from "../lib/wait.ts";
import { hasEnded, isSameProcess, type ProcessId } from "../process/identity.ts";
import type { Pane } from "../tmux/panes.ts";
import { type Ask, tmuxEachBy } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import type { PaneAgent } from "../verdict/agent.ts";
import { agentStatusBy, type PaneVerdict } from "./agents.ts";
import { endTurn, takeTurn } from "./ask-turn.ts";
import { BusyError } from "./busy.ts";
import { newHolder } from "./holders.ts";
import { pressWhere } from "./press-where.ts";
import { isFree, isShownAs, mayPrompt, type PromptLook, type Taken, takenBy } from "./prompt-rule.ts";
import { typeInto } from "./type-into.ts";

/** What is seen of an agent, and where the cursor is. */
interface Look extends PromptLook {
  source: PaneVerdict["source"];
  cursor: Cursor;
  agent: PaneAgent | undefined;
}

const LOOK_MS = 50;
const DRAWN_MS = 3000;
const PASTE_TRIES = 10;
/** How long a text may take to be drawn: an agent that starts draws its composer before it reads. */
const SHOWN_MS = 5000;
/** An Enter that comes sooner after a paste is taken for a part of it. */
const PASTE_MS = 300;
/** A text that stands there so long after Enter was not taken: it is pressed once more. */
const TAKEN_MS = 2500;
/** How long an agent that has taken it may need to begin: one that starts keeps it until then. */
const BEGUN_MS = 15_000;

/** The very agent that a prompt is for. */
export type PromptedAgent = ProcessId & Pick<PaneAgent, "kind">;

/** A prompt on its way into an agent. */
export class Prompting {
  /** whether it was typed, or may have been */
  isTyped = false;
  /** when Enter was pressed; ms since the epoch */
  at = Date.now();
  /** whether its empty composer alone tells that it has nothing to do: then a text in it tells nothing */
  private isByComposer = false;
  private readonly pane: Pane;
  private readonly agent: ProcessId | undefined;
  private readonly prompts: Prompts;
  private readonly deadline: number;
  private readonly signal: AbortSignal;

  constructor(
    private readonly server: TmuxServer,
    private readonly ask: Ask,
    /**
     * `agent`: its process, since another one may come in its place; `deadline`: when it is looked at no longer (ms of
     * performance.now())
     */
    to: { pane: Pane; agent: ProcessId | undefined; prompts: Prompts; deadline: number; signal: AbortSignal },
  ) {
    this.pane = to.pane;
    this.agent = to.agent;
    this.prompts = to.prompts;
    this.deadline = to.deadline;
    this.signal = to.signal;
  }

  /** Looks whether it may be given now. Throws ERR_PANE_BUSY, and ERR_COMMAND_FAILED where it never may. */
  async check(): Promise<Look> {
    const now = await this.settled();
    this.isByComposer = now.source === "screen";
    const refusal = mayPrompt(now);
    if (!refusal) return now;
    const { why, hint, isForGood } = refusal;
    const message = notGiven(this.pane, why);
    throw isForGood ? new AppError("ERR_COMMAND_FAILED", message, { hint }) : new BusyError(message, hint);
  }

  /**
   * Pastes it, presses Enter when it is shown in the composer, and looks until the agent is seen to have taken it.
   * @throws AppError ERR_PANE_BUSY when it was not typed; ERR_TIMEOUT when it was, and was not seen to be taken
   */
  async give(text: string): Promise<void> {
    const { ask, pane } = this;
    const holder = newHolder();
    await takeTurn(ask, pane, holder);
    try {
      await this.paste(text);
      const shown = await this.shown(text);
      for (const isAgain of [false, true]) {
        await this.enter(shown, isAgain);
        const seen = await this.seen(shown, isAgain ? BEGUN_MS : TAKEN_MS);
        if (seen === "submitted") return;
        if (seen === "ended") throw unseen(pane, "was typed, Enter was pressed, and the agent has ended");
        if (seen === "away")
          throw unseen(pane, "was typed, Enter was pressed, and the agent is in the foreground no more");
        if (seen === "unseen") {
          throw unseen(pane, "has gone from the composer, and the agent was not seen to do anything");
        }
        if (this.within(TAKEN_MS) === 0) break;
      }
      throw unseen(pane, "stands in the composer, and the agent does not take it");
    } finally {
      await endTurn(ask, pane, holder);
    }
  }

  /** Pastes the text in the moment in which the cursor stands where it stood when the composer was seen to be empty. */
  private async paste(text: string): Promise<void> {
    const { server, ask, pane } = this;
    const bytes = new TextEncoder().encode(text);
    // the composer may be moving
    for (let tries = 0; tries < PASTE_TRIES; tries++) {
      const { cursor } = await this.check();
      this.signal.throwIfAborted();
      if (this.within(PASTE_MS) < PASTE_MS) {
        throw new AppError("ERR_TIMEOUT", notGiven(pane, "could not be given it in the time that is left"), {
          hint: "Give it more time with --timeout.",
        });
      }
      const onTyping = (mayBeTyped: boolean) => {
        this.isTyped = mayBeTyped;
      };
      const how = { enter: false, paste: true, isSecret: true, when: isCursorAt(cursor), onTyping };
      this.isTyped = await typeInto(server, ask, pane, { bytes, ...how });
      if (this.isTyped) return;
    }
    throw new BusyError(notGiven(pane, "does not stand still"), "Try again in a moment.");
  }

  /** Looks at it; one that starts, or draws its screen anew, has no composer for a moment. */
  private async settled(): Promise<Look> {
    const drawn = async () => {
      const now = await this.look();
      return now.composer || !isFree(now.state) ? now : undefined;
    };
    return (await poll(this.within(DRAWN_MS), LOOK_MS, drawn)) ?? (await this.look());
  }

  /** What the composer shows when the text has been drawn there, alone, and long enough after it was pasted. */
  private async shown(text: string): Promise<string> {
    const pasted = performance.now();
    const shown = await poll(this.within(SHOWN_MS), LOOK_MS, async () => {
      const { state, composer } = await this.look();
      if (!this.isStillFree(state)) {
        throw unseen(this.pane, `was typed as the agent began to do something else (${state}); Enter was not pressed`);
      }
      const isLongEnough = performance.now() - pasted >= PASTE_MS;
      return isLongEnough && composer && isShownAs(text, composer.text) ? composer.text : undefined;
    });
    if (shown === undefined) throw unseen(this.pane, "was typed, and is not shown as it is; Enter was not pressed");
    return shown;
  }

  /**
   * Presses Enter where the text stands, and nothing else, of an agent that does nothing: one that works may be about to ask for a
   * permission, which Enter would give before that is drawn.
   */
  private async enter(shown: string, isAgain: boolean): Promise<void> {
    const { ask, pane } = this;
    const { state, composer, cursor } = await this.look();
    const isThere = this.isStillFree(state) && composer?.text === shown;
    this.signal.throwIfAborted();
    if (!isAgain) this.at = Date.now();
    if (isThere && (await pressWhere(ask, pane.id, ["Enter"], isCursorAt(cursor)))) return;
    if (isAgain) return; // it has been taken meanwhile, or never will be
    throw unseen(pane, "was typed, and something else has the keys now; Enter was not pressed");
  }

  private isStillFree(state: PromptLook["state"]): boolean {
    return isFree(state) || (this.isByComposer && (state === "unknown" || state === "starting"));
  }

  /** @param takenMs for so long it may stand there */
  private async seen(typed: string, takenMs: number): Promise<Taken> {
    const { at } = this;
    const entered = performance.now();
    let transcript: string | undefined;
    let taken: Taken = "unseen";
    const seen = await poll(this.within(BEGUN_MS), LOOK_MS, async () => {
      const now = await this.look();
      const { agent } = now;
      taken = takenBy({ ...now, hasSpoken: false }, { typed, at });
      if (taken === "unseen" && agent) {
        transcript ??= transcriptOf(agent);
        const hasSpoken = transcript !== undefined && lastSaid(agent, at, transcript) !== undefined;
        taken = takenBy({ ...now, hasSpoken }, { typed, at });
      }
      const isLate = taken === "standing" && performance.now() - entered >= takenMs;
      return taken === "submitted" || taken === "ended" || taken === "away" || isLate ? taken : undefined;
    });
    return seen ?? taken;
  }

  /** So much of a time as is left. */
  private within(ms: number): number {
    return Math.min(ms, Math.max(0, this.deadline - performance.now()));
  }

  private async look(): Promise<Look> {
    const { ask, pane, prompts } = this;
    const {
      state,
      for: wait,
      since,
      source,
      agent,
    } = await agentStatusBy(ask, { session: pane.session, pane: pane.id });
    const [screen = "", place = ""] = await tmuxEachBy(ask, [
      ["capture-pane", "-p", "-e", "-t", pane.id],
      ["display-message", "-p", "-t", pane.id, "#{cursor_y} #{cursor_x} #{cursor_flag} #{pane_mode}"],
    ]);
    const [row, column, flag, mode = ""] = place.trim().split(" ");
    const cursor = { row: Number(row), column: Number(column), isHidden: flag === "0" };
    const composer = composerOn(prompts.composer, { rows: screen.split("\n"), cursor });
    const now = isSameProcess(agent, this.agent) ? state : this.agent && !hasEnded(this.agent) ? "away" : "dead";
    return { state: now, for: wait, since, source, mode, composer, cursor, agent };
  }
}

/** A tmux format that is true while the cursor is there, is shown if it was, and nobody looks at the pane in a mode. */
function isCursorAt({ row, column, isHidden }: Cursor): string {
  const isThere = `#{&&:#{==:#{cursor_x},${column}},#{==:#{cursor_y},${row}}}`;
  const isSeen = isHidden ? isThere : `#{&&:${isThere},#{cursor_flag}}`;
  return `#{&&:${isSeen},#{==:#{pane_in_mode},0}}`;
}

/** The sentence for a prompt that was not typed. */
export function notGiven({ paneId, session }: Pane, why: string): string {
  return `The prompt was not given: pane ${paneId} of "${session}" ${why}`;
}

function unseen({ paneId, session }: Pane, what: string): AppError {
  return new AppError("ERR_TIMEOUT", `The prompt for pane ${paneId} of "${session}" ${what}`, {
    hint: "Look with pane-screen before you give it again.",
  });
}
