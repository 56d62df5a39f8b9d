import { afterEach, beforeEach, describe, expect, test } from "bun:test";
import { closeSync, mkdtempSync, openSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { processStat } from "../../../src/process/identity.ts";
import { Dialogue } from "../../../src/tmux/dialogue.ts";
import { tmux } from "../../../src/tmux/run.ts";
import { resolveServer } from "../../../src/tmux/server.ts";
import { until } from "../../helpers/box.ts";

const HERE = ["display-message", "-p", "here"];
const source = join(import.meta.dir, "../../../src");

let folder: string;
let server: ReturnType<typeof resolveServer>;
let serverPid: number;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "claude-tmux-dialogue-"));
  server = resolveServer({ path: join(folder, "socket") });
  const start = ["-f", "/dev/null", ...server.flags, "new-session", "-d", "-s", "dev", "exec sleep infinity"];
  expect(Bun.spawnSync(["tmux", ...start]).exitCode).toBe(0);
  serverPid = Number(tmux(server, [["display-message", "-p", "#{pid}"]]));
  await untilNone(); // of those before
});

afterEach(async () => {
  if (processStat(serverPid)) {
    process.kill(serverPid, "SIGCONT");
    tmux(server, [["kill-server"]]);
  }
  await until("the server is gone", () => processStat(serverPid) === undefined);
  rmSync(folder, { recursive: true, force: true });
});

/** The clients that a process has started, those included that it has not reaped. */
function clients(parent = process.pid): number[] {
  const { stdout } = Bun.spawnSync(["ps", "-eo", "pid=,ppid=,comm="]);
  const rows = stdout
    .toString()
    .trim()
    .split("\n")
    .map((line) => line.trim().split(/\s+/));
  return rows.filter(([, ppid, name]) => ppid === `${parent}` && name?.startsWith("tmux")).map(([pid]) => Number(pid));
}

const untilNone = () => until("no client is left", () => clients().length === 0);

