import { describe, expect, test } from "bun:test";
import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { isServerAtLeast } from "../../src/tmux/version.ts";
import { Box, lives, served, until } from "../helpers/box.ts";

/** What of ours stands in a pane of the server, or in the state folder, beside what every pane has. */
async function leftIn(box: Box, pane: string): Promise<string> {
  const format = "#{pane_pipe}#{remain-on-exit}#{@claude_tmux_holds}#{@claude_tmux_held}#{@claude_tmux_pipe}";
  const pipes = readdirSync(box.state).filter((name) => name.startsWith("pipe-"));
  return `${await box.tmux("display-message", "-p", "-t", pane, format)} ${pipes.join(" ")}`;
}
const NOTHING = "0off ";

/** Resident set of a process, MB. */
function residentMb(pid: number): number {
  return Number(/VmRSS:\s*(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1024;
}

async function serverPid(box: Box): Promise<number> {
  return Number(await box.tmux("display-message", "-p", "#{pid}"));
}

const TMUX_VERSION = Bun.spawnSync(["tmux", "-V"]).stdout.toString().trim().replace("tmux ", "");

describe("a pane is heard", () => {
  test("without a client, and nothing is left of it", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    const running = box.bridge("pane-run", "dev", "0", "--", "sleep 0.3; echo done");
    await until("it listens", async () => (await box.listeners()) === 1);
    expect(await box.tmux("list-clients")).toBe("");
    expect(await running).toMatchObject({ output: "done", exit_code: 0 });
    expect(await leftIn(box, "%0")).toBe(NOTHING);
  });

  test("also after a listener that was killed, which leaves nothing for good", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-run", "dev", "0", "--", "true");
    const killed = Bun.spawn([...box.command, "bridge", "pane-run", "dev", "0", "--", "sleep 2"], { env: box.env });
    await until("it listens", async () => (await box.listeners()) === 1);
    killed.kill("SIGKILL");
    await killed.exited;
    const waiting = box.bridge("pane-wait", "dev", "0", "20");
    await until("the next listens", async () => (await box.listeners()) === 2);
    expect(await box.tmux("list-clients")).toBe("");
    expect(await waiting).toMatchObject({ exitCode: 0, exit_code: 0 });
    expect(await box.bridge("pane-run", "dev", "0", "--", "echo hello")).toMatchObject({ output: "hello" });
    expect(await leftIn(box, "%0")).toBe(NOTHING);
  });

  test("also after one whose pipe has ended since, as the pane wrote to it", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-run", "dev", "0", "--", "true");
    const program = "for i in $(seq 30); do echo more; sleep 0.05; done";
    const killed = Bun.spawn([...box.command, "bridge", "pane-run", "dev", "0", "--", program], { env: box.env });
    await until("it listens", async () => (await box.listeners()) === 1);
    killed.kill("SIGKILL");
    await killed.exited;
    await until(
      "its pipe ends",
      async () => (await box.tmux("display-message", "-p", "-t", "%0", "#{pane_pipe}")) === "0",
    );
    expect(await leftIn(box, "%0")).not.toBe(NOTHING);
    expect(await box.bridge("pane-wait", "dev", "0", "20")).toMatchObject({ exitCode: 0, exit_code: 0 });
    expect(await leftIn(box, "%0")).toBe(NOTHING);
  });

  test("and what a killed listener left, recover takes away", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-run", "dev", "0", "--", "true");
    const killed = Bun.spawn([...box.command, "bridge", "pane-run", "dev", "0", "--", "sleep 600"], { env: box.env });
    await until("it listens", async () => (await box.listeners()) === 1);
    killed.kill("SIGKILL");
    await killed.exited;
    expect(await leftIn(box, "%0")).not.toBe(NOTHING);
    expect(await box.must(["daemon", "recover", "--force"])).toContain("left over: 1 pipe, 1 hold");
    expect(await leftIn(box, "%0")).toBe(NOTHING);
  });

  test("no longer than its time-out, though the tmux server hangs", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-run", "dev", "0", "--", "true");
    const server = await serverPid(box);
    process.kill(server, "SIGSTOP");
    try {
      const begun = performance.now();
      const reply = await box.bridge("pane-run", "dev", "0", "--timeout", "1", "--", "true");
      expect(reply).toMatchObject({ exitCode: 124, error: { code: "ERR_TIMEOUT" } });
      expect(performance.now() - begun).toBeLessThan(8000);
    } finally {
      process.kill(server, "SIGCONT");
    }
    // what tmux carries out late makes no file
    expect(await box.output("pane-run", "dev", "0", "--", "echo hello")).toBe("hello");
    expect(readdirSync(box.state).filter((name) => name.startsWith("pipe-"))).toEqual([]);
  });

  test("by a client, when somebody gives it a pipe of their own, also while it writes much", async () => {
    await using box = await served({ SHELL: "/bin/bash" });
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "^never$"]);
    await box.output("pane-exec", "dev", "0", "while :; do seq 100000 120000; sleep 0.1; done");
    await box.shows("dev", "0", "\n119999");
    const log = `${box.folder}/person.log`;
    await box.tmux("pipe-pane", "-t", "%0", `exec cat >${log}`);
    await until("it is told that some was not heard", async () => (await box.events("gap")).length > 0);
    const size = () => (existsSync(log) ? statSync(log).size : 0);
    for (let i = 0; i < 3; i++) {
      const before = size();
      await box.tmux("resize-window", "-t", "=dev:", "-x", `${90 + i}`);
      await until("the person's pipe goes on", () => size() > before + 100_000);
    }
  });

  test("by a pipe again, when that client is detached, and what was missed is told", async () => {
    await using box = await served({ SHELL: "/bin/bash" });
    await box.tmux("pipe-pane", "-t", "%0", "cat >/dev/null");
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "^over [0-9]$"]);
    const client = await box.tmux("list-clients", "-F", "#{client_name}");
    await box.tmux("pipe-pane", "-t", "%0");
    await box.tmux("detach-client", "-t", client);
    await until("it is told", async () => (await box.events("gap")).length > 0);
    await box.output("pane-exec", "dev", "0", "echo over $((1+1))");
    await until("it is heard again", async () => (await box.events("pattern-match")).length === 1);
    expect(await box.tmux("list-clients")).toBe("");
  });

  describe("though somebody gives it a pipe of their own in the middle", () => {
    const script = "echo begun; sleep 1.5; echo done; sh -c 'exit 4'";
    const run = ["pane-run", "dev", "0", "--", script];
    const exec = ["pane-exec-timeout", "dev", "0", "20", script];
    const code = { exit_code: 4 };
    const CASES = [
      {
        name: "pane-run",
        shell: "/bin/bash",
        args: run,
        told: { output: "begun\ndone", output_truncated: true, ...code },
      },
      { name: "pane-run, marked", shell: "/bin/sh", args: run, told: { method: "marker", ...code } },
      { name: "pane-exec-timeout", shell: "/bin/bash", args: exec, told: code },
      { name: "pane-wait", shell: "/bin/bash", args: ["pane-wait", "dev", "0", "20"], told: code },
      {
        name: "pane-watch-timeout",
        shell: "/bin/bash",
        args: ["pane-watch-timeout", "dev", "0", "^done", "20"],
        told: {},
      },
    ];
    test.each(CASES.flatMap((row) => [row, { ...row, name: `${row.name}, heard by a daemon`, daemon: true }]))(
      "$name",
      async (row) => {
        const { shell, args, told } = row;
        await using box = "daemon" in row ? await served({ SHELL: shell }) : new Box({ SHELL: shell });
        if ("daemon" in row) await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "^never$"]);
        else await box.output("session-create", "dev");
        await box.output("pane-run", "dev", "0", "--", "true");
        if (!args.includes(script)) await box.output("pane-exec", "dev", "0", script);
        const running = box.bridge(...args);
        await until("it listens", async () => (await box.listeners()) === 1);
        await box.shows("dev", "0", "\nbegun");
        await box.tmux("pipe-pane", "-t", "%0", `exec cat >>${box.folder}/theirs`);
        expect(await running).toMatchObject({ status: "success", ...told });
        const log = () => readFileSync(`${box.folder}/theirs`, "utf8");
        await until("theirs has all", () => /done/.test(log()));
        expect(await leftIn(box, "%0")).toStartWith("1off");
        await box.output("pane-run", "dev", "0", "--", "echo more");
        await until("theirs goes on", () => /more\r/.test(log()));
      },
    );

    test("pane-stream", async () => {
      await using box = new Box({ SHELL: "/bin/bash" });
      await box.output("session-create", "dev");
      await box.output("pane-run", "dev", "0", "--", "true");
      const stream = Bun.spawn([...box.command, "bridge", "pane-stream", "dev", "0"], {
        env: box.env,
        stdout: Bun.file(`${box.folder}/stream`),
        stderr: "ignore",
      });
      await until("it listens", async () => (await box.listeners()) === 1);
      await box.output("pane-exec", "dev", "0", "echo be''gun; sleep 1; echo do''ne");
      await box.shows("dev", "0", "\nbegun");
      await box.tmux("pipe-pane", "-t", "%0", `exec cat >>${box.folder}/theirs`);
      const streamed = () => readFileSync(`${box.folder}/stream`, "utf8");
      await until("it goes on", () => /^done$/m.test(streamed()));
      expect(streamed().match(/^begun$/gm)).toHaveLength(1);
      stream.kill();
      await stream.exited;
      expect(await leftIn(box, "%0")).toBe("1off ");
    });
  });

  test("that has ended: no client is attached for it", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-create", "dev", "out");
    await box.tmux("set-option", "-w", "-t", "=dev:", "remain-on-exit", "on");
    await box.tmux("set-hook", "-g", "client-attached", "set-option -g @attached yes");
    await box.output("pane-exec", "dev", "out", "exit 3");
    await until(
      "it has ended",
      async () => (await box.tmux("display-message", "-p", "-t", "%1", "#{pane_dead}")) === "1",
    );
    const reply = await box.bridge("pane-watch-timeout", "dev", "out", "never", "5");
    expect(reply).toMatchObject({ error: { code: "ERR_COMMAND_ENDED" } });
    expect(await box.tmux("display-message", "-p", "#{@attached}")).toBe("");
  });

  test.skipIf(!isServerAtLeast(TMUX_VERSION, "3.3"))(
    "whose user has set it to stay when it fails, and it does",
    async () => {
      await using box = new Box({ SHELL: "/bin/bash" });
      await box.output("session-create", "dev");
      for (const label of ["bad", "good"]) await box.output("pane-create", "dev", label);
      await box.tmux("set-option", "-w", "-t", "=dev:", "remain-on-exit", "failed");
      expect(await box.bridge("pane-run", "dev", "bad", "--", "exit 3")).toMatchObject({ exit_code: 3 });
      expect(await box.bridge("pane-run", "dev", "good", "--", "exit 0")).toMatchObject({ exit_code: 0 });
      const left = await box.tmux("list-panes", "-s", "-t", "=dev:", "-F", "#{pane_id} #{pane_dead} #{remain-on-exit}");
      expect(left.split("\n")).toEqual(["%0 0 failed", "%1 1 failed"]);
    },
  );

  describe.skipIf(!isServerAtLeast(TMUX_VERSION, "3.3"))("and what its user sets meanwhile stays:", () => {
    const set = ["set-option", "-p", "-t", "%0"];
    const values = ["off", "failed", ...(isServerAtLeast(TMUX_VERSION, "3.7") ? ["on"] : [])];
    test.each(values)("remain-on-exit %s", async (value) => {
      await using box = new Box({ SHELL: "/bin/bash" });
      await box.output("session-create", "dev");
      await box.tmux("set-option", "-w", "-t", "=dev:", "remain-on-exit", value === "off" ? "failed" : "off");
      const running = box.bridge("pane-run", "dev", "0", "--", "echo begun; sleep 1; exit 3");
      await box.shows("dev", "0", "\nbegun");
      expect(await box.listeners()).toBe(1);
      await box.output("pane-create", "dev", "other");
      await box.tmux(...set, "remain-on-exit", value);
      const reply = await running;
      if (value !== "off") expect(reply).toMatchObject({ exit_code: 3, pane_ended: true });
      const left = await box.tmux("list-panes", "-s", "-t", "=dev:", "-F", "#{pane_id} #{pane_dead} #{remain-on-exit}");
      const kept = [`%0 1 ${value}`, "%1 0 off"];
      expect(left.split("\n")).toEqual(value === "off" ? ["%1 0 failed"] : kept);
    });

    test("in a pane that goes on, and what it had before is there again", async () => {
      await using box = new Box({ SHELL: "/bin/bash" });
      await box.output("session-create", "dev");
      const format = "#{remain-on-exit} #{remain-on-exit-format}#{@claude_tmux_held}#{@claude_tmux_held_by}";
      const options = () => box.tmux("display-message", "-p", "-t", "%0", format);
      const own = async () => (await box.tmux("show-options", "-p", "-t", "%0")).replace(/^@claude.*\n?/gm, "").trim();
      await box.tmux("set-option", "-w", "-t", "=dev:", "remain-on-exit", "failed");
      await box.tmux(...set, "remain-on-exit-format", 'it\'s #{?pane_dead,over, and} "done"');
      const before = await options();
      await box.output("pane-run", "dev", "0", "--", "true");
      expect(await options()).toBe(before);
      const running = box.bridge("pane-run", "dev", "0", "--", "echo begun; sleep 0.7");
      await box.shows("dev", "0", "\nbegun");
      await box.tmux(...set, "remain-on-exit", "off");
      await box.tmux(...set, "remain-on-exit-format", "gone");
      expect(await running).toMatchObject({ exit_code: 0 });
      expect(await options()).toBe("off gone");
      expect(await own()).toBe("remain-on-exit off\nremain-on-exit-format gone");
    });
  });

  test("by a command, although a daemon hears it already", async () => {
    await using box = await served({ SHELL: "/bin/bash" });
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "^line 500$", "--once"]);
    const script = "for i in $(seq 1 1000); do echo line $i; [ $i = 600 ] && sleep 0.5; done; sh -c 'exit 3'";
    const running = box.bridge("pane-run", "dev", "0", "--", script);
    await until("it listens", async () => (await box.listeners()) === 1);
    expect(await box.tmux("list-clients")).toBe("");
    const lines = Array.from({ length: 1000 }, (_, i) => `line ${i + 1}`).join("\n");
    const reply = await running;
    expect(reply).toMatchObject({ output: lines, exit_code: 3 });
    expect(reply).not.toHaveProperty("output_truncated");
    expect(await box.events("pattern-match")).toHaveLength(1);
    await until("nobody hears it any more", async () => (await leftIn(box, "%0")) === NOTHING);
  });

  test("by the daemon after that was killed in the middle of a command", async () => {
    await using box = await served({ SHELL: "/bin/bash" });
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "^never$"]);
    const running = box.bridge("pane-run", "dev", "0", "--", "echo begun; sleep 1; echo done; sh -c 'exit 4'");
    await box.shows("dev", "0", "\nbegun");
    expect(await box.tmux("list-clients")).toBe("");
    const daemon = await box.pid("daemon");
    process.kill(daemon, "SIGKILL");
    await until("it is dead", async () => !(await lives(daemon)));
    // what it wrote in between may have been missed, and is then said to be
    expect(await running).toMatchObject({ exit_code: 4, output_truncated: true });
  });

  test("by a daemon, without a client; one that was killed leaves nothing in panes that the next does not hear", async () => {
    await using box = await served();
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "^hello$"]);
    expect(await box.tmux("list-clients")).toBe("");
    expect(await box.tmux("display-message", "-p", "-t", "%0", "#{pane_pipe}")).toBe("1");
    const daemon = await box.pid("daemon");
    process.kill(daemon, "SIGKILL");
    await until("it is dead", async () => !(await lives(daemon)));
    await box.must(["daemon", "unsubscribe", "1"]);
    await box.must(["daemon", "start"]);
    await until("its pipe is gone", async () => (await leftIn(box, "%0")) === NOTHING);
  });
});

