import { accessSync, constants, existsSync, lstatSync, readdirSync, realpathSync, statfsSync } from "node:fs";
import { dirname } from "node:path";
import { isatty } from "node:tty";
import { scheduleFile } from "../gc/schedule.ts";
import { readHealth } from "../health/readings.ts";
import { config } from "../lib/config.ts";
import { AppError, asError, errno } from "../lib/errors.ts";
import { checkStateDir, type StatePaths, stateRoot } from "../lib/paths.ts";
import { VERSION } from "../lib/self.ts";
import { effectiveUid } from "../lib/uid.ts";
import { runningAs } from "../process/holder.ts";
import { isStopped } from "../process/identity.ts";
import { failedCallbacks } from "../store/callbacks.ts";
import { openStore } from "../store/database.ts";
import { type Fault, faultsOf } from "../tmux/faults.ts";
import { isUnderstood } from "../tmux/mismatch.ts";
import { requireTmux, tmux } from "../tmux/run.ts";
import type { TmuxServer } from "../tmux/server.ts";
import { readWatchdogStatus } from "../watchdog/status.ts";
import { checkCallbacks } from "./callbacks.ts";
import type { Finding } from "./finding.ts";
import { checkSnapshots } from "./snapshots.ts";
import { checkLocale, checkShell, checkSocketPath, checkSpace, checkTerminal } from "./surroundings.ts";

/** How long tmux may take, or bash. */
const PATIENCE_MS = 2000;

/** Looks at everything that claude-tmux needs, changes nothing, and never throws: what fails is a finding. */
export function examine(server: TmuxServer, paths: StatePaths): Finding[] {
  const env = config.environment;
  const checks: [string, () => (Finding | undefined)[]][] = [
    ["program", () => [program()]],
    ["tmux", () => [tmuxItself()]],
    ["tmux server", () => tmuxServer(server)],
    ["terminal", () => [checkTerminal(env, isatty(1))]],
    ["locale", () => [checkLocale(env)]],
    ["shell", () => [shell(server)]],
    ["state folder", () => stateFolder(paths)],
    ["disk", () => [space(paths)]],
  ];
  const within: typeof checks = [
    ["daemon", () => [daemon(paths)]],
    ["watchdog", () => [watchdog(paths)]],
    ["callbacks", () => [callbacks(paths)]],
    ["snapshots", () => checkSnapshots(server, paths)],
    ["collection", () => checkSchedule(server)],
  ];
  // of a folder that is refused nothing is read: it may be somebody else's, who wants just that
  if (!isRefused(paths)) checks.push(...within);
  return checks.flatMap(([check, look]) => {
    try {
      return look().filter((finding) => finding !== undefined);
    } catch (thrown) {
      return [failed(check, thrown)];
    }
  });
}

/** Throws when it can't be read what gc-enable has set: then nothing is collected. */
function checkSchedule(server: TmuxServer): [] {
  scheduleFile.read(server);
  return [];
}

/** Whether the state folder is one that may not be read. */
export function isRefused(paths: StatePaths): boolean {
  try {
    checkStateDir(stateRoot());
    checkStateDir(paths.dir);
    return false;
  } catch {
    return true; // "state folder" says why
  }
}

function failed(check: string, thrown: unknown): Finding {
  const { message } = asError(thrown);
  const hint = thrown instanceof AppError ? thrown.hint : undefined;
  return {
    check,
    verdict: "error",
    message,
    advice:
      hint ?? "It could not be checked: put right what stands there, or if that is nothing of yours, please report it.",
  };
}

function program(): Finding {
  const check = "program";
  const found = Bun.which("claude-tmux");
  const message = `claude-tmux ${VERSION} (${process.execPath})`;
  if (found === null) {
    const advice =
      "It is not on PATH, where callbacks, cron and completions look for it: put it into a folder on your PATH.";
    return { check, verdict: "warning", message, advice };
  }
  if (realpathSync(found) === realpathSync(process.execPath)) return { check, verdict: "ok", message };
  return { check, verdict: "warning", message, advice: `Another one is on PATH, ${found}: keep one of the two.` };
}