describe.skipIf(process.platform !== "linux")("calls one after the other", () => {
  test("are made by one client, which ends after the last", async () => {
    using dialogue = new Dialogue(server);
    expect(await dialogue.ask([HERE])).toBe("here\n");
    const [pid] = clients();
    expect(await dialogue.ask([HERE])).toBe("here\n");
    expect(clients()).toEqual([pid as number]);
    expect(await dialogue.ask([HERE], { isLast: true })).toBe("here\n");
    await untilNone();
    expect(await dialogue.ask([HERE])).toBe("here\n");
    await untilNone();
  });

  test("bring every word to tmux as it is", async () => {
    using dialogue = new Dialogue(server);
    const words = [
      "",
      " a  b",
      "it's }",
      '"{',
      ";",
      "a;",
      "#{pane_id}",
      "$HOME",
      "~",
      "%if 1",
      "a\n# b\n\n  c\\",
      "ä\u{1f600}",
    ];
    for (const word of ["begin", ...words]) {
      await dialogue.ask([["set-option", "-s", "@word", word]]);
      expect(await dialogue.ask([["show-options", "-sv", "@word"]])).toBe(`${word}\n`);
    }
  });

  test("answer what each was asked, in many turns", async () => {
    using dialogue = new Dialogue(server);
    await dialogue.ask([HERE]);
    for (let i = 0; i < 200; i++) {
      expect(await dialogue.ask([["display-message", "-p", `turn ${i}`], HERE])).toBe(`turn ${i}\nhere\n`);
    }
    // from 3.6 on tmux reads no more than 50 files for one client
    await until("those before have ended", () => clients().length === 1);
  });

  test("are made by others, too, at the same time", async () => {
    using dialogue = new Dialogue(server);
    const asked = [1, 2, 3, 4].map((i) => dialogue.ask([["display-message", "-p", `${i}`]]));
    expect(await Promise.all(asked)).toEqual(["1\n", "2\n", "3\n", "4\n"]);
  });

  test("run none of the commands after one that fails, and go on after that", async () => {
    using dialogue = new Dialogue(server);
    await dialogue.ask([HERE]);
    const failing = dialogue.ask([["has-session", "-t", "=nosuch"], ["set-option", "-s", "@after", "1"], HERE]);
    await expect(failing).rejects.toMatchObject({ code: "ERR_SESSION_NOT_FOUND" });
    expect(await dialogue.ask([["display-message", "-p", "<#{@after}>"]])).toBe("<>\n");
  });

  test("go on after the first has failed", async () => {
    using dialogue = new Dialogue(server);
    await expect(dialogue.ask([["has-session", "-t", "=nosuch"]])).rejects.toMatchObject({
      code: "ERR_SESSION_NOT_FOUND",
    });
    expect(await dialogue.ask([["display-message", "-p", "here"]])).toBe("here\n");
  });

  test("are answered also when nobody wants to go on, and read nothing else then", async () => {
    const dialogue = new Dialogue(server);
    await dialogue.ask([HERE]);
    const asked = dialogue.ask([["run-shell", "sleep 0.2"], HERE]);
    dialogue[Symbol.dispose]();
    const others = Array.from({ length: 5 }, () => openSync("/etc/passwd", "r"));
    expect(await asked).toBe("here\n");
    for (const fd of others) closeSync(fd);
    await untilNone();
  });

  test("keep no client when they pause", async () => {
    using dialogue = new Dialogue(server);
    await dialogue.ask([HERE]);
    expect(clients()).toHaveLength(1);
    await untilNone();
    expect(await dialogue.ask([HERE])).toBe("here\n");
  });

  test("do not keep a server without sessions", async () => {
    using dialogue = new Dialogue(server);
    await dialogue.ask([["kill-session", "-t", "=dev"]]);
    await until("the server is gone", () => processStat(serverPid) === undefined);
    await expect(dialogue.ask([["list-sessions"]])).rejects.toMatchObject({ code: "ERR_TMUX_NOT_RUNNING" });
  });

  test("fail when the server was killed meanwhile", async () => {
    using dialogue = new Dialogue(server);
    await dialogue.ask([HERE]);
    process.kill(serverPid, "SIGKILL");
    await until("the server is gone", () => processStat(serverPid) === undefined);
    await expect(dialogue.ask([["list-sessions"]])).rejects.toMatchObject({ code: "ERR_TMUX_NOT_RUNNING" });
    await expect(dialogue.ask([["list-sessions"]])).rejects.toMatchObject({ code: "ERR_TMUX_NOT_RUNNING" });
  });

  test("fail in time when the server hangs, and leave no client", async () => {
    using dialogue = new Dialogue(server);
    await dialogue.ask([HERE]);
    process.kill(serverPid, "SIGSTOP");
    const asked = dialogue.ask([["set-option", "-s", "@late", "1"]], { timeoutMs: 100 });
    await expect(asked).rejects.toMatchObject({ code: "ERR_TIMEOUT" });
    await untilNone();
  });

  test("of a process that is killed leave no client", async () => {
    const script = `
      const { Dialogue } = await import("${source}/tmux/dialogue.ts");
      const { resolveServer } = await import("${source}/tmux/server.ts");
      const dialogue = new Dialogue(resolveServer({ path: process.argv[1] }));
      for (let i = 0; ; i++) {
        await dialogue.ask([${JSON.stringify(HERE)}]);
        if (i === 0) console.log("begun");
      }`;
    for (let round = 0; round < 5; round++) {
      const child = Bun.spawn([process.execPath, "-e", script, server.socket], { stdout: "pipe" });
      await child.stdout.getReader().read();
      const [pid = 0] = clients(child.pid);
      expect(pid).toBeGreaterThan(0);
      await Bun.sleep(round * 3);
      child.kill("SIGKILL");
      await child.exited;
      await until("the client is gone", () => processStat(pid) === undefined);
    }
  });

  test("that are longer than a pipe are made all the same, or not at all", async () => {
    using dialogue = new Dialogue(server);
    await dialogue.ask([HERE]);
    const long = "x".repeat(30_000);
    expect(await dialogue.ask([["set-option", "-s", "@long", long]])).toBe("");
    expect(await dialogue.ask([["show-options", "-sv", "@long"]])).toBe(`${long}\n`);
    const tooLong = dialogue.ask([["set-option", "-s", "@long", "y".repeat(1_000_000)]]);
    await expect(tooLong).rejects.toThrow();
    expect(await dialogue.ask([["show-options", "-sv", "@long"]])).toBe(`${long}\n`);
  });
});
