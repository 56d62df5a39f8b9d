import type { Typings } from "../matching/judge.ts";
import { askPane } from "../tmux/ask-pane.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { isLastTyped, parseTyped, TYPED_FORMAT } from "../tmux/typed.ts";
import { lastTypedAt, touchTyped } from "../tmux/typing-time.ts";

const SAME = "same";
/** How long it may take until what was announced is typed: a shell may have to start first. */
const TYPING_MS = 30_000;

/** What was typed into a pane, as far as tmux has been asked: that is a process each time, so only when it may be news. */
export class PaneTypings {
  private known: Typings = { last: "", typings: [] };
  /** the time of the last typing of all, and until when it may still be going on (ms of performance.now()) */
  private typedAt: number | undefined;
  private askUntil = 0;

  constructor(private readonly place: { server: TmuxServer; stateDir: string; pane: string }) {}

  /** The last typings; `isUnknown` when there may be others and the pane could not be asked. */
  async read(): Promise<Typings> {
    const { server, stateDir, pane } = this.place;
    const at = lastTypedAt(stateDir);
    if (at === undefined) touchTyped(stateDir);
    if (at === undefined || at !== this.typedAt) {
      this.typedAt = at;
      this.askUntil = performance.now() + TYPING_MS;
    }
    if (performance.now() > this.askUntil) return this.known;
    const format = `#{?${isLastTyped(this.known.last)},${SAME},${TYPED_FORMAT}}`;
    const answer = await askPane(server, pane, format);
    if (answer === undefined && !this.knows(at)) return { ...this.known, isUnknown: true };
    // a pane that is gone can't be asked; what it was told last is known
    if (answer !== undefined && answer !== SAME) this.known = parseTyped(answer);
    // what was announced last has been typed here: it is not awaited any more
    if (this.knows(at)) this.askUntil = 0;
    return this.known;
  }

  /** Whether what was announced last, at this time, was typed here and is known. */
  private knows(at: number | undefined): boolean {
    return Number.parseInt(this.known.last, 10) >= Math.floor(at ?? Number.POSITIVE_INFINITY);
  }
}
