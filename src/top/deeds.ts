import { asError, expectedError } from "../lib/errors.ts";
import { within } from "../lib/wait.ts";
import { OWN, type PaneDeed, somethingElse } from "./press.ts";
import type { Row } from "./row.ts";
import type { Asked } from "./view.ts";

/** What can be done with a pane, and how that is told a person. Each throws an AppError with what was wrong. */
export interface Deeds {
  /** shows it; undefined, and the view ends, where that was all it was opened for */
  go(row: Row, terminal: Pick<Stage, "without">): Promise<string | undefined>;
  ask(row: Row): Promise<Asked>;
  answer(row: Row, asked: Asked, text: string): Promise<string>;
  stop(row: Row): Promise<string>;
  kill(row: Row): Promise<string>;
  /** waits for the turn to kill, which lasts until it is disposed of */
  killTurn(): Promise<Disposable>;
}

/** What the view does for who carries out a deed. */
export interface Stage {
  say(text: string, isError?: boolean): void;
  /** shows what an agent asks */
  ask(row: Row, asked: Asked): void;
  /** all panes, as they are now; throws where that can't be told */
  rows(): Promise<readonly Row[]>;
  /** runs what has the terminal meanwhile */
  without<T>(run: () => Promise<T>): Promise<T>;
}

/** How long what is being done may take to end when the view does. */
const END_MS = 1500;

/** Has one thing done at a time. */
export class Doer {
  private current: Promise<void> | undefined;
  private readonly over = new AbortController();

  /** Begins it, unless something else is being done; returns whether it has. It must not fail. */
  begin(run: (signal: AbortSignal) => Promise<void>): boolean {
    if (this.current) return false;
    this.current = run(this.over.signal).finally(() => {
      this.current = undefined;
    });
    return true;
  }

  /** Ends what is being done, and waits for that, but not for long. */
  async end(): Promise<void> {
    this.over.abort(new Error("the view has ended"));
    if (this.current) await within(END_MS, this.current);
  }
}

/** Does something with a pane, and says what came of it. Returns whether the view is over. Throws for a bug alone. */
export async function carryOut(deed: PaneDeed, deeds: Deeds, stage: Stage): Promise<boolean> {
  try {
    const said = await done(deed, deeds, stage);
    if (said !== undefined) stage.say(said);
    return deed.do === "go" && said === undefined;
  } catch (thrown) {
    const known = expectedError(asError(thrown));
    if (!known) throw thrown;
    stage.say([known.message, known.hint].filter((text) => text).join(" \u00b7 "), true);
    return false;
  }
}

/** What is said of it. */
async function done(deed: PaneDeed, deeds: Deeds, stage: Stage): Promise<string | undefined> {
  const { row } = deed;
  switch (deed.do) {
    case "go":
      return await deeds.go(row, stage);
    case "ask": {
      stage.say(`Reading what is asked in ${row.place} \u2026`);
      stage.ask(row, await deeds.ask(row));
      return undefined;
    }
    case "answer":
      stage.say(`Answering in ${row.place} \u2026`);
      return await deeds.answer(row, deed.asked, deed.text);
    case "stop":
    case "kill": {
      stage.say(
        deed.do === "stop" ? `Stopping ${row.runs} in ${row.place} \u2026` : `Killing the pane ${row.place} \u2026`,
      );
      // it may have to be waited for, so before it is looked
      using _turn = deed.do === "kill" ? await deeds.killTurn() : undefined;
      // what was asked about is what is meant, and no other that has come in its place
      const now = (await stage.rows()).find(({ id }) => id === row.id);
      if (now?.job === row.job && !now.isOwn) return await deeds[deed.do](now);
      stage.say(now?.isOwn ? OWN : somethingElse(row), true);
      return undefined;
    }
  }
}
