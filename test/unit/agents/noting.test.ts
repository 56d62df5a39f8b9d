import { expect, test } from "bun:test";
import { type Noting, notingCommand } from "../../../src/agents/noting.ts";

const AGENT = { pid: 42, startTime: 1234, terminal: "/dev/pts/7", line: [42, 41, 40] };
const NOTING: Noting = { kind: "claude", agent: AGENT, at: 1_796_000_000_000, told: { state: "working" } };

test("tmux looks whose pane it is, and writes, in one command", () => {
  const [name, , , pane, condition, write, ...others] = notingCommand("%5", NOTING);
  expect([name, pane, others]).toEqual(["if-shell", "%5", []]);
  expect(write).toEndWith(
    " ; 'set-option' '-p' '-t' '%5' '@claude_tmux_agent' 'claude 42 1234 working - 1796000000000 -'",
  );
  for (const part of ["#{==:#{pane_tty},/dev/pts/7}", "#{m:* #{pane_pid} *, 42 41 40 }", "1796000000000 ~"]) {
    expect(condition).toContain(part);
  }
});

test("at the end the note goes, if it is of that agent", () => {
  const command = notingCommand("%5", { ...NOTING, told: "end" });
  expect(command.at(-1)).toEndWith(" ; 'set-option' '-p' '-t' '%5' '-u' '@claude_tmux_agent'");
  expect(command.at(-2)).toMatch(/,0}}$/);
});

test("what an agent calls its conversation reaches tmux only as an id", () => {
  for (const conversation of ["' ; kill-server ; '", "#(touch x)", "}"]) {
    expect(notingCommand("%5", { ...NOTING, conversation })).toEqual(notingCommand("%5", NOTING));
  }
});

test("what the note changes is left for the log of events, and whoever writes that is woken", () => {
  const [logging = ""] =
    notingCommand("%5", { ...NOTING, channel: "claude-tmux-7" })
      .at(-1)
      ?.split(" ; 'set-option'") ?? [];
  for (const part of [
    "#{?#{m:claude 42 1234 working - *,#{@claude_tmux_agent}},0,1}",
    "#{=-1000:@claude_tmux_agent_log},claude 42 1234 working - 1796000000000 -",
    "claude-tmux-7",
  ])
    expect(logging).toContain(part);
  expect(notingCommand("%5", NOTING).at(-1)).not.toContain("wait-for");
  expect(notingCommand("%5", { ...NOTING, told: "end" }).at(-1)).toContain(",claude 42 1234 end - 1796000000000 -");
});
