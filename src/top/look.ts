import { type Listed, listVerdicts, type PaneVerdict } from "../panes/agents.ts";
import { isOwn } from "../panes/own.ts";
import { ageS } from "../process/identity.ts";
import { DEATH_VARIABLES, exitCodeOf, readDeath } from "../tmux/death.ts";
import { hasNothing } from "../tmux/error.ts";
import type { Pane } from "../tmux/panes.ts";
import { panesShown } from "../tmux/panes-shown.ts";
import type { Ask } from "../tmux/run.ts";
import { cleanLine } from "./cells.ts";
import { ordered, type Row } from "./row.ts";
import { type Since, sinceWhen } from "./since.ts";
import { cpuBetween, readTrees, type Tree } from "./usage.ts";

const MORE = [
  "window_activity",
  "window_panes",
  "pane_dead_time",
  ...DEATH_VARIABLES,
  "pane_current_path",
  "pane_width",
  "pane_height",
] as const;

type Found = Listed<(typeof MORE)[number]>;
type Told = Found["told"];

/** What a pane showed. */
interface Screen {
  rows: readonly string[];
  /** when tmux was asked for it, whole seconds: what was written in that second may be missing */
  atS: number;
  size: string;
}

/** The trees of panes' programs at one moment. */
interface Trees {
  /** ms of performance.now() */
  at: number;
  byPid: ReadonlyMap<number, Tree>;
}

/** Between two moments, so much time has to pass for what was used of a CPU to be told of, ms. */
const CPU_MS = 500;

/** Looks at all panes of a tmux server, again and again, and remembers what it needs to tell what has changed. */
export class Looker {
  private known: ReadonlyMap<string, Since> | undefined;
  private before: Trees | undefined;
  private readonly screens = new Map<string, Screen>();
  private told: ReadonlyMap<string, Told> = new Map();

  constructor(private readonly ask: Ask) {}

  /** All panes, the blocked ones first; none of a server that is not there. Throws as tmuxAsync() does. */
  async look(): Promise<Row[]> {
    let trees: Trees = { at: performance.now(), byPid: new Map() };
    const found = await this.verdicts((panes) => {
      const living = panes.filter(({ isDead }) => !isDead);
      trees = { at: performance.now(), byPid: readTrees(living.map(({ pid }) => pid)) };
    });
    const known = new Map<string, Since>();
    this.told = new Map(found.map(({ verdict, told }) => [verdict.pane.id, told]));
    const rows = found.map((one) => {
      const { verdict, told } = one;
      const since = this.sinceOf(verdict, told, trees);
      known.set(verdict.pane.id, since);
      return this.rowOf(one, { since, trees });
    });
    this.known = known;
    if (!this.before || trees.at - this.before.at >= CPU_MS) this.before = trees;
    for (const id of this.screens.keys()) if (!known.has(id)) this.screens.delete(id);
    return ordered(rows);
  }

  /** Has tmux show panes of the last look, if they may show something else than when they were shown. Never throws. */
  async see(ids: readonly string[]): Promise<void> {
    const wanted = ids.filter((id) => this.isToSee(id));
    if (wanted.length === 0) return;
    const atS = Math.floor(Date.now() / 1000);
    const screens = await panesShown(this.ask, wanted);
    for (const [i, id] of wanted.entries()) {
      const rows = screens[i]?.split("\n").map(cleanLine);
      const told = this.told.get(id);
      if (rows && told) this.screens.set(id, { rows: withoutEnd(rows), atS, size: sizeOf(told) });
    }
  }

  /** What a pane showed last, without blank rows at the end. */
  screenOf(id: string): readonly string[] {
    return this.screens.get(id)?.rows ?? [];
  }

  /** Rows of the last look, with what was seen since. */
  withLines(rows: readonly Row[]): Row[] {
    return rows.map((row) => ({ ...row, line: this.lineOf(row.id) }));
  }

  /** What a pane showed last; of a dead one how its program ended, of which tmux writes more than a row may hold. */
  private lineOf(id: string): string {
    const told = this.told.get(id);
    const death = told && readDeath(told);
    const code = death && exitCodeOf(death);
    if (code !== undefined)
      return death?.signal === undefined ? `exit code ${code}` : `killed by signal ${death.signal}`;
    return this.screenOf(id).at(-1)?.trim() ?? "";
  }

