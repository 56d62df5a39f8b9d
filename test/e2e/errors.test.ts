import { describe, expect, test } from "bun:test";
import { chmodSync, mkdirSync, rmSync, writeFileSync } from "node:fs";
import { isServerAtLeast } from "../../src/tmux/version.ts";
import { Box, PROGRAM, until } from "../helpers/box.ts";

/** Each error code, caused for real. `help errors` has a line for each. */
const CASES: Record<
  string,
  { exitCode: number; cause(box: Box): Promise<{ exitCode: number; error?: { code: string } }> }
> = {
  ERR_SESSION_EXISTS: { exitCode: 1, cause: (box) => box.bridge("session-create", "dev") },
  ERR_SESSION_NOT_FOUND: { exitCode: 1, cause: (box) => box.bridge("pane-count", "de") },
  ERR_PANE_NOT_FOUND: { exitCode: 1, cause: (box) => box.bridge("pane-status", "dev", "9") },
  ERR_AMBIGUOUS_LABEL: {
    exitCode: 1,
    cause: async (box) => {
      await box.output("pane-create", "dev", "main");
      return box.bridge("pane-capture", "dev", "main");
    },
  },
  ERR_INVALID_NAME: { exitCode: 2, cause: (box) => box.bridge("session-create", "../../x") },
  ERR_INVALID_ARGUMENT: {
    exitCode: 2,
    cause: (box) => box.bridge("pane-create-with-layout", "dev", "x", "spiral"),
  },
  ERR_INVALID_PATTERN: { exitCode: 2, cause: (box) => box.bridge("pane-watch", "dev", "0", "(") },
  ERR_MAX_PANES: {
    exitCode: 1,
    cause: async (box) => {
      box.env.CLAUDE_TMUX_MAX_PANES = "1";
      return box.bridge("pane-create", "dev");
    },
  },
  ERR_TIMEOUT: {
    exitCode: 124,
    cause: async (box) => {
      await box.output("pane-exec", "dev", "0", "sleep 20");
      return box.bridge("pane-wait", "dev", "0", "0.2");
    },
  },
  ERR_TMUX_MISSING: {
    exitCode: 127,
    cause: async (box) => {
      box.env.PATH = box.folder;
      return box.bridge("session-list");
    },
  },
  ERR_TMUX_TOO_OLD: {
    exitCode: 127,
    cause: async (box) => {
      mkdirSync(`${box.folder}/bin`);
      writeFileSync(`${box.folder}/bin/tmux`, `#!/bin/sh\n[ "$1" = -V ] && echo tmux 3.1c && exit\nexit 1\n`);
      chmodSync(`${box.folder}/bin/tmux`, 0o755);
      const path = box.env.PATH ?? "";
      box.env.PATH = `${box.folder}/bin:${path}`;
      const reply = await box.bridge("session-list");
      box.env.PATH = path;
      return reply;
    },
  },
  ERR_TMUX_NOT_RUNNING: {
    exitCode: 1,
    cause: async (box) => {
      await box.endServer();
      return box.bridge("pane-count", "dev");
    },
  },
  ERR_COMMAND_FAILED: {
    exitCode: 1,
    cause: (box) => box.bridge("pane-metadata-get", "dev", "0", "nothing"),
  },
  ERR_PANE_BUSY: {
    exitCode: 125,
    cause: async (box) => {
      await box.output("pane-exec", "dev", "0", "sleep 20");
      return box.bridge("pane-run", "dev", "0", "--", "true");
    },
  },
  ERR_PANE_DEAD: {
    exitCode: 1,
    cause: async (box) => {
      await box.tmux("set-option", "-t", "=dev:", "remain-on-exit", "on");
      await box.bridge("pane-run", "dev", "0", "--", "exit");
      return box.bridge("pane-exec", "dev", "0", "echo x");
    },
  },
  ERR_UNSAFE_STATE_DIR: {
    exitCode: 1,
    cause: async (box) => {
      chmodSync(box.state, 0o755);
      const reply = await box.bridge("pane-create", "dev");
      chmodSync(box.state, 0o700);
      return reply;
    },
  },
};

