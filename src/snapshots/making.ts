import { writeFileSync } from "node:fs";
import { readClocks } from "../lib/believed-clock.ts";
import { uptimeS } from "../lib/clock.ts";
import { AppError } from "../lib/errors.ts";
import { sleep } from "../lib/wait.ts";
import { ownIdentity } from "../process/identity.ts";
import { maker } from "../process/maker.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { madePaneText, madeSessionText, readMadeSession } from "../tmux/made.ts";
import { encodeAll } from "../tmux/metadata.ts";
import {
  KEY_OPTION,
  LABEL_OPTION,
  MADE_OPTION,
  MADE_PANE_OPTION,
  METADATA_OPTION,
  RESTORING_OPTION,
} from "../tmux/options.ts";
import { listPanes, type Pane } from "../tmux/panes.ts";
import { quoteCommand, type TmuxCommand, tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { newShellKey } from "../tmux/shell-state.ts";
import { sessionTarget } from "../tmux/target.ts";
import { showable } from "./harmless.ts";
import type { PaneOf } from "./manifest.ts";
import type { Plan, PlannedPane, PlannedWindow } from "./plan.ts";

/** An index that no window of a snapshot has (see manifest.ts), nor base-index. */
const SPARE_INDEX = 1_999_999;

const NAMES = ["window_index", "window_name", "version"] as const;

const ENDING_TRIES = 25;
const ENDING_MS = 20;

/** What a session is made with. */
interface How {
  /** the name that it gets when it is whole */
  name: string;
  /** where shells find what is to come back */
  folder: string;
  /** the command of a pane (see shellCommand); empty: tmux's own choice */
  shell: string[];
  /** what said of it that it was ours; null for another's */
  made: string | null;
}

/** A pane that was made. */
export interface MadePane {
  window: PlannedWindow;
  pane: PlannedPane;
  /** its %id */
  id: string;
  /** how the files begin in which its shell finds what is to come back; undefined for one that is shown for the second time */
  prefix: string | undefined;
}

/** The ends of the files that a shell with our integration takes away when it has read them (see start.sh). */
export const LEFT = { environment: "env", history: "history" } as const;

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
    for (const [pane, prefix] of this.prefixes) {
      const write = (what: string, text: string) =>
        writeFileSync(`${prefix}.${what}`, text, { mode: 0o600, flag: "wx" });
      write("cwd", pane.cwd);
      const text = textOf(pane.saved);
      // letters for drawing lines are a set of their own, which the terminal is told of first (SO, SI)
      if (text) write("screen", `${text.includes("\x0e") ? "\x1b)0" : ""}${showable(text)}\x0f`);
      if (pane.shell !== undefined) write("shell", pane.shell);
      const variables = [...pane.environment].map(([name, value]) =>
        value === null ? `-${name}` : `${name}=${value}`,
      );
      if (variables.length > 0) write(LEFT.environment, ended(variables));
      if (pane.history.length > 0) write(LEFT.history, ended(pane.history));
    }
  }

  /** Windows and panes, in their layouts. Each shell waits before it begins. */
  async structure(): Promise<void> {
    const { name, windows, cwd, environment, mate } = this.plan;
    const first = windows[0]?.saved;
    const size = first ? ["-x", `${first.width}`, "-y", `${first.height}`] : [];
    const set = [...environment]
      .filter(([, value]) => value !== null)
      .flatMap(([key, value]) => ["-e", `${key}=${value}`]);
    const target = sessionTarget(name);
    // a window that goes again: the limit of a history is set before a pane is made, and this one is made with the session
    const spare = SPARE_INDEX;
    const own = ownIdentity();
    const content = mate === undefined ? ["sleep 60"] : ["-t", `${mate}:`];
    const begin: TmuxCommand[] = [
      ["new-session", "-d", "-s", asName(name), ...size, ...folderOption(cwd), ...set, ...content],
      ["set-option", "-t", target, RESTORING_OPTION, `${own.pid} ${own.startTime}`],
      ["set-option", "-t", target, "renumber-windows", "off"],
      // where sessions that nobody looks at end at once, this one does not
      [
        "if-shell",
        "-F",
        "-t",
        target,
        "#{?#{==:#{destroy-unattached},off},0,#{destroy-unattached}}",
        quoteCommand(["set-option", "-t", target, "destroy-unattached", "off"]),
      ],
      ...(mate === undefined ? [["move-window", "-d", "-s", target, "-t", `${target}${spare}`]] : []),
      ...[...environment].flatMap(([key, value]) =>
        value === null ? [["set-environment", "-t", target, "-r", key]] : [],
      ),
      ["display-message", "-p", "-t", target, "#{session_id} #{pane-base-index}"],
    ];
    const [id = "", base = "0"] =
      (await whileEnding(() => this.source([begin], { starts: true }))).trim().split("\n").at(-1)?.split(" ") ?? [];
    this.id = id;
    for (const window of windows) await this.source(this.windowCommands(window, Number(base)));
    await this.rename();
    // in the order of their use, before the spare one goes, which would have another one shown
    const used = this.stack().map((index) => ["select-window", "-t", `${this.target}${index}`]);
    const spareGoes = mate === undefined ? [["kill-window", "-t", `${this.target}${spare}`]] : [];
    await this.source([[...used, ...spareGoes]]);
    if (mate !== undefined) return;
    this.panes = listPanes(this.server, id);
    const expected = windows.reduce((n, { panes }) => n + panes.length, 0);
    if (this.panes.length !== expected)
      throw new AppError("ERR_COMMAND_FAILED", `tmux made ${this.panes.length} panes of ${expected}`);
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
    const at = Date.now();
    const lines: string[] = [];
    const add = (command: TmuxCommand) => lines.push(quoteCommand(command));
    // another version of tmux may not know one, or not take its value: that is seen when all is looked at
    const settings: string[] = [];
    const setAll = (scope: string[], target: string, options: readonly [string, string][]) => {
      for (const [name, value] of options)
        settings.push(quoteCommand(["set-option", "-q", ...scope, "-t", target, name, value]));
    };
    for (const { window, pane, id } of this.placed()) {
      if (how.shell.length > 0) add(["set-option", "-p", "-t", id, KEY_OPTION, newShellKey()]);
      add(["set-option", "-p", "-t", id, MADE_PANE_OPTION, madePaneText({ by: maker(), at })]);
      if (pane.saved.label !== null) add(["set-option", "-p", "-t", id, LABEL_OPTION, pane.saved.label]);
      if (Object.keys(pane.saved.metadata).length > 0)
        add(["set-option", "-p", "-t", id, METADATA_OPTION, encodeAll(pane.saved.metadata)]);
      if (pane.title !== "") add(["select-pane", "-t", id, "-T", asFormat(pane.title)]);
      setAll(["-p"], id, pane.options);
      if (pane === window.panes.at(-1)) this.windowProperties(window, add, setAll);
    }
    add(["set-option", "-u", "-t", this.target, "renumber-windows"]);
    add(["set-option", "-u", "-t", this.target, "history-limit"]);
    add(["set-option", "-u", "-t", this.target, "default-size"]);
    setAll([], this.target, plan.options);
    const made = how.made === null ? undefined : madeAnew(how.made, how.name, at);
    if (made !== undefined) add(["set-option", "-t", this.target, MADE_OPTION, made]);
    await this.source(lines);
    await this.source(settings).catch(() => {});
  }

  /** Lets the shells begin. */
  go(): void {
    writeFileSync(`${this.how.folder}/go`, "", { mode: 0o600 });
  }

  /** It is whole: nobody takes it for what is left of a restore. */
  async finish(name?: string): Promise<void> {
    await this.source([this.finishing(name)]);
  }

  /** The commands that do that, and give it another name. */
  finishing(name?: string): TmuxCommand[] {
    const rename = name === undefined ? [] : [renaming(this.target, name)];
    return [...rename, ["set-option", "-u", "-t", this.target, RESTORING_OPTION]];
  }

  /** Ends it again. */
  async undo(): Promise<void> {
    const mark = `${ownIdentity().pid} ${ownIdentity().startTime}`;
    const isOurs = `#{==:#{${RESTORING_OPTION}},${mark}}`;
    // by its name while its id is not known: only if it is the one that was made here
    const target = this.id === undefined ? sessionTarget(this.plan.name) : this.target;
    await tmuxAsync(this.server, [
      ["if-shell", "-F", "-t", target, isOurs, quoteCommand(["kill-session", "-t", target])],
    ]).catch(() => {});
  }

  private get target(): string {
    return `${this.id}:`;
  }

  private windowCommands({ saved, layout, name, panes }: PlannedWindow, base: number): TmuxCommand[][] {
    const window = `${this.target}${saved.index}`;
    const [first, ...others] = panes;
    if (!first) return [];
    if (saved.same_as !== null) return [[["link-window", "-d", "-s", `${this.target}${saved.same_as}`, "-t", window]]];
    const limit = (pane: PlannedPane) => [
      "set-option",
      "-t",
      this.target,
      "history-limit",
      `${pane.saved.history_limit}`,
    ];
    const split = (pane: PlannedPane, i: number): TmuxCommand[] => [
      limit(pane),
      ["split-window", "-d", "-t", `${window}.${base + i}`, ...folderOption(pane.cwd), ...this.command(pane)],
      // else there is no room for the next
      ["select-layout", "-t", window, "tiled"],
    ];
    // as it is: rename-window has a backslash doubled
    const named = name === undefined ? [] : ["-n", asFormat(name)];
    return [
      [
        limit(first),
        ["new-window", "-d", "-t", window, ...named, ...folderOption(first.cwd), ...this.command(first)],
        ...others.flatMap(split),
        ["select-layout", "-t", window, layout],
      ],
    ];
  }

  private windowProperties(
    { saved, options, panes }: PlannedWindow,
    add: (command: TmuxCommand) => void,
    setAll: (scope: string[], target: string, options: readonly [string, string][]) => void,
  ): void {
    const window = `${this.target}${saved.index}`;
    setAll(["-w"], window, options);
    const ids = new Map([...this.placed()].map(({ pane, id }) => [pane, id]));
    const used = [panes.find(({ saved: pane }) => pane.is_last), panes.find(({ saved: pane }) => pane.is_active)];
    for (const pane of used) if (pane) add(["select-pane", "-t", ids.get(pane) ?? ""]);
    const active = used[1];
    if (saved.is_zoomed && active) add(["resize-pane", "-Z", "-t", ids.get(active) ?? ""]);
  }

  /** The panes that were made, with what they are to be. */
  *placed(): Generator<MadePane> {
    for (const window of this.plan.windows) {
      const made = this.panes.filter((pane) => pane.window === window.saved.index);
      for (const [i, pane] of window.panes.entries())
        yield { window, pane, id: made[i]?.id ?? "", prefix: this.prefixes.get(pane) };
    }
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

/** A server that is just ending (`tmux kill-server` a moment ago) takes the call and is gone: then the next is started. */
async function whileEnding<T>(start: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    try {
      return await start();
    } catch (thrown) {
      const isEnding = thrown instanceof AppError && thrown.code === "ERR_TMUX_NOT_RUNNING";
      if (!isEnding || tries === ENDING_TRIES) throw thrown;
      await sleep(ENDING_MS);
    }
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

/** As shells read one word after the other. */
function ended(words: readonly string[]): string {
  return words.map((word) => `${word}\0`).join("");
}

/** The command that names a session. */
export function renaming(target: string, name: string): TmuxCommand {
  return ["rename-session", "-t", target, "--", asName(name)];
}

/** tmux expands a folder's name as a format, and has no way to write "#[": the shell goes there by itself in any case. */
function folderOption(cwd: string): string[] {
  return cwd.includes("#") ? [] : ["-c", cwd];
}

/** What tmux makes that name of: where one is given later, it keeps a backslash as two, and a variable's `$` with one before it. */
export function asName(name: string): string {
  return asFormat(name.replace(/\\([\\$])/g, "$1"));
}

/** A text that tmux expands to itself: of several "#", one is left, but before "[" it leaves all as they are, for a style. */
export function asFormat(text: string): string {
  return text.replace(/#+(?![#[])/g, "$&$&");
}
