import { describe, expect, test } from "bun:test";
import {
  isAmong,
  parseEnvironment,
  parseOpenFiles,
  parsePairs,
  parsePsRows,
  splitCommand,
} from "../../../src/process/ps-text.ts";

const at = (time: string) => Date.parse(`${time}Z`) / 1000;

describe("rows", () => {
  test("of Linux (procps)", () => {
    const rows = parsePsRows(
      [
        "      1       0       1      -1     0 S<Ls 10468 Wed Nov 25 02:01:41 2026 /sbin/init splash",
        "      2       0       0      -1     0 I<       0 Wed Nov  5 02:01:41 2026 [kworker/R-rcu_gp]",
        "  27796   27001   27796   27850  1000 Ss+  52310 Tue Feb 29 23:59:59 2028 -bash",
        "  27797   27796   27797   27850  1000 T      800 Sat Jan  1 00:00:00 2028 sleep 1000",
        "  27798   27796   27798   27850  1000 Z        0 Sat Jan  1 00:00:00 2028 [sleep] <defunct>",
        "4194303 2147483 4194303      -1 65534 Dl 9999999 Sat Jan  1 00:00:00 2028 /opt/My Tools/claude-tmux  daemon run",
      ].join("\n"),
    );
    expect(rows).toEqual([
      {
        ...{ pid: 1, ppid: 0, pgrp: 1, tpgid: -1, uid: 0, state: "S", residentBytes: 10468 * 1024 },
        ...{ startTime: at("2026-11-25T02:01:41"), command: "/sbin/init splash" },
      },
      expect.objectContaining({ pid: 2, startTime: at("2026-11-05T02:01:41"), command: "[kworker/R-rcu_gp]" }),
      {
        ...{ pid: 27796, ppid: 27001, pgrp: 27796, tpgid: 27850, uid: 1000, state: "S", residentBytes: 52310 * 1024 },
        ...{ startTime: at("2028-02-29T23:59:59"), command: "-bash" },
      },
      expect.objectContaining({ state: "T", command: "sleep 1000" }),
      expect.objectContaining({ state: "Z", residentBytes: 0 }),
      expect.objectContaining({ pid: 4194303, state: "D", command: "/opt/My Tools/claude-tmux  daemon run" }),
    ]);
  });

  test("of macOS (BSD)", () => {
    const rows = parsePsRows(
      [
        "    1     0     1      0     0 Ss    15840 Sat Nov  2 10:07:01 2024     /sbin/launchd",
        "  388     1   388      0    -2 I      1200 Sat Nov  2 10:07:09 2024     /usr/sbin/mDNSResponder",
        " 4711  4710  4711   4711   501 S+     2160 Mon Dec 30 09:00:00 2024     -zsh",
        " 4712  4711  4712   4711   501 U      2160 Mon Dec 30 09:00:00 2024     /Applications/A B.app/Contents/MacOS/A B --x",
        " 4713  4711  4713   4711   501 Z         0 Mon Dec 30 09:00:00 2024     <defunct>",
        " 4714  4711  4714   4711   501 T         0 Mon Dec 30 09:00:00 2024",
      ].join("\n"),
    );
    expect(rows.map(({ pid, uid, state, command }) => [pid, uid, state, command])).toEqual([
      [1, 0, "S", "/sbin/launchd"],
      [388, -2, "S", "/usr/sbin/mDNSResponder"],
      [4711, 501, "S", "-zsh"],
      [4712, 501, "D", "/Applications/A B.app/Contents/MacOS/A B --x"],
      [4713, 501, "Z", "<defunct>"],
      [4714, 501, "T", ""],
    ]);
    expect(rows[2]).toMatchObject({ ppid: 4710, pgrp: 4711, tpgid: 4711, startTime: at("2024-12-30T09:00:00") });
  });

  test.each([
    "",
    "  PID  PPID  PGID",
    "1 0 1 -1 0 S 1 Sa 2 Nov 10:07:01 2024 x", // another language
    "1 0 1 -1 0 S 1 Sat Okt  2 10:07:01 2024 x",
    "1 0 1 -1 0 S",
  ])("%p is no row", (line) => {
    expect(parsePsRows(line)).toEqual([]);
  });
});

test("one more column beside the pid may hold blanks", () => {
  expect([...parsePairs("    1 systemd\n  42 A B\n7 \nx\n")]).toEqual([
    [1, "systemd"],
    [42, "A B"],
    [7, ""],
  ]);
});

test.each([
  ["tmux new-session  -d", ["tmux", "new-session", "-d"]],
  ["/my tools/claude-tmux daemon run", ["/my tools/claude-tmux", "daemon", "run"]],
  ["/my tools/claude-tmux", ["/my tools/claude-tmux"]],
  ["/my tools/claude-tmux-2 run", ["/my", "tools/claude-tmux-2", "run"]],
  ["[kthreadd]", []],
  ["(launchd)", []],
  ["", []],
  ["[ -f x ]", ["[", "-f", "x", "]"]],
])("the words of %p", (command, words) => {
  expect(splitCommand(command, "/my tools/claude-tmux")).toEqual(words);
});

test("the environment stands behind the command", () => {
  const command = "env A=1 sleep 5";
  expect(parseEnvironment(`${command} HOME=/home/x y PATH=/bin:/usr/bin EMPTY= _=/bin/a=b`, command)).toEqual([
    "HOME=/home/x y",
    "PATH=/bin:/usr/bin",
    "EMPTY=",
    "_=/bin/a=b",
  ]);
  for (const text of ["", command]) expect(parseEnvironment(text, command)).toEqual([]);
});

const LOCK = "/tmp/state/daemon.lock";

test("open files of Linux and of macOS, there and deleted", () => {
  const linux = parseOpenFiles(`p42\nf0\ni3\nn/dev/null\nf1\nnpipe\nf3\ni77\nn${LOCK} (deleted)\n`);
  expect(linux).toEqual([
    { name: "/dev/null", inode: "3" },
    { name: "pipe", inode: "" },
    { name: `${LOCK} (deleted)`, inode: "77" },
  ]);
  const mac = parseOpenFiles(`p42\nf3\ni77\nn${LOCK}\n`);
  const has = (files: typeof linux, inode: string | undefined, deletedOnly: boolean) =>
    isAmong(files, LOCK, { inode, deletedOnly });
  for (const files of [linux, mac]) {
    for (const inode of [undefined, "78"]) {
      expect(has(files, inode, false)).toBe(true);
      expect(has(files, inode, true)).toBe(true);
    }
    expect(isAmong(files, "/tmp/state/watchdog.lock", { inode: undefined, deletedOnly: false })).toBe(false);
  }
  expect([has(mac, "77", false), has(mac, "77", true)]).toEqual([true, false]);
});