describe("the tmux server", () => {
  // tmux before 3.7 crashed by this within a second, when every command attached a client of its own
  test("lives through many commands at once, beside sessions that come and go", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "keep");
    const pid = await serverPid(box);
    const names = Array.from({ length: 8 }, (_, i) => `s${i}`);
    for (const name of names) await box.output("session-create", name);
    const run = async (name: string) => {
      for (let i = 0; i < 6; i++) expect(await box.output("pane-run", name, "0", "--", `echo ${i}`)).toBe(`${i}`);
    };
    let isOver = false;
    const comeAndGo = async () => {
      for (let i = 0; !isOver; i++) {
        await box.tmux("new-session", "-d", "-s", `p${i}`);
        await box.tmux("kill-session", "-t", `p${i}`);
      }
    };
    const going = comeAndGo();
    await Promise.all(names.map(run));
    isOver = true;
    await going;
    expect(await serverPid(box)).toBe(pid);
  });

  // tmux up to 3.7 crashes when a pane is respawned of whose output an attached control client has not been passed all
  test("keeps no pipe of a daemon that has stopped from the next one, also in a dead pane, and no client is attached", async () => {
    await using box = await served({ SHELL: "/bin/bash" });
    await box.tmux("set-option", "-g", "remain-on-exit", "on");
    await box.tmux("split-window", "-d", "-t", "%0", "cat");
    for (const pane of ["0", "1"]) await box.must(["daemon", "subscribe", "dev", "pattern-match", pane, "^again$"]);
    process.kill(Number(await box.tmux("display-message", "-p", "-t", "%1", "#{pane_pid}")), "SIGKILL");
    await until("it is told that the pane is dead", async () => (await box.events("pane-exit")).length === 1);
    await box.must(["daemon", "stop"]);
    await box.tmux("respawn-pane", "-t", "%1", "cat");
    await box.must(["daemon", "start"]);
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "1", "^again$"]);
    expect(await box.tmux("list-clients")).toBe("");
    await box.tmux("send-keys", "-t", "%1", "again", "Enter");
    await until("it is heard", async () => (await box.events("pattern-match")).length > 0);
  });

  test("lives when a watched pane ends amid its output and is respawned, and the pane is heard again", async () => {
    await using box = await served({ SHELL: "/bin/bash" });
    const server = await serverPid(box);
    await box.tmux("set-option", "-g", "remain-on-exit", "on");
    // a pipe of a person's: a client hears such a pane, and all others of its session
    await box.tmux("pipe-pane", "-t", "%0", "cat >/dev/null");
    await box.tmux("split-window", "-d", "-t", "%0");
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "^round [0-9]$"]);
    for (let round = 1; round <= 6; round++) {
      const pane = round % 2 ? "%0" : "%1";
      const before = await box.hearing();
      await box.tmux("respawn-pane", "-k", "-t", pane, `echo round ${round}; sleep 0.5; seq 3000`);
      await until("another client is attached", async () => {
        const now = await box.hearing();
        return now !== undefined && now !== before;
      });
    }
    await until("it is heard each time", async () => (await box.events("pattern-match")).length === 3);
    expect(await serverPid(box)).toBe(server);
  });

  test("has no client attached for a pane that is dead, whatever is subscribed to", async () => {
    await using box = await served();
    await box.tmux("set-option", "-g", "remain-on-exit", "on");
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "^over$"]);
    await box.tmux("send-keys", "-t", "%0", "exec echo over", "Enter");
    await until("it is over", async () => (await box.events("pane-exit")).length === 1);
    // its pipe stays
    expect(await box.tmux("display-message", "-p", "-t", "%0", "#{pane_dead}#{pane_pipe}")).toBe("11");
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "^again [0-9]$"]);
    expect(await box.tmux("list-clients")).toBe("");
    await box.tmux("respawn-pane", "-t", "%0", "echo again 1; sleep 0.3; echo again 2; sleep infinity");
    await until("it is heard again", async () => (await box.events("pattern-match")).length === 3);
    expect(await box.tmux("list-clients")).toBe("");
  });

  test.skipIf(!existsSync("/proc/self/status"))(
    "does not grow by a daemon that hangs, and what was missed is told",
    async () => {
      await using box = await served();
      await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "^over [0-9]$"]);
      const server = await serverPid(box);
      const daemon = await box.pid("daemon");
      const before = residentMb(server);
      process.kill(daemon, "SIGSTOP");
      await box.output("pane-exec", "dev", "0", "seq 1 2000000; echo over $((1+1))");
      await box.shows("dev", "0", "over 2");
      expect(residentMb(server) - before).toBeLessThan(64);
      process.kill(daemon, "SIGCONT");
      await until("it fires", async () => (await box.events("pattern-match")).length === 1);
      const [gap] = await until("it is told", async () => {
        const gaps = await box.events("gap");
        return gaps.length > 0 && gaps;
      });
      expect(gap).toMatchObject({ session: "dev", pane: "%0" });
      await box.output("pane-exec", "dev", "0", "echo over $((2+1))");
      await until("it is heard again", async () => (await box.events("pattern-match")).length === 2);
      expect(await box.tmux("list-clients")).toBe("");
    },
  );
});

