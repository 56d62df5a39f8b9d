import { expect, test } from "bun:test";
import {
  crontabLines,
  dockerLines,
  type Installation,
  kubernetesLines,
  launchdAgent,
  systemdRestoreUnit,
  systemdUnit,
} from "../../../src/install/texts.ts";

const PLAIN: Installation = {
  name: "claude-tmux",
  program: ["/opt/claude-tmux"],
  serverFlags: [],
  environment: { PATH: "/usr/bin:/bin" },
};
const ODD: Installation = {
  name: "claude-tmux-odd",
  program: ["/opt/my tools/100%/claude-tmux"],
  serverFlags: ["-L", "it's <me> & $HOME"],
  environment: { PATH: "/bin", CLAUDE_TMUX_STATE_DIR: '/var/a "b" %h' },
};

test("a user unit runs the watchdog in the foreground, and is started with the user's session", () => {
  const unit = systemdUnit(PLAIN, undefined);
  for (const line of [
    "ExecStart=/opt/claude-tmux watchdog run",
    "Type=exec",
    "Restart=on-failure",
    "KillMode=mixed",
    'Environment="PATH=/usr/bin:/bin"',
    "WantedBy=default.target",
  ]) {
    expect(unit.split("\n")).toContain(line);
  }
  expect(unit).toMatch(/^# No PrivateTmp= here: .*\/tmp\.$/m);
  expect(unit).not.toMatch(/^(User|PrivateTmp)=/m);
});

test("a system unit runs as a user", () => {
  expect(systemdUnit(PLAIN, "ann")).toMatch(/^User=ann$/m);
  expect(systemdUnit(PLAIN, "ann")).toMatch(/^WantedBy=multi-user.target$/m);
});

test("what brings sessions back is a unit of its own, which takes nothing from them, and ends nothing", () => {
  const lines = systemdRestoreUnit(ODD).split("\n");
  for (const line of [
    `ExecStart="/opt/my tools/100%%/claude-tmux" -L "it's <me> & $$HOME" daemon restore`,
    "After=claude-tmux-odd.service",
    "Type=oneshot",
    "RemainAfterExit=yes",
    "KillMode=process",
    "WantedBy=default.target",
  ]) {
    expect(lines).toContain(line);
  }
  expect(lines.filter((line) => /^(NoNewPrivileges|Private|Protect|UMask|User|Restrict)/.test(line))).toEqual([]);
});

test("names with strange characters stay one word", () => {
  expect(systemdUnit(ODD, undefined)).toContain(
    `ExecStart="/opt/my tools/100%%/claude-tmux" -L "it's <me> & $$HOME" watchdog run`,
  );
  expect(launchdAgent(ODD)).toContain("<string>it's &lt;me&gt; &amp; $HOME</string>");
  expect(crontabLines(ODD)).toContain(
    `* * * * * '/opt/my tools/100\\%/claude-tmux' -L 'it'\\''s <me> & $HOME' daemon ensure --auto-restart --quiet 2>&1`,
  );
  expect(dockerLines(ODD)).toContain(`\nCMD ["claude-tmux","-L","it's <me> & $HOME","watchdog","run"]`);
});

test("probes are exec probes", () => {
  expect(kubernetesLines(PLAIN)).toContain('command: ["claude-tmux","daemon","health"]');
  expect(dockerLines(PLAIN)).toContain("CMD claude-tmux daemon health\n");
});

test("a container is a whole one, and runs another command when it is given one", () => {
  const text = dockerLines(PLAIN);
  for (const line of [/^FROM /m, /^RUN .* tmux /m, /^COPY claude-tmux /m, /^CMD \["claude-tmux","watchdog","run"\]$/m])
    expect(text).toMatch(line);
  expect(text).not.toMatch(/^ENTRYPOINT/m);
  expect(text).toContain('# CMD ["claude-tmux","daemon","run"]\n');
});

test("systemd counts the starts of a minute only", () => {
  const of = (name: string) => Number(new RegExp(`^${name}=(\\d+)$`, "m").exec(systemdUnit(PLAIN, undefined))?.[1]);
  expect(of("StartLimitIntervalSec")).toBe(60);
  // what cannot be started at all is tried so often, and no more
  expect(of("RestartSec") * of("StartLimitBurst")).toBeLessThan(of("StartLimitIntervalSec"));
});
