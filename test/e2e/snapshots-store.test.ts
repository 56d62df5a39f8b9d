import { expect, test } from "bun:test";
import {
  chmodSync,
  closeSync,
  fstatSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from "node:fs";
import { errno } from "../../src/lib/errors.ts";
import { Box, until } from "../helpers/box.ts";

// What becomes of snapshots where they can't be written, and where many write at once.

const ROOM_BYTES = 16_384;
const isRoot = process.geteuid?.() === 0;

/** A box whose snapshots are on a file system of its own, of so many KB, with a session and a snapshot of it. */
class DiskBox extends Box {
  static async make(kilobytes: number): Promise<DiskBox> {
    const box = new DiskBox({ SHELL: "/bin/bash" });
    box.env.XDG_STATE_HOME = box.disk;
    mkdirSync(box.disk);
    run("mount", "-t", "tmpfs", "-o", `size=${kilobytes}k,mode=700`, "tmpfs", box.disk);
    await furnish(box);
    return box;
  }

  readonly disk = `${this.folder}/disk`;

  /** Takes all room that is left but for a few parts, or for so many bytes. */
  fill(leave = ROOM_BYTES): void {
    const fd = openSync(`${this.disk}/filler`, "w");
    try {
      for (;;) writeSync(fd, Buffer.alloc(4096));
    } catch (thrown) {
      expect(errno(thrown)).toBe("ENOSPC");
      ftruncateSync(fd, fstatSync(fd).size - leave);
    } finally {
      closeSync(fd);
    }
  }

  makeRoom(): void {
    rmSync(`${this.disk}/filler`);
  }

  override async [Symbol.asyncDispose](): Promise<void> {
    await this.run(["daemon", "stop"]);
    await this.endServer();
    run("umount", this.disk);
    await super[Symbol.asyncDispose]();
  }
}

async function furnish(box: Box): Promise<void> {
  await box.output("session-create", "dev");
  await box.bridge("pane-run", "dev", "0", "--", "seq 100");
  await box.output("session-save", "dev");
}

const files = (box: Box) =>
  readdirSync(box.snapshots, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => name)
    .toSorted();
const panes = (box: Box) => box.tmux("list-panes", "-s", "-t", "=dev:", "-F", "#{pane_id} #{pane_pid} #{pane_dead}");
/** Has the pane show much that nothing makes small. */
const writeMuch = (box: Box) => box.bridge("pane-run", "dev", "0", "--", "head -c 60000 /dev/urandom | base64");

/** Whether the daemon has saved sessions, or could not, at least so often. */
async function outcome(box: Box, what: "saved" | "failed", atLeast: number): Promise<boolean> {
  const metrics = await box.must(["daemon", "metrics"]);
  const [, count = "0"] = new RegExp(`autosaves_total{outcome="${what}"} (\\d+)`).exec(metrics) ?? [];
  return Number(count) >= atLeast;
}

/** Checks that nothing has come of a save that failed: neither in the store nor in the session. */
async function expectNothingElse(box: Box, act: () => Promise<unknown>): Promise<void> {
  const before = [files(box), await panes(box)];
  await act();
  expect([files(box), await panes(box)]).toEqual(before);
  expect(await box.bridge("session-snapshot-verify")).toMatchObject({ exitCode: 0, damaged: [] });
}

test.skipIf(!canMount())(
  "on a full disk a save fails and says so, old ones stay whole, and nothing half is left",
  async () => {
    await using box = await DiskBox.make(256);
    await writeMuch(box);
    box.fill();
    await expectNothingElse(box, async () => {
      expect(await box.bridge("session-save", "dev")).toMatchObject({
        exitCode: 1,
        error: { code: "ERR_COMMAND_FAILED", hint: expect.stringContaining("session-snapshot-prune") },
        output: expect.stringContaining("there is no space left"),
      });
      // what would take its place can't, before it has been touched
      expect(await box.bridge("session-restore", "dev", "--replace")).toMatchObject({ exitCode: 1 });
      expect(await box.bridge("session-save", "dev", `${box.disk}/dev.json`)).toMatchObject({
        exitCode: 1,
        error: { code: "ERR_COMMAND_FAILED" },
        output: expect.stringContaining("there is no space left"),
      });
    });
    box.makeRoom();
    expect(await box.bridge("session-save", "dev")).toMatchObject({ exitCode: 0 });
  },
);

test.skipIf(!canMount())(
  "where there is room for what panes show and none for the manifest, neither stays",
  async () => {
    await using box = await DiskBox.make(256);
    for (const name of ["A", "B", "C", "D"])
      await box.tmux("set-environment", "-t", "=dev:", name, "x".repeat(ROOM_BYTES * 0.75));
    await box.bridge("pane-run", "dev", "0", "--", "seq 200 300");
    box.fill();
    await expectNothingElse(box, async () => {
      expect(await box.bridge("session-save", "dev")).toMatchObject({ exitCode: 1 });
    });
    box.makeRoom();
    expect(await box.bridge("session-save", "dev")).toMatchObject({ exitCode: 0 });
  },
);

test.skipIf(!canMount())(
  "on a full disk the daemon tells once, leaves nothing, and goes on when there is room",
  async () => {
    await using box = await DiskBox.make(256);
    await box.must(["daemon", "start"]);
    await box.output("session-autosave", "dev", "1", "--scrollback");
    const told = async (type: string) => (await box.events(type)).map(({ session }) => session);
    await until("it is saved", async () => (await told("snapshot-saved")).length > 0);
    box.fill();
    const before = files(box);
    await writeMuch(box);
    await until("it is told", async () => (await told("snapshot-failed")).length > 0);
    // it is tried again as windows change
    await box.tmux("new-window", "-d", "-t", "=dev:7");
    await until("it is tried again", () => outcome(box, "failed", 2));
    expect([await told("snapshot-failed"), files(box)]).toEqual([["dev"], before]);
    expect(await box.bridge("session-snapshot-verify")).toMatchObject({ exitCode: 0, damaged: [] });
    const saved = (await told("snapshot-saved")).length;
    box.makeRoom();
    await box.tmux("new-window", "-d", "-t", "=dev:8");
    await until("it is saved again", async () => (await told("snapshot-saved")).length > saved);
  },
);

test.skipIf(!canMount())(
  "where the daemon's own disk is full, it saves sessions all the same, and goes on",
  async () => {
    await using box = await DiskBox.make(2048);
    box.env.CLAUDE_TMUX_STATE_DIR = `${box.disk}/state`;
    box.env.XDG_STATE_HOME = `${box.folder}/elsewhere`;
    await box.must(["daemon", "start"]);
    const pid = await box.pid("daemon");
    await box.output("session-autosave", "dev", "1");
    await until("it is saved", () => outcome(box, "saved", 1));
    box.fill(0);
    await box.tmux("new-window", "-d", "-t", "=dev:7");
    await until("it is saved", () => outcome(box, "saved", 2));
    await until("a change is saved after that", async () => {
      await box.tmux("rename-window", "-t", "=dev:7", `w${Date.now()}`);
      return await outcome(box, "saved", 3);
    });
    expect(await box.pid("daemon")).toBe(pid);
    expect(await outcome(box, "failed", 1)).toBe(false);
  },
);

test.skipIf(!canMount())(
  "where the folder can only be read, nothing is saved, and what is there can be restored",
  async () => {
    await using box = await DiskBox.make(256);
    run("mount", "-o", "remount,ro", box.disk);
    await writeMuch(box);
    await expectNothingElse(box, async () => {
      expect(await box.bridge("session-save", "dev")).toMatchObject({
        exitCode: 1,
        output: expect.stringContaining("its folder can only be read"),
        error: {
          code: "ERR_COMMAND_FAILED",
          hint: expect.stringMatching(/^Have it made writable, or set XDG_STATE_HOME/),
        },
      });
      expect(await box.bridge("session-restore", "dev", "--replace")).toMatchObject({ exitCode: 1 });
    });
    expect(await box.bridge("session-restore", "dev", "--as", "copy")).toMatchObject({ exitCode: 0, differences: [] });
  },
);

test.skipIf(isRoot)("where nobody may write, a save fails and says so", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await furnish(box);
  await writeMuch(box);
  chmodSync(`${box.snapshots}/parts`, 0o500);
  await expectNothingElse(box, async () => {
    expect(await box.bridge("session-save", "dev")).toMatchObject({
      exitCode: 1,
      error: { code: "ERR_COMMAND_FAILED" },
      output: expect.stringContaining("its folder may not be written"),
    });
  });
  chmodSync(`${box.snapshots}/parts`, 0o700);
  expect(await box.bridge("session-save", "dev")).toMatchObject({ exitCode: 0 });
});