describe("each error has its code, its exit code and its line in `help errors`", () => {
  test.each(Object.keys(CASES))("%s", async (code) => {
    const { exitCode, cause } = CASES[code] as (typeof CASES)[string];
    await using box = new Box({ SHELL: "/bin/bash" });
    const { PATH } = box.env;
    await box.output("session-create", "dev");
    const reply = await cause(box);
    box.env.PATH = PATH ?? "";
    expect(reply).toMatchObject({ exitCode, status: "error", error: { code } });
    expect(reply).toHaveProperty("output", expect.stringMatching(/^\S.*\S$/));
    expect(await box.must(["help", "errors"])).toContain(`\`${code}\``);
  });

  test("and so have those of the daemon", async () => {
    await using box = new Box();
    const fail = async (...args: string[]) => {
      const { exitCode, stdout } = await box.run([...args, "--json"]);
      return { exitCode, code: JSON.parse(stdout).error.code };
    };
    expect(await fail("daemon", "logs")).toEqual({ exitCode: 1, code: "ERR_DAEMON_NOT_RUNNING" });
    await box.must(["daemon", "start"]);
    expect(await fail("daemon", "start")).toEqual({ exitCode: 1, code: "ERR_DAEMON_RUNNING" });
    await box.must(["daemon", "stop"]);
    rmSync(`${box.state}/daemon.lock`);
    Bun.spawnSync(["mkfifo", `${box.state}/daemon.lock`]);
    expect(await fail("daemon", "start")).toEqual({ exitCode: 1, code: "ERR_NOT_OWNER" });
  });
});

/** Every command that waits, with a state of the pane in which it does. */
const WAITING: [string, string[]][] = [
  ["pane-run", ["dev", "0", "--", "sleep 30"]],
  ["pane-exec-timeout", ["dev", "0", "30", "sleep 30"]],
  ["pane-wait", ["dev", "0", "30"]],
  ["pane-watch-timeout", ["dev", "0", "never to be seen", "30"]],
  ["pane-stream", ["dev", "0"]],
  ["pane-tail", ["dev", "0"]],
];

describe("tmux kill-server in the middle of a command is an error at once; a stream ends", () => {
  test.each(WAITING)("%s", async (command, args) => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-run", "dev", "0", "--", "true");
    if (command === "pane-wait") await box.output("pane-exec", "dev", "0", "sleep 30");
    const waiting = box.run(["bridge", command, ...args]);
    await until("it waits", async () => (await box.listeners()) === 1);
    await box.tmux("kill-server");
    const killed = performance.now();
    const { exitCode, stdout } = await waiting;
    expect(performance.now() - killed).toBeLessThan(10_000); // a second, and slack for a busy machine
    if (command === "pane-stream" || command === "pane-tail") {
      expect([exitCode, stdout]).toEqual([0, expect.not.stringContaining("ERR_")]);
    } else {
      expect(exitCode).toBe(command === "pane-run" ? 125 : 1);
      expect(JSON.parse(stdout)).toMatchObject({ status: "error", error: { code: "ERR_TMUX_NOT_RUNNING" } });
    }
    await until("nothing is left", () => box.processes().length === 0);
  });
});

test.each([
  ["pane-run", ["--timeout", "0.7", "--", "sleep 30"]],
  ["pane-exec-timeout", ["0.7", "sleep 30"]],
  ["pane-wait", ["0.7"]],
])("%s tells the time-out that it was given", async (command, args) => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  if (command === "pane-wait") await box.output("pane-exec", "dev", "0", "sleep 30");
  const { exitCode, output } = await box.bridge(command, "dev", "0", ...args);
  expect([exitCode, output]).toEqual([124, expect.stringMatching(/ within 0\.7 s$/)]);
});

