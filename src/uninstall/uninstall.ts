import { existsSync, readdirSync, rmdirSync, rmSync, statSync } from "node:fs";
import { leftInFiles } from "../gc/left-files.ts";
import { leftInTmux } from "../gc/left-over.ts";
import { removeStateDir } from "../gc/old-state.ts";
import { scheduleFile } from "../gc/schedule.ts";
import { forgetAll, forgetFile, installedFiles, linksTo, removeFile, stateOf } from "../install/record.ts";
import { TMUX_PLUGIN_FILE, TMUX_PLUGIN_GONE } from "../install/tmux-plugin.ts";
import { asError } from "../lib/errors.ts";
import { checkStateDir, durableRoot, type StatePaths, stateRoot } from "../lib/paths.ts";
import { stop } from "../lifecycle/roles.ts";
import { runningAs } from "../process/holder.ts";
import { stopForGood } from "../recovery/stop.ts";
import { aliveFile } from "../snapshots/alive.ts";
import { removeAllSnapshots } from "../snapshots/store.ts";
import { wishesFile } from "../snapshots/wishes.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { findOptions, removeOptions } from "./options.ts";
import { type KnownServer, knownServers } from "./servers.ts";

const PATIENCE_MS = 2000;

/** Something of ours that is taken away, in words. */
export interface Step {
  what: string;
  /** throws what keeps it from being so */
  run(): Promise<unknown> | unknown;
}

/** What is taken away, in order, and what stays. */
export interface Plan {
  steps: Step[];
  kept: { what: string; why: string }[];
  /** commands that a person may want to run then */
  next: string[];
}

/**
 * What an uninstallation takes away: the background programs, what `install` has written, our hooks and options in tmux; with
 * `isPurge`, all that was stored as well. Changes nothing.
 */
export async function planUninstall(
  server: TmuxServer,
  paths: StatePaths,
  { isPurge }: { isPurge: boolean },
): Promise<Plan> {
  const plan: Plan = { steps: [], kept: [], next: [] };
  const servers = knownServers(server, paths);
  for (const known of servers) addRoles(plan, known);
  addFiles(plan);
  // before what they are known by is taken away
  for (const known of servers) await addRestores(plan, known);
  for (const known of servers) {
    if (known.server === undefined) {
      plan.kept.push({ what: `hooks and options in the tmux server of ${known.name}`, why: "its socket is not known" });
      continue;
    }
    await addOptions(plan, known.server, known);
  }
  addSchedules(plan);
  addState(plan, servers, isPurge);
  addCrontab(plan);
  return plan;
}

/** Takes one step after the other. What could not be taken away is told, and keeps nothing else. */
export async function uninstall({ steps }: Plan): Promise<{ done: string[]; failed: { what: string; why: string }[] }> {
  const done: string[] = [];
  const failed: { what: string; why: string }[] = [];
  for (const { what, run } of steps) {
    try {
      await run();
      done.push(what);
    } catch (thrown) {
      failed.push({ what, why: asError(thrown).message });
    }
  }
  return { done, failed };
}

function addRoles({ steps }: Plan, { name, server, paths }: KnownServer): void {
  const running = (["watchdog", "daemon"] as const).flatMap((role) => {
    const holder = runningAs(role, role === "daemon" ? paths.daemonLock : paths.watchdogLock);
    return holder ? [`${role} ${holder.pid}`] : [];
  });
  if (running.length === 0) return;
  const run = () => (server ? stopForGood(server, paths) : stop(paths));
  steps.push({ what: `${running.join(" and ")} of the tmux server ${name}`, run });
}

function addFiles({ steps, kept, next }: Plan): void {
  for (const file of installedFiles()) {
    const { path } = file;
    const state = stateOf(file);
    if (state === "changed") kept.push({ what: path, why: "somebody has changed it since it was installed" });
    else if (state === "gone") steps.push({ what: `the note of ${path}, which is gone`, run: () => forgetFile(path) });
    else {
      const links = linksTo(path).length;
      const what = links === 0 ? path : `${path} and what enables it`;
      steps.push({ what, run: () => removeFile(file) });
      const reload = `${path.startsWith("/etc/") ? "sudo systemctl" : "systemctl --user"} daemon-reload`;
      if (path.endsWith(`/${TMUX_PLUGIN_FILE}`)) next.push(...TMUX_PLUGIN_GONE);
      if (path.endsWith(".service") && !next.includes(reload)) next.push(reload);
    }
  }
}

