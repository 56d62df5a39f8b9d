import { existsSync, readdirSync, rmSync } from "node:fs";
import { emptyStateDir, isOurEntry } from "../gc/old-state.ts";
import { scheduleFile } from "../gc/schedule.ts";
import { forgetFile, installedFiles, stateOf } from "../install/record.ts";
import { config } from "../lib/config.ts";
import { FOLDER_NOTES, uppermostMade } from "../lib/folder-notes.ts";
import { checkStateDir, durableRoot, type StatePaths, stateRoot } from "../lib/paths.ts";
import { promptFiles } from "../panes/prompt-keys.ts";
import { runningAs } from "../process/holder.ts";
import { durableOf, isOwnDurable } from "../process/owner.ts";
import { aliveFile } from "../snapshots/alive.ts";
import { listSnapshots, removeAllSnapshots, removeSnapshots, snapshotFiles } from "../snapshots/store.ts";
import { wishesFile } from "../snapshots/wishes.ts";
import { foldersIn, upTo } from "./folders.ts";
import { counted, type Draft, type Wanted } from "./plan.ts";
import type { KnownServer } from "./servers.ts";

/** What is stored: in the state folders of servers, and in the folder of what is to last. */
export function addStored(draft: Draft, scope: readonly KnownServer[], wanted: Wanted): void {
  addState(draft, scope, wanted);
  const durable = durableFolder();
  if (durable === undefined) return;
  addWishes(draft, scope, wanted);
  if (wanted.isPurge) addPurged(draft, durable, scope, wanted);
  const own = readdirSync(durable).filter((name) => /^(server-.*|snapshots|prompts)$/.test(name));
  const made = uppermostMade(durable);
  draft.folders.push(...own.flatMap((name) => foldersIn(`${durable}/${name}`)));
  if (made !== undefined) draft.folders.push(...upTo(durable, made));
  addNotes(draft, durable);
}

function addNotes({ notes }: Draft, folder: string): void {
  for (const name of FOLDER_NOTES) notes.add(`${folder}/${name}`);
}

function addState(draft: Draft, scope: readonly KnownServer[], { isPurge }: Wanted): void {
  const { steps, kept, going, folders } = draft;
  const root = stateRoot();
  const there = scope.filter(({ paths: { dir } }) => existsSync(dir));
  // those of other servers are in that of the default one
  for (const { name, paths, durable } of there.toSorted((a, b) => b.paths.dir.length - a.paths.dir.length)) {
    const { dir } = paths;
    const isOthers = (entry: string) => dir === root && entry.startsWith("server-");
    const [ours, notOurs] = [[], []] as [string[], string[]];
    for (const entry of readdirSync(dir)) {
      if (FOLDER_NOTES.includes(entry) || isOthers(entry)) continue;
      (isOurEntry(dir, entry) ? ours : notOurs).push(entry);
    }
    if (ours.length + notOurs.length === 0) continue;
    if (!isPurge) {
      kept.push({ what: dir, why: `what is stored there of the tmux server ${name} stays without --purge` });
      continue;
    }
    if (durable === undefined) {
      kept.push({ what: dir, why: "it is not known whose it is: no daemon of this version has run there" });
      continue;
    }
    for (const entry of ours) going.add(`${dir}/${entry}`);
    const run = () => {
      refuseInUse(paths);
      const more = emptyStateDir(dir).filter((entry) => !isOthers(entry));
      if (more.length > 0) throw new Error(`it holds what is not ours to remove: ${more.join(", ")}`);
    };
    steps.push({ what: `${dir}: what is stored of the tmux server ${name}`, run });
  }
  if (!isPurge || !existsSync(root)) return;
  for (const dir of [root, ...there.map(({ paths }) => paths.dir)]) {
    addNotes(draft, dir);
    if (dir !== root) folders.push(dir);
  }
  const made = uppermostMade(root) ?? (config.stateDir === undefined ? root : undefined);
  // of the default server, there may be nothing
  if (made !== undefined) folders.push(...upTo(root, made));
}

