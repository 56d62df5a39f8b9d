import { describe, expect, test } from "bun:test";
import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { Box, type Reply, served, sessionNames, until } from "../helpers/box.ts";

// What gc-run ends is saved before, and comes back.

interface Told extends Reply {
  collected: { kind: string; what: string; why: string; snapshot?: string }[];
  kept: { session: string; why: string }[];
}

const bash = { SHELL: "/bin/bash" };
const gc = async (box: Box, ...options: string[]) => (await box.bridge("gc-run", ...options)) as unknown as Told;
const manifests = (box: Box) =>
  existsSync(box.snapshots)
    ? readdirSync(box.snapshots)
        .filter((name) => name.endsWith(".json"))
        .toSorted()
    : [];
const left = async (box: Box) => (await sessionNames(box)).toSorted();

/** A box with a session that stays, and those that are due with a time to live of 0.1 s. */
async function boxWith(...names: string[]): Promise<Box> {
  const box = new Box(bash);
  await box.output("session-create", "stays", "--keep");
  for (const name of names) {
    await box.output("session-create", name, "--ttl", "0.1");
    await box.prompt(name, "0");
  }
  return box;
}

const due = (box: Box, ...names: string[]) =>
  until(`${names} are due`, async () => {
    const { collected } = await gc(box, "--dry-run");
    return names.every((name) => collected.some(({ what }) => what === name));
  });