// tmux has the stdout of its clients: while it hangs, that stays open, though the client has been killed
// (at once, since they wait more than they do)
describe.concurrent("a tmux server that hangs in the middle of a command keeps nobody", () => {
  const TIMED: [string, string[]][] = [
    ["pane-run", ["dev", "0", "--timeout", "2", "--", "sleep 30"]],
    ["pane-exec-timeout", ["dev", "0", "2", "sleep 30"]],
    ["pane-wait", ["dev", "0", "2"]],
    ["pane-watch-timeout", ["dev", "0", "never to be seen", "2"]],
  ];

  test.each([
    ...TIMED.map(([command, args]) => [command, args, undefined, [124]] as const),
    // pane-watch-timeout may be asking tmux for what stands there, and hears no signal then
    ...WAITING.map(([command, args]) => [command, args, "SIGTERM", [143, 124]] as const),
  ])("%s %p: %p", async (command, args, signal, exitCodes) => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-run", "dev", "0", "--", "true");
    if (command === "pane-wait") await box.output("pane-exec", "dev", "0", "sleep 30");
    const waiting = Bun.spawn([...PROGRAM, "bridge", command, ...args], {
      env: box.env,
      stdin: "ignore",
      stdout: "ignore",
      stderr: "ignore",
    });
    await until("it waits", async () => (await box.listeners()) === 1);
    await hanging(box, async () => {
      if (signal) waiting.kill(signal);
      expect(await waiting.exited).toBeOneOf([...exitCodes]);
    });
    await until("nothing is left", () => box.processes().length === 0);
  });

  test("that hung before is an error of a time-out for all", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await hanging(box, async () => {
      const commands = ["pane-run dev 0 true", "pane-stream dev 0", "pane-watch-timeout dev 0 x 2", "pane-count dev"];
      for (const reply of await Promise.all(commands.map((command) => box.bridge(...command.split(" ")))))
        expect(reply).toMatchObject({ exitCode: 124, error: { code: "ERR_TIMEOUT" } });
    });
  });

  /** Does something while the box's tmux server is stopped; the server is gone after that. */
  async function hanging(box: Box, act: () => Promise<void>): Promise<void> {
    const server = Number(await box.tmux("display-message", "-p", "#{pid}"));
    process.kill(server, "SIGSTOP");
    try {
      await act();
    } finally {
      process.kill(server, "SIGKILL");
    }
  }
});

test("what tmux can't have written is an error, and no empty list", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  await box.output("state-sync");
  const bin = `${box.folder}/bin`;
  mkdirSync(bin);
  writeFileSync(`${bin}/tmux`, '#!/bin/sh\ncase $* in *-V) echo tmux 3.4 ;; *) echo "Have a nice day" ;; esac\n');
  chmodSync(`${bin}/tmux`, 0o755);
  const path = box.env.PATH;
  box.env.PATH = `${bin}:${path}`;
  for (const command of ["session-list", "state-sync"]) {
    expect(await box.bridge(command)).toMatchObject({ exitCode: 1, output: expect.stringContaining("nice day") });
  }
  box.env.PATH = path ?? "";
  expect(await Bun.file(`${box.state}/dev.state`).json()).toMatchObject({ session: "dev" });
});

test("a session can be made at once after kill-server, while the old server is still ending", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  for (let round = 0; round < 30; round++) {
    await box.output("session-create", "dev");
    await box.output("pane-create", "dev", "web");
    await box.tmux("kill-server");
  }
});