/** Throws for a state folder in which somebody has begun to work since the plan was made, or goes on to. */
function refuseInUse(paths: StatePaths): void {
  const holder = runningAs("daemon", paths.daemonLock) ?? runningAs("watchdog", paths.watchdogLock);
  if (holder) throw new Error(`process ${holder.pid} works there`);
  const durable = durableOf(paths);
  if (durable !== undefined && !isOwnDurable(durable)) throw new Error(`it belongs to ${durable} by now`);
}

/** What is to be done by daemons that are no more then. */
function addWishes({ steps, going }: Draft, scope: readonly KnownServer[], { isAll }: Wanted): void {
  const servers = isAll ? undefined : scope.flatMap(({ server }) => server ?? []);
  const files = [
    ...scheduleFile.files(servers).map((file) => ({ file, of: "what gc-enable has set" })),
    ...wishesFile.files(servers).map((file) => ({ file, of: "what session-autosave has set" })),
    ...aliveFile.files(servers).map((file) => ({ file, of: "what is known of living sessions" })),
  ];
  for (const { file, of } of files) {
    going.add(file);
    steps.push({ what: `${of}, ${file}`, run: () => rmSync(file, { force: true }) });
  }
}

/** What was kept of these servers, and the notes of what was installed: of all servers, also those that are no more, if all was asked for. */
function addPurged(draft: Draft, durable: string, scope: readonly KnownServer[], { isAll }: Wanted): void {
  const { steps, going } = draft;
  const sockets = scope.flatMap(({ server }) => server?.socket ?? []);
  const whose = isAll ? "" : ` of ${scope.map(({ name }) => `the tmux server ${name}`).join(" and ")}`;
  const note = `${durable}/installed.json`;
  if (existsSync(note)) {
    going.add(note);
    // of what could not be removed the note stays; what somebody has changed is theirs by now
    const run = () => {
      for (const file of installedFiles()) if (stateOf(file) !== "unchanged") forgetFile(file.path);
      if (installedFiles().length === 0) rmSync(note, { force: true });
    };
    steps.push({ what: `the notes of what was installed, ${note}`, run });
  }
  addSnapshots(draft, { dir: `${durable}/snapshots`, sockets, whose, isAll });
  const prompts = promptFiles(isAll ? undefined : sockets);
  if (prompts.length === 0) return;
  for (const file of prompts) going.add(file);
  const run = () => {
    for (const file of prompts) rmSync(file, { force: true });
  };
  steps.push({ what: `what is known of prompts to agents${whose}, in ${durable}/prompts`, run });
}

function addSnapshots(
  { steps, kept, going }: Draft,
  { dir, sockets, whose, isAll }: { dir: string; sockets: readonly string[]; whose: string; isAll: boolean },
): void {
  const all = listSnapshots();
  const isOurs = ({ snapshot }: (typeof all)[number]) =>
    isAll || (snapshot !== undefined && sockets.includes(snapshot.socket));
  const ours = all.filter(isOurs);
  const others = all.length - ours.length;
  if (others > 0) {
    const why = "of other tmux servers, or not to be read; --all takes them away as well";
    kept.push({ what: `${counted(others, "snapshot")} in ${dir}`, why });
  }
  const files = others === 0 ? snapshotFiles() : [];
  for (const file of files) going.add(file);
  if (ours.length === 0 && files.length === 0) return;
  // another server's daemon may have saved its first one meanwhile
  const run = async () => {
    const now = listSnapshots().filter((one) => !isOurs(one));
    if (now.length === 0 && others === 0) await removeAllSnapshots();
    else await removeSnapshots(ours.map(({ id }) => id));
  };
  steps.push({ what: `${counted(ours.length, "snapshot")}${whose}, in ${dir}`, run });
}

/** The folder of what is to last, if it is there, and ours. */
export function durableFolder(): string | undefined {
  try {
    const root = durableRoot();
    return checkStateDir(root) ? root : undefined;
  } catch {
    return undefined; // none is known, or it is not ours
  }
}