describe("a session that is collected", () => {
  test("is saved before, and comes back with all that it had", async () => {
    await using box = await boxWith("dev");
    await box.output("pane-metadata-set", "dev", "0", "ticket", "T-42");
    await box.must(["daemon", "start"]);
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "never-shown"]);
    await box.output("pane-run", "dev", "0", "--", "for i in 1 2 3; do echo line-$((40 + i)); done");
    await due(box, "dev");
    const told = await gc(box);
    const [{ snapshot = "" } = {}] = told.collected;
    expect(told).toMatchObject({ exitCode: 0, output: "Collected: 1 session; session-restore brings a session back" });
    expect(await left(box)).toEqual(["stays"]);
    expect(await box.bridge("session-snapshots")).toMatchObject({
      output: [{ snapshot, name: "dev", note: "before it was collected", automatic: true, whole: true }],
    });
    expect(await box.bridge("session-restore", "dev")).toMatchObject({ exitCode: 0, snapshot, differences: [] });
    const subscribed = JSON.parse(await box.must(["daemon", "subscriptions", "dev", "--json"]));
    expect(JSON.stringify(subscribed)).toContain("never-shown");
    expect(await box.output("pane-metadata-get", "dev", "0", "ticket")).toBe("T-42");
    expect(await box.output("pane-capture", "dev", "0")).toContain("line-41\nline-42\nline-43");
  });

  test("is collected once more, says its restore, where it has a time to live of its own", async () => {
    await using box = await boxWith();
    await box.output("session-create", "dev", "--ttl", "90s");
    await box.output("session-save", "dev");
    await box.output("session-kill", "dev");
    for (const options of [["--dry-run"], []]) {
      expect(await box.bridge("session-restore", "dev", ...options)).toMatchObject({
        ttl_s: 90,
        output: expect.stringContaining("it is collected again once nothing has happened there for 1 min 30 s"),
      });
    }
    // one of which nobody has said that
    await box.output("session-save", "stays");
    expect(await box.bridge("session-restore", "stays", "--as", "copy")).toMatchObject({
      output: '1 window and 1 pane came back as "copy"',
    });
  });

  test("for its owner's end stays when it is restored", async () => {
    await using box = await boxWith();
    const owner = Bun.spawn(["sleep", "1000"], { env: box.env, stdout: "ignore" });
    await box.output("session-create", "dev", "--owner-pid", `${owner.pid}`);
    await box.prompt("dev", "0");
    owner.kill("SIGKILL");
    await owner.exited;
    expect((await gc(box)).collected).toMatchObject([{ what: "dev", snapshot: expect.any(String) }]);
    expect(await box.bridge("session-restore", "dev")).toMatchObject({ exitCode: 0 });
    expect((await gc(box)).kept).toMatchObject([{ session: "dev" }, { session: "stays" }]);
  });

  test("is not pushed out of its snapshot by what is saved now and then of one that is called like it", async () => {
    await using box = await boxWith("dev");
    await due(box, "dev");
    const [{ snapshot } = {}] = (await gc(box)).collected;
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
    await box.must(["daemon", "start"]);
    await box.bridge("session-autosave", "dev", "1", "--keep", "1");
    for (const saves of [1, 2]) {
      await until(`it is saved ${saves} times`, async () => (await box.events("snapshot-saved")).length === saves);
      await box.tmux("rename-window", "-t", "=dev:", `window-${saves}`);
    }
    expect(manifests(box)).toHaveLength(2);
    expect(manifests(box)).toContain(`${snapshot}.json`);
  });

  test("would be saved, says --dry-run, and writes nothing", async () => {
    await using box = await boxWith("dev");
    await due(box, "dev");
    const told = await gc(box, "--dry-run");
    expect(told.output).toBe("1 session would be collected; each session would be saved before");
    expect(told.collected).toEqual([{ kind: "session", what: "dev", why: expect.any(String) }]);
    expect(existsSync(dirname(box.snapshots))).toBe(false);
    expect(await left(box)).toEqual(["dev", "stays"]);
  });

  test("and in which something happens meanwhile stays, and leaves no snapshot", async () => {
    await using box = await boxWith("dev", "other");
    await due(box, "dev", "other");
    // each look at its options opens its pipe, or closes it: three times for each time that it is saved
    const pipe = `if-shell -F '#{==:#{session_name},dev}' 'pipe-pane -o -t =dev: "cat >/dev/null"'`;
    await box.tmux("set-hook", "-g", "after-show-options", pipe);
    const told = await gc(box);
    await box.tmux("set-hook", "-gu", "after-show-options");
    expect(told.collected).toMatchObject([{ what: "other" }]);
    expect(told.kept).toContainEqual({ session: "dev", why: "something happens there right now" });
    expect(await left(box)).toEqual(["dev", "stays"]);
    expect(manifests(box)).toEqual([expect.stringMatching(/^other-/)]);
  });

  test("has a whole snapshot when it is gone, whenever gc-run is killed", async () => {
    const names = Array.from({ length: 30 }, (_, i) => `s${i + 10}`);
    await using box = await boxWith(...names);
    await due(box, ...names);
    for (let ms = 40; (await left(box)).length > 1; ms += 40) {
      const child = Bun.spawn([...box.command, "gc-run"], { env: box.env, stdin: "ignore", stdout: "ignore" });
      await Bun.sleep(ms);
      child.kill("SIGKILL");
      await child.exited;
      expect(await box.bridge("session-snapshot-verify")).toMatchObject({ exitCode: 0, damaged: [] });
      const { output } = await box.bridge("session-snapshots");
      const there = new Set([...(await left(box)), ...(output as { name: string }[]).map(({ name }) => name)]);
      expect(names.filter((name) => !there.has(name))).toEqual([]);
    }
  });

  test("does not suffer from one that goes meanwhile", async () => {
    await using box = await boxWith("dev", "gone", "other");
    await due(box, "dev", "gone", "other");
    await box.tmux(
      "set-hook",
      "-g",
      "after-show-environment",
      "set-hook -gu after-show-environment; kill-session -t =gone:",
    );
    const told = await gc(box);
    expect(told.collected.map(({ what }) => what)).toEqual(["dev", "other"]);
    expect([told.exitCode, told.kept.map(({ session }) => session)]).toEqual([0, ["stays"]]);
    expect(manifests(box)).toEqual([expect.stringMatching(/^dev-/), expect.stringMatching(/^other-/)]);
  });
});

interface Hindrance {
  hinder(store: string): void;
  free(store: string): void;
  why: string;
  /** whether that can be told while nothing is written */
  isForeseen: boolean;
}

