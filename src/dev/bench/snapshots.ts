import { readdirSync, rmSync, statSync } from "node:fs";
import { poll, sleep } from "../../lib/wait.ts";
import type { Stage } from "../../stage/stage.ts";
import { crowdedStage } from "./crowd.ts";
import { cpuNs, daemonPid, newStage } from "./stage.ts";

/** What saving and restoring a session of ten panes costs, each of 2,000 coloured lines: medians, ms. */
export interface SnapshotCost {
  /** with all that it shows to be written, and with none of it */
  first: number;
  again: number;
  /** bare tmux calls that read the same: all in two clients, and in one for each thing that is read, as a script does it */
  read: number;
  readEach: number;
  /** until every shell is at its prompt, and the session was compared */
  restored: number;
  /** bare tmux, until as many shells are at their prompts */
  shells: number;
  manifestBytes: number;
  /** what is written when one pane has 100 lines more: the texts, without the manifest */
  grownBytes: number;
}

const PANES = 10;
const ROUNDS = 9;
const LINES = 2000;
const SHELLS_MS = 20_000;
const lines = (n: number) =>
  `awk -v p=$TMUX_PANE -v r=$RANDOM 'BEGIN { for (i = 1; i <= ${n}; i++) printf "\\033[3%dm%s line %d\\033[0m of \\033[1;4%dmmany %x\\033[0m\\n", i % 7 + 1, p, i, i % 7, (i + r) * 7919 }'`;

/** Measures it. */
export async function snapshotCosts(): Promise<SnapshotCost> {
  await using stage = await newStage();
  await tmux(stage, ["new-session", "-d", "-s", "ten", "-x", "200", "-y", "60"]);
  for (let i = 1; i < PANES; i++)
    await tmux(stage, ["split-window", "-d", "-t", "=ten:", ";", "select-layout", "-t", "=ten:", "tiled"]);
  const panes = (await tmux(stage, ["list-panes", "-t", "=ten:", "-F", "#{pane_id}"])).trim().split("\n");
  await untilIdle(stage, panes);
  for (const pane of panes) await stage.must(["pane-run", pane, "--", lines(LINES)]);
  const save = async () => JSON.parse(await stage.must(["session-save", "ten"]));
  const times = { first: [], again: [], read: [], readEach: [], restored: [], shells: [] } as Record<string, number[]>;
  const note = async (what: string, act: () => Promise<unknown>) => {
    const begun = performance.now();
    await act();
    times[what]?.push(performance.now() - begun);
  };
  for (let i = 0; i < ROUNDS; i++) {
    rmSync(storeOf(stage), { recursive: true, force: true });
    await note("first", save);
    await note("again", save);
    await note("read", () => read(stage, panes));
    await note("readEach", () => readEach(stage, panes));
    await note("restored", () => stage.must(["session-restore", "ten", "--as", "copy"]));
    await tmux(stage, ["kill-session", "-t", "=copy:"]);
    await note("shells", () => startShells(stage));
    await tmux(stage, ["kill-session", "-t", "=shells:"]);
  }
  const { snapshot } = await save();
  const manifestBytes = statSync(`${storeOf(stage)}/${snapshot}.json`).size;
  await stage.must(["pane-run", panes[0] ?? "", "--", lines(100)]);
  const grown = await save();
  const grownBytes = grown.bytes_written - statSync(`${storeOf(stage)}/${grown.snapshot}.json`).size;
  const median = (name: string) => times[name]?.toSorted((a, b) => a - b)[ROUNDS >> 1] ?? Number.NaN;
  const [first, again, readAll, each] = [median("first"), median("again"), median("read"), median("readEach")];
  const [restored, shells] = [median("restored"), median("shells")];
  return { first, again, read: readAll, readEach: each, restored, shells, manifestBytes, grownBytes };
}

