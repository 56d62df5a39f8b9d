import { existsSync, readFileSync, rmSync } from "node:fs";
import { poll } from "../../lib/wait.ts";
import type { KillStage } from "./kill-stage.ts";
import { run } from "./session-look.ts";

const WRITING_MS = 12;
const MAKING_MS = 300;
/** A daemon saves for the first time some two seconds after it has started. */
const AUTOSAVE_MS = 3000;

const DONE = "it was done";

/** One kill of a kind. */
export interface Kill {
  /** how often it is played beside the others: one of a daemon takes seconds */
  weight: number;
  /**
   * Plays it, at an instant that `random` decides, and checks what is there then and that the next command works. Returns what was
   * there in a few words. Throws an Error with what is wrong.
   */
  play(stage: KillStage, random: () => number): Promise<string>;
}

/** All kinds of kills, by who is killed. */
export const KILLS: Record<string, Kill> = {
  "session-save": { weight: 4, play: save },
  "session-save to a file": { weight: 2, play: saveFile },
  "session-restore": { weight: 4, play: restore },
  "session-restore --replace": { weight: 6, play: replace },
  "session-snapshot-prune": { weight: 2, play: prune },
  "an autosaving daemon": { weight: 2, play: autosave },
};

async function save(stage: KillStage, random: () => number): Promise<string> {
  await write(stage, random);
  const [before, panes] = [stage.manifests(), await stage.panesOf("=dev:")];
  const isKilled = await stage.kill(["session-save", "dev"], { random, writes: stage.store, writesMs: WRITING_MS });
  await stage.checkKept(before);
  if ((await stage.panesOf("=dev:")) !== panes) throw new Error("the session that was saved is another");
  const [isThere, isBegun] = [stage.manifests().size > before.size, stage.begun().length > 0];
  await stage.must(["session-save", "dev"]);
  await stage.checkKept(before);
  if (stage.begun().length > 0) throw new Error(`what was begun stays: ${stage.begun().join(", ")}`);
  if (!isKilled) return DONE;
  return isThere ? "a new one, whole" : isBegun ? "the old ones, and something begun, which went" : "the old ones";
}

async function saveFile(stage: KillStage, random: () => number): Promise<string> {
  await write(stage, random);
  const before = stage.manifests();
  const file = `${stage.folder}/dev.json`;
  const isKilled = await stage.kill(["session-save", "dev", file], {
    random,
    writes: stage.folder,
    writesMs: WRITING_MS,
  });
  await stage.checkKept(before);
  const isThere = existsSync(file);
  if (!isThere) await stage.must(["session-save", "dev", file]);
  await stage.must(["session-restore", file, "--as", "copy", "--dry-run"]);
  rmSync(file);
  return isKilled ? (isThere ? "the file, whole" : "no file") : DONE;
}

async function restore(stage: KillStage, random: () => number): Promise<string> {
  await run(stage, ["kill-session", "-t", "=dev:"]);
  const before = stage.manifests();
  const isKilled = await stage.kill(["session-restore", stage.base], {
    random,
    writes: stage.state,
    writesMs: MAKING_MS,
  });
  await stage.checkKept(before);
  const sessions = await stage.sessions();
  const again = await stage.ask(["session-restore", stage.base]);
  if (!sessions.has("dev")) expectRestored(again);
  else if (again.exitCode === 0) throw new Error("dev was restored twice");
  await stage.checkRestored();
  if (!isKilled) return DONE;
  return sessions.has("dev") ? "the session, whole" : sessions.size > 1 ? "a leftover, which went" : "no session";
}

async function replace(stage: KillStage, random: () => number): Promise<string> {
  // what tells the old one from what comes
  const mark = `${random()}`;
  await run(stage, ["set-option", "-t", "=dev:", "@instant", mark]);
  const [before, panes] = [stage.manifests(), await stage.panesOf("=dev:")];
  const old = (await stage.sessions()).get("dev") ?? "";
  const isKilled = await stage.kill(["session-restore", stage.base, "--replace"], {
    random,
    writes: stage.state,
    writesMs: MAKING_MS,
  });
  await stage.checkKept(before);
  const sessions = await stage.sessions();
  const isOld = sessions.get("dev") === old;
  if (!sessions.has("dev")) throw new Error(`neither is there: ${[...sessions.keys()].join(", ")}`);
  if (isOld && (await stage.panesOf(`${old}:`)) !== panes) throw new Error("the old one is another");
  if (!isOld) {
    if ([...sessions.values()].includes(old)) throw new Error("the old one lives under another name");
    const saved = [...stage.manifests()].filter(([name, text]) => !before.has(name) && text.includes(mark));
    if (saved.length === 0) throw new Error("the old one has gone, and is in no snapshot");
  }
  expectRestored(await stage.ask(["session-restore", stage.base, "--replace"]));
  await stage.checkKept(before);
  await stage.checkRestored();
  if (!isKilled) return DONE;
  return isOld ? (sessions.size > 2 ? "the old one, and a leftover, which went" : "the old one") : "the new one";
}

async function prune(stage: KillStage, random: () => number): Promise<string> {
  for (let n = 0; n < 3; n++) {
    await write(stage, random);
    await stage.must(["session-save", "dev"]);
  }
  const before = stage.manifests();
  const isKilled = await stage.kill(["session-snapshot-prune", "--keep", "1"], {
    random,
    writes: stage.store,
    writesMs: WRITING_MS,
  });
  await stage.checkKept(before, { mayGo: true });
  const left = stage.manifests().size;
  await stage.must(["session-snapshot-prune", "--keep", "1"]);
  await stage.checkKept(new Map([...before].filter(([name]) => name === `${stage.base}.json`)));
  return isKilled ? (left < before.size ? "fewer, all whole" : "all") : DONE;
}

async function autosave(stage: KillStage, random: () => number): Promise<string> {
  await stage.must(["session-autosave", "dev", "1", "--keep", "3", "--scrollback"]);
  const before = stage.manifests();
  await stage.must(["pane-exec", "dev", "build", "for i in $(seq 100); do echo $RANDOM; sleep 0.03; done"]);
  await stage.must(["daemon", "start"]);
  const pid = Number(readFileSync(`${stage.state}/daemon.pid`, "utf8"));
  await stage.instant(AUTOSAVE_MS, { random, writes: stage.store, writesMs: WRITING_MS });
  process.kill(pid, "SIGKILL");
  await poll(AUTOSAVE_MS, 5, () => !existsSync(`/proc/${pid}`));
  await stage.checkKept(before, { mayGo: true });
  const isThere = [...stage.manifests().keys()].some((name) => !before.has(name));
  await stage.must(["session-autosave-stop", "dev"]);
  expectRestored(await stage.ask(["session-restore", stage.base, "--replace"]));
  await stage.checkRestored();
  return isThere ? "a new one, whole" : "the old ones";
}

/** Has a pane write something new, so that there is something to store. */
async function write(stage: KillStage, random: () => number): Promise<void> {
  await stage.must([
    "pane-run",
    "dev",
    "build",
    "--",
    `seq -f 'line ${random()} %g' ${20 + Math.floor(random() * 200)}`,
  ]);
}

function expectRestored(reply: { exitCode: number; [fact: string]: unknown }): void {
  const { exitCode, differences, missing } = reply;
  if (exitCode === 0 && JSON.stringify([differences, missing]) === "[[],[]]") return;
  throw new Error(`the next restore: ${JSON.stringify(reply)}`);
}
