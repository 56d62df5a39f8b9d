import { cronWord, readableShellWord, systemdAssignment, systemdCommand, xmlText } from "./quote.ts";

/** What a text for a service manager is made of. */
export interface Installation {
  /** what the service is called: another name for each tmux server */
  name: string;
  /** the words that run this program: its absolute path, and what has to follow it */
  program: readonly [string, ...string[]];
  /** the options that name the tmux server; none for the default one */
  serverFlags: readonly string[];
  /** variables that the caller has set and that the service needs as well, PATH among them */
  environment: Record<string, string>;
}

/** A systemd unit (systemd.service(5)); `user` is the account of a system unit, undefined in a user unit. Pure. */
export function systemdUnit({ program, serverFlags, environment }: Installation, user: string | undefined): string {
  const command = systemdCommand([...program, ...serverFlags, "watchdog", "run"]);
  return `# The event daemon of claude-tmux, under its watchdog.
[Unit]
Description=claude-tmux event daemon
# The watchdog itself restarts a daemon that crashes or hangs: after 2, 4, 8, 16 and 32 s, at most five times within five
# minutes. Then it exits with 1, and systemd begins again after RestartSec. It does so as well when the watchdog itself is
# killed, and its daemon with it, since KillMode= leaves nothing behind. systemd gives up when it cannot be started at all:
# five times within a minute. Starts by hand and at boot count there, too, so the time is short.
StartLimitIntervalSec=60
StartLimitBurst=5

[Service]
Type=exec
ExecStart=${command}
Restart=on-failure
RestartSec=3
# SIGTERM goes to the watchdog, which ends its daemon; what is left after the time is killed. A tmux server never belongs
# to this unit, unless a callback starts one: let that do it by systemd-run --user --scope.
KillMode=mixed
TimeoutStopSec=20
# a process that the kernel ends for want of memory is the watchdog's to restart, not a reason to end all of it
OOMPolicy=continue
UMask=0077
# No PrivateTmp= here: the tmux socket and the state folder are in /tmp.
# Callbacks cannot use sudo or other set-uid programs with this; remove the line if one has to.
NoNewPrivileges=yes
${Object.entries(environment)
  .map(([name, value]) => `Environment=${systemdAssignment(name, value)}\n`)
  .join("")}${user === undefined ? "" : `# a tmux server lets in only its own user\nUser=${user}\n`}
[Install]
WantedBy=${user === undefined ? "default.target" : "multi-user.target"}
`;
}

/**
 * A systemd user unit that brings back, once after the machine was started anew, the sessions that were alive (systemd.service(5),
 * systemd.kill(5)). Pure.
 */
export function systemdRestoreUnit({ name, program, serverFlags, environment }: Installation): string {
  const command = systemdCommand([...program, ...serverFlags, "daemon", "restore"]);
  return `# The sessions that claude-tmux saves come back when the machine was started anew.
[Unit]
Description=tmux sessions that claude-tmux brings back
# The daemon is not needed for that, but is to see it, where it has a unit of its own.
After=${name}.service

[Service]
Type=oneshot
# Once after each start of the machine: to start or stop this by hand changes nothing.
ExecStart=${command}
# A tmux server that this has started is in this unit, and systemctl status shows it. It outlives systemctl stop, which is for
# what ExecStart= names alone, and has ended.
RemainAfterExit=yes
KillMode=process
# Nothing here takes from it what a login has, such as sudo and the one /tmp: no NoNewPrivileges=, no PrivateTmp=.
# a program that the kernel ends for want of memory is no reason to end all sessions
OOMPolicy=continue
# What systemd tells a service of itself is not to be in every pane.
UnsetEnvironment=INVOCATION_ID JOURNAL_STREAM MANAGERPID SYSTEMD_EXEC_PID MEMORY_PRESSURE_WATCH MEMORY_PRESSURE_WRITE
${Object.entries(environment)
  .map(([variable, value]) => `Environment=${systemdAssignment(variable, value)}\n`)
  .join("")}
[Install]
WantedBy=default.target
`;
}

/** A launchd agent (launchd.plist(5)). Pure. */
export function launchdAgent({ name: label, program, serverFlags, environment }: Installation): string {
  const string = (text: string) => `<string>${xmlText(text)}</string>`;
  const words = [...program, ...serverFlags, "watchdog", "run"];
  return `<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0">
<dict>
  <key>Label</key>${string(label)}
  <key>ProgramArguments</key>
  <array>
${words.map((word) => `    ${string(word)}`).join("\n")}
  </array>
  <key>EnvironmentVariables</key>
  <dict>
${Object.entries(environment)
  .map(([name, value]) => `    <key>${xmlText(name)}</key>${string(value)}`)
  .join("\n")}
  </dict>
  <key>RunAtLoad</key><true/>
  <!-- a watchdog that was told to stop exits with 0 and stays stopped; one that gave up is started again -->
  <key>KeepAlive</key>
  <dict>
    <key>SuccessfulExit</key><false/>
  </dict>
  <key>ThrottleInterval</key><integer>60</integer>
  <key>ExitTimeOut</key><integer>20</integer>
  <key>Umask</key><integer>63</integer>
</dict>
</plist>
`;
}

/** Lines for crontab(5). Pure. */
export function crontabLines({ program, serverFlags, environment }: Installation): string {
  const variables = Object.entries(environment).map(([name, value]) => `${name}=${value}`);
  const command = [...program, ...serverFlags, "daemon", "ensure", "--auto-restart", "--quiet"].map(cronWord).join(" ");
  return [
    "# Every minute: starts the daemon of claude-tmux if it is stopped, recovers it if it is unhealthy. For: crontab -e",
    "# Cron's own PATH may lack tmux and claude-tmux. This one holds for every line below it.",
    ...variables,
    // what it says is for one log or mail, in order
    `* * * * * ${command} 2>&1`,
    "",
  ].join("\n");
}

/** A Dockerfile (docs.docker.com, Dockerfile reference). Pure. */
export function dockerLines({ serverFlags }: Installation): string {
  const flags = serverFlags.map(readableShellWord).join(" ");
  const daemon = `claude-tmux ${flags === "" ? "" : `${flags} `}daemon health`;
  const words = (role: string) => JSON.stringify(["claude-tmux", ...serverFlags, role, "run"]);
  return `# tmux, and the daemon under its watchdog in the foreground, its log on stderr. With the binary beside this file:
#   docker build -t claude-tmux . && docker run --init --name tmux claude-tmux
#   docker exec tmux claude-tmux session-create dev
# --init has what callbacks leave reaped.
FROM debian:stable-slim
RUN apt-get update && apt-get install -y --no-install-recommends tmux && rm -rf /var/lib/apt/lists/*
COPY claude-tmux /usr/local/bin/
RUN useradd --create-home --shell /bin/bash tmux
USER tmux
WORKDIR /home/tmux
ENV LANG=C.UTF-8 SHELL=/bin/bash
# Exit code 0 is healthy or degraded, 1 is unhealthy. It reads files only, and never waits on the daemon.
HEALTHCHECK --interval=30s --timeout=5s --start-period=10s --retries=3 CMD ${daemon}
# Not an ENTRYPOINT: what is named after the image, as in docker run -it claude-tmux bash, is to run in its place.
CMD ${words("watchdog")}
# Or without the watchdog, where a container that ends is started again:
# CMD ${words("daemon")}
`;
}

/** Probes for a container of a pod (kubernetes.io, Configure Liveness, Readiness and Startup Probes). Pure. */
export function kubernetesLines({ serverFlags }: Installation): string {
  // JSON is YAML
  const command = (...words: string[]) => JSON.stringify(["claude-tmux", ...serverFlags, "daemon", ...words]);
  return `# For a container whose command is: claude-tmux watchdog run
# alive: the process is there and its heartbeat is younger than 30 s
livenessProbe:
  exec:
    command: ${command("health")}
  initialDelaySeconds: 10
  periodSeconds: 10
  timeoutSeconds: 5
  failureThreshold: 6
# ready: the same at once, as there is nothing that it would have to warm up
readinessProbe:
  exec:
    command: ${command("health")}
  periodSeconds: 5
  timeoutSeconds: 5
  failureThreshold: 2
`;
}