/** What a round of looking at so many sessions costs that are to be saved and have not changed. */
export async function autosaveCost(sessions: number): Promise<{ ms: number; isWritten: boolean }> {
  await using stage = await crowdedStage(sessions - 1);
  await stage.must(["daemon", "start"]);
  const pid = await daemonPid(stage);
  await stage.must(["session-autosave", "--all", "1"]);
  const files = () => (readdirSync(storeOf(stage), { recursive: true }) as string[]).toSorted().join("\n");
  const areSaved = async () => JSON.parse(await stage.must(["session-snapshots"])).output.length >= sessions;
  if (!(await poll(SHELLS_MS * 3, 200, areSaved))) throw new Error("not all sessions were saved");
  await sleep(AUTOSAVE_MS);
  const before = files();
  const saving = await cpuMs(pid, AUTOSAVE_MS);
  const isWritten = files() !== before;
  await stage.must(["session-autosave-stop", "--all"]);
  await sleep(ROUND_MS * 2);
  const idle = await cpuMs(pid, AUTOSAVE_MS);
  return { ms: (saving - idle) / (AUTOSAVE_MS / ROUND_MS), isWritten };
}

const AUTOSAVE_MS = 20_000;
/** How often the daemon looks at most. */
const ROUND_MS = 2000;

/** All that session-save reads, in as few clients. */
async function read(stage: Stage, panes: readonly string[]): Promise<void> {
  const all = [...SHOW, ...panes.flatMap(ofPane)];
  await tmux(stage, LIST.flatMap((words) => [";", ...words]).slice(1));
  await tmux(stage, all.flatMap((words) => [";", ...words]).slice(1));
}

async function readEach(stage: Stage, panes: readonly string[]): Promise<void> {
  for (const words of [...LIST, ...SHOW, ...panes.flatMap(ofPane)]) await tmux(stage, words);
}

const LIST = [
  ["list-sessions", "-F", "#{session_name} #{session_path}"],
  ["list-windows", "-t", "=ten:", "-F", "#{window_index} #{window_layout}"],
  ["list-panes", "-s", "-t", "=ten:", "-F", "#{pane_id} #{pane_pid} #{pane_title} #{pane_current_path}"],
];
const SHOW = [
  ["show-environment", "-t", "=ten:"],
  ["show-options", "-t", "=ten:"],
  ["show-options", "-w", "-t", "=ten:"],
];
const ofPane = (pane: string) => [
  ["show-options", "-p", "-t", pane],
  ["capture-pane", "-p", "-e", "-J", "-S", "-", "-t", pane],
];

async function startShells(stage: Stage): Promise<void> {
  const split = [";", "split-window", "-d", "-t", "=shells:", ";", "select-layout", "-t", "=shells:", "tiled"];
  const splits = Array.from({ length: PANES - 1 }, () => split).flat();
  await tmux(stage, ["new-session", "-d", "-s", "shells", "-x", "200", "-y", "60", ...splits]);
  const panes = (await tmux(stage, ["list-panes", "-t", "=shells:", "-F", "#{pane_id}"])).trim().split("\n");
  const look = panes.flatMap((pane) => [";", "capture-pane", "-p", "-t", pane]).slice(1);
  const isThere = async () => ((await tmux(stage, look)).match(/[$#] *$/gm)?.length ?? 0) >= PANES;
  if (!(await poll(SHELLS_MS, 2, isThere))) throw new Error("not all shells came to their prompts");
}

async function untilIdle(stage: Stage, panes: readonly string[]): Promise<void> {
  for (const pane of panes) await stage.must(["pane-wait", pane, "20"]);
}

function storeOf(stage: Stage): string {
  return `${stage.folder}/.local/state/claude-tmux/snapshots`;
}

async function cpuMs(pid: number, ms: number): Promise<number> {
  const before = cpuNs(pid);
  await sleep(ms);
  let ns = 0;
  for (const [thread, after] of cpuNs(pid)) ns += after - (before.get(thread) ?? 0);
  return ns / 1e6;
}

async function tmux(stage: Stage, words: string[]): Promise<string> {
  const child = Bun.spawn(["tmux", "-u", ...words], {
    env: stage.env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  if (code !== 0) throw new Error(`tmux ${words.slice(0, 3).join(" ")}: ${stderr}`);
  return stdout;
}
