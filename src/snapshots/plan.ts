import { baseName, whyNoKey, whyNoLabel } from "../lib/names.ts";
import { typeNamed } from "../subscriptions/table.ts";
import { mayBeOption, ownLine, showableLine } from "./harmless.ts";
import { panesIn } from "./layout.ts";
import type { EnvironmentOf, PaneOf, Snapshot, SubscriptionOf, WindowOf } from "./manifest.ts";
import type { Mate } from "./mate.ts";
import { hasText, savedWithout } from "./only.ts";
import { type PlannedPrograms, plannedPrograms } from "./plan-programs.ts";
import type { Here, Miss, WhyNotStarted } from "./plan-terms.ts";
import { plannedVariables } from "./plan-variables.ts";
import { unheardText } from "./subscribed.ts";
import { isUnread, UNREAD } from "./unread.ts";

/** What of a snapshot does not come back, and why. */
export interface Missing {
  /** `session`, `window 2` or `pane 2.1` */
  where: string;
  what: string;
  why: string;
}

/** A pane that is to be made. */
export interface PlannedPane extends PlannedPrograms {
  /** in words and as tmux names it within its session: `2.1` */
  place: string;
  saved: PaneOf;
  cwd: string;
  /** the file of its shell; undefined for the usual one, which is what default-command makes it */
  shell: string | undefined;
  title: string;
  label: string | undefined;
  metadata: Record<string, string>;
  options: [name: string, value: string][];
  subscriptions: SubscriptionOf[];
  /** what its shell exports beside what it does by itself */
  environment: Map<string, string | null>;
}

/** A window that is to be made. */
export interface PlannedWindow {
  saved: WindowOf;
  /** for select-layout */
  layout: string;
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
  /** those to all of it */
  subscriptions: SubscriptionOf[];
  /** the indexes of its windows, the one shown last first */
  stack: readonly number[];
  /** the `$id` of a session whose windows it shares, where it has none of its own; undefined for none */
  mate: string | undefined;
  missing: Missing[];
}

/** What a plan is made with. */
interface Means {
  /** another name than it had */
  as: string | undefined;
  /** whether it comes from a person's own store: what could run something is left out of any other */
  isOwn: boolean;
  here: Here;
  whyNotStarted: WhyNotStarted;
  /** a session that has its windows, or why it has its own, in words (see findMate) */
  mate?: Mate | string | undefined;
  /** the id of an older one of that session which was saved with what its panes showed, where this one was not */
  shownIn?: string | undefined;
}

/** What restoring a snapshot comes to. Pure, but for what `here` tells. */
export function planRestore(snapshot: Snapshot, means: Means): Plan {
  const { session, home, left_out: leftOut } = snapshot;
  const { as, isOwn, here } = means;
  const [mate, whyApart] = typeof means.mate === "object" ? [means.mate] : [undefined, means.mate];
  const missing: Missing[] = [];
  const missAt =
    (where: string): Miss =>
    (what, why) =>
      missing.push({ where, what, why });
  const missHere = missAt("session");
  for (const { where, what, why } of leftOut)
    if (mate === undefined || where === "session") missAt(showableLine(where))(showableLine(what), showableLine(why));
  if (mate === undefined && !hasText(snapshot))
    missHere("what its panes showed", savedWithout(snapshot, means.shownIn));
  const options = plannedOptions(session.options, isOwn, missHere);
  // the session's own was there before
  const hasCommand = options.some(([name]) => name === "default-command");
  const isDefault = (shell: string | undefined) => hasCommand || isNamedIn(here.defaultCommand, shell);
  const facts = { ...means, home, isDefault, environment: session.environment };
  const windows = (mate === undefined ? session.windows : []).map((window) => plannedWindow(window, facts, missAt));
  if (session.cwd.includes("#")) missHere(`the folder ${showableLine(session.cwd)}`, "tmux takes # for a format");
  if (mate)
    missHere(
      "what its panes showed and what ran there",
      `its windows are those of ${showableLine(mate.name)}, as they are`,
    );
  if (whyApart !== undefined) {
    const others = session.group.filter((name) => name !== session.name).map(showableLine);
    missHere(`that it shares its windows with ${others.join(", ")}`, whyApart);
  }
  return {
    name: as ?? nameFrom(session.name, isOwn),
    cwd: plannedFolder(session.cwd, facts, missHere),
    environment: plannedVariables(session.environment, { isOwn, here, miss: missHere }),
    options,
    windows,
    subscriptions: plannedSubscriptions(session.subscriptions, isOwn, missHere),
    stack: session.stack,
    mate: mate?.id,
    missing,
  };
}

/** What windows and panes are planned with. */
interface Facts extends Means {
  /** the home folder of who saved it */
  home: string | null;
  /** whether what tmux starts by itself is that shell */
  isDefault(shell: string | undefined): boolean;
  /** the session's */
  environment: EnvironmentOf;
}

function plannedWindow(window: WindowOf, facts: Facts, missAt: (where: string) => Miss): PlannedWindow {
  const { isOwn } = facts;
  const miss = missAt(`window ${window.index}`);
  // a tmux that is given what is no layout may end
  const isArranged = panesIn(window.layout) === window.panes.length;
  if (!isArranged) miss("its layout", "it is none that tmux could take, or has panes that float: it is tiled");
  const panes = window.panes.map((pane) => {
    const place = `${window.index}.${pane.index}`;
    return plannedPane(pane, place, facts, missAt(`pane ${place}`));
  });
  return {
    saved: window,
    layout: isArranged ? window.layout : "tiled",
    name: window.is_named ? nameFrom(window.name, isOwn) : undefined,
    options: plannedOptions(window.options, isOwn, miss),
    panes,
  };
}

