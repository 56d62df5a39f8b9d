import { writeFileSync } from "node:fs";
import { readClocks } from "../lib/believed-clock.ts";
import { uptimeS } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { maker } from "../process/maker.ts";
import { quoteCommand, quoteCommands, type TmuxCommand } from "../tmux/command-line.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { madeSessionText, readMadeSession } from "../tmux/made.ts";
import { COMPLETING_OPTION, MADE_OPTION, RESTORING_OPTION } from "../tmux/options.ts";
import { listPanes, type Pane } from "../tmux/panes.ts";
import { tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { sessionTarget } from "../tmux/target.ts";
import { asName, renaming } from "./as-tmux.ts";
import { type Hooks, unmask } from "./hooks.ts";
import { beginCommands, type MadePane, propertyCommands, SPARE_INDEX, windowCommands } from "./making-commands.ts";
import type { PaneOf } from "./manifest.ts";
import { writePane } from "./pane-files.ts";
import type { Plan, PlannedPane } from "./plan.ts";
import { markFormats, ownMark } from "./unfinished.ts";
import { whileEnding } from "./while-ending.ts";

const NAMES = ["window_index", "window_name", "version"] as const;

/** What a session is made with. */
interface How {
  /** the name that it gets when it is whole */
  name: string;
  /** where shells find what is to come back */
  folder: string;
  /** the command of a pane (see shellCommand); empty: tmux's own choice */
  shell: string[];
  /** which global hooks are to be kept from it */
  hooks: Hooks;
  /** what said of it that it was ours; null for another's */
  made: string | null;
}

/** Making a session, step by step, as far as its shells may begin. */
export class Making {
  private id: string | undefined;
  private readonly prefixes = new Map<PlannedPane, string>();
  private panes: Pane[] = [];

  constructor(
    private readonly server: TmuxServer,
    private readonly plan: Plan,
    private readonly how: How,
  ) {
    let n = 0;
    for (const { panes, saved } of plan.windows) {
      // one that is there twice has its panes once
      if (saved.same_as === null) for (const pane of panes) this.prefixes.set(pane, `${how.folder}/${n++}`);
    }
  }

  /** Its `$id`; undefined before it is made. */
  get sessionId(): string | undefined {
    return this.id;
  }

  /** Writes what is to come back in each pane where its shell finds it. */
  write(textOf: (pane: PaneOf) => string | undefined): void {
    for (const [pane, prefix] of this.prefixes) writePane(prefix, pane, textOf(pane.saved));
  }

  /** Windows and panes, in their layouts. Each shell waits before it begins. */
  async structure(): Promise<void> {
    const { windows, mate } = this.plan;
    const { hooks } = this.how;
    const begin = beginCommands(this.plan, { mark: ownMark(), hooks });
    const [id = "", base = "0"] =
      (await whileEnding(() => this.source([begin], { starts: true }))).trim().split("\n").at(-1)?.split(" ") ?? [];
    this.id = id;
    const commandOf = (pane: PlannedPane) => this.command(pane);
    const place = { target: this.target, base: Number(base), hooks, commandOf };
    for (const window of windows) await this.source([windowCommands(window, place)]);
    await this.rename();
    // in the order of their use, before the spare one goes, which would have another one shown
    const used = this.stack().map((index) => ["select-window", "-t", `${this.target}${index}`]);
    const spareGoes = mate === undefined ? [["kill-window", "-t", `${this.target}${SPARE_INDEX}`]] : [];
    await this.source([[...used, ...spareGoes]]);
    if (mate !== undefined) return;
    this.panes = listPanes(this.server, id);
    this.checkPanes();
  }

  /** Names windows anew that did not get their names as they are: from tmux 3.7 on, new-window has a backslash doubled, too. */
  private async rename(): Promise<void> {
    const odd = this.plan.windows.filter(({ name, saved }) => name?.includes("\\") && saved.same_as === null);
    if (odd.length === 0) return;
    const text = await tmuxAsync(this.server, [["list-windows", "-t", this.target, "-F", rowFormat(NAMES)]]);
    const names = new Map(parseRows(NAMES, text).map((row) => [Number(row.window_index), row.window_name]));
    const others = odd.filter(({ name, saved }) => names.get(saved.index) !== name);
    const commands = others.map(({ name = "", saved }) => [
      ["rename-window", "-t", `${this.target}${saved.index}`, "--", asName(name)],
    ]);
    if (commands.length > 0) await this.source(commands);
  }

  /** Everything that is set, and which panes and windows were used last. */
  async properties(): Promise<void> {
    const { plan, how } = this;
    const facts = { target: this.target, placed: [...this.placed()], hasKeys: how.shell.length > 0, at: Date.now() };
    const { lines, settings } = propertyCommands(plan, facts);
    const made = how.made === null ? undefined : madeAnew(how.made, how.name, facts.at);
    if (made !== undefined) lines.push(quoteCommand(["set-option", "-t", this.target, MADE_OPTION, made]));
    await this.source(lines);
    await this.source(settings).catch(() => {});
    const own = plan.windows.filter(({ saved }) => saved.same_as === null);
    const windows = own.map(({ saved }) => `${this.target}${saved.index}`);
    await this.source(unmask(how.hooks, this.target, windows).map(quoteCommand));
  }

  /** Lets the shells begin. */
  go(): void {
    writeFileSync(`${this.how.folder}/go`, "", { mode: 0o600 });
  }

  /** It is whole, but for its programs and subscriptions: nobody takes it for what is left of a restore. */
  async finish(name?: string): Promise<void> {
    await this.source([this.finishing(name)]);
  }

  /** The commands that do that, and give it another name. */
  finishing(name?: string): TmuxCommand[] {
    const rename = name === undefined ? [] : [renaming(this.target, name)];
    return [
      ...rename,
      ["set-option", "-t", this.target, COMPLETING_OPTION, ownMark()],
      ["set-option", "-u", "-t", this.target, RESTORING_OPTION],
    ];
  }

  /** Its programs and subscriptions are there as well, as far as they could be. */
  async complete(): Promise<void> {
    await tmuxAsync(this.server, [["set-option", "-u", "-t", this.target, COMPLETING_OPTION]]).catch(() => {});
  }

  /** Ends it again, while nobody can have begun to work there. */
  async undo(): Promise<void> {
    // by its name while its id is not known: only if it is the one that was made here
    const target = this.id === undefined ? sessionTarget(this.plan.name) : this.target;
    const end = quoteCommand(["kill-session", "-t", target]);
    const { isMarked } = markFormats(ownMark());
    await tmuxAsync(this.server, [["if-shell", "-F", "-t", target, isMarked, end]]).catch(() => {});
  }

  /**
   * Ends it again once its shells have begun, unless somebody has looked at it already: then it gets that name.
   * @returns whether it stays
   */
  async takeBack(name: string): Promise<boolean> {
    const { isSeen, isUnseen } = markFormats(ownMark());
    const at = ["if-shell", "-F", "-t", this.target];
    const stay = quoteCommands([...this.finishing(name), ["display-message", "-p", "stays"]]);
    const end = quoteCommand(["kill-session", "-t", this.target]);
    const text = await tmuxAsync(this.server, [
      [...at, isSeen, stay],
      [...at, isUnseen, end],
    ]).catch(() => "");
    return text !== "";
  }

  private get target(): string {
    return `${this.id}:`;
  }

  /** The panes that were made, with what they are to be. */
  *placed(): Generator<MadePane> {
    for (const window of this.plan.windows) {
      const made = this.panes.filter((pane) => pane.window === window.saved.index);
      for (const [i, pane] of window.panes.entries())
        yield { window, pane, id: made[i]?.id ?? "", prefix: this.prefixes.get(pane) };
    }
  }

  /** Throws ERR_COMMAND_FAILED, with the places, when there are not as many panes as there are to be. */
  private checkPanes(): void {
    const all = this.plan.windows.map(({ saved }) => saved.index);
    const others = this.panes.flatMap(({ window }) => (all.includes(window) ? [] : [window]));
    const counts = this.plan.windows.map(({ saved: { index }, panes }) => ({
      index,
      expected: panes.length,
      made: this.panes.filter(({ window }) => window === index).length,
    }));
    const wrong = counts.filter(({ expected, made }) => made !== expected);
    const told = [
      ...wrong.map(({ index, expected, made }) => `window ${index} has ${made} panes of ${expected}`),
      ...[...new Set(others)].map((index) => `there is a window ${index}`),
    ];
    if (told.length > 0) throw new AppError("ERR_COMMAND_FAILED", `tmux made something else: ${told.join(", ")}`);
  }

  /** The windows in the order in which they are to be used: the one shown last, last. */
  private stack(): number[] {
    const { windows, stack, mate } = this.plan;
    const isThere = (index: number) => mate !== undefined || windows.some(({ saved }) => saved.index === index);
    return stack.filter(isThere).toReversed();
  }

  private command(pane: PlannedPane): string[] {
    const { shell } = this.how;
    return shell.length === 0 ? [] : [...shell, this.prefixes.get(pane) ?? ""];
  }

  /** Has tmux read commands; those of one group are carried out as far as the first that fails. */
  private async source(
    groups: readonly (string | TmuxCommand[])[],
    { starts = false }: { starts?: boolean } = {},
  ): Promise<string> {
    const lines = groups.map((group) => (typeof group === "string" ? group : group.map(quoteCommand).join(" ; ")));
    const begin = starts ? [["start-server"]] : [];
    return await tmuxAsync(this.server, [...begin, ["source-file", "-"]], { input: `${lines.join("\n")}\n` });
  }
}

/** What says of a session that it is ours: made again now, by whoever restores it, and no longer for the process that it was for. */
function madeAnew(text: string, name: string, at: number): string | undefined {
  const before = readMadeSession(text);
  if (before === undefined) return undefined;
  const { note, ttlS, isKept } = before;
  const { uptime, boot } = readClocks();
  const clock = uptimeS() === undefined ? {} : { uptime, boot };
  return madeSessionText({
    by: maker(),
    at,
    name,
    ...(note !== undefined && { note }),
    ...(ttlS !== undefined && { ttlS }),
    ...(isKept === true && { isKept }),
    ...clock,
  });
}