test("where files may not be so large, a save fails, and old ones stay whole", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await furnish(box);
  await writeMuch(box);
  const limited = `ulimit -f 4; exec ${box.command.join(" ")} bridge session-save dev`;
  await expectNothingElse(box, async () => {
    const child = Bun.spawn(["bash", "-c", limited], { env: box.env, stdout: "pipe", stderr: "ignore" });
    expect([await child.exited, JSON.parse(await child.stdout.text())]).toMatchObject([
      1,
      { output: expect.stringContaining("larger than files may be") },
    ]);
  });
});

test("a named pipe in the store keeps no command waiting", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await furnish(box);
  const id = "dev-20991129T184501Z";
  run("mkfifo", `${box.snapshots}/${id}.json`);
  const [first] = (await box.bridge("session-snapshots", "dev")).output as object[];
  expect(first).toMatchObject({ snapshot: id, whole: false, problem: expect.stringContaining("it is no plain file") });
  expect(await box.bridge("session-restore", "dev", "--as", "copy")).toMatchObject({
    exitCode: 0,
    skipped: [{ snapshot: id }],
  });
  expect(await box.bridge("gc-run")).toMatchObject({ exitCode: 0 });
  expect(await box.bridge("session-save", "dev")).toMatchObject({ exitCode: 0 });
  expect(await box.bridge("session-snapshot-prune")).toMatchObject({ exitCode: 0 });
});