function plannedPane(pane: PaneOf, place: string, facts: Facts, miss: Miss): PlannedPane {
  const { isOwn, here, whyNotStarted, isDefault, environment } = facts;
  const programs = plannedPrograms(pane, { isOwn, here, whyNotStarted, miss, session: environment });
  if (pane.is_dead) miss("that its program had ended", "a shell is there");
  const shell = shellFor(pane.shell, { isOwn, here });
  if (pane.shell !== null && shell === undefined)
    miss(`the shell ${showableLine(pane.shell)}`, "it is no shell of this machine: the usual one is there");
  return {
    place,
    saved: pane,
    cwd: plannedFolder(pane.cwd, facts, miss),
    shell: isDefault(shell) ? undefined : shell,
    title: nameFrom(pane.title, isOwn),
    label: labelFrom(pane.label, { isOwn, miss }),
    metadata: metadataFrom(pane.metadata, miss),
    options: plannedOptions(pane.options, isOwn, miss),
    subscriptions: plannedSubscriptions(pane.subscriptions, isOwn, miss),
    environment: plannedVariables(pane.environment ?? NOTHING, { isOwn, here, miss }),
    ...programs,
  };
}

/** The folder itself; in another home, as on another machine, the same place in this one; else the home folder. */
function plannedFolder(path: string, { here, home }: Pick<Facts, "here" | "home">, miss: Miss): string {
  const moved =
    home !== null && (path === home || path.startsWith(`${home}/`)) ? here.home + path.slice(home.length) : path;
  if (isUnread(path)) {
    miss(`the folder ${showableLine(path)}`, `${UNREAD}: ${here.home} stands in for it`);
    return here.home;
  }
  for (const candidate of [path, moved]) if (candidate !== "" && here.isFolder(candidate)) return candidate;
  if (path !== "") miss(`the folder ${showableLine(path)}`, `it is not there: ${here.home} stands in for it`);
  return here.home;
}

function plannedOptions(
  all: Readonly<Record<string, string>>,
  isOwn: boolean,
  miss: Miss,
): [name: string, value: string][] {
  return Object.entries(all).filter(([name, value]) => {
    const why = whyNoOption(name, value, isOwn);
    if (why !== undefined) miss(`the option ${showableLine(name)}`, why);
    return why === undefined;
  });
}

function whyNoOption(name: string, value: string, isOwn: boolean): string | undefined {
  if (name === "destroy-unattached" && value !== "off") return "the session would end at once";
  if (!/^[\w@-]+(?:\[\d+\])?$/.test(name)) return "it is no name of an option";
  if (mayBeOption(name, value, isOwn)) return undefined;
  return "it could do something, and the snapshot is not one of your own (--trust)";
}

function plannedSubscriptions(all: readonly SubscriptionOf[], isOwn: boolean, miss: Miss): SubscriptionOf[] {
  return all.filter(({ type, unheard }) => {
    const why = !isOwn
      ? "it could run something, and the snapshot is not one of your own (--trust)"
      : typeNamed(type) === undefined
        ? "no such type is known here"
        : undefined;
    if (why !== undefined) miss(`the subscription to ${showableLine(type)}`, why);
    else if (unheard > 0) miss(unheardText(type, unheard), "nobody had heard it when the session was saved");
    return why === undefined;
  });
}

const NOTHING = { set: {}, hidden: [] };

/** A name of a stranger's is none that a person's own format could take for one (`#{E:window_name}`). */
function nameFrom(name: string, isOwn: boolean): string {
  return isOwn ? ownLine(name) : showableLine(name).replaceAll("#", "_");
}

/** A label that pane-label would take; in the place of any other there is none. */
function labelFrom(label: string | null, { isOwn, miss }: { isOwn: boolean; miss: Miss }): string | undefined {
  if (label === null) return undefined;
  const why = whyNoLabel(label);
  if (why === undefined) return nameFrom(label, isOwn);
  miss(`the label ${showableLine(label)}`, `it ${why}`);
  return undefined;
}

/** What pane-metadata-set would take of metadata. */
function metadataFrom(metadata: Readonly<Record<string, string>>, miss: Miss): Record<string, string> {
  const taken = Object.entries(metadata).filter(([key]) => {
    const why = whyNoKey(key);
    if (why !== undefined) miss(`the metadata ${showableLine(key)}`, `its key ${why}`);
    return why === undefined;
  });
  return Object.fromEntries(taken);
}

/** What is run in a pane is a shell that this machine knows as one; where it was only matters in a person's own snapshot. */
function shellFor(shell: string | null, { isOwn, here }: { isOwn: boolean; here: Here }): string | undefined {
  if (shell === null) return undefined;
  if (isOwn && shell.startsWith("/") && here.isProgram(shell)) return shell;
  return here.shells.find((known) => baseName(known) === baseName(shell) && here.isProgram(known));
}

/** Whether a command line starts a shell of that name, as far as its words tell. */
function isNamedIn(command: string, shell: string | undefined): boolean {
  return shell !== undefined && command.split(/[\s"']+/).some((word) => baseName(word) === baseName(shell));
}