  private async verdicts(also: (panes: readonly Pane[]) => void): Promise<Found[]> {
    try {
      return await listVerdicts(this.ask, { more: MORE, isOwn, also });
    } catch (thrown) {
      if (hasNothing(thrown)) return [];
      throw thrown;
    }
  }

  private isToSee(id: string): boolean {
    const [told, screen] = [this.told.get(id), this.screens.get(id)];
    if (!told) return false;
    return !screen || screen.size !== sizeOf(told) || Number(told.window_activity) >= screen.atS;
  }

  private sinceOf(verdict: PaneVerdict, told: Told, trees: Trees): Since {
    const { pane, state, for: wait, since } = verdict;
    const now = Date.now();
    const key = `${state} ${wait} ${since} ${jobOf(verdict)}`;
    const other = toldSince(state, told, trees.byPid.get(pane.pid), now);
    return sinceWhen(key, since ?? other, { before: this.known?.get(pane.id), now, isFirst: !this.known });
  }

  private rowOf({ verdict, isRunning, told }: Found, { since, trees }: { since: Since; trees: Trees }): Row {
    const { pane, agent, state, for: wait } = verdict;
    const tree = trees.byPid.get(pane.pid);
    const before = this.before?.byPid.get(pane.pid);
    return {
      ...placed(pane),
      what: agent?.kind ?? programOf(pane),
      cwd: cleanLine(told.pane_current_path),
      state,
      for: wait ?? "",
      since: since.since,
      isAtLeast: since.isAtLeast,
      cpu: tree && cpuBetween(before, tree, trees.at - (this.before?.at ?? trees.at)),
      bytes: tree?.bytes,
      line: this.lineOf(pane.id),
      runs: isRunning ? cleanLine(livingAgent(verdict)?.kind ?? pane.command) : "",
      job: jobOf(verdict),
      isOwn: isOwn(pane),
    };
  }
}

/** Panes as tmux lists them, before anything else is known of them. */
export function firstRows(panes: readonly Pane[]): Row[] {
  return panes.map((pane) => ({
    ...placed(pane),
    what: programOf(pane),
    cwd: "",
    state: pane.isDead ? "dead" : "",
    for: "",
    since: undefined,
    isAtLeast: false,
    cpu: undefined,
    bytes: undefined,
    line: "",
    runs: pane.isDead ? "" : cleanLine(pane.command),
    job: "",
    isOwn: false,
  }));
}

/** What runs in a pane; of a dead one tmux tells no more than what would be started there. */
function programOf({ isDead, command }: Pane): string {
  return isDead ? "" : cleanLine(command);
}

function placed({ id, session, sessionId, window, index, label }: Pane) {
  return { id, sessionId, place: cleanLine(`${session}:${window}.${index}`), label: cleanLine(label) };
}

/** What runs there, as far as that can be told: a shell that tells counts its commands. */
function jobOf(verdict: PaneVerdict): string {
  const { pane } = verdict;
  return `${pane.pid} ${livingAgent(verdict)?.pid ?? pane.shell?.prompt ?? pane.command}`;
}

/** What runs in a pane in which an agent was ended is another program. */
function livingAgent({ agent, state }: PaneVerdict): PaneVerdict["agent"] {
  return state === "dead" ? undefined : agent;
}

/** Since when a program does what it does, where the kernel or tmux tells that. */
function toldSince(state: string, told: Told, tree: Tree | undefined, now: number): number | undefined {
  if (state === "dead") return told.pane_dead_time === "" ? undefined : Number(told.pane_dead_time) * 1000;
  if (state === "working" && tree?.leader !== undefined) return now - ageS(tree.leader) * 1000;
  // tmux knows of windows when they last wrote something
  return state === "idle" && told.window_panes === "1" ? Number(told.window_activity) * 1000 : undefined;
}

function sizeOf(told: Told): string {
  return `${told.pane_width}x${told.pane_height}`;
}

function withoutEnd(rows: readonly string[]): readonly string[] {
  return rows.slice(0, rows.findLastIndex((row) => row !== "") + 1);
}
