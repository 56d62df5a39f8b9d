// Brings a fresh clone to the point where its tasks can run: the locked dependencies, a working Bun, tmux.
// A second run finds its stamp and costs a few milliseconds. Plain JavaScript: it runs before Bun is there.
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { resolve } from "node:path";

const STAMP = "node_modules/.claude-tmux-setup";
const BOOTSTRAP = "dist/bootstrap";
const TMUX_MINIMUM = [3, 2];

/** Installs what is missing and returns the path of the project's own Bun. Exits with a sentence when it cannot. */
export function prepare({ needsTmux }) {
  const version = JSON.parse(readFileSync("package.json", "utf8")).devDependencies.bun;
  const bun = resolve("node_modules/bun/bin/bun.exe");
  if (readText(STAMP) !== fingerprint() || !answers(bun, version)) install(bun, version);
  if (needsTmux) ensureTmux();
  return bun;
}

function install(bun, version) {
  say("installing dependencies");
  const installer = process.versions.bun ? process.execPath : answers(bun, version) ? bun : bootstrap(version);
  // --ignore-scripts: the one script we want is bun's own, and mend() runs it for every installer alike
  must(installer, ["install", "--frozen-lockfile", "--ignore-scripts"], "the dependencies could not be installed");
  if (!answers(bun, version)) mend("node_modules/bun");
  if (!answers(bun, version)) fail(`Bun ${version} does not run on this machine (${process.platform} ${process.arch})`);
  rmSync(BOOTSTRAP, { recursive: true, force: true });
  writeFileSync(STAMP, fingerprint());
}

/** Without Bun: npm brings it, and Bun then installs what bun.lock says. */
function bootstrap(version) {
  mkdirSync(BOOTSTRAP, { recursive: true });
  writeFileSync(`${BOOTSTRAP}/package.json`, '{"private":true}');
  const args = [
    "install",
    "--no-update-notifier",
    "--no-save",
    "--no-package-lock",
    "--no-audit",
    "--no-fund",
    "--loglevel=error",
  ];
  must("npm", [...args, "--ignore-scripts", "--prefix", BOOTSTRAP, `bun@${version}`], "npm could not bring Bun");
  const bun = resolve(BOOTSTRAP, "node_modules/bun/bin/bun.exe");
  if (!answers(bun, version)) mend(`${BOOTSTRAP}/node_modules/bun`);
  return answers(bun, version) ? bun : fail(`npm brought Bun ${version}, but it does not run here`);
}

/** The bun package holds a placeholder until its install script has put the binary for this platform in its place. */
function mend(folder) {
  spawnSync(process.execPath, ["install.js"], { cwd: folder, stdio: "ignore" });
}

function ensureTmux() {
  const found = tmuxVersion();
  if (found && isEnough(found)) return;
  const manager = packageManager();
  const advice = manager
    ? `install it with: ${manager.map((c) => c.join(" ")).join(" && ")}`
    : "install it with your system's package manager";
  if (found) fail(`tmux ${found} is too old, ${TMUX_MINIMUM.join(".")} or newer is needed; ${advice}`);
  if (!manager) fail(`tmux is not installed; ${advice}`);
  const sudo = process.getuid?.() === 0 || manager[0][0] === "brew" ? [] : ["sudo", "-n"];
  if (sudo.length > 0 && spawnSync(sudo[0], ["-n", "true"], { stdio: "ignore" }).status !== 0) {
    fail(`tmux is not installed, and installing it takes root; ${advice}`);
  }
  say("installing tmux");
  for (const command of manager) {
    const [program, ...args] = [...sudo, ...command];
    spawnSync(program, args, {
      stdio: ["ignore", "ignore", "inherit"],
      env: { ...process.env, DEBIAN_FRONTEND: "noninteractive" },
    });
  }
  const now = tmuxVersion();
  if (!now || !isEnough(now)) fail(`tmux could not be installed; ${advice}`);
}

function packageManager() {
  const known = [
    [
      "apt-get",
      [
        ["apt-get", "update", "-q"],
        ["apt-get", "install", "-y", "-q", "tmux"],
      ],
    ],
    ["dnf", [["dnf", "install", "-y", "-q", "tmux"]]],
    ["yum", [["yum", "install", "-y", "-q", "tmux"]]],
    ["apk", [["apk", "add", "--quiet", "tmux"]]],
    ["pacman", [["pacman", "-Sy", "--noconfirm", "--needed", "tmux"]]],
    ["zypper", [["zypper", "--non-interactive", "--quiet", "install", "tmux"]]],
    ["brew", [["brew", "install", "--quiet", "tmux"]]],
  ];
  const path = (process.env.PATH ?? "").split(":").filter(Boolean);
  return known.find(([program]) => path.some((folder) => existsSync(`${folder}/${program}`)))?.[1];
}

function tmuxVersion() {
  return /^tmux (?:next-)?(\S+)/.exec(output("tmux", ["-V"]))?.[1];
}

function isEnough(version) {
  const [, major, minor] = /^(\d+)\.(\d+)/.exec(version) ?? [];
  if (major === undefined) return true;
  return Number(major) > TMUX_MINIMUM[0] || (Number(major) === TMUX_MINIMUM[0] && Number(minor) >= TMUX_MINIMUM[1]);
}

/** What the installed tree depends on: another lock file, another Node or a moved clone means another look. */
function fingerprint() {
  const hash = createHash("sha256");
  for (const file of ["package.json", "bun.lock"]) hash.update(readText(file) ?? "");
  hash.update(`${process.platform} ${process.arch} ${listed("node_modules/@oven")}`);
  return hash.digest("hex");
}

function listed(folder) {
  return existsSync(folder) ? readdirSync(folder).join(" ") : "";
}

function answers(bun, version) {
  return existsSync(bun) && output(bun, ["--version"]) === version;
}

function output(program, args) {
  const { status, stdout } = spawnSync(program, args, { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] });
  return status === 0 ? stdout.trim() : "";
}

function must(program, args, complaint) {
  const { status, error } = spawnSync(program, args, { stdio: ["ignore", "ignore", "inherit"] });
  if (error) fail(`${complaint}: ${error.message}`);
  if (status !== 0) fail(`${complaint}: ${program} ended with exit code ${status}`);
}

function readText(file) {
  return existsSync(file) ? readFileSync(file, "utf8") : undefined;
}

function say(text) {
  console.error(`set-up: ${text} …`);
}

function fail(text) {
  console.error(`set-up: ${text}`);
  process.exit(1);
}
