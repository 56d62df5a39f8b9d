import { describe, expect, test } from "bun:test";
import { chmodSync, copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { commandLine } from "../../src/process/identity.ts";
import { BINARY, Box, until } from "../helpers/box.ts";
import { atTerminal, hasTerminal } from "../helpers/terminal.ts";

/** A copy of the binary alone in an empty folder, with an environment of PATH and TMUX_TMPDIR, and what a run of it leaves. */
function alone(box: Box, tmux?: string) {
  const [home, tmp, bin] = ["home", "tmp", "bin"].map((name) => `${box.folder}/${name}`) as [string, string, string];
  for (const folder of [home, tmp, bin]) mkdirSync(folder);
  copyFileSync(BINARY, `${home}/claude-tmux`);
  if (tmux !== undefined) {
    writeFileSync(`${bin}/tmux`, `#!/bin/sh\n${tmux}\n`);
    chmodSync(`${bin}/tmux`, 0o755);
  }
  const env = { PATH: `${bin}:${process.env.PATH}`, TMUX_TMPDIR: tmp };
  const start = (...args: string[]) =>
    Bun.spawn(["./claude-tmux", "selftest", ...args], {
      cwd: home,
      env,
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
    });
  const left = () => ({ home: readdirSync(home), tmp: readdirSync(tmp), processes: startedIn(tmp) });
  return { start, left, tmp };
}

/** The processes, of whatever ended test, whose environment names a folder below that one. */
const startedIn = (tmp: string) =>
  readdirSync("/proc").filter((pid) => {
    try {
      return readFileSync(`/proc/${pid}/environ`, "utf8").includes(`TMPDIR=${tmp}/`);
    } catch {
      return false;
    }
  });
const NOTHING = { home: ["claude-tmux"], tmp: [], processes: [] };

async function ended(child: ReturnType<ReturnType<typeof alone>["start"]>) {
  const [stdout, stderr, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { stdout, stderr, exitCode };
}

describe("selftest", () => {
  // some of each file: all of them are run from their files beside this, and from the binary by .ci/run
  test("passes from the binary alone, and leaves nothing", async () => {
    await using box = new Box();
    const { start, left } = alone(box);
    const groups = "^(sessions|pane-exec (a|only)|pane-run in bash (true|exit)|pattern-match with|a watchdog ends) ";
    const { stdout, exitCode } = await ended(start("--filter", groups));
    const [, passed, failed] = /^(\d+) passed, (\d+) failed, \d+ skipped, in \d+ s$/m.exec(stdout) ?? [];
    expect({ exitCode, failed, stdout }).toMatchObject({ exitCode: 0, failed: "0" });
    expect(Number(passed)).toBeGreaterThanOrEqual(10);
    expect(stdout).toMatch(/^claude-tmux \d+\.\d+\.\d+, \w+ \w+, tmux \d.*\n✓ /);
    expect(left()).toEqual(NOTHING);
  }, 300_000);

  test("tells each test of a group, as JSON too, and takes nothing from the folders above", async () => {
    await using box = new Box();
    const { start, tmp } = alone(box);
    writeFileSync(`${tmp}/evil.js`, `require("fs").writeFileSync("${box.folder}/evil", "")`);
    const paths = { "*": ["./evil.js"], "node:fs": ["./evil.js"] };
    writeFileSync(`${tmp}/tsconfig.json`, JSON.stringify({ compilerOptions: { baseUrl: ".", paths } }));
    writeFileSync(`${tmp}/bunfig.toml`, 'preload = ["./evil.js"]\n[test]\npreload = ["./evil.js"]\n');
    const { stdout, exitCode } = await ended(start("--filter", "^sessions", "--json"));
    expect(existsSync(`${box.folder}/evil`)).toBe(false);
    const { tests, ...sum } = JSON.parse(stdout);
    expect({ exitCode, ...sum }).toMatchObject({ exitCode: 0, status: "success", passed: 3, failed: 0, skipped: 0 });
    expect(tests[0]).toEqual({
      name: "sessions > are made, listed and ended by their exact names",
      outcome: "passed",
      ms: expect.any(Number),
    });
    await using box2 = new Box();
    expect(await ended(alone(box2).start("--filter", "no such test"))).toMatchObject({ exitCode: 1 });
  });

  test.skipIf(!hasTerminal)(
    "--quick has some of each part; a person is told that it goes on, and for how long",
    async () => {
      await using box = new Box();
      const { text, raw, exitCode } = await atTerminal(box, ["selftest", "--quick", "--no-color"]);
      expect({ exitCode, text }).toMatchObject({
        exitCode: 0,
        text: expect.stringMatching(/\n\d+ passed, 0 failed, /),
      });
      for (const group of ["sessions", "pane-exec", "pane-capture", "pattern-match"])
        expect(text).toContain(`\n✓ ${group} > `);
      expect(text).not.toContain("watchdog");
      expect(text).not.toContain("Waiting");
      expect(raw).toContain("Waiting for the next test (all take about 20 s) … ");
      const both = await box.run(["selftest", "--quick", "--filter", "x"]);
      expect(both).toMatchObject({ exitCode: 2, stdout: "", stderr: expect.stringContaining("give it, or --filter") });
    },
    120_000,
  );

  test("says at once when its folder cannot be", async () => {
    await using box = new Box();
    const long = `${box.folder}/${"long".repeat(20)}`;
    mkdirSync(long);
    for (const [tmp, said] of [
      ["/proc/self/fd", "No folder can be made in"],
      [long, "bytes, and a socket's path may have"],
    ]) {
      box.env.TMUX_TMPDIR = tmp ?? "";
      expect(await box.run(["selftest"])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(said ?? "") });
    }
  });

  test("fails with a tmux that does not work, and says why", async () => {
    await using box = new Box();
    const broken = alone(box, 'echo "broken on purpose" >&2; exit 1');
    const said = expect.stringContaining("broken on purpose");
    expect(await ended(broken.start())).toMatchObject({ exitCode: 1, stderr: said });
    await using box2 = new Box();
    const worse = alone(box2, '[ "$1" = -V ] && { echo tmux 3.4; exit; }; echo "broken on purpose" >&2; exit 1');
    const { stdout, exitCode } = await ended(worse.start("--filter", "^sessions"));
    expect({ exitCode, stdout }).toMatchObject({ exitCode: 1, stdout: said });
    expect(stdout).toMatch(/^✗ sessions > are made, listed/m);
    expect(worse.left()).toEqual(NOTHING);
  });

  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGKILL", 137],
  ] as const)("ended by %s, it leaves nothing", async (signal, code) => {
    await using box = new Box();
    const { start, left, tmp } = alone(box);
    const child = start("--filter", "a watchdog");
    await until("a daemon of it runs", () => startedIn(tmp).some((pid) => commandLine(Number(pid)).includes("daemon")));
    child.kill(signal);
    expect((await ended(child)).exitCode).toBe(code);
    await until("nothing is left", () => Bun.deepEquals(left(), NOTHING));
  });
});
