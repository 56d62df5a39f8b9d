import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import {
  chmodSync,
  chownSync,
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { placeOf } from "../../src/dev/release/about.ts";
import { makeRelease } from "../../src/dev/release/make.ts";
import { packedName, platformPackage } from "../../src/dev/release/npm.ts";
import { TARGETS } from "../../src/dev/release/targets.ts";
import { VERSION } from "../../src/lib/self.ts";
import { shellWord } from "../../src/lib/shell.ts";
import { BINARY, Box, lives, until } from "../helpers/box.ts";

/** What this machine is, as far as it is known without asking: what was built here runs here. */
const TARGET = TARGETS.find(({ npm }) => npm.os === process.platform && npm.cpu === process.arch);
const ARCHIVE = `claude-tmux-${VERSION}-${TARGET?.name}`;
const FILES = [
  "claude-tmux",
  "README.md",
  "LICENSE",
  "CHANGELOG.md",
  "docs/man/claude-tmux.1",
  "docs/bridge.md",
  "completions/_claude-tmux",
];
const release = mkdtempSync(join(tmpdir(), "it's a release-"));

const has = (...programs: string[]) => programs.every((program) => Bun.which(program) !== null);

beforeAll(async () => {
  if (!TARGET) return;
  const place = placeOf(undefined, release);
  await makeRelease([TARGET], { folder: release, place, time: 1_700_000_000, level: 0, build: () => BINARY });
});
afterAll(() => rmSync(release, { recursive: true }));

/** Runs a program in the box's folder, with its HOME and a TMPDIR of its own, which is to be empty at the end. */
async function run(box: Box, ...command: string[]) {
  const temporary = `${box.folder}/temporary`;
  mkdirSync(temporary, { recursive: true });
  const env = { ...box.env, TMPDIR: temporary, npm_config_update_notifier: "false" };
  const child = Bun.spawn(command, { cwd: box.folder, env, stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const [stdout, stderr, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { stdout, stderr, exitCode, left: readdirSync(temporary) };
}

const everything = (box: Box) => readdirSync(box.folder, { recursive: true }).map(String);

/** That a program is this one, and works with the tmux of the machine. */
async function works(box: Box, program: string): Promise<void> {
  expect(await run(box, program, "--version")).toEqual({ stdout: `${VERSION}\n`, stderr: "", exitCode: 0, left: [] });
  const { stdout, exitCode } = await run(box, program, "selftest", "--filter", "^sessions");
  expect({ exitCode, stdout }).toEqual({ exitCode: 0, stdout: expect.stringMatching(/^3 passed, 0 failed/m) });
}

describe.skipIf(!TARGET || !has("tar", "gzip", "sha256sum"))("install.sh", () => {
  const install = (box: Box, ...args: string[]) => run(box, "sh", `${release}/install.sh`, ...args);

  /** A folder with install.sh, for a release that is published where nobody answers, and the files that it takes. */
  function offline(box: Box): string {
    const copy = `${box.folder}/copy`;
    mkdirSync(copy);
    for (const name of ["SHA256SUMS", `${ARCHIVE}.tar.gz`]) cpSync(`${release}/${name}`, `${copy}/${name}`);
    const text = readFileSync(`${release}/install.sh`, "utf8");
    writeFileSync(`${copy}/install.sh`, text.replace(/^( +published=).*$/m, "$1http://127.0.0.1:1"));
    return copy;
  }

  test("takes the archive of this machine, checks it, puts it in the place of an old one, and says what it did", async () => {
    await using box = new Box({ PREFIX: "" });
    const program = `${box.folder}/.local/bin/claude-tmux`;
    mkdirSync(dirname(program), { recursive: true });
    writeFileSync(program, "an old one");
    const { stdout, stderr, exitCode, left } = await install(box);
    expect({ stderr, exitCode, left }).toEqual({ stderr: "", exitCode: 0, left: [] });
    expect(stdout).toContain(`taking ${ARCHIVE}.tar.gz from ${release}\n`);
    expect(stdout).toContain(`installed ${program} (${VERSION})\n`);
    expect(readdirSync(`${box.folder}/.local/bin`)).toEqual(["claude-tmux"]);
    await works(box, program);
  });

  test("takes the archive beside it, without a network, and only if it is of the same user as the script", async () => {
    await using box = new Box();
    const copy = offline(box);
    // where a shell would look for a folder before it looks here
    mkdirSync(`${box.folder}/elsewhere/copy`, { recursive: true });
    box.env.CDPATH = `${box.folder}/elsewhere`;
    const installed = await run(box, "sh", "copy/install.sh", "--prefix", "p");
    expect(installed).toMatchObject({ stderr: "", exitCode: 0, left: [] });
    expect(installed.stdout).toContain(`taking ${ARCHIVE}.tar.gz from ${copy}\n`);
    expect(installed.stdout).toContain(`installed ${box.folder}/p/bin/claude-tmux (${VERSION})\n`);
    expect((await run(box, `${box.folder}/p/bin/claude-tmux`, "--version")).stdout).toBe(`${VERSION}\n`);
    // one that comes in a pipe is not from a folder
    const refused = { stdout: "", exitCode: 1, stderr: expect.stringContaining("run it there"), left: [] };
    expect(await run(box, "sh", "-c", "cd ./copy && sh -s -- --prefix q < install.sh")).toMatchObject(refused);
    if (process.getuid?.() === 0) {
      chownSync(`${copy}/SHA256SUMS`, 12_345, 0);
      expect(await run(box, "sh", "copy/install.sh", "--prefix", "q")).toMatchObject(refused);
    }
    expect([existsSync(`${box.folder}/q`), existsSync(`${copy}/q`)]).toEqual([false, false]);
  });

  test.each([
    ["bash", "~/.bashrc"],
    ["zsh", "~/.zshrc"],
    ["fish", "once in fish"],
    ["sh", "~/.profile"],
  ])("says how %s finds the program, and the line works, whatever is in it", async (shell, where) => {
    await using box = new Box({ SHELL: `/opt/${shell}` });
    const before = everything(box);
    const { stdout, exitCode } = await install(box, "--prefix", `${box.folder}/it's "$1"`);
    const folder = `${box.folder}/it's "$1"/bin`;
    expect({ stdout, exitCode }).toEqual({
      exitCode: 0,
      stdout: expect.stringContaining(`${folder} is not on your PATH`),
    });
    const [, told = "", line = ""] = /To have it there, (.*):\n {2}(.*)\n/.exec(stdout) ?? [];
    expect(told).toContain(where);
    expect(stdout).toContain(`next: ${folder}/claude-tmux doctor`);
    const added = everything(box).filter((path) => !before.includes(path) && !path.startsWith("it's"));
    expect(added).toEqual(["temporary"]);
    if (!has(shell)) return;
    const found = await run(box, shell, "-c", `${line}\ncommand -v claude-tmux`);
    expect(found.stdout.trim().replaceAll("\\", "")).toEndWith(`${folder}/claude-tmux`);
    box.env.PATH = `${folder}:${box.env.PATH}`;
    const again = await install(box, "--prefix", `${box.folder}/it's "$1"`);
    expect(again.stdout).not.toContain("PATH");
    expect(again.stdout).toContain("next: claude-tmux doctor");
  });

  test.each([
    [
      "another archive than was released",
      (copy: string) => writeFileSync(`${copy}/${ARCHIVE}.tar.gz`, "evil"),
      "its SHA-256 is",
    ],
    [
      "no checksum of it",
      (copy: string) => writeFileSync(`${copy}/SHA256SUMS`, `00  x${ARCHIVE}.tar.gz\n`),
      `has no ${ARCHIVE}.tar.gz`,
    ],
    ["no checksums", (copy: string) => rmSync(`${copy}/SHA256SUMS`), "SHA256SUMS can't be had"],
  ])("refuses %s, and leaves what was there", async (_, spoil, said) => {
    await using box = new Box();
    const copy = `${box.folder}/copy`;
    mkdirSync(copy);
    for (const name of ["SHA256SUMS", `${ARCHIVE}.tar.gz`]) cpSync(`${release}/${name}`, `${copy}/${name}`);
    spoil(copy);
    const refused = await install(box, "--from", copy, "--prefix", `${box.folder}/p`);
    expect(refused).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(said), left: [] });
    expect(existsSync(`${box.folder}/p`)).toBe(false);
  });

  test("says what it does not know, and does nothing when it was cut off on its way", async () => {
    await using box = new Box();
    expect(await install(box, "--bogus")).toMatchObject({ exitCode: 2, stderr: expect.stringContaining("--bogus") });
    for (const option of ["--help", "-h"]) {
      const helped = await install(box, option);
      expect(helped).toMatchObject({ exitCode: 0, stderr: "", left: [] });
      for (const known of ["--version V", "--from F", "--prefix F", "--target T"])
        expect(helped.stdout).toContain(known);
      expect(helped.stdout.split("\n").filter((line) => line.length > 120)).toEqual([]);
    }
    const other = await install(box, "--version", "0.0.1");
    expect(other).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(`has no claude-tmux-0.0.1-`) });
    const text = readFileSync(`${release}/install.sh`, "utf8");
    const cut = await run(box, "sh", "-c", `printf %s ${shellWord(text.slice(0, text.lastIndexOf("\nmain ")))} | sh`);
    expect(cut).toEqual({ stdout: "", stderr: "", exitCode: 0, left: [] });
  });
});

