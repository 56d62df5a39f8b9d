import { readdirSync, writeFileSync } from "node:fs";
import { readClocks } from "../lib/believed-clock.ts";
import { uptimeS } from "../lib/clock.ts";
import { AppError, asError } from "../lib/errors.ts";
import { sleep } from "../lib/wait.ts";
import { execInPane } from "../panes/exec.ts";
import { isShellIdle } from "../process/foreground.ts";
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
import { compare, type Difference, type Whole } from "./compare.ts";
import { showable, showableLine } from "./harmless.ts";
import type { PaneOf, Snapshot } from "./manifest.ts";
import type { Missing, Plan, PlannedPane, PlannedWindow } from "./plan.ts";
import { takeSnapshot } from "./save.ts";

/** How long shells may take to be at their prompts. */
const SHELLS_MS = 10_000;
const LOOK_EVERY_MS = 10;

/** An index that no window of a snapshot has (see manifest.ts), nor base-index. */
const SPARE_INDEX = 1_999_999;

const LOOKS = 3;
const LOOK_AGAIN_MS = 100;

const ENDING_TRIES = 25;
const ENDING_MS = 20;

const TITLE_LOOKS = 4;
const TITLE_EVERY_MS = 25;
const TITLES = ["pane_id", "pane_title", "version"] as const;

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