/** What restores that were killed have left: sessions that never were whole, and folders in which secrets may be. */
async function addRestores({ steps }: Plan, { name, server, paths }: KnownServer): Promise<void> {
  // a server that does not answer keeps what it has, and is told of with its options
  const inTmux = server ? await leftInTmux(server, paths, { timeoutMs: PATIENCE_MS }).catch(() => []) : [];
  const restores = [...inTmux, ...leftInFiles(paths)].filter(({ kind }) => kind === "restore");
  for (const { what, undo } of restores)
    steps.push({ what: `what a restore has left, ${what}, of the tmux server ${name}`, run: undo });
}

function addSchedules({ steps }: Plan): void {
  for (const file of scheduleFile.files()) {
    steps.push({ what: `what gc-enable has set, ${file}`, run: () => rmSync(file, { force: true }) });
  }
  for (const file of wishesFile.files()) {
    steps.push({ what: `what session-autosave has set, ${file}`, run: () => rmSync(file, { force: true }) });
  }
  for (const file of aliveFile.files()) {
    steps.push({ what: `what is known of living sessions, ${file}`, run: () => rmSync(file, { force: true }) });
  }
}

async function addOptions({ steps }: Plan, server: TmuxServer, { paths }: KnownServer): Promise<void> {
  const of = `in tmux at ${server.socket}`;
  const run = () => removeOptions(server, paths.dir);
  try {
    const { hooks, panes, sessions } = await findOptions(server, paths.dir, { timeoutMs: PATIENCE_MS });
    if (hooks + panes + sessions === 0) return;
    const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;
    steps.push({ what: `hooks, and options of ${count(panes, "pane")} and ${count(sessions, "session")}, ${of}`, run });
  } catch {
    // what keeps tmux from answering may be over by then, and is told if it is not
    steps.push({ what: `hooks and options, if there are any, ${of}`, run });
  }
}

/** Lines that a person has pasted are theirs to remove. */
function addCrontab({ next }: Plan): void {
  const crontab = Bun.which("crontab");
  if (crontab === null) return;
  const { stdout } = Bun.spawnSync([crontab, "-l"], { stdin: "ignore", stderr: "ignore", timeout: PATIENCE_MS });
  if (/claude-tmux.*daemon ensure/.test(stdout.toString()))
    next.push("crontab -e   # its lines start the daemon again");
}

function addState({ steps, kept }: Plan, servers: readonly KnownServer[], isPurge: boolean): void {
  const folders = servers.map(({ paths }) => paths.dir).filter(existsSync);
  const root = stateRoot();
  const durable = durableFolder();
  if (!isPurge) {
    const why = "what is stored there stays without --purge";
    if (folders.length > 0) kept.push({ what: root, why });
    if (durable !== undefined) kept.push({ what: durable, why });
    return;
  }
  // those of other servers are in that of the default one
  const inwards = folders.toSorted((a, b) => b.length - a.length);
  for (const dir of inwards) {
    steps.push({ what: dir, run: () => gone(dir, () => removeStateDir(dir, { isAll: true })) });
  }
  if (durable !== undefined) steps.push({ what: durable, run: () => gone(durable, () => removeDurable(durable)) });
}

/** Removes a folder, or says what keeps it. */
async function gone(dir: string, remove: () => Promise<void> | void): Promise<void> {
  await remove();
  if (existsSync(dir)) throw new Error(`it holds what is not ours to remove: ${readdirSync(dir).join(", ")}`);
}

function durableFolder(): string | undefined {
  try {
    const root = durableRoot();
    return checkStateDir(root) ? root : undefined;
  } catch {
    return undefined; // none is known, or it is not ours
  }
}

/** What is noted there, and the folders that are empty by now. */
async function removeDurable(root: string): Promise<void> {
  forgetAll();
  await removeAllSnapshots();
  const ofServers = readdirSync(root).filter((name) => name.startsWith("server-"));
  for (const dir of [...ofServers.map((name) => `${root}/${name}`), root]) {
    if (statSync(dir).isDirectory() && readdirSync(dir).length === 0) rmdirSync(dir);
  }
}