/** Puts a tmux before the real one that its server drops, as servers from 3.6 on drop clients before. Returns the real PATH. */
async function dropped(box: Box): Promise<string> {
  const version = isServerAtLeast((await box.tmux("-V")).replace("tmux ", ""), "3.6") ? "3.5a" : "3.9";
  mkdirSync(`${box.folder}/bin`);
  const script = `[ "$1" = -V ] && echo tmux ${version} && exit\necho server exited unexpectedly >&2; exit 1`;
  writeFileSync(`${box.folder}/bin/tmux`, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  const path = box.env.PATH ?? "";
  box.env.PATH = `${box.folder}/bin:${path}`;
  return path;
}

describe("a server that drops the tmux on PATH", () => {
  const WRONG_VERSION = {
    exitCode: 127,
    output: expect.stringMatching(/ tmux server .* \(PID \d+\).* the tmux on PATH.* 3\.(5a|9)/),
    error: { code: "ERR_TMUX_TOO_OLD", hint: expect.stringContaining("first on PATH") },
  };

  test("is told as one of another version, and is no absence", async () => {
    await using box = new Box({ CLAUDE_TMUX_ERRORS_MAX: "1" });
    await box.output("session-create", "dev");
    await box.output("state-sync");
    const path = await dropped(box);
    const commands = [
      ["session-list"],
      ["session-create", "x"],
      ["state-sync"],
      ["pane-run", "dev", "0", "--", "true"],
    ];
    for (const [name = "", ...args] of commands) {
      const exitCode = name === "pane-run" ? 125 : 127;
      expect(await box.bridge(name, ...args)).toMatchObject({ ...WRONG_VERSION, exitCode });
    }
    expect(await Bun.file(`${box.state}/dev.state`).json()).toMatchObject({ session: "dev" });
    const { findings } = JSON.parse((await box.run(["doctor", "--json"])).stdout);
    expect(findings).toContainEqual(
      expect.objectContaining({ check: "tmux server", verdict: "error", message: WRONG_VERSION.output }),
    );
    await box.must(["daemon", "start"]);
    await until("its health tells", async () => (await box.must(["daemon", "health"])) === "degraded");
    expect(await box.must(["daemon", "logs"])).toMatch(/ERROR: .* tmux server .* the tmux on PATH/);
    await box.must(["daemon", "stop"]);
    box.env.PATH = path;
    expect(await box.bridge("session-list")).toMatchObject({ exitCode: 0, output: [{ name: "dev" }] });
  });

  test("and is gone by then, is an absence", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    await box.endServer();
    await until("it is gone", () => box.processes().length === 0);
    await dropped(box);
    expect(await box.bridge("session-list")).toMatchObject({ exitCode: 0, output: [] });
    expect(await box.bridge("pane-count", "dev")).toMatchObject({ error: { code: "ERR_TMUX_NOT_RUNNING" } });
  });
});

describe("a command that is killed with SIGKILL", () => {
  test.each(WAITING)("%s leaves no client, and tmux can end", async (command, args) => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-run", "dev", "0", "--", "true");
    if (command === "pane-wait") await box.output("pane-exec", "dev", "0", "sleep 30");
    const child = Bun.spawn([...box.command, "bridge", command, ...args], { env: box.env, stdout: "ignore" });
    await until("it waits", async () => (await box.listeners()) === 1);
    child.kill("SIGKILL");
    await child.exited;
    await until("its client has gone", async () => (await box.tmux("list-clients")) === "");
    await box.tmux("kill-server");
    await until("nothing is left", () => box.processes().length === 0);
  });
});

test("a command that is suggested works on the server that was named, as it is printed", async () => {
  await using box = new Box();
  const socket = `${box.folder}/an other`;
  for (const [given, named] of [
    [["-L", "work"], "-L work"],
    [["-S", socket], `-S '${socket}'`],
  ] as const) {
    const hintOf = async (...words: string[]) =>
      JSON.parse((await box.run([...given, "--json", ...words])).stdout).error.hint;
    const start = await hintOf("bridge", "pane-count", "dev");
    expect(start).toBe(`Start one with: claude-tmux ${named} session-create <name>`);
    const line = start.replace("Start one with: claude-tmux", '"$@"').replace("<name>", "dev");
    const child = Bun.spawn(["sh", "-c", line, "sh", ...box.command], { env: box.env, stdout: "ignore" });
    expect(await child.exited).toBe(0);
    expect(JSON.parse((await box.run([...given, "bridge", "session-list"])).stdout).output).toMatchObject([
      { name: "dev" },
    ]);
    expect(await hintOf("daemon", "wait", "dev", "pane-exit")).toContain(`claude-tmux ${named} daemon start`);
    expect((await box.run([...given, "doctor"])).stdout).toContain(
      `not running; events need it: claude-tmux ${named} daemon start`,
    );
    const told = await box.run([...given, "daemon", "subscribe", "dev", "pane-exit"]);
    expect(told.stderr).toContain(`(claude-tmux ${named} daemon start)`);
    await box.run([...given, "bridge", "session-kill", "dev"]);
  }
});
