import { existsSync, readdirSync } from "node:fs";
import { asError } from "../lib/errors.ts";
import { sleep } from "../lib/wait.ts";
import { execInPane } from "../panes/exec.ts";
import type { NewSubscription } from "../store/subscriptions.ts";
import { parseRows, rowFormat } from "../tmux/format.ts";
import { listPanes, type Pane } from "../tmux/panes.ts";
import { quoteCommand, tmuxAsync } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { isBusy } from "../verdict/verdict.ts";
import { asFormat, asName } from "./as-tmux.ts";
import { compare, type Difference, type Whole } from "./compare.ts";
import { showableLine } from "./harmless.ts";
import type { MadePane } from "./making-commands.ts";
import type { PaneOf } from "./manifest.ts";
import { LEFT } from "./pane-files.ts";
import type { Missing, Plan } from "./plan.ts";
import { takeSnapshot } from "./save.ts";
import { boundAgain } from "./subscribed.ts";

// What is left to do in a session once its shells have begun.

/** How long shells may take to be at their prompts. */
const SHELLS_MS = 10_000;
const LOOK_EVERY_MS = 10;

const LOOKS = 3;
const LOOK_AGAIN_MS = 100;

const TITLE_LOOKS = 4;
const TITLE_EVERY_MS = 25;
const TITLES = ["pane_id", "pane_title", "version"] as const;

/** A session that was made. */
interface Made {
  /** its `$id` */
  sessionId: string;
  panes: readonly MadePane[];
  /** where shells find what is to come back */
  folder: string;
}

/** Waits until each pane's shell is at its prompt, or has not come there in time. Returns the panes. */
export async function arrive(server: TmuxServer, { sessionId, folder }: Made): Promise<Pane[]> {
  const end = performance.now() + SHELLS_MS;
  for (;;) {
    const panes = listPanes(server, sessionId);
    const isBegun = !readdirSync(folder).some((name) => name.endsWith(".cwd"));
    if ((isBegun && (await areIdle(panes))) || performance.now() > end) return panes;
    await sleep(LOOK_EVERY_MS);
  }
}

async function areIdle(panes: readonly Pane[]): Promise<boolean> {
  for (const pane of panes) {
    // one that has told nothing yet may be about to
    if (!pane.isDead && (pane.shell ? pane.shell.word !== "idle" : await isBusy(pane))) return false;
  }
  return true;
}

/** What shells that are at their prompts have not taken, and which command lines are in their histories. */
export function taken({ panes }: Made): { missing: Missing[]; history: Command[] } {
  const missing: Missing[] = [];
  const history: Command[] = [];
  for (const { pane, prefix } of panes) {
    if (prefix === undefined) continue;
    const where = `pane ${pane.place}`;
    if (existsSync(`${prefix}.${LEFT.environment}`))
      for (const name of pane.environment.keys())
        missing.push({ where, what: `the variable ${name}`, why: NO_INTEGRATION });
    const isUnread = existsSync(`${prefix}.${LEFT.history}`);
    for (const command of pane.history)
      if (isUnread) missing.push({ where, what: `${showableLine(command)} in the history`, why: NO_INTEGRATION });
      else history.push({ where, command });
  }
  return { missing, history };
}

const NO_INTEGRATION = "its shell has not our integration";

/** A command line, and the pane that it is of. */
export interface Command {
  where: string;
  command: string;
}

/**
 * Gives panes the titles that their shells have replaced when they began: fish does that a moment after it has told of its
 * prompt. From tmux 3.7 on, a title keeps a backslash as names do.
 */
export async function entitle(server: TmuxServer, { sessionId, panes }: Made): Promise<void> {
  const titled = panes.filter(({ pane }) => pane.title !== "");
  const isLate = titled.some(({ pane }) => pane.saved.shell?.endsWith("/fish"));
  for (let looks = 0; looks < TITLE_LOOKS; looks++) {
    const text = await tmuxAsync(server, [["list-panes", "-s", "-t", `${sessionId}:`, "-F", rowFormat(TITLES)]]);
    const titles = new Map(parseRows(TITLES, text).map((row) => [row.pane_id, row.pane_title]));
    const others = titled.filter(({ pane, id }) => titles.get(id) !== pane.title);
    if (others.length === 0 && !isLate) return;
    const asKept = looks % 2 === 0 ? asFormat : asName;
    const lines = others.map(({ pane, id }) => quoteCommand(["select-pane", "-t", id, "-T", asKept(pane.title)]));
    await tmuxAsync(server, [["source-file", "-"]], { input: `${lines.join("\n")}\n` });
    if (isLate) await sleep(TITLE_EVERY_MS);
  }
}

/** What is not as it was. Where something is not, it is looked again: a shell may just have drawn its prompt. */
export async function lookAt(
  server: TmuxServer,
  { sessionId }: Made,
  options: { before: Whole; withWindows: boolean },
): Promise<{ differences: Difference[]; missing: Missing[] }> {
  try {
    for (let looks = 1; ; looks++) {
      const differences = await differencesOf(server, sessionId, options);
      if (differences.length === 0 || looks === LOOKS) return { differences, missing: [] };
      await sleep(LOOK_AGAIN_MS);
    }
  } catch (thrown) {
    // it is there all the same
    const missing = { where: "session", what: "a look at what came back", why: asError(thrown).message };
    return { differences: [], missing: [missing] };
  }
}

async function differencesOf(
  server: TmuxServer,
  session: string,
  { before, withWindows }: { before: Whole; withWindows: boolean },
): Promise<Difference[]> {
  const { snapshot, parts } = await takeSnapshot(server, {
    session,
    note: undefined,
    withText: withWindows,
    withEnvironment: true,
    subscriptions: [],
  });
  const texts = new Map(parts.map(({ sum, text }) => [sum, text]));
  const textOf = ({ text }: PaneOf) => text?.parts.map((sum) => texts.get(sum) ?? "").join("");
  return compare(before, { snapshot, textOf }, { withPrograms: false, withWindows });
}

/** The subscriptions to it and to its panes, to be stored. May ask tmux. */
export function subscriptionsTo(
  server: TmuxServer,
  { sessionId, panes }: Made,
  { plan, now }: { plan: Plan; now: readonly Pane[] },
): NewSubscription[] {
  const place = { session: plan.name, sessionId, serverId: now[0]?.server ?? "" };
  const ofSession = plan.subscriptions.map((one) => boundAgain(server, one, { ...place, pane: undefined }));
  const ofPanes = panes.flatMap(({ pane: { subscriptions }, id }) => {
    const pane = now.find((one) => one.id === id);
    return pane ? subscriptions.map((one) => boundAgain(server, one, { ...place, pane })) : [];
  });
  return [...ofSession, ...ofPanes];
}

/** Has shells run what ran there: each is handed its command as by pane-exec, and types nothing. */
export async function startPrograms(
  server: TmuxServer,
  { sessionId, panes }: Made,
): Promise<{ started: Command[]; missing: Missing[] }> {
  const started: Command[] = [];
  const missing: Missing[] = [];
  for (const { pane, id } of panes) {
    const { command, place } = pane;
    if (command === undefined) continue;
    const where = `pane ${place}`;
    try {
      const now = listPanes(server, sessionId).find((one) => one.id === id);
      if (!now?.shell) throw new Error("its shell tells nothing, so it can be handed nothing");
      if (now.shell.word !== "idle") throw new Error("its shell was not at its prompt");
      await execInPane(server, { session: sessionId, pane: id, command });
      started.push({ where, command });
    } catch (thrown) {
      missing.push({ where, what: showableLine(command), why: asError(thrown).message });
    }
  }
  return { started, missing };
}
