import { expect, test } from "bun:test";
import { type AgentNote, agentNoteText, readAgentNote } from "../../../src/agents/note.ts";

const ID = "0d6f8a3e-3a55-4a0c-9a65-5f0b1f6a7c11";
const NOTE: AgentNote = { kind: "claude", pid: 42, startTime: 1234, state: "working", since: 1_796_000_000_000 };

test.each<AgentNote>([
  NOTE,
  { ...NOTE, state: "waiting", for: "permission", conversation: ID },
  { ...NOTE, kind: "opencode", conversation: "ses_dd53ef44fffegXXvbYNl5pegQk" },
  { ...NOTE, kind: "gemini", state: "failed", pid: 1, startTime: 0, since: 0 },
])("what is noted is read again: %p", (note) => {
  expect(readAgentNote(agentNoteText(note))).toEqual(note);
  expect(agentNoteText(note)).toMatch(/^[\w -]+$/); // nothing that tmux would take for more than a letter
});

test.each(["#{pane_id} x", "ses_", "ses_a,b", "ses_a}", `ses_${"a".repeat(61)}`, "ses_a\nb", "msg_1"])(
  "a conversation that no agent names so is not noted: %p",
  (conversation) => {
    expect(readAgentNote(agentNoteText({ ...NOTE, conversation }))).toEqual(NOTE);
  },
);

test.each([
  "",
  "claude",
  "claude 42 1234 working - 1796000000000",
  "claude 42 1234 sleeping - 1796000000000 -",
  "claude 42 1234 waiting tea 1796000000000 -",
  "claude -42 1234 working - 1796000000000 -",
  "claude 42 1234 working - now -",
  " 42 1234 working - 1796000000000 -",
  "claude 42 1234 working - 1796000000000 - more",
])("what is none is not taken for one: %p", (text) => {
  expect(readAgentNote(text)).toBeUndefined();
});