describe("where somebody types into all panes of a window at once (synchronize-panes)", () => {
  const VERBS = [
    ["pane-exec", "echo by exec"],
    ["pane-exec", `echo ${"by a long text ".repeat(90)}`],
    ["pane-run", "--", "echo by run"],
    ["pane-exec-timeout", "20", "echo by exec-timeout"],
  ];
  test.each(["bash", "dash"])("no other pane gets what is typed into one, a %s", async (shell) => {
    await using box = new Box({ SHELL: `/bin/${shell}` });
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
    await box.tmux("split-window", "-d", "-t", "=dev:", "stty raw -echo; exec cat -v");
    await box.tmux("set-option", "-w", "-t", "=dev:", "synchronize-panes", "on");
    for (const [verb = "", ...words] of VERBS) {
      await box.output(verb, "dev", "0", ...words);
      await box.bridge("pane-wait", "dev", "0", "20");
      expect(await box.tmux("display-message", "-p", "-t", "%0", "#{pane_synchronized}")).toBe("1");
    }
    expect(await box.tmux("capture-pane", "-p", "-t", "%1")).toMatch(/^\s*$/);
    // as it was set for the pane alone, and for the window
    expect(await box.tmux("show-options", "-p", "-t", "%0")).not.toContain("synchronize-panes");
    await box.tmux("set-option", "-wu", "-t", "=dev:", "synchronize-panes");
    for (const pane of ["%0", "%1"]) await box.tmux("set-option", "-p", "-t", pane, "synchronize-panes", "on");
    await box.output("pane-exec", "dev", "0", "echo again");
    expect(await box.tmux("show-options", "-pv", "-t", "%0", "synchronize-panes")).toBe("on");
    expect(await box.tmux("capture-pane", "-p", "-t", "%1")).toMatch(/^\s*$/);
  });
});