describe("a session that can't be saved", () => {
  const hindrances: Record<string, Hindrance> = {
    "a file is in the place of the folder": {
      hinder: (store) => writeFileSync(store, ""),
      free: (store) => rmSync(store),
      why: "is not a folder",
      isForeseen: true,
    },
    "the folder may not be written to": {
      hinder: (store) => mkdirSync(store, { mode: 0o500 }),
      free: (store) => chmodSync(store, 0o700),
      why: "has mode 500 instead of 700",
      isForeseen: true,
    },
    "its parts can't be written": {
      hinder(store) {
        mkdirSync(store, { mode: 0o700 });
        writeFileSync(`${store}/parts`, "");
      },
      free: (store) => rmSync(`${store}/parts`),
      why: "can't be stored in",
      isForeseen: false,
    },
  };
  test.each(Object.keys(hindrances))("stays, and is told: %s", async (name) => {
    const { hinder, free, why, isForeseen } = hindrances[name] as Hindrance;
    await using box = await boxWith("dev");
    await box.must(["daemon", "start"]);
    await box.output("pane-run", "dev", "0", "--", "echo something to be kept");
    await due(box, "dev");
    mkdirSync(dirname(box.snapshots), { recursive: true, mode: 0o700 });
    hinder(box.snapshots);
    const { output, exitCode } = await gc(box, "--dry-run");
    const foreseen = isForeseen
      ? ["Nothing would be collected; 1 session stays, as it can't be saved", 1]
      : ["1 session would be collected; each session would be saved before", 0];
    expect([output, exitCode]).toEqual(foreseen);
    const told = await gc(box);
    expect(told).toMatchObject({ status: "success", exitCode: 1, collected: [] });
    expect(told.output).toBe("Collected: nothing; 1 session stays, as it could not be saved");
    const kept = told.kept.find(({ session }) => session === "dev");
    expect(kept?.why).toStartWith("it could not be saved: ");
    expect(kept?.why).toContain(why);
    expect(await left(box)).toEqual(["dev", "stays"]);
    expect(await box.events("snapshot-failed")).toMatchObject([{ session: "dev", data: { why: kept?.why } }]);
    free(box.snapshots);
    expect(await gc(box)).toMatchObject({ exitCode: 0, collected: [{ what: "dev" }] });
    expect(await box.bridge("session-snapshot-verify")).toMatchObject({ exitCode: 0, damaged: [] });
  });

  test("is told by the daemon once, and collected as soon as it can be", async () => {
    await using box = await served({ ...bash, CLAUDE_TMUX_GC_EVERY_S: "1" });
    mkdirSync(box.snapshots, { recursive: true });
    chmodSync(dirname(box.snapshots), 0o700);
    chmodSync(box.snapshots, 0o755);
    await box.output("session-create", "job", "--ttl", "0.1");
    await box.bridge("gc-enable", "1h");
    const failed = () => box.events("snapshot-failed");
    await until("it is told", async () => (await failed()).length > 0);
    let runs = new Set<unknown>();
    await until("it is tried again", async () => {
      runs = runs.add((await box.bridge("gc-status")).last_run);
      return runs.size > 2;
    });
    expect(await failed()).toMatchObject([{ session: "job", message: expect.stringContaining("could not be saved") }]);
    expect(await left(box)).toEqual(["dev", "job"]);
    chmodSync(box.snapshots, 0o700);
    const collected = await until("it is collected", async () => (await box.events("gc"))[0]);
    const { snapshot } = collected.data;
    expect([collected.session, collected.data.kind, manifests(box)]).toEqual(["job", "session", [`${snapshot}.json`]]);
    expect(collected.message).toContain(`saved as ${snapshot}`);
    expect(await box.bridge("session-restore", "job")).toMatchObject({ exitCode: 0, snapshot });
  });
});

test("a hundred are saved and ended in a moment", async () => {
  await using box = await boxWith();
  const names = Array.from({ length: 100 }, (_, i) => `s${i + 100}`);
  for (const name of names) await box.output("session-create", name);
  const dueNow = async () => (await gc(box, "--ttl", "0.1", "--dry-run")).collected.length === names.length;
  await until("they are due", dueNow);
  const begun = performance.now();
  const told = await gc(box, "--ttl", "0.1");
  const ms = performance.now() - begun;
  console.log(`100 sessions saved and ended in ${Math.round(ms)} ms`);
  expect(ms).toBeLessThan(10_000);
  expect(told.collected.map(({ what }) => what)).toEqual(names);
  expect(new Set(told.collected.map(({ snapshot }) => `${snapshot}.json`))).toEqual(new Set(manifests(box)));
  expect(await box.bridge("session-snapshot-verify")).toMatchObject({ output: "100 of 100 snapshots whole" });
  expect(await left(box)).toEqual(["stays"]);
}, 60_000);