/** Making a session, step by step. */
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
    }
  }

  /** Windows and panes, in their layouts. Each shell waits before it begins. */
  async structure(): Promise<void> {
    const { name, windows, cwd, environment } = this.plan;
    const first = windows[0];
    if (!first) return;
    const size = ["-x", `${first.saved.width}`, "-y", `${first.saved.height}`];
    const set = [...environment]
      .filter(([, value]) => value !== null)
      .flatMap(([key, value]) => ["-e", `${key}=${value}`]);
    const target = sessionTarget(name);
    // a window that goes again: the limit of a history is set before a pane is made, and this one is made with the session
    const spare = SPARE_INDEX;
    const own = ownIdentity();
    const begin: TmuxCommand[] = [
      ["new-session", "-d", "-s", asName(name), ...size, ...folderOption(cwd), ...set, "sleep 60"],
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
      ["move-window", "-d", "-s", target, "-t", `${target}${spare}`],
      ...[...environment].flatMap(([key, value]) =>
        value === null ? [["set-environment", "-t", target, "-r", key]] : [],
      ),
      ["display-message", "-p", "-t", target, "#{session_id} #{pane-base-index}"],
    ];
    const [id = "", base = "0"] =
      (await whileEnding(() => this.source([begin], { starts: true }))).trim().split("\n").at(-1)?.split(" ") ?? [];
    this.id = id;
    for (const window of windows) await this.source(this.windowCommands(window, Number(base)));
    // in the order of their use, before the spare one goes, which would have another one shown
    const used = this.stack().map((index) => ["select-window", "-t", `${this.target}${index}`]);
    await this.source([[...used, ["kill-window", "-t", `${this.target}${spare}`]]]);
    this.panes = listPanes(this.server, id);
    const expected = windows.reduce((n, { panes }) => n + panes.length, 0);
    if (this.panes.length !== expected)
      throw new AppError("ERR_COMMAND_FAILED", `tmux made ${this.panes.length} panes of ${expected}`);
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

  /** Waits until each pane's shell is at its prompt, or has not come there in time. */
  async arrived(): Promise<void> {
    const end = performance.now() + SHELLS_MS;
    for (;;) {
      const panes = listPanes(this.server, this.id ?? "");
      const isDone = readdirSync(this.how.folder).every((name) => name === "go");
      const areIdle = panes.every(
        (pane) => pane.isDead || (pane.shell ? pane.shell.word === "idle" : isShellIdle(pane.pid)),
      );
      this.panes = panes;
      if ((isDone && areIdle) || performance.now() > end) return;
      await sleep(LOOK_EVERY_MS);
    }
  }

  /**
   * Gives panes the titles that their shells have replaced when they began: fish does that a moment after it has told of its
   * prompt. From tmux 3.7 on, a title keeps a backslash as names do.
   */
  async titled(): Promise<Pane[]> {
    const placed = [...this.placed()].filter(({ pane }) => pane.title !== "");
    const isLate = placed.some(({ pane }) => pane.saved.shell?.endsWith("/fish"));
    for (let looks = 0; looks < TITLE_LOOKS; looks++) {
      const text = await tmuxAsync(this.server, [["list-panes", "-s", "-t", this.target, "-F", rowFormat(TITLES)]]);
      const titles = new Map(parseRows(TITLES, text).map((row) => [row.pane_id, row.pane_title]));
      const others = placed.filter(({ pane, id }) => titles.get(id) !== pane.title);
      if (others.length === 0 && !isLate) break;
      const asKept = looks % 2 === 0 ? asFormat : asName;
      await this.source(
        others.map(({ pane, id }) => quoteCommand(["select-pane", "-t", id, "-T", asKept(pane.title)])),
      );
      if (isLate) await sleep(TITLE_EVERY_MS);
    }
    return this.panes;
  }

  /** What is not as it was. Where something is not, it is looked again: a shell may just have drawn its prompt. */
  async looked(
    snapshot: Snapshot,
    textOf: (pane: PaneOf) => string | undefined,
  ): Promise<{ differences: Difference[]; missing: Missing[] }> {
    try {
      for (let looks = 1; ; looks++) {
        const differences = await this.differences({ snapshot, textOf });
        if (differences.length === 0 || looks === LOOKS) return { differences, missing: [] };
        await sleep(LOOK_AGAIN_MS);
      }
    } catch (thrown) {
      // it is there all the same
      const missing = { where: "session", what: "a look at what came back", why: asError(thrown).message };
      return { differences: [], missing: [missing] };
    }
  }

  private async differences(before: Whole): Promise<Difference[]> {
    const options = { session: this.id ?? "", note: undefined, withText: true, withEnvironment: true };
    const { snapshot, parts } = await takeSnapshot(this.server, options);
    const texts = new Map(parts.map(({ sum, text }) => [sum, text]));
    const textOf = ({ text }: PaneOf) => text?.parts.map((sum) => texts.get(sum) ?? "").join("");
    return compare(before, { snapshot, textOf }, { withPrograms: false });
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

  /** Has shells run what ran there: each is handed its command as by pane-exec, and types nothing. */
  async programs(): Promise<{ commands: { where: string; command: string }[]; missing: Missing[] }> {
    const commands: { where: string; command: string }[] = [];
    const missing: Missing[] = [];
    for (const { pane, id } of this.placed()) {
      const { command, place } = pane;
      if (command === undefined) continue;
      const where = `pane ${place}`;
      try {
        const now = listPanes(this.server, this.id ?? "").find((one) => one.id === id);
        if (now?.shell?.word !== "idle") throw new Error("its shell tells nothing, so it can be handed nothing");
        await execInPane(this.server, { session: this.id ?? "", pane: id, command });
        commands.push({ where, command });
      } catch (thrown) {
        missing.push({ where, what: showableLine(command), why: asError(thrown).message });
      }
    }
    return { commands, missing };
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
    return [
      [
        limit(first),
        ["new-window", "-d", "-t", window, ...folderOption(first.cwd), ...this.command(first)],
        ...others.flatMap(split),
        ["select-layout", "-t", window, layout],
        ...(name === undefined ? [] : [["rename-window", "-t", window, "--", asName(name)]]),
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
  private *placed(): Generator<{ window: PlannedWindow; pane: PlannedPane; id: string }> {
    for (const window of this.plan.windows) {
      const made = this.panes.filter((pane) => pane.window === window.saved.index);
      for (const [i, pane] of window.panes.entries()) yield { window, pane, id: made[i]?.id ?? "" };
    }
  }

  /** The windows in the order in which they are to be used: the one shown last, last. */
  private stack(): number[] {
    const { windows, stack } = this.plan;
    return stack.filter((index) => windows.some(({ saved }) => saved.index === index)).toReversed();
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

/** The command that names a session. */
export function renaming(target: string, name: string): TmuxCommand {
  return ["rename-session", "-t", target, "--", asName(name)];
}

/** tmux expands a folder's name as a format, and has no way to write "#[": the shell goes there by itself in any case. */
function folderOption(cwd: string): string[] {
  return cwd.includes("#") ? [] : ["-c", cwd];
}

/** What tmux makes that name of: of a session or a window, it keeps a backslash as two, and a variable's `$` with one before it. */
function asName(name: string): string {
  return asFormat(name.replace(/\\([\\$])/g, "$1"));
}

/** A text that tmux expands to itself. */
function asFormat(text: string): string {
  return text.replaceAll("#", "##");
}
