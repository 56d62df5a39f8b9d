import {
  chmodSync,
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from "node:fs";
import { poll, sleep } from "../../lib/wait.ts";
import { commandLine, isTmux } from "../../process/identity.ts";
import type { World } from "./world.ts";

/** Something that goes wrong. */
export interface Fault {
  /** what it costs that no program could keep: nothing, the database, or the tmux server with its panes */
  costs: "nothing" | "database" | "server";
  /** whether someone has to call `daemon ensure`, since nothing of ours is left or was told to end */
  needsEnsure?: boolean;
  /** whether it is made only where the clock can be set for this world alone */
  needsClock?: boolean;
  make(world: World, random: () => number): Promise<void> | void;
}

const file = (world: World, name: string) => `${world.state}/${name}`;
const pick = <T>(values: readonly T[], random: () => number): T => values[Math.floor(random() * values.length)] as T;
const PID_FILES = ["daemon.pid", "watchdog.pid"];
const LOCKS = ["daemon.lock", "watchdog.lock"];

/** Everything that is done to it. */
export const FAULTS: Record<string, Fault> = {
  "SIGKILL of the daemon": { costs: "nothing", make: (world) => world.signal("daemon", "SIGKILL") },
  "SIGKILL of the watchdog": { costs: "nothing", make: (world) => world.signal("watchdog", "SIGKILL") },
  "SIGKILL of both": {
    costs: "nothing",
    needsEnsure: true,
    make(world, random) {
      const roles = random() < 0.5 ? (["daemon", "watchdog"] as const) : (["watchdog", "daemon"] as const);
      for (const role of roles) world.signal(role, "SIGKILL");
    },
  },
  "SIGSTOP of the daemon": { costs: "nothing", make: (world) => world.signal("daemon", "SIGSTOP") },
  "SIGSTOP of the watchdog": { costs: "nothing", make: (world) => world.signal("watchdog", "SIGSTOP") },
  "SIGSTOP of both": {
    costs: "nothing",
    needsEnsure: true,
    make(world) {
      world.signal("watchdog", "SIGSTOP");
      world.signal("daemon", "SIGSTOP");
    },
  },
  "SIGSTOP and SIGCONT of the watchdog": {
    costs: "nothing",
    async make(world, random) {
      world.signal("watchdog", "SIGSTOP");
      await sleep(random() * 500);
      world.signal("watchdog", "SIGCONT");
    },
  },
  "SIGTERM of the daemon": { costs: "nothing", needsEnsure: true, make: (world) => world.signal("daemon", "SIGTERM") },
  "SIGTERM of the watchdog": {
    costs: "nothing",
    needsEnsure: true,
    make: (world) => world.signal("watchdog", "SIGTERM"),
  },
  "SIGKILL of the tmux clients": {
    costs: "nothing",
    make(world) {
      for (const pid of world.processes()) {
        if (isTmux(pid) && commandLine(pid).some((word) => word === "-C" || word === "wait-for")) kill(pid);
      }
    },
  },
  "kill-server": { costs: "server", make: async (world) => void (await world.tmux(["kill-server"])) },
  "SIGKILL of the tmux server": {
    costs: "server",
    make(world) {
      for (const pid of tmuxServers(world)) kill(pid);
    },
  },
  "a hung daemon, then kill-server": {
    costs: "server",
    async make(world) {
      world.signal("daemon", "SIGSTOP");
      await world.tmux(["kill-server"]);
    },
  },
  "the tmux server stops for a moment": {
    costs: "nothing",
    async make(world, random) {
      const servers = tmuxServers(world);
      for (const pid of servers) process.kill(pid, "SIGSTOP");
      await sleep(random() * 3000);
      for (const pid of servers) process.kill(pid, "SIGCONT");
    },
  },
  "many commands at once": {
    costs: "nothing",
    needsEnsure: true,
    async make(world, random) {
      const commands = [["ensure"], ["start", "--auto-restart"], ["restart"], ["recover"], ["recover", "--force"]];
      const chosen = Array.from({ length: 6 }, () => pick(commands, random));
      await Promise.all(chosen.map((words) => world.run(["daemon", ...words])));
    },
  },
  "the clock jumps": {
    costs: "nothing",
    needsClock: true,
    make: (world, random) => world.setClock(pick([3600, -3600, 86_400, -86_400, 0], random)),
  },
  "the clock jumps, and a crash": {
    costs: "nothing",
    needsClock: true,
    make(world, random) {
      world.setClock(pick([3600, -3600, 86_400, -86_400, 0], random));
      world.signal("daemon", "SIGKILL");
    },
  },
  "pid file deleted": {
    costs: "nothing",
    make: (world, random) => rmSync(file(world, pick(PID_FILES, random)), { force: true }),
  },
  "pid file names a stranger, and a crash": {
    costs: "nothing",
    make(world, random) {
      writeFileSync(file(world, pick(PID_FILES, random)), `${world.stranger.pid}\n`);
      world.signal("daemon", "SIGKILL");
    },
  },
  "lock file names a stranger, and a crash": {
    costs: "nothing",
    make(world) {
      const { pid } = world.stranger;
      world.signal("daemon", "SIGKILL");
      writeFileSync(file(world, "daemon.lock"), JSON.stringify({ pid, startTime: 1, startedAt: 1, args: [] }));
    },
  },
  "lock file truncated": {
    costs: "nothing",
    async make(world, random) {
      const lock = file(world, pick(LOCKS, random));
      // one that went with the state folder is made again within seconds
      await poll(10_000, 20, () => existsSync(lock));
      truncateSync(lock);
    },
  },
  "socket deleted": {
    costs: "nothing",
    make(world) {
      rmSync(file(world, "daemon.sock"), { force: true });
      world.signal("daemon", "SIGKILL");
    },
  },
  "a file in place of the socket, and a crash": {
    costs: "nothing",
    make(world) {
      rmSync(file(world, "daemon.sock"), { force: true });
      writeFileSync(file(world, "daemon.sock"), "not a socket");
      world.signal("daemon", "SIGKILL");
    },
  },
  "heartbeat deleted, garbage or old": {
    costs: "nothing",
    make(world, random) {
      rmSync(file(world, "heartbeat"), { force: true });
      const beat = { pid: world.pid("daemon") ?? 2, at: 1, uptime: 1, queue: 0 };
      const text = pick([undefined, "garbage", "", JSON.stringify(beat)], random);
      if (text !== undefined) writeFileSync(file(world, "heartbeat"), text);
    },
  },
  "state folder deleted": {
    costs: "database",
    needsEnsure: true,
    make: (world) => rmSync(world.state, { recursive: true, force: true }),
  },
  "state folder a link for a moment": {
    costs: "database",
    needsEnsure: true,
    async make(world, random) {
      rmSync(world.state, { recursive: true, force: true });
      const other = `${world.folder}/other`;
      mkdirSync(other, { recursive: true, mode: 0o700 });
      try {
        symlinkSync(other, world.state);
      } catch {
        return; // the watchdog was faster
      }
      await sleep(random() * 1500);
      rmSync(world.state, { recursive: true, force: true });
    },
  },
  "state folder open to all for a moment, and a crash": {
    costs: "nothing",
    needsEnsure: true,
    async make(world, random) {
      chmodSync(world.state, 0o755);
      world.signal("daemon", "SIGKILL");
      await sleep(random() * 1000);
      chmodSync(world.state, 0o700);
    },
  },
  "database truncated": {
    costs: "database",
    make(world) {
      world.signal("daemon", "SIGKILL");
      for (const name of readdirSync(world.state).filter((each) => /^state\.db(-wal|-shm)?$/.test(each)))
        truncateSync(file(world, name), name === "state.db" ? 100 : 0);
    },
  },
  "database deleted": {
    costs: "database",
    make(world) {
      for (const end of ["", "-wal", "-shm"]) rmSync(file(world, `state.db${end}`), { force: true });
    },
  },
  // files cannot grow: what a full disk does, to one process
  "a full disk for a moment": {
    costs: "nothing",
    async make(world, random) {
      const pid = world.pid("daemon");
      if (pid === undefined || !limitFiles(pid, "0")) return;
      await sleep(200 + random() * 500);
      limitFiles(pid, "unlimited");
    },
  },
};

function kill(pid: number): void {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has ended
  }
}

/** Sets a process's RLIMIT_FSIZE, by prlimit(1) of util-linux; false where there is none. */
function limitFiles(pid: number, bytes: string): boolean {
  if (Bun.which("prlimit") === null) return false;
  const fsize = bytes === "unlimited" ? bytes : `${bytes}:`;
  return Bun.spawnSync(["prlimit", `--pid=${pid}`, `--fsize=${fsize}`]).exitCode === 0;
}

/** The tmux server, by the command line of the client that it was started by: session-create. */
function tmuxServers(world: World): number[] {
  const found = world.processes().filter((pid) => commandLine(pid).includes("start-server"));
  if (found.length === 0) throw new Error("no tmux server is found");
  return found;
}