describe("a command that is killed leaves nothing that the next one does not undo", () => {
  const VERBS: string[][] = [
    ["pane-ask", "dev", "0", "--until", "never", "--", "a line"],
    ["pane-send-stdin", "dev", "0", "--paste", "--file", "text"],
    ["pane-send-keys", "dev", "0", "a", "Up", "Enter"],
    ["pane-graceful-shutdown", "dev", "0", "1"],
  ];
  test.each(VERBS)("%s", async (verb, ...words) => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await Bun.write(`${box.folder}/text`, "some text\n".repeat(20));
    const given = words.map((word) => (word === "text" ? `${box.folder}/text` : word));
    await box.output("session-create", "dev");
    await box.output("pane-run", "dev", "0", "--", "true");
    await box.tmux("split-window", "-d", "-t", "=dev:", "exec cat > /dev/null");
    await box.tmux("set-option", "-w", "-t", "=dev:", "synchronize-panes", "on");
    const before = await box.tmux("show-options", "-p", "-t", "%0");
    for (let round = 0; round < 12; round++) {
      await box.output("pane-exec", "dev", "0", "cat > /dev/null");
      const killed = Bun.spawn([...box.command, "bridge", verb, ...given], { env: box.env, stdout: "ignore" });
      // from before it does anything to after it has typed
      await Bun.sleep(2 + round * 4);
      killed.kill("SIGKILL");
      await killed.exited;
      await box.output("pane-graceful-shutdown", "dev", "0", "2");
      expect(await box.bridge("pane-run", "dev", "0", "--", "echo after")).toMatchObject({ output: "after" });
      expect((await box.tmux("show-options", "-p", "-t", "%0")).split("\n").filter(isOurs)).toEqual(
        before.split("\n").filter(isOurs),
      );
      expect(await box.tmux("list-buffers")).toBe("");
    }
    await leavesNoFile(box, ["pane-run", "dev", "0", "--", "true"]);
  });

  // the command meets it before, while and after it does what it is for
  test.each(VERBS)("%s, when the daemon is killed meanwhile", async (verb, ...words) => {
    await using box = await served({ SHELL: "/bin/bash" });
    await Bun.write(`${box.folder}/text`, "some text\n".repeat(20));
    const given = words.map((word) => (word === "text" ? `${box.folder}/text` : word));
    // so that the daemon has the pane's pipe, and the command hears it from there
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "nowhere"]);
    await until(
      "it is heard",
      async () => (await box.tmux("display-message", "-p", "-t", "%0", "#{pane_pipe}")) === "1",
    );
    for (let round = 0; round < 5; round++) {
      await box.output("pane-exec", "dev", "0", "cat > /dev/null");
      const command = Bun.spawn([...box.command, "bridge", verb, ...given], { env: box.env, stdout: "ignore" });
      await Bun.sleep(2 + round * 12);
      process.kill(await box.pid("daemon"), "SIGKILL");
      if (verb === "pane-ask") command.kill(); // it waits for ever
      await command.exited;
      await box.output("pane-graceful-shutdown", "dev", "0", "2");
      expect(await box.bridge("pane-run", "dev", "0", "--", "echo after")).toMatchObject({ output: "after" });
      await box.must(["daemon", "ensure"]);
    }
    await box.must(["daemon", "stop"]);
    await box.must(["gc-run"]);
    expect((await box.tmux("show-options", "-p", "-t", "%0")).split("\n").filter(isOurs)).toEqual([]);
    await leavesNoFile(box);
  });

  test.each(VERBS)("%s, when tmux is killed meanwhile", async (verb, ...words) => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await Bun.write(`${box.folder}/text`, "some text\n".repeat(20));
    const given = words.map((word) => (word === "text" ? `${box.folder}/text` : word));
    for (let round = 0; round < 5; round++) {
      await box.output("session-create", "dev");
      await box.output("pane-run", "dev", "0", "--", "true");
      await box.output("pane-exec", "dev", "0", "cat > /dev/null");
      const server = Number(await box.tmux("display-message", "-p", "#{pid}"));
      const command = Bun.spawn([...box.command, "bridge", verb, ...given], { env: box.env, stdout: "ignore" });
      await Bun.sleep(2 + round * 8);
      process.kill(server, "SIGKILL");
      expect(await command.exited).toBeLessThan(128);
      await until("the server is gone", async () => !(await lives(server)));
    }
    await until("nothing runs", () => box.processes().length === 0);
    await box.must(["gc-run"]);
    await leavesNoFile(box);
  });

  test("gc-run, which ends then what it would have ended, and nothing else", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "draft");
    await box.output("pane-run", "draft", "0", "--", "true");
    await box.tmux("send-keys", "-t", "=draft:", "-l", "half a line");
    await box.shows("draft", "0", "half a line");
    const line = () => box.tmux("capture-pane", "-p", "-t", "=draft:");
    const shown = await line();
    for (let round = 0; round < 10; round++) {
      const owner = Bun.spawn(["sleep", "1000"], { env: box.env, stdout: "ignore" });
      for (const name of ["one", "two"]) {
        await box.output("session-create", name, "--owner-pid", `${owner.pid}`);
        await box.prompt(name, "0");
        await box.output("pane-run", name, "0", "--", "setsid sleep 1000 & true");
      }
      owner.kill("SIGKILL");
      await owner.exited;
      const killed = Bun.spawn([...box.command, "gc-run", "--ttl", "0.1"], { env: box.env, stdout: "ignore" });
      await Bun.sleep(5 + round * 25);
      killed.kill("SIGKILL");
      await killed.exited;
      expect(await box.bridge("gc-run", "--ttl", "0.1")).toMatchObject({ status: "success", survivors: [] });
      expect(await box.tmux("list-sessions", "-F", "#{session_name}")).toBe("draft");
      expect(await line()).toBe(shown);
    }
    await until("nothing of them lives", () => box.processes().length <= 2);
    await leavesNoFile(box);
  });
});

const isOurs = (line: string) => /pipe|holds|held|alone|remain|synchronize/.test(line);

/** Waits until commands that are called have removed what killed ones left. */
async function leavesNoFile(box: Box, command = ["gc-run"]): Promise<void> {
  // named pipes stay for as long as something might be about to open them
  await until("no file is left", async () => {
    await box.must(command);
    const folders = readdirSync(box.state).filter((name) => name.startsWith("shell-"));
    const names = [box.state, ...folders.map((name) => `${box.state}/${name}`)].flatMap((folder) =>
      readdirSync(folder),
    );
    return !names.some((name) => /^(pipe|take|ask)-|part$/.test(name));
  });
}
