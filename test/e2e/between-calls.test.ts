import { expect, test } from "bun:test";
import { poll } from "../../src/lib/wait.ts";
import { arm, hasRun, interpose } from "../helpers/between.ts";
import { Box, setUp, until } from "../helpers/box.ts";

// What happens between two calls that one command makes to tmux.

const CALLS_MAX = 12;

/** A box with a session `dev`, whose commands may run that script before a call. */
async function world(script: (program: string) => string): Promise<Box> {
  return await setUp(new Box({ SHELL: "/bin/bash" }), async (box) => {
    await box.output("session-create", "dev", "--size", "80x24");
    await box.output("pane-run", "dev", "0", "--", "true");
    interpose(box, script(box.command.join(" ")));
  });
}

const WAITS = [
  ["pane-wait", "dev", "0", "--timeout", "20"],
  ["pane-watch-timeout", "dev", "0", "never", "20"],
];
const WORLDS: [string, string[], string][] = [
  ["one of several", ["new-session", "-d", "-s", "other"], "ERR_COMMAND_ENDED"],
  [
    "the last of a server that stays, and says so of all targets",
    ["set", "-s", "exit-empty", "off"],
    "ERR_COMMAND_ENDED",
  ],
  ["the last of a server that ends with it", ["set", "-s", "exit-empty", "on"], "ERR_TMUX_NOT_RUNNING"],
];

for (const wait of WAITS) {
  test.each(WORLDS)(`${wait[0]} tells of the end of a session, %s`, async (_, command, code) => {
    const outcomes: string[] = [];
    for (let call = 2; call <= CALLS_MAX; call++) {
      await using box = await world(() => "tmux kill-session -t =dev");
      await box.tmux(...command);
      await box.output("pane-exec", "dev", "0", "sleep 0.7");
      arm(box, call);
      const { error, exit_code, pane_ended } = await box.bridge(...wait);
      if (!hasRun(box)) break; // so many calls it does not make
      outcomes.push(`${error?.code ?? "ended"} ${exit_code ?? null} ${pane_ended ?? false}`);
    }
    // how the pane ended can't be known, unless it was held; how its command ended is known when that came first
    const [first, ...others] = outcomes;
    expect(first).toBe(`${code} null true`);
    const ended = ["null true", "129 true", "0 false"].map((how) => `ERR_COMMAND_ENDED ${how}`);
    for (const outcome of others) expect([`${code} null true`, ...ended, "ended 0 false"]).toContain(outcome);
  });
}

/** Has the shell run these commands, one after the other. */
const runs =
  (...commands: string[]) =>
  (program: string) =>
    commands
      .map((text) => `${program} pane-exec dev 0 "${text}"; while ${program} pane-is-running dev 0; do :; done`)
      .join("; ");

test("pane-watch-timeout at the prompt: a command that comes and ends while it looks does not end it", async () => {
  let calls = 0;
  // from the second look on: a command that the first one sees is one that is waited for
  for (let call = 3; call <= 5; call++) {
    await using box = await world(runs("true"));
    arm(box, call);
    const watching = box.bridge("pane-watch-timeout", "dev", "0", "^THIRD$", "20");
    await until("it listens", async () => hasRun(box) || (await box.listeners()) > 0);
    // it may make no further call before there is something to find
    await poll(2000, 20, () => hasRun(box));
    await box.output("pane-exec", "dev", "0", "echo second; sleep 0.2; echo THIRD");
    expect({ call, ...(await watching) }).toMatchObject({ call, output: "THIRD" });
    if (hasRun(box)) calls++;
  }
  expect(calls).toBeGreaterThan(0);
});

test.each([
  ["nothing", []],
  ["--new", ["--new"]],
])("pane-watch-timeout at the prompt, %s said: a line counts that came while it looks", async (_, options) => {
  let calls = 0;
  for (let call = 2; call <= CALLS_MAX; call++) {
    await using box = await world(runs("echo THIRD", "true"));
    arm(box, call);
    const reply = await box.bridge("pane-watch-timeout", "dev", "0", "^THIRD$", "2", ...options);
    if (!hasRun(box)) break;
    calls++;
    expect({ call, ...reply }).toMatchObject({ call, output: "THIRD" });
  }
  expect(calls).toBeGreaterThan(1);
});
