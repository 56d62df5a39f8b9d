import { closeSync, constants, existsSync, openSync, readdirSync } from "node:fs";
import { dirname } from "node:path";
import { leftInFiles } from "../gc/left-files.ts";
import { leftInTmux } from "../gc/left-over.ts";
import { forgetFile, installedFiles, linksTo, removeFile, stateOf } from "../install/record.ts";
import { TMUX_PLUGIN_FILE, TMUX_PLUGIN_GONE } from "../install/tmux-plugin.ts";
import { AppError, asError, errno } from "../lib/errors.ts";
import { FOLDER_NOTES } from "../lib/folder-notes.ts";
import { flockExclusive } from "../lib/libc.ts";
import { knownDurableRoot, type StatePaths, stateRoot } from "../lib/paths.ts";
import { poll } from "../lib/wait.ts";
import { stop } from "../lifecycle/roles.ts";
import { canonical } from "../process/canonical.ts";
import { stopForGood } from "../recovery/stop.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { emptied, outermost, removeEmpty, upTo } from "./folders.ts";
import { leftServer, stillUsed, whyLeft } from "./left.ts";
import { findOptions, removeOptions } from "./options.ts";
import { counted, type Draft, type Plan, type Step, type Wanted } from "./plan.ts";
import { type KnownServer, knownServers } from "./servers.ts";
import { addStored, durableFolder } from "./stored.ts";

const PATIENCE_MS = 2000;
const TRIES = 5;
const TURN_MS = 60_000;
const TURN_LOOK_MS = 20;

/**
 * What an uninstallation takes away: what `install` has written for this HOME; and of one tmux server, or of all that are this HOME's,
 * the background programs, our hooks and options in tmux and, if that is wanted, all that was stored. What is another's, or of another
 * server, is left. Changes nothing. Throws ERR_UNSAFE_STATE_DIR.
 */
async function planUninstall(server: TmuxServer, paths: StatePaths, wanted: Wanted): Promise<Plan> {
  const { asked, others } = await knownServers(server, paths);
  const scope = [asked, ...(wanted.isAll ? others : [])].filter(({ isOurs }) => isOurs);
  const left = [asked, ...others].filter((known) => !scope.includes(known));
  const draft: Draft = {
    scope: scopeText(scope, wanted),
    steps: [],
    kept: [],
    left: left.map((known) => leftServer(known, wanted)),
    refused: asked.isOurs || wanted.isAll ? [] : [{ what: `the tmux server ${asked.name}`, why: whyLeft(asked) }],
    stillUsed: undefined,
    next: [],
    going: new Set(),
    folders: [],
    notes: new Set(),
  };
  for (const known of scope) addRoles(draft, known);
  draft.stillUsed = stillUsed(left, addFiles(draft, server, wanted));
  // before what they are known by is taken away
  for (const known of scope) await addRestores(draft, known);
  for (const known of scope) await addOptions(draft, known, left);
  addStored(draft, scope, wanted);
  addFolders(draft, wanted);
  addCrontab(draft);
  return draft;
}

/** What an uninstallation would do now. Throws as planUninstall(). */
export async function foresee(server: TmuxServer, paths: StatePaths, wanted: Wanted): Promise<Done> {
  const plan = await planUninstall(server, paths, wanted);
  return { plan, done: plan.steps.map(({ what }) => what), failed: plan.refused };
}

/** What an uninstallation did. */
export interface Done {
  plan: Plan;
  done: string[];
  failed: { what: string; why: string }[];
}

/**
 * Does what planUninstall() says then, one step after the other. What could not be taken away is told, and keeps nothing else.
 * One at a time takes away what a HOME has. Throws ERR_TIMEOUT, and as planUninstall().
 */
export async function uninstall(server: TmuxServer, paths: StatePaths, wanted: Wanted): Promise<Done> {
  using _turn = await turn();
  const plan = await planUninstall(server, paths, wanted);
  return { plan, ...(await carryOut(plan)) };
}

