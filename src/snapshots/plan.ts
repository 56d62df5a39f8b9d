import { baseName } from "../lib/names.ts";
import { commandText } from "../lib/shell.ts";
import { isCodeOption, isCodeVariable, showableLine } from "./harmless.ts";
import type { PaneOf, ProgramOf, Snapshot, WindowOf } from "./manifest.ts";

/** What of a snapshot does not come back, and why. */
export interface Missing {
  /** `session`, `window 2` or `pane 2.1` */
  where: string;
  what: string;
  why: string;
}

/** A pane that is to be made. */
export interface PlannedPane {
  /** in words and as tmux names it within its session: `2.1` */
  place: string;
  saved: PaneOf;
  cwd: string;
  /** the file of its shell; undefined for the usual one */
  shell: string | undefined;
  title: string;
  options: [name: string, value: string][];
  /** the command line of the program that is started there, by its shell; undefined for none */
  command: string | undefined;
}

/** A window that is to be made. */
export interface PlannedWindow {
  saved: WindowOf;
  name: string | undefined;
  options: [name: string, value: string][];
  panes: PlannedPane[];
}

/** What restoring a session comes to, before anything of it is done. */
export interface Plan {
  name: string;
  cwd: string;
  /** for the session, and for what runs in it */
  environment: Map<string, string | null>;
  options: [name: string, value: string][];
  windows: PlannedWindow[];
  /** the indexes of its windows, the one shown last first */
  stack: readonly number[];
  missing: Missing[];
}

/** What of this machine the plan depends on. */
export interface Here {
  /** whether a folder is there */
  isFolder(path: string): boolean;
  /** whether a file can be run */
  isProgram(path: string): boolean;
  /** the shells of this machine (shells(5)) */
  shells: readonly string[];
  home: string;
  environment: Readonly<Record<string, string | undefined>>;
  /** variables that tmux takes from whoever makes a session (tmux(1), update-environment) */
  updated: readonly string[];
}

/** Which programs are started again. */
export type Starts = (argv: readonly string[]) => boolean;

/**
 * What restoring a snapshot comes to. Pure, but for what `here` tells.
 * @param isOwn whether it comes from a person's own store: what could run something is left out of any other
 */
export function planRestore(
  { session, home }: Snapshot,
  { as, isOwn, here, starts }: { as: string | undefined; isOwn: boolean; here: Here; starts: Starts },
): Plan {
  const missing: Missing[] = [];
  const miss = (where: string, what: string, why: string) => missing.push({ where, what, why });
  const folder = (where: string, path: string) => {
    // another home, on another machine: the same place in this one
    const moved =
      home !== null && (path === home || path.startsWith(`${home}/`)) ? here.home + path.slice(home.length) : path;
    for (const candidate of [path, moved]) if (candidate !== "" && here.isFolder(candidate)) return candidate;
    if (path !== "") miss(where, `the folder ${showableLine(path)}`, `it is not there: ${here.home} stands in for it`);
    return here.home;
  };
  const options = (where: string, all: Readonly<Record<string, string>>) =>
    Object.entries(all).filter(([name, value]) => {
      const why = !/^[\w@-]+(?:\[\d+\])?$/.test(name)
        ? "it is no name of an option"
        : !isOwn && isCodeOption(name, value)
          ? "it could run something, and the snapshot is not one of your own"
          : undefined;
      if (why !== undefined) miss(where, `the option ${showableLine(name)}`, why);
      return why === undefined;
    });
  const windows = session.windows.map((window): PlannedWindow => {
    const where = `window ${window.index}`;
    const panes = window.panes.map((pane): PlannedPane => {
      const place = `${window.index}.${pane.index}`;
      const at = `pane ${place}`;
      const command = pane.program ? commandOf(pane.program, starts) : undefined;
      if (pane.program && typeof command !== "string")
        miss(at, showableLine(commandText(pane.program.argv)), whyNot(pane.program));
      if (pane.is_dead) miss(at, "that its program had ended", "a shell is there");
      const shell = shellFor(pane.shell, { isOwn, here });
      if (pane.shell !== null && shell === undefined)
        miss(at, `the shell ${showableLine(pane.shell)}`, "it is no shell of this machine: the usual one is there");
      return {
        place,
        saved: pane,
        cwd: folder(at, pane.cwd),
        shell,
        title: showableLine(pane.title),
        options: options(at, pane.options),
        command,
      };
    });
    if (/#\[/.test(window.name) && window.is_named) miss(where, "its name as it was", "tmux takes #[ for a style");
    return {
      saved: window,
      name: window.is_named ? showableLine(window.name) : undefined,
      options: options(where, window.options),
      panes,
    };
  });
  if (session.cwd.includes("#"))
    miss("session", `the folder ${showableLine(session.cwd)}`, "tmux takes # for a format");
  if (session.group.length > 1)
    miss(
      "session",
      `that it shares its windows with ${session.group.length - 1} other sessions`,
      "groups are not restored",
    );
  return {
    name: as ?? session.name,
    cwd: folder("session", session.cwd),
    environment: environment(session.environment, { isOwn, here, miss }),
    options: options("session", session.options),
    windows,
    stack: session.stack,
    missing,
  };
}

/** The command line that starts a program again; undefined when it is not to be started. */
function commandOf({ argv, is_cut: isCut }: ProgramOf, starts: Starts): string | undefined {
  return !isCut && argv.length > 0 && starts(argv) ? commandText(argv) : undefined;
}

function whyNot({ is_cut: isCut }: ProgramOf): string {
  return isCut
    ? "it was given a secret, which is not stored"
    : "it is not one of the programs that are started (--run)";
}

/** What is run in a pane is a shell that this machine knows as one; where it was only matters in a person's own snapshot. */
function shellFor(shell: string | null, { isOwn, here }: { isOwn: boolean; here: Here }): string | undefined {
  if (shell === null) return undefined;
  if (isOwn && shell.startsWith("/") && here.isProgram(shell)) return shell;
  return here.shells.find((known) => baseName(known) === baseName(shell) && here.isProgram(known));
}

function environment(
  { set, hidden }: Snapshot["session"]["environment"],
  { isOwn, here, miss }: { isOwn: boolean; here: Here; miss(where: string, what: string, why: string): void },
): Map<string, string | null> {
  const found = new Map<string, string | null>();
  for (const [name, value] of Object.entries(set)) {
    if (here.updated.includes(name)) continue;
    if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name))
      miss("session", `the variable ${showableLine(name)}`, "it is no name of a variable");
    else if (value !== null && isCodeVariable(name, isOwn))
      miss("session", `the variable ${name}`, "it could make programs run something");
    else found.set(name, value);
  }
  for (const name of hidden) {
    const value = here.environment[name];
    if (here.updated.includes(name)) continue;
    if (value !== undefined && /^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) found.set(name, value);
    else
      miss(
        "session",
        `the variable ${showableLine(name)}`,
        "it held a secret, which is not stored, and is not set here",
      );
  }
  return found;
}