describe.skipIf(!TARGET || !has("tar", "sha256sum"))("the files", () => {
  test("an archive holds what explains the program; SHA256SUMS is of all", async () => {
    await using box = new Box();
    const listed = await run(box, "tar", "tzf", `${release}/${ARCHIVE}.tar.gz`);
    expect(listed.stdout.split("\n")).toEqual(expect.arrayContaining(FILES.map((name) => `${ARCHIVE}/${name}`)));
    const { exitCode, stdout } = await run(box, "sh", "-c", `cd ${shellWord(release)} && sha256sum -c SHA256SUMS`);
    expect({ exitCode, names: stdout.replaceAll(": OK", "").trim().split("\n") }).toEqual({
      exitCode: 0,
      names: readdirSync(release, { recursive: true })
        .map(String)
        .filter((name) => name !== "npm" && name !== "SHA256SUMS")
        .toSorted(),
    });
  });
});

describe.skipIf(!TARGET?.deb || !has("dpkg-deb", "dpkg"))("the Debian package", () => {
  const deb = `${release}/claude-tmux_${VERSION}_${TARGET?.deb}.deb`;

  test("installs the program, its man page and completions, and goes away again", async () => {
    await using box = new Box();
    const field = (name: string) => run(box, "dpkg-deb", "--field", deb, name);
    expect((await field("Depends")).stdout).toBe("libc6 (>= 2.17), tmux (>= 3.2)\n");
    expect((await field("Version")).stdout).toBe(`${VERSION}\n`);
    expect((await field("Maintainer")).stdout).toBe("the claude-tmux authors\n");
    // a root of its own, in which nothing else is installed
    const root = `${box.folder}/root`;
    mkdirSync(root);
    const dpkg = (...args: string[]) =>
      run(box, "dpkg", `--root=${root}`, "--log=/dev/null", "--force-not-root", "--force-depends", ...args);
    const installed = await dpkg("--install", deb);
    expect(installed).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("Setting up claude-tmux") });
    expect(await dpkg("--verify", "claude-tmux")).toMatchObject({ exitCode: 0, stdout: "" });
    expect(existsSync(`${root}/usr/share/man/man1/claude-tmux.1.gz`)).toBe(true);
    await works(box, `${root}/usr/bin/claude-tmux`);
    expect(await dpkg("--remove", "claude-tmux")).toMatchObject({ exitCode: 0 });
    expect(existsSync(`${root}/usr/bin/claude-tmux`)).toBe(false);
  });
});