/** Holds the lock of the folder of what is to last itself, if there is one: no file is needed for it, and none is left. */
async function turn(): Promise<Disposable | undefined> {
  const folder = durableFolder();
  if (folder === undefined) return undefined;
  const fd = openSync(folder, constants.O_RDONLY);
  if (await poll(TURN_MS, TURN_LOOK_MS, () => flockExclusive(fd))) return { [Symbol.dispose]: () => closeSync(fd) };
  closeSync(fd);
  throw new AppError("ERR_TIMEOUT", `Another uninstall of what is in ${folder} has not ended within a minute`, {
    hint: "It may hang or be stopped: look at it with ps.",
  });
}

async function carryOut({ steps, refused }: Plan): Promise<Pick<Done, "done" | "failed">> {
  const done: string[] = [];
  const failed = [...refused];
  for (const { what, run } of steps) {
    try {
      await again(run);
      done.push(what);
    } catch (thrown) {
      failed.push({ what, why: asError(thrown).message });
    }
  }
  return { done, failed };
}

/** Takes a step again that comes upon what another uninstallation has just removed: then it goes by what is there still. */
async function again(run: Step["run"]): Promise<void> {
  for (let tries = 1; ; tries++) {
    try {
      await run();
      return;
    } catch (thrown) {
      if (errno(thrown) !== "ENOENT" || tries === TRIES) throw thrown;
    }
  }
}

function scopeText(scope: readonly KnownServer[], { isAll }: Wanted): string {
  const servers = scope.map(({ name, server }) => `the tmux server ${name}${server ? ` (${server.socket})` : ""}`);
  const what = servers.length === 0 ? [`no tmux server${isAll ? "" : ", as this one is another's"}`] : servers;
  const durable = knownDurableRoot();
  return `${what.join(", ")}${durable === undefined ? "" : `; and what install has noted in ${durable}`}`;
}

function addRoles({ steps }: Draft, { name, server, paths, running }: KnownServer): void {
  if (running.length === 0) return;
  const what = running.map(({ role, pid }) => `${role} ${pid}`).join(" and ");
  const run = () => (server ? stopForGood(server, paths) : stop(paths));
  steps.push({ what: `${what} of the tmux server ${name}`, run });
}

/** Returns those that stay since they are for another tmux server, and start this program. */
function addFiles({ steps, kept, next, going, folders }: Draft, server: TmuxServer, { isAll }: Wanted): string[] {
  const files = installedFiles();
  const others: string[] = [];
  for (const file of files) {
    const { path, folder, socket } = file;
    if (socket !== undefined && !isAll && canonical(socket) !== canonical(server.socket)) {
      kept.push({ what: path, why: `it is for another tmux server of yours, that at ${socket}` });
      others.push(path);
      continue;
    }
    const state = stateOf(file);
    if (state === "changed") {
      kept.push({ what: path, why: "somebody has changed it since it was installed" });
      continue;
    }
    const links = linksTo(path);
    for (const one of [path, ...links]) {
      going.add(one);
      if (folder !== undefined && one.startsWith(`${folder}/`)) folders.push(...upTo(dirname(one), folder));
    }
    if (state === "gone") {
      steps.push({ what: `the note of ${path}, which is gone`, run: () => forgetFile(path) });
      continue;
    }
    steps.push({ what: links.length === 0 ? path : `${path} and what enables it`, run: () => removeFile(file) });
    const reload = `${path.startsWith("/etc/") ? "sudo systemctl" : "systemctl --user"} daemon-reload`;
    if (path.endsWith(`/${TMUX_PLUGIN_FILE}`)) next.push(...TMUX_PLUGIN_GONE);
    if (path.endsWith(".service") && !next.includes(reload)) next.push(reload);
  }
  const durable = durableFolder();
  // with the last note, what holds them
  if (durable !== undefined && files.length > 0 && files.every(({ path }) => going.has(path)))
    going.add(`${durable}/installed.json`);
  return others;
}