function tmuxItself(): Finding {
  const version = requireTmux();
  return { check: "tmux", verdict: "ok", message: `${version} (${Bun.which("tmux") ?? "not on PATH"})` };
}

function tmuxServer(server: TmuxServer): Finding[] {
  const check = "tmux server";
  try {
    const commands = [
      ["display-message", "-p", "#{version}"],
      ["list-sessions", "-F", "#{session_name}"],
    ];
    const [running = "", ...names] = tmux(server, commands, { timeoutMs: PATIENCE_MS }).trimEnd().split("\n");
    const message = `${names.length} session${names.length === 1 ? "" : "s"} at ${server.socket}`;
    const version = requireTmux();
    const faults = faultsOf(running).map((fault) => knownFault(running, fault));
    if (running === version) return [{ check, verdict: "ok", message }, ...faults];
    const end = ["tmux", ...server.flags, "kill-server"].join(" ");
    const deaf = isUnderstood(version, running) ? "" : ", whose control clients it does not understand";
    const advice = `It was started by tmux ${running}, and yours is ${version} now${deaf}: end it when you can (${end}).`;
    return [{ check, verdict: "warning", message, advice }, ...faults];
  } catch (thrown) {
    if (thrown instanceof AppError && thrown.code === "ERR_TMUX_NOT_RUNNING")
      return [{ check, verdict: "ok", message: `none runs at ${server.socket}; session-create starts one` }];
    if (thrown instanceof AppError && thrown.code === "ERR_TMUX_MISSING") return []; // said already
    throw thrown;
  }
}

/** What the running server is known to do wrong: a note where claude-tmux goes round it. */
function knownFault(version: string, { message, advice, isGoneRound }: Fault): Finding {
  const verdict = isGoneRound ? "note" : "warning";
  return { check: "known fault", verdict, message: `tmux ${version} ${message}`, advice };
}

/** The shell of new panes: tmux's default-shell, or before there is a server, $SHELL, from which tmux takes it. */
function shell(server: TmuxServer): Finding {
  let path = config.environment.SHELL;
  try {
    path = tmux(server, [["show-options", "-gv", "default-shell"]], { timeoutMs: PATIENCE_MS }).trim() || path;
  } catch {
    // no server yet
  }
  if (path === undefined)
    return { check: "shell", verdict: "ok", message: "SHELL is not set: tmux uses your account's" };
  if (!existsSync(path)) {
    const message = `${JSON.stringify(path)} is not there`;
    return {
      check: "shell",
      verdict: "warning",
      message,
      advice: "tmux uses your account's shell instead: correct SHELL.",
    };
  }
  return checkShell(path, path.endsWith("/bash") ? bashMajor(path) : undefined);
}

function bashMajor(path: string): number | undefined {
  try {
    // without an environment, in which BASH_ENV could name a file to be read
    const options = { env: {}, stdin: "ignore", stderr: "ignore", timeout: PATIENCE_MS } as const;
    const { stdout } = Bun.spawnSync([path, "--norc", "-c", "echo $BASH_VERSINFO"], options);
    return Number(stdout.toString()) || undefined;
  } catch {
    return undefined; // it is not there
  }
}

function stateFolder(paths: StatePaths): (Finding | undefined)[] {
  const check = "state folder";
  const socket = checkSocketPath(paths.daemonSocket, process.platform);
  checkStateDir(stateRoot());
  const isThere = checkStateDir(paths.dir);
  const refusal = refusalToWrite(isThere ? paths.dir : nearest(paths.dir));
  if (refusal) return [refusal];
  if (!isThere) return [{ check, verdict: "ok", message: `${paths.dir} will be made when it is needed` }, socket];
  const uidOf = (name: string) => lstatSync(`${paths.dir}/${name}`, { throwIfNoEntry: false })?.uid ?? effectiveUid();
  const strange = readdirSync(paths.dir).find((name) => uidOf(name) !== effectiveUid());
  if (strange === undefined) return [{ check, verdict: "ok", message: `${paths.dir}, yours alone` }, socket];
  const advice = "Look at who made it, and remove it: it may keep the daemon from starting.";
  return [{ check, verdict: "error", message: `${paths.dir}/${strange} is not yours`, advice }, socket];
}

