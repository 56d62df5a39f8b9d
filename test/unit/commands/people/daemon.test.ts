import { expect, test } from "bun:test";
import { findings, health, status } from "../../../../src/commands/people/daemon.ts";
import { VIEW } from "./example-view.ts";

test("a status: what is too long goes on below", () => {
  const rows = [
    ["Uptime", "5 s"],
    ["Failing", "the last callbacks of 2 subscriptions; see claude-tmux doctor", "bad"],
    ["Version", ""],
  ] as const;
  const shown = { head: "Daemon is running (PID: 17)", isGood: true, rows };
  expect(status(shown, { ...VIEW, width: 40 })).toBe(
    [
      "Daemon is running (PID: 17)",
      "  Uptime:   5 s",
      "  Failing:  the last callbacks of 2",
      "            subscriptions; see",
      "            claude-tmux doctor",
    ].join("\n"),
  );
  expect(status(shown, { ...VIEW, isColor: true })).toContain("\x1b[31mthe last callbacks");
});

test("health begins with the word that scripts know", () => {
  const checks = [
    { name: "heartbeat" as const, verdict: "degraded" as const, value: 0.512, limit: 30, unit: "s" as const },
    { name: "process" as const, verdict: "healthy" as const, value: null, limit: null, unit: "pid" as const },
  ];
  expect(health({ status: "degraded", checks }, VIEW)).toBe(
    [
      "degraded",
      "CHECK      VERDICT   VALUE  LIMIT  UNIT",
      "heartbeat  degraded    0.5     30  s",
      "process    healthy    none         pid",
    ].join("\n"),
  );
});

test("findings are wrapped below their beginnings, and show no control characters", () => {
  const all = [
    {
      check: "tmux",
      verdict: "error" as const,
      message: "it is\x1b[2J too old for all this",
      advice: "Get a newer one.",
    },
  ];
  expect(findings({ verdict: "error", findings: all }, { ...VIEW, width: 44 })).toBe(
    [
      "✗ tmux          it is\\x1b[2J too old for all",
      "                this",
      "                → Get a newer one.",
    ].join("\n"),
  );
});
