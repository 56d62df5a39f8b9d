import { expect, test } from "bun:test";
import { agentAnswered, agentList, agentPrompted, agentStatus } from "../../../../src/commands/people/agents.ts";
import { before, VIEW } from "./example-view.ts";

const AGENT = {
  pane: "%7",
  pane_id: "1",
  session: "dev",
  label: "",
  kind: "claude",
  state: "waiting",
  for: "permission",
  since: before(90),
  source: "file",
  certain: true,
  because: "its file says so",
  pid: 17,
  conversation: null,
  cwd: "/home/ann/web",
  title: "✳ work",
  said: "I'd like to\nrun the tests",
} as const;

test("agents, a line each", () => {
  expect(
    agentList(
      { output: [AGENT, { ...AGENT, pane_id: "2", state: "working", for: null, said: null }] },
      { ...VIEW, width: 100 },
    ),
  ).toBe(
    [
      "PANE   AGENT   STATE                   SINCE      FOLDER  SAID LAST",
      "dev:1  claude  waiting for permission  1 min ago  ~/web   I'd like to run the tests",
      "dev:2  claude  working                 1 min ago  ~/web",
    ].join("\n"),
  );
  expect(agentList({ output: [] }, VIEW)).toContain("No coding agent");
});

test("one, with what each source says", () => {
  const readings = [{ source: "hook" as const, state: null, for: null, since: null, age_s: null }];
  expect(agentStatus({ output: { ...AGENT, readings } }, VIEW)).toBe(
    [
      "claude in dev:1: waiting for permission",
      "  Because:    its file says so",
      "  Since:      1 min ago",
      "  Folder:     ~/web",
      "  Title:      ✳ work",
      "  Said last:  I'd like to run the tests",
      "Sources:",
      "  SOURCE  SAYS",
      "  hook    nothing",
    ].join("\n"),
  );
});

test("a turn, and an answer", () => {
  const details = { receipt: "submitted" as const, given_at: before(1), repeated: false };
  const turn = { state: "done" as const, for: null, message: "All pass." };
  expect(agentPrompted({ output: "Submitted", details: { ...details, turn } }, VIEW)).toBe(
    "Submitted\nAll pass.\ndone",
  );
  expect(agentAnswered({ output: "Answered", details: { for: "permission", choice: "Yes" } }, VIEW)).toBe(
    'Answered the permission: "Yes"',
  );
});