describe.skipIf(!TARGET || !has("node", "npm"))("the npm package", () => {
  test("installs with that of the platform from two files, and starts its program", async () => {
    if (!TARGET) return;
    await using box = new Box({ npm_config_cache: "cache" });
    const files = ["claude-tmux", platformPackage(TARGET.npm)].map((name) => `${release}/npm/${packedName(name)}`);
    const quiet = ["--offline", "--no-audit", "--no-fund", "--loglevel=error"];
    const installed = await run(box, "npm", "install", "--global", "--prefix", "p", ...quiet, ...files);
    expect(installed).toMatchObject({ exitCode: 0, stderr: "" });
    await works(box, `${box.folder}/p/bin/claude-tmux`);
  });
});

describe.skipIf(!has("node"))("the launcher", () => {
  /** The launcher and, if a script is given, a program for this platform that is it. */
  function launcher(box: Box, script?: string, platform = `${process.platform}-${process.arch}`): string[] {
    const modules = `${box.folder}/node_modules`;
    const bin = `${modules}/@claude-tmux/${platform}/bin`;
    mkdirSync(`${modules}/claude-tmux/bin`, { recursive: true });
    mkdirSync(bin, { recursive: true });
    const manifest = { optionalDependencies: { [`@claude-tmux/${platform}`]: VERSION } };
    writeFileSync(`${modules}/claude-tmux/package.json`, JSON.stringify(manifest));
    cpSync(join(import.meta.dir, "../../src/dev/release/launcher.cjs"), `${modules}/claude-tmux/bin/claude-tmux.cjs`);
    if (script !== undefined) {
      writeFileSync(`${bin}/claude-tmux`, `#!/bin/sh\n${script}\n`);
      chmodSync(`${bin}/claude-tmux`, 0o755);
    }
    return ["node", `${modules}/claude-tmux/bin/claude-tmux.cjs`];
  }

  test("passes arguments as they are, both streams and the exit code", async () => {
    await using box = new Box();
    const command = launcher(box, `printf '<%s>' "$@"; echo said >&2; exit 42`);
    expect(await run(box, ...command, "a b", "", "--", "*")).toMatchObject({
      stdout: "<a b><><--><*>",
      stderr: "said\n",
      exitCode: 42,
    });
  });

  /** Sends the launcher a signal as soon as its program has started; that goes on the first time, and ends by it then. */
  async function signalled(command: string[], signal: NodeJS.Signals, env: Box["env"]) {
    const child = Bun.spawn(command, { env, stdin: "ignore", stdout: "pipe", stderr: "inherit" });
    let said = "";
    const reading = (async () => {
      for await (const bytes of child.stdout) said += Buffer.from(bytes).toString();
    })();
    await until("it is ready", () => /ready \d+\n/.test(said));
    const pid = Number(/\d+/.exec(said)?.[0]);
    try {
      child.kill(signal);
      await child.exited;
      await until("its program has ended", async () => !(await lives(pid)));
      await reading;
    } finally {
      if (await lives(pid)) process.kill(pid, "SIGKILL");
    }
    return { said: said.replace(/ \d+/, ""), signal: child.signalCode };
  }
  const SIGNALS = ["SIGINT", "SIGTERM", "SIGHUP"] as const;
  const tells = (name: string) =>
    `trap 'echo got; trap - ${name}; kill -${name} $$' ${name}; echo ready $$; while :; do sleep 0.05; done`;

  test.each(SIGNALS)("passes on %s, and ends as the program does", async (signal) => {
    await using box = new Box();
    const ended = await signalled(launcher(box, tells(signal.slice(3))), signal, box.env);
    expect(ended).toEqual({ said: "ready\ngot\n", signal });
  });

  test("leaves no program behind when a signal comes while it still starts it", async () => {
    await using box = new Box();
    const slow = `const processes = require("node:child_process");
const { spawn } = processes;
processes.spawn = (...args) => {
  const child = spawn(...args);
  for (const until = Date.now() + 1000; Date.now() < until; );
  return child;
};
`;
    writeFileSync(`${box.folder}/slow.cjs`, slow);
    const [node = "", ...words] = launcher(box, tells("TERM"));
    const ended = await signalled([node, "--require", `${box.folder}/slow.cjs`, ...words], "SIGTERM", box.env);
    expect(ended).toEqual({ said: "ready\ngot\n", signal: "SIGTERM" });
  });

  test("says why there is no program to start", async () => {
    await using box = new Box();
    const missing = await run(box, ...launcher(box));
    expect(missing).toMatchObject({ exitCode: 1, stdout: "", stderr: expect.stringContaining("--include=optional") });
    await using box2 = new Box();
    const unknown = await run(box2, ...launcher(box2, "", "plan9-mips"));
    expect(unknown).toMatchObject({ exitCode: 1, stderr: expect.stringContaining("there is one for plan9-mips") });
  });
});
