import type { PaneOf, ProgramOf, Snapshot } from "../../../src/snapshots/manifest.ts";

export const paneOf = (facts: Partial<PaneOf> = {}): PaneOf => ({
  id: "%1",
  index: 0,
  width: 80,
  height: 24,
  title: "host",
  cwd: "/work",
  label: "main",
  metadata: { key: "value" },
  options: {},
  history_limit: 2000,
  is_active: true,
  is_last: false,
  is_dead: false,
  shell: "/bin/bash",
  environment: null,
  subscriptions: [],
  program: null,
  jobs: [],
  text: { parts: ["a".repeat(64)], lines: 3 },
  ...facts,
});

export const programOf = (argv: string[], facts: Partial<ProgramOf> = {}): ProgramOf => ({
  argv,
  cwd: "/work",
  cut: null,
  agent: null,
  environment: null,
  ...facts,
});

export function snapshotOf(session: Partial<Snapshot["session"]> = {}, facts: Partial<Snapshot> = {}): Snapshot {
  return {
    taken_at: 1_700_000_000_000,
    note: null,
    is_automatic: false,
    host: "host",
    home: "/home/me",
    socket: "/tmp/tmux-0/default",
    boot: null,
    tmux_version: "3.3a",
    program_version: "3.1.0",
    left_out: [],
    session: {
      name: "dev",
      cwd: "/work",
      environment: { set: { PORT: "80" }, hidden: [] },
      options: {},
      group: [],
      stack: [0],
      made: null,
      subscriptions: [],
      windows: [
        {
          index: 0,
          name: "bash",
          is_named: false,
          width: 80,
          height: 24,
          layout: "b25d,80x24,0,0,0",
          options: {},
          is_zoomed: false,
          same_as: null,
          panes: [paneOf()],
        },
      ],
      ...session,
    },
    ...facts,
  };
}
