import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { playGc } from "../../src/dev/fuzz/play-gc.ts";
import { processStat } from "../../src/process/identity.ts";
import { openStore } from "../../src/store/database.ts";
import { addEvent } from "../../src/store/events.ts";
import { BINARY, Box, type Reply, served, sessionNames, until } from "../helpers/box.ts";
import { SHELLS } from "../helpers/shells.ts";

interface Told extends Reply {
  collected: { kind: string; what: string; why: string; snapshot?: string }[];
  kept: { session: string; why: string }[];
  survivors: { pid: number; command: string }[];
  ended: { pid: number; command: string }[];
}

const bash = { SHELL: "/bin/bash" };
const hasProc = existsSync("/proc/self/stat");

const gc = async (box: Box, ...options: string[]) => (await box.bridge("gc-run", ...options)) as unknown as Told;
const sessionsOf = (told: Told) => told.collected.flatMap(({ kind, what }) => (kind === "session" ? [what] : []));
const whyKept = (told: Told, session: string) => told.kept.find((one) => one.session === session)?.why;

/** Collects sessions with a short time to live, until it is over. */
async function collected(box: Box, session: string, ...options: string[]): Promise<Told> {
  return await until(`${session} is collected`, async () => {
    const told = await gc(box, "--ttl", "1s", ...options);
    return sessionsOf(told).includes(session) && told;
  });
}

