#!/usr/bin/env node
// Starts the program of this platform, which is in a package of its own, in this process's place: with its arguments, its
// terminal, its signals and its exit code.
const { spawn } = require("node:child_process");
const { constants } = require("node:os");
const { optionalDependencies } = require("../package.json");

const PLATFORM = `${process.platform}-${process.arch}`;
const SIGNALS = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"];

const named = [`@claude-tmux/${PLATFORM}`, `@claude-tmux/${PLATFORM}-musl`].filter(
  (name) => optionalDependencies[name],
);
const installed = named.flatMap(programOf);
if (installed.length === 0) fail(named.length === 0 ? unknownPlatform() : notInstalled());
else start(installed.length > 1 && isMusl() ? installed[1] : installed[0]);

function programOf(name) {
  try {
    return [require.resolve(`${name}/bin/claude-tmux`)];
  } catch {
    return [];
  }
}

/** Where npm doesn't know libc it installs the packages of both. */
function isMusl() {
  return !process.report.getReport().header.glibcVersionRuntime;
}

function start(program) {
  const args = process.argv.slice(2);
  // Node 22.15 or newer becomes the program; an older one stays above it
  if (typeof process.execve === "function") process.execve(program, [program, ...args], process.env);
  // before it starts: a signal in between would end this process and leave the program behind
  let child;
  for (const signal of SIGNALS) process.on(signal, () => child.kill(signal));
  child = spawn(program, args, { stdio: "inherit" });
  child.on("error", ({ message }) => fail(`${program} can't be started: ${message}`));
  child.on("exit", (code, signal) => {
    if (signal === null) process.exit(code);
    for (const name of SIGNALS) process.removeAllListeners(name);
    process.exitCode = 128 + constants.signals[signal]; // of those that Node ignores
    process.kill(process.pid, signal);
  });
}

function unknownPlatform() {
  const known = Object.keys(optionalDependencies).map((name) => name.replace("@claude-tmux/", ""));
  return `there is no program for ${PLATFORM}; there is one for ${known.join(", ")}`;
}

function notInstalled() {
  return `its package ${named[0]} is not installed: npm leaves it out with --omit=optional, and where another platform's node_modules was copied. Install claude-tmux again, with --include=optional`;
}

function fail(message) {
  console.error(`claude-tmux: ${message}`);
  process.exitCode = 1;
}