/** What restores that were killed have left: sessions that never were whole, and folders in which secrets may be. */
async function addRestores({ steps }: Draft, { name, server, paths }: KnownServer): Promise<void> {
  // a server that does not answer keeps what it has, and is told of with its options
  const inTmux = server ? await leftInTmux(server, paths, { timeoutMs: PATIENCE_MS }).catch(() => []) : [];
  const restores = [...inTmux, ...leftInFiles(paths)].filter(({ kind }) => kind === "restore");
  for (const { what, undo } of restores)
    steps.push({ what: `what a restore has left, ${what}, of the tmux server ${name}`, run: undo });
}

async function addOptions(draft: Draft, { name, server, paths }: KnownServer, left: readonly KnownServer[]) {
  const { steps, kept } = draft;
  if (server === undefined) {
    kept.push({ what: `hooks and options in the tmux server of ${name}`, why: "its socket is not known" });
    return;
  }
  const of = `in tmux at ${server.socket}`;
  const isSame = (other: TmuxServer) => canonical(other.socket) === canonical(server.socket);
  const sharing = left.find((other) => other.running.length > 0 && other.server && isSame(other.server));
  if (sharing) {
    const [{ role, pid } = { role: "daemon", pid: 0 }] = sharing.running.slice(-1);
    kept.push({
      what: `hooks and options ${of}`,
      why: `the ${role} ${pid} of ${sharing.paths.dir} is at work there, too`,
    });
    return;
  }
  const run = () => removeOptions(server, paths.dir);
  try {
    const { hooks, panes, sessions } = await findOptions(server, paths.dir, { timeoutMs: PATIENCE_MS });
    if (hooks + panes + sessions === 0) return;
    const what = `hooks, and options of ${counted(panes, "pane")} and ${counted(sessions, "session")}, ${of}`;
    steps.push({ what, run });
  } catch {
    // what keeps tmux from answering may be over by then, and is told if it is not
    steps.push({ what: `hooks and options, if there are any, ${of}`, run });
  }
}

/** The folders that were made for what goes, and have nothing in them then; and why those of ours that stay do. */
function addFolders({ steps, kept, going, folders, notes }: Draft, wanted: Wanted): void {
  const empty = emptied(folders, (path) => going.has(path) || notes.has(path));
  for (const folder of outermost(empty)) {
    const inner = empty.filter((one) => one === folder || one.startsWith(`${folder}/`));
    const run = () => {
      for (const one of inner) removeEmpty(one, notes);
    };
    steps.push({ what: `the folder ${folder}, which is empty then`, run });
  }
  const durable = durableFolder();
  for (const folder of [durable, wanted.isPurge ? stateRoot() : undefined]) {
    if (folder === undefined || !existsSync(folder) || empty.includes(folder)) continue;
    const rest = readdirSync(folder).filter((name) => {
      const path = `${folder}/${name}`;
      return !FOLDER_NOTES.includes(name) && !going.has(path) && !empty.includes(path);
    });
    if (rest.length === 0) kept.push({ what: folder, why: "it was there before, as far as is known" });
    else if (folder === durable) kept.push({ what: folder, why: whyKept(rest, wanted) });
  }
}

/** Why the folder of what is to last stays, by what is left there. */
function whyKept(rest: readonly string[], { isPurge, isAll }: Wanted): string {
  const isOfServer = (name: string) => name.startsWith("server-");
  const whys = [
    ...(!isPurge && !rest.every(isOfServer) ? ["what is stored there stays without --purge"] : []),
    ...(!isAll && rest.some(isOfServer) ? ["what was set for other tmux servers stays without --all"] : []),
  ];
  return whys.length > 0 ? whys.join("; ") : `it holds ${rest.join(", ")}`;
}

/** Lines that a person has pasted are theirs to remove. */
function addCrontab({ next }: Draft): void {
  const crontab = Bun.which("crontab");
  if (crontab === null) return;
  const { stdout } = Bun.spawnSync([crontab, "-l"], { stdin: "ignore", stderr: "ignore", timeout: PATIENCE_MS });
  if (/claude-tmux.*daemon ensure/.test(stdout.toString()))
    next.push("crontab -e   # its lines start the daemon again");
}