test("fifty save at once, and somebody prunes: each is whole, has an id of its own, and nothing half is left", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await furnish(box);
  await writeMuch(box);
  const savers = Array.from({ length: 50 }, () => box.bridge("session-save", "dev", "--note", "stays"));
  const pruner = box.bridge("session-snapshot-prune", "--keep", "1");
  const saved = await Promise.all(savers);
  expect(saved.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
  expect(await pruner).toMatchObject({ exitCode: 0 });
  expect(new Set(saved.map(({ snapshot }) => snapshot)).size).toBe(50);
  expect(files(box).filter((name) => name.endsWith(".part"))).toEqual([]);
  expect(await box.bridge("session-snapshot-verify")).toMatchObject({ exitCode: 0, damaged: [] });
  expect(await box.bridge("session-restore", "dev", "--replace")).toMatchObject({ exitCode: 0, differences: [] });
});

/** Whether a file system can be mounted here: by root, where nothing forbids it. */
function canMount(): boolean {
  if (!isRoot || process.platform !== "linux") return false;
  return Bun.spawnSync(["unshare", "-m", "mount", "-t", "tmpfs", "tmpfs", "/mnt"]).exitCode === 0;
}

function run(...words: string[]): void {
  const { exitCode, stderr } = Bun.spawnSync(words);
  if (exitCode !== 0) throw new Error(`${words.join(" ")}: ${stderr}`);
}

test("one of which a part is missing is told, and comes back without what its panes showed", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  await box.output("pane-create", "dev", "build");
  await box.bridge("pane-run", "dev", "build", "--", "seq 5");
  const file = `${box.folder}/dev.json`;
  await box.bridge("session-save", "dev", file);
  const { snapshot: id } = await box.bridge("session-save", "dev");
  const store = `${box.folder}/.local/state/claude-tmux/snapshots`;
  const part = readdirSync(`${store}/parts`, { recursive: true }).find((name) => `${name}`.endsWith(".zst"));
  rmSync(`${store}/parts/${part}`);
  const problem = "1 of its 1 parts is missing or empty: what pane 0.1 showed";
  expect((await box.bridge("session-snapshots")).output).toMatchObject([{ snapshot: id, whole: false, problem }]);
  await box.tmux("rename-session", "-t", "=dev:", "other");
  for (const word of ["dev", `${id}`]) {
    const refused = await box.bridge("session-restore", word);
    expect(refused.error?.code).toBe("ERR_SNAPSHOT_DAMAGED");
    expect(refused.output).toContain("what pane 0.1 showed");
    expect(refused.error?.hint).toContain(`session-restore ${word} --no-scrollback`);
  }
  const missing = [{ where: "pane 0.1", what: "what it showed", why: "it was not to come back (--no-scrollback)" }];
  for (const [as, word] of [
    ["dev", "dev"],
    ["two", `${id}`],
    ["three", file],
  ] as const)
    expect(await box.bridge("session-restore", word, "--as", as, "--no-scrollback")).toMatchObject({
      ...{ exitCode: 0, session: as, panes: 2, lines: 0, missing, differences: [] },
    });
  expect(await box.output("pane-capture", "dev", "build")).not.toContain("5");
});

test("wishes that can't be read are not written over; the daemon's log and doctor tell, once they are mended it goes on", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  await box.must(["daemon", "start"]);
  await box.output("session-autosave", "dev", "1");
  const durable = `${box.folder}/.local/state/claude-tmux`;
  const [folder] = readdirSync(durable).filter((name) => name.startsWith("server-"));
  const file = `${durable}/${folder}/autosave.json`;
  const text = readFileSync(file, "utf8");
  const damaged = text.replace(/"every_s":\d+/, '"every_s":null');
  writeFileSync(file, damaged);
  const problem = `${file} can't be used: sessions.dev.every_s is not what should be there`;
  expect(await box.bridge("session-autosave", "dev", "60")).toMatchObject({ exitCode: 1, output: problem });
  expect(readFileSync(file, "utf8")).toBe(damaged);
  await until("the daemon's log tells", () => box.hasInFiles(`the daemon cannot save sessions: ${problem}`, box.state));
  const { stdout } = await box.run(["doctor", "--json"]);
  expect(stdout).toContain(JSON.stringify(problem).slice(1, -1));
  const saved = (await box.events("snapshot-saved")).length;
  writeFileSync(file, text);
  await box.tmux("new-window", "-d", "-t", "=dev:7");
  await until("it is saved", async () => (await box.events("snapshot-saved")).length > saved);
});
