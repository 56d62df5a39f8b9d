import { expect, test } from "bun:test";
import { deathCommand, revivalCommand } from "../../../src/agents/death-note.ts";
import { agentNoteText } from "../../../src/agents/note.ts";

const AGENT = { kind: "claude", pid: 42, startTime: 7, since: 5 };
const DEAD = agentNoteText({ ...AGENT, state: "dead" });
const WORKED = agentNoteText({ ...AGENT, state: "working" });

test("a death is noted where nothing was, or another agent's note, and nothing has come since", () => {
  for (const noted of ["", "codex 1 2 done - 3 -"]) {
    const command = deathCommand("%1", AGENT, noted);
    expect(command?.at(-2)).toBe(`#{==:#{@claude_tmux_agent},${noted}}`);
    expect(command?.at(-1)).toEndWith(`'@claude_tmux_agent' '${DEAD}'`);
  }
  // its own note says it already; whatever else somebody has put there is left
  for (const noted of [WORKED, DEAD, "x}#(touch y)"]) expect(deathCommand("%1", AGENT, noted)).toBeUndefined();
});

test("only such a note goes when another agent comes", () => {
  expect(revivalCommand("%1", DEAD)?.at(-1)).toBe("'set-option' '-p' '-t' '%1' '-u' '@claude_tmux_agent'");
  for (const noted of ["", WORKED, "dead"]) expect(revivalCommand("%1", noted)).toBeUndefined();
});