describe("gc-run", () => {
  test("ends a session that nobody needs, and says why; with --dry-run it says so, and does nothing", async () => {
    await using box = new Box(bash);
    await box.output("session-create", "dev");
    await box.output("session-create", "mine", "--keep");
    await box.tmux("new-session", "-d", "-s", "person");
    await box.prompt("dev", "0");
    expect(await gc(box)).toMatchObject({ output: "Collected: nothing", dry_run: false, ttl_s: 7200, collected: [] });
    const dry = await collected(box, "dev", "--dry-run");
    expect(dry).toMatchObject({
      dry_run: true,
      output: "1 session would be collected; each session would be saved before",
    });
    expect(await sessionNames(box)).toEqual(["dev", "mine", "person"]);
    const told = await gc(box, "--ttl", "1s");
    expect(told.collected).toEqual([
      {
        kind: "session",
        what: "dev",
        why: expect.stringMatching(/^nothing has happened there for \d+ s, and its time to live is 1 s$/),
        snapshot: expect.stringMatching(/^dev-/),
      },
    ]);
    expect(told.kept).toEqual([{ session: "mine", why: "made with --keep" }]);
    expect(await sessionNames(box)).toEqual(["mine", "person"]);
  });

  test("leaves what somebody looks at, uses, or has made theirs", async () => {
    await using box = new Box(bash);
    for (const name of ["busy", "job", "strange", "renamed", "owned", "linked", "heard", "looked"]) {
      const owner = name === "owned" ? ["--owner-pid", `${process.pid}`] : [];
      await box.output("session-create", name, ...owner);
      await box.prompt(name, "0");
    }
    await box.output("pane-exec", "busy", "0", "sleep 1000");
    await box.output("pane-run", "job", "0", "--", "sleep 1001 &");
    await box.tmux("split-window", "-d", "-t", "=strange:");
    await box.tmux("rename-session", "-t", "=renamed:", "theirs");
    await box.tmux("new-session", "-d", "-s", "person");
    await box.tmux("link-window", "-d", "-s", "=linked:0", "-t", "=person:");
    const listener = Bun.spawn([BINARY, "pane-tail", "heard", "0"], {
      env: box.env,
      stdout: "ignore",
      stderr: "ignore",
    });
    await until("it listens", async () => (await box.listeners()) === 1);
    const look = ["script", "-q", "-c", "tmux attach-session -t '=looked:'", "/dev/null"];
    const person = Bun.spawn(look, { env: { ...box.env, TERM: "xterm" }, stdin: "pipe", stdout: "ignore" });
    await until("somebody looks", async () => (await box.tmux("list-clients")) !== "");
    // a shell may draw its prompt late
    await until("nothing happens in the one with a job", async () => {
      const why = whyKept(await gc(box, "--ttl", "1s", "--dry-run"), "job");
      return why !== undefined && !why.startsWith("something happened");
    });
    await box.output("session-create", "last");
    const told = await collected(box, "last");
    expect(sessionsOf(told)).toEqual(["last"]);
    expect(Object.fromEntries(told.kept.map(({ session, why }) => [session, why]))).toEqual({
      busy: "a command runs in its pane 0",
      job: "a job runs in the background of its pane 0",
      strange: "somebody else has made its pane 1",
      theirs: "somebody has renamed it: it was made as renamed",
      owned: `its owner, process ${process.pid}, lives`,
      linked: "another session shows its windows as well",
      heard: "somebody listens to its pane 0",
      looked: "somebody looks at it",
    });
    listener.kill();
    person.kill();
    await Promise.all([listener.exited, person.exited]);
  });

  test("ends one whose owner has ended, with all that runs there", async () => {
    await using box = new Box(bash);
    const owner = Bun.spawn(["sleep", "1000"], { env: box.env, stdout: "ignore" });
    await box.output("session-create", "dev", "--owner-pid", `${owner.pid}`, "--note", "a test's");
    await box.prompt("dev", "0");
    await box.output("pane-exec", "dev", "0", "setsid sleep 2001 & sleep 2002");
    const sleeper = () => box.processes().filter((pid) => /sleep 200/.test(argsOf(pid)));
    await until("both run", () => sleeper().length === 2);
    expect(whyKept(await gc(box), "dev")).toBe(`its owner, process ${owner.pid}, lives`);
    owner.kill("SIGKILL");
    await owner.exited;
    const told = await gc(box);
    expect(sessionsOf(told)).toEqual(["dev"]);
    expect(
      told.ended
        .map(({ command }) => command)
        .toSorted()
        .slice(-2),
    ).toEqual(["sleep 2001", "sleep 2002"]);
    expect(told.survivors).toEqual([]);
    expect(sleeper()).toEqual([]);
  });

  test.skipIf(!hasProc)("tells of what lives on, and ends it only with a session that was to end", async () => {
    await using box = new Box(bash);
    const names = ["plain", "ending", "closed", "other"];
    for (const [i, name] of names.entries()) {
      const ends = name === "plain" ? [] : ["--ttl", "1s"];
      await box.output("session-create", name, ...(name === "other" ? ["--keep"] : ends));
      await box.prompt(name, "0");
      await box.output("pane-run", name, "0", "--", `setsid sleep 300${i} & sleep 0.1`);
    }
    // what serves others, another tmux server with what runs there, and what keeps a terminal for others
    await box.output("pane-run", "ending", "0", "--", `eval "$(ssh-agent)"; tmux -L inner new-session -d 'sleep 3009'`);
    const keeper = `setsid script -qc 'sleep 3010' /dev/null </dev/null >/dev/null 2>&1 & sleep 0.3`;
    await box.output("pane-run", "ending", "0", "--", keeper);
    const stranger = Bun.spawn(["sleep", "3001"], { env: box.env, stdin: "ignore", stdout: "ignore" });
    // by a person, who leaves what goes on
    await box.tmux("kill-session", "-t", "=closed:");
    await until("both are due", async () => sessionsOf(await gc(box, "--ttl", "1s", "--dry-run")).length === 2);
    const dry = await gc(box, "--ttl", "1s", "--dry-run");
    const told = await gc(box, "--ttl", "1s");
    expect(sessionsOf(told)).toEqual(["ending", "plain"]);
    const told_ = (members: Told["survivors"]) =>
      members.map(({ command }) => command.replace(/^\S*\//, "")).toSorted();
    expect(told_(told.ended)).toEqual(["sleep 3001"]);
    const survive = ["script -qc sleep 3010 /dev/null", "sleep 3000", "sleep 3002", "sleep 3010", "ssh-agent"];
    expect(told_(told.survivors).map((name) => (name.startsWith("script") ? survive[0] : name))).toEqual(
      survive.filter((name) => name !== "ssh-agent" || Bun.which("ssh-agent")),
    );
    expect(told_(dry.ended)).toEqual(told_(told.ended));
    expect(told_(dry.survivors)).toEqual(told_(told.survivors));
    expect(told.survivors.every(({ pid }) => processStat(pid))).toBe(true);
    expect(processStat(stranger.pid)).toBeDefined();
    const inner = box.processes().filter((pid) => argsOf(pid) === "sleep 3009");
    expect(inner).toHaveLength(1);
    for (const { pid } of told.survivors) process.kill(pid, "SIGKILL");
    Bun.spawnSync(["tmux", "-L", "inner", "kill-server"], { env: box.env });
    stranger.kill("SIGKILL");
    await stranger.exited;
  });

  test.skipIf(!hasProc)(
    "ends what a killed one left of a session that was to end, and nothing of any other",
    async () => {
      await using box = new Box(bash);
      await box.output("session-create", "dev", "--ttl", "2h");
      await box.prompt("dev", "0");
      await box.output("pane-run", "dev", "0", "--", "setsid sleep 3200 & sleep 0.1");
      const place = await box.tmux("display-message", "-p", "-t", "=dev:", "#{pid}:#{start_time} #{session_id}");
      await box.output("session-create", "stays");
      await box.tmux("kill-session", "-t", "=dev:");
      const sleeper = () => box.processes().filter((pid) => argsOf(pid) === "sleep 3200");
      expect(await gc(box)).toMatchObject({ collected: [], survivors: [{ command: "sleep 3200" }] });
      expect(sleeper()).toHaveLength(1);
      // as one leaves it that is killed right after it has ended the session
      writeFileSync(`${box.state}/gc.ended`, `${place}\n`);
      expect((await gc(box)).collected).toMatchObject([
        { kind: "process", what: expect.stringContaining("sleep 3200") },
      ]);
      expect(sleeper()).toEqual([]);
    },
  );

  test("leaves a session of which somebody waits for something", async () => {
    await using box = await served(bash);
    await box.output("session-create", "job", "--ttl", "0.1");
    await box.prompt("job", "0");
    const waiting = Bun.spawn([BINARY, "daemon", "wait", "job", "pattern-match", "0", "live", "--timeout", "20"], {
      env: box.env,
      stdout: "ignore",
      stderr: "ignore",
    });
    await until("it waits", async () => whyKept(await gc(box), "job") === "somebody waits for what happens there");
    waiting.kill();
    await waiting.exited;
    await collected(box, "job");
  });

  test("leaves the session from which it is called", async () => {
    await using box = new Box(bash);
    await box.output("session-create", "dev", "--ttl", "0.1");
    await box.prompt("dev", "0");
    const run = `${BINARY} gc-run --compact`;
    const { output } = await box.bridge("pane-run", "dev", "0", "--", `sleep 1.5; ${run}`);
    expect(JSON.parse(`${output}`)).toMatchObject({ collected: [], kept: [{ why: "this was called from there" }] });
  });

  test.skipIf(!hasProc)("leaves what runs in a server whose socket is gone, or is another's by now", async () => {
    await using box = new Box(bash);
    await box.output("session-create", "dev", "--ttl", "2h");
    await box.prompt("dev", "0");
    await box.output("pane-run", "dev", "0", "--", "setsid sleep 3100 & sleep 0.1");
    const [server = "", socket = ""] = (await box.tmux("display-message", "-p", "#{pid} #{socket_path}")).split(" ");
    rmSync(socket);
    const sleeper = () => box.processes().filter((pid) => argsOf(pid) === "sleep 3100");
    expect(await gc(box)).toMatchObject({ collected: [], survivors: [] });
    expect(sleeper()).toHaveLength(1);
    await box.tmux("new-session", "-d", "-s", "other");
    expect(await gc(box)).toMatchObject({ collected: [], survivors: [] });
    expect(sleeper()).toHaveLength(1);
    process.kill(Number(server), "SIGKILL");
    await until("the first server is gone", () => processStat(Number(server)) === undefined);
    // now it is certain that its pane has gone
    expect(await gc(box)).toMatchObject({ collected: [], survivors: [{ command: "sleep 3100" }] });
    for (const pid of sleeper()) process.kill(pid, "SIGKILL");
  });

  test.skipIf(!hasProc)("takes an owner that another process table told of for alive", async () => {
    await using box = new Box(bash);
    const owner = Bun.spawn(["sleep", "1000"], { env: box.env, stdout: "ignore" });
    await box.output("session-create", "dev", "--owner-pid", `${owner.pid}`);
    box.env.CLAUDE_TMUX_PROCESS_TABLE = "ps";
    expect(whyKept(await gc(box), "dev")).toBe(`its owner, process ${owner.pid}, lives`);
    delete box.env.CLAUDE_TMUX_PROCESS_TABLE;
    owner.kill("SIGKILL");
    await owner.exited;
    expect(sessionsOf(await gc(box))).toEqual(["dev"]);
  });

  test("is kept from nothing by what is strange", async () => {
    await using box = new Box(bash);
    await box.output("session-create", "dev", "--ttl", "0.1");
    await box.prompt("dev", "0");
    writeFileSync(`${box.state}/shell-x`, "a person's");
    mkdirSync(`${box.state}/server-x`, { mode: 0o700 });
    writeFileSync(`${box.state}/state.db`, "no database");
    const strange = Bun.spawn(["sleep", "1000"], { env: { ...box.env, TMUX: "/tmp/tmux-0/,1,0" }, stdout: "ignore" });
    await collected(box, "dev");
    expect(existsSync(`${box.state}/shell-x`)).toBe(true);
    expect(await box.must(["daemon", "recover", "--force"])).toContain("Recovered");
    strange.kill();
  });

  test("takes turns: many at once end each session once", async () => {
    await using box = new Box(bash);
    await box.output("session-create", "keep", "--keep");
    // more than tmux takes the questions about in one call
    const names = Array.from({ length: 45 }, (_, i) => `s${i + 10}`);
    for (const name of names) await box.output("session-create", name, "--ttl", "0.1");
    await until("they are due", async () => (await gc(box, "--dry-run")).collected.length === names.length);
    const all = await Promise.all(Array.from({ length: 10 }, () => gc(box)));
    expect(all.flatMap(sessionsOf).toSorted()).toEqual(names);
    expect(await sessionNames(box)).toEqual(["keep"]);
  });

  test("does nothing when tmux does not answer", async () => {
    await using box = new Box(bash);
    await box.output("session-create", "dev", "--ttl", "0.1");
    await box.prompt("dev", "0");
    const pid = Number(await box.tmux("display-message", "-p", "#{pid}"));
    process.kill(pid, "SIGSTOP");
    try {
      expect(await gc(box)).toMatchObject({ status: "error", exitCode: 124, error: { code: "ERR_TIMEOUT" } });
    } finally {
      process.kill(pid, "SIGCONT");
    }
    expect(await sessionNames(box)).toEqual(["dev"]);
  }, 60_000);
});

describe("a draft", () => {
  const told = SHELLS.filter(({ method }) => method === "shell-integration");
  for (const shell of told) {
    test.skipIf(!shell.isThere)(`in ${shell.name} keeps its session, and is left as it is`, async () => {
      await using box = new Box({ SHELL: shell.path });
      // also in the middle of a key, of a search: whatever is pressed then means something else
      const keys = { plain: "Left", escape: "Escape", prefix: "C-x", quoted: "C-v", search: "C-r" };
      const names = Object.keys(keys);
      const look = async (name: string) => [
        await box.tmux("capture-pane", "-p", "-t", `=${name}:`),
        await box.tmux("display-message", "-p", "-t", `=${name}:`, "#{cursor_x},#{cursor_y} #{pane_path}"),
      ];
      for (const [name, key] of Object.entries(keys)) {
        await box.output("session-create", name);
        await box.output("pane-run", name, "0", "--", "true");
        await box.tmux("send-keys", "-t", `=${name}:`, "-l", "rm -rf half ");
        await box.shows(name, "0", "rm -rf half");
        await box.tmux("send-keys", "-t", `=${name}:`, "Left", "Left", key);
      }
      const isKept = async () => {
        const told = await gc(box, "--ttl", "1s");
        return names.every((name) => whyKept(told, name)?.includes("typed"));
      };
      await until("they are due but for that", isKept);
      const before = await Promise.all(names.map(look));
      for (const [screen] of before) expect(screen).toContain("rm -rf half");
      expect(await isKept()).toBe(true);
      expect(await Promise.all(names.map(look))).toEqual(before);
      for (const key of ["Escape", "C-c"]) {
        await box.tmux("send-keys", "-t", "=plain:", key);
        await Bun.sleep(200); // or it is one key with the next
      }
      await collected(box, "plain");
    });
  }

  test("of which some lines were entered keeps its session when its owner has ended, too", async () => {
    await using box = new Box(bash);
    await using owner = Bun.spawn(["sleep", "600"], { stdin: "ignore", stdout: "ignore", stderr: "ignore" });
    await box.output("session-create", "dev", "--owner-pid", `${owner.pid}`);
    await box.output("pane-run", "dev", "0", "--", "true");
    await box.tmux("send-keys", "-t", "=dev:", "-l", "echo 'precious");
    await box.tmux("send-keys", "-t", "=dev:", "Enter");
    await box.shows("dev", "0", "\n>");
    owner.kill();
    await owner.exited;
    const kept = whyKept(await gc(box, "--dry-run"), "dev");
    expect(kept).toBe("something is typed at the prompt of its pane 0");
    await box.tmux("send-keys", "-t", "=dev:", "C-c");
    await collected(box, "dev");
  });

  test("of a shell that can't tell keeps its session, unless its maker has said when it ends", async () => {
    await using box = new Box({ SHELL: "/bin/sh" });
    for (const [name, ...options] of [["plain"], ["ending", "--ttl", "1s"], ["typed", "--ttl", "1s"]] as const) {
      await box.output("session-create", name, ...options);
      await box.prompt(name, "0");
    }
    await box.tmux("send-keys", "-t", "=typed:", "-l", "half");
    const done = await collected(box, "ending");
    expect(sessionsOf(done)).toEqual(["ending"]);
    await until("they are due but for that", async () => {
      const now = await gc(box, "--ttl", "1s");
      const whys = [whyKept(now, "plain"), whyKept(now, "typed")];
      return whys.every((why) => why === "whether something is typed in its pane 0 is not known");
    });
  });
});

describe("what killed commands left", () => {
  test("is told of by doctor, and taken away by gc-run", async () => {
    await using box = new Box(bash);
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
    const listener = Bun.spawn([BINARY, "pane-tail", "dev", "0"], { env: box.env, stdout: "ignore", stderr: "ignore" });
    await until("it listens", async () =>
      /^1.*</.test(await box.tmux("display-message", "-p", "-t", "=dev:", "#{pane_pipe}#{@claude_tmux_holds}")),
    );
    listener.kill("SIGKILL");
    await listener.exited;
    const dead = `${listener.pid}-1-1`;
    await box.tmux("set-buffer", "-b", `claude-tmux-${dead}`, "secret");
    await box.tmux("set-buffer", "-b", "claude-tmux-notes", "a person's");
    await box.tmux("set-option", "-p", "-t", "=dev:", "@claude_tmux_asking", dead);
    writeFileSync(`${box.state}/heartbeat.${listener.pid}.part`, "half");
    writeFileSync(`${box.state}/gone.state`, '{"session":"gone","panes":{}}');
    for (const name of ["game.state", "movie.999999.part"]) writeFileSync(`${box.state}/${name}`, "a person's");
    writeFileSync(`${box.state}/mine.txt`, "a person's");
    const kinds = (found: Told) => found.collected.map(({ kind }) => kind).toSorted();
    const expected = ["buffer", "file", "hold", "pipe", "question", "view"];
    // the pipe's helper may be about to open it
    const dry = await until("all is found", async () => {
      const found = await gc(box, "--dry-run");
      return found.collected.length === expected.length && found;
    });
    expect(kinds(dry)).toEqual(expected);
    const doctor = JSON.parse((await box.run(["doctor", "--json"])).stdout);
    expect(doctor.findings.find((one: { check: string }) => one.check === "left over")).toMatchObject({
      verdict: "warning",
      message: expect.stringContaining("that nobody needs"),
      advice: "Remove it: claude-tmux gc-run",
    });
    const run = await gc(box);
    expect(run.collected).toEqual(dry.collected);
    expect((await gc(box)).collected).toEqual([]);
    const shown = "#{pane_pipe}|#{@claude_tmux_holds}|#{@claude_tmux_asking}|#{remain-on-exit}";
    expect(await box.tmux("display-message", "-p", "-t", "=dev:", shown)).toBe("0|||off");
    expect(await box.tmux("list-buffers", "-F", "#{buffer_name}")).toBe("claude-tmux-notes");
    for (const name of ["mine.txt", "game.state", "movie.999999.part"])
      expect(existsSync(`${box.state}/${name}`)).toBe(true);
    expect(readdirSync(box.state).filter((name) => /^heartbeat.*part$|gone/.test(name))).toEqual([]);
  });

  test("the state of a tmux server that is no more goes when none of its events is to be kept", async () => {
    await using box = new Box(bash);
    await box.output("session-create", "dev");
    const long = new Date(Date.now() - 3_600_000);
    const folder = (name: string) => `${box.state}/server-${name}`;
    const noteOwner = (name: string, owner: object) => {
      writeFileSync(`${folder(name)}/owner.json`, JSON.stringify(owner));
      utimesSync(`${folder(name)}/owner.json`, long, long);
    };
    for (const name of ["gone", "strange", "lively", "theirs", "nobodys", "far"]) {
      mkdirSync(folder(name), { mode: 0o700 });
      // one of another HOME, one of which it is not known whose it is, and one whose server was started with another TMUX_TMPDIR
      const socket = name === "far" ? { socket: `${box.folder}/a-socket` } : {};
      if (name !== "nobodys")
        noteOwner(name, {
          durable: name === "theirs" ? "/home/them/.local/state/claude-tmux" : box.durable,
          ...socket,
        });
      writeFileSync(`${folder(name)}/daemon.log`, "");
      utimesSync(`${folder(name)}/daemon.log`, long, long);
    }
    openStore(`${folder("gone")}/state.db`).close();
    utimesSync(`${folder("gone")}/state.db`, long, long);
    // one of which there is an event to be kept
    mkdirSync(folder("told"), { mode: 0o700 });
    noteOwner("told", { durable: box.durable });
    using told = openStore(`${folder("told")}/state.db`);
    const event = { event_type: "gc", session: "", pane_id: "", pane: "", label: "", message: "", data: {} };
    addEvent(told, event);
    told.close();
    utimesSync(`${folder("told")}/state.db`, long, long);
    // one in which nothing says where it runs
    await box.tmux("-L", "hidden", "new-session", "-d", "env -i sleep 1000");
    await box.tmux("-S", `${box.folder}/a-socket`, "new-session", "-d", "env -i sleep 1000");
    mkdirSync(folder("hidden"), { mode: 0o700 });
    noteOwner("hidden", { durable: box.durable });
    writeFileSync(`${folder("strange")}/mine.txt`, "");
    utimesSync(`${folder("strange")}/mine.txt`, long, long);
    expect((await box.run(["-L", "lively", "session-create", "x"])).exitCode).toBe(0);
    const all = ["gone", "strange", "lively", "told", "hidden", "theirs", "nobodys", "far"];
    for (const name of all) utimesSync(folder(name), long, long);
    expect((await gc(box, "--dry-run")).collected).toHaveLength(2);
    const run = await gc(box);
    expect(run.collected.map(({ kind, what }) => `${kind} ${what}`)).toEqual([
      "state server-gone",
      "state server-strange",
    ]);
    expect(existsSync(folder("gone"))).toBe(false);
    // a person's file is not ours to remove
    expect(readdirSync(folder("strange"))).toEqual(["mine.txt"]);
    expect(all.filter((name) => existsSync(folder(name)))).toEqual(all.slice(1));
    expect((await gc(box)).collected).toEqual([]);
    for (const server of ["-Llively", "-Lhidden", `-S${box.folder}/a-socket`])
      Bun.spawnSync(["tmux", server, "kill-server"], { env: box.env });
  });
});

describe("the daemon", () => {
  test("collects after gc-enable, tells of it, and stops with gc-disable", async () => {
    await using box = await served({ ...bash, CLAUDE_TMUX_GC_EVERY_S: "1" });
    await box.output("session-create", "first", "--ttl", "0.1");
    expect(await box.bridge("gc-status")).toMatchObject({ enabled: false, daemon: true, every_s: 1, ttl_s: 7200 });
    expect(await box.bridge("gc-enable", "1h")).toMatchObject({ enabled: true, ttl_s: 3600 });
    await until("it is collected", async () => !(await sessionNames(box)).includes("first"));
    await until("it is told", async () => (await box.events("gc")).length > 0);
    expect(await box.events("gc")).toMatchObject([
      {
        session: "first",
        message: expect.stringMatching(/^session collected, saved as first-\S+: nothing has happened/),
        data: { kind: "session" },
      },
    ]);
    // of the run that has ended what it tells of
    const status = await until("it is noted", async () => {
      const now = await box.bridge("gc-status");
      return (now as { last_run?: string | null }).last_run !== null && now;
    });
    expect(status).toMatchObject({ enabled: true, ttl_s: 3600, last_run: expect.any(String) });
    expect(status).toMatchObject({ sessions: [{ session: "dev", keep: false, due: false }] });
    expect(await box.bridge("gc-disable")).toMatchObject({ output: "The daemon collects no more", enabled: false });
    expect(await box.bridge("gc-disable")).toMatchObject({ output: "The daemon did not collect", enabled: false });
  });

  test("ends a session soon after its owner", async () => {
    await using box = await served(bash);
    await box.bridge("gc-enable");
    const owner = Bun.spawn(["sleep", "1000"], { env: box.env, stdout: "ignore" });
    await box.output("session-create", "owned", "--owner-pid", `${owner.pid}`);
    owner.kill("SIGKILL");
    await owner.exited;
    await until("it is collected", async () => !(await sessionNames(box)).includes("owned"));
  });

  test("of one tmux server does not do what was asked for another's", async () => {
    await using box = new Box(bash);
    await box.bridge("gc-enable", "10");
    const other = { ...box.env, TMUX_TMPDIR: `${box.folder}/other` };
    mkdirSync(other.TMUX_TMPDIR);
    const child = Bun.spawn([BINARY, "gc-status"], { env: other, stdout: "pipe", stderr: "ignore" });
    expect(JSON.parse(await child.stdout.text())).toMatchObject({ enabled: false, ttl_s: 7200 });
    expect(await box.bridge("gc-status")).toMatchObject({ enabled: true, ttl_s: 10 });
  });

  test("passes on what a gc-run has done", async () => {
    await using box = await served(bash);
    const owner = Bun.spawn(["true"]);
    const slow = Bun.spawn(["sleep", "1000"], { env: box.env, stdout: "ignore" });
    await owner.exited;
    await box.output("session-create", "owned", "--owner-pid", `${slow.pid}`);
    const waiting = box.run(["daemon", "wait", "owned", "gc", "--timeout", "20", "--since", "0"]);
    slow.kill("SIGKILL");
    await slow.exited;
    expect(sessionsOf(await gc(box))).toEqual(["owned"]);
    expect(JSON.parse((await waiting).stdout)).toMatchObject({ event_type: "gc", session: "owned" });
  });
});

// more of it: npm run fuzz:gc
test.skipIf(!hasProc || !Bun.which("script"))(
  "of sessions in every state, those go that nobody needs",
  async () => {
    const { shell, steps, wrong } = await playGc(Number(process.env.SEED ?? 11), { sessions: 12, program: BINARY });
    expect({ shell, steps, wrong }).toEqual({ shell, steps, wrong: [] });
  },
  120_000,
);

test("an owner that does not live, and --keep with an end, are refused", async () => {
  await using box = new Box(bash);
  const refused = { exitCode: 2, error: { code: "ERR_INVALID_ARGUMENT" } };
  expect(await box.bridge("session-create", "dev", "--owner-pid", "999999999")).toMatchObject(refused);
  expect(await box.bridge("session-create", "dev", "--owner-pid", "1x")).toMatchObject(refused);
  expect(await box.bridge("session-create", "dev", "--keep", "--ttl", "1h")).toMatchObject(refused);
  expect(await box.bridge("session-create", "dev", "--ttl", "soon")).toMatchObject(refused);
  expect(await box.bridge("session-create", "dev", "--note", "x".repeat(201))).toMatchObject(refused);
  expect(await box.bridge("session-create", "dev", "--note", "a\nb")).toMatchObject(refused);
});

function argsOf(pid: number): string {
  return Bun.spawnSync(["ps", "-o", "args=", "-p", `${pid}`])
    .stdout.toString()
    .trim();
}