/** Why nothing can be written there; undefined if it can. */
function refusalToWrite(folder: string): Finding | undefined {
  try {
    accessSync(folder, constants.W_OK | constants.X_OK);
    return undefined;
  } catch (cause) {
    const message = `${folder} cannot be written to (${errno(cause)})`;
    const advice = "Set CLAUDE_TMUX_STATE_DIR to a folder that you may write to.";
    return { check: "state folder", verdict: "error", message, advice };
  }
}

/** The folder itself, or the one above it that is there. */
function nearest(dir: string): string {
  let folder = dir;
  while (!existsSync(folder)) folder = dirname(folder);
  return folder;
}

function space({ dir }: StatePaths): Finding | undefined {
  const { blocks, bavail, bsize } = statfsSync(nearest(dir));
  if (blocks === 0) return undefined; // a file system without a limit, or one that does not say
  return checkSpace(dir, bavail * bsize);
}

function daemon(paths: StatePaths): Finding {
  const check = "daemon";
  const running = runningAs("daemon", paths.daemonLock);
  if (!running) return { check, verdict: "ok", message: "not running; events need it: claude-tmux daemon start" };
  const { verdict, checks } = readHealth(paths);
  const message = `${verdict} (PID ${running.pid})`;
  if (verdict === "healthy") return { check, verdict: "ok", message };
  const isUnwritten = checks.some(({ name }) => name === "unwritten");
  const failing = checks
    .filter((one) => one.verdict !== "healthy")
    .map(({ name, value, limit, unit }) => {
      if (name === "unwritten") return `${value} event${value === 1 ? "" : "s"} can't be written down`;
      return value === null ? `no ${name}` : `${name} ${value}${limit === null ? "" : ` of ${limit}`} ${unit}`;
    });
  return {
    check,
    verdict: verdict === "unhealthy" ? "error" : "warning",
    message: `${message}: ${failing.join(", ")}`,
    advice:
      isUnwritten && verdict !== "unhealthy"
        ? `Make room where ${paths.dir} is: it writes them then, and would lose them if it was stopped before.`
        : "Repair it: claude-tmux daemon recover; its log says more: claude-tmux daemon logs",
  };
}

function callbacks(paths: StatePaths): Finding | undefined {
  if (!checkStateDir(paths.dir) || !existsSync(paths.database)) return undefined;
  using store = openStore(paths.database);
  return checkCallbacks(failedCallbacks(store, Date.now()));
}

function watchdog(paths: StatePaths): Finding {
  const check = "watchdog";
  const running = runningAs("watchdog", paths.watchdogLock);
  if (running && isStopped(running)) {
    const advice = `It restarts nothing while it is stopped: kill -CONT ${running.pid}`;
    return { check, verdict: "error", message: `stopped (PID ${running.pid})`, advice };
  }
  if (running) return { check, verdict: "ok", message: `running (PID ${running.pid})` };
  const status = readWatchdogStatus(paths.watchdogStatus);
  if (status?.state === "gave-up") {
    const message = `gave up after ${status.recent_restarts} restarts; the daemon ${status.last_exit}`;
    return {
      check,
      verdict: "error",
      message,
      advice: "See why: claude-tmux daemon logs; then: claude-tmux daemon ensure",
    };
  }
  if (!runningAs("daemon", paths.daemonLock)) return { check, verdict: "ok", message: "not running" };
  const advice = "Nobody restarts the daemon if it dies: claude-tmux daemon ensure --auto-restart";
  return { check, verdict: "warning", message: "not running", advice };
}
