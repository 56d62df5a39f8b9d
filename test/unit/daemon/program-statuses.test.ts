import { expect, spyOn, test } from "bun:test";
import type { ProgramStatus } from "../../../src/agents/program-status.ts";
import { readStatusNote } from "../../../src/agents/status-note.ts";
import { type Agent, kindNamed } from "../../../src/agents/table.ts";
import { ProgramStatuses } from "../../../src/daemon/program-statuses.ts";
import { AppError } from "../../../src/lib/errors.ts";
import { within } from "../../../src/lib/wait.ts";

const WORKING: ProgramStatus = { told: { state: "working" } };
const WAITING: ProgramStatus = { told: { state: "waiting", for: "permission" } };
const TIMEOUT = new AppError("ERR_TIMEOUT", "tmux did not answer");

function agent(name: "claude" | "codex", pid = 100): Agent {
  const kind = kindNamed(name);
  if (!kind) throw new Error(name);
  return { kind, process: { pid, startTime: 7, argv: [name], variable: () => undefined }, conversation: undefined };
}

/** Notes that are kept as tmux would: by pane, the state; each call is held until it is let go, with what it is to fail with. */
function noting(agentIn: (pid: number) => Agent | undefined) {
  const notes: Record<string, string> = {};
  const since: Record<string, number> = {};
  const warnings: string[] = [];
  const held: { pane: string; go: (error?: Error) => void }[] = [];
  let came = () => {};
  const statuses = new ProgramStatuses({
    log: { warn: (line) => void warnings.push(line) },
    agentIn,
    async ask(commands) {
      const words = commands[0] ?? [];
      const pane = words[words.indexOf("-t") + 1] ?? "";
      await new Promise<void>((resolve, reject) => {
        held.push({ pane, go: (error) => (error ? reject(error) : resolve()) });
        came();
      });
      const text = /@claude_tmux_agent_status['" ]+([^'"]+)/.exec(words.at(-1) ?? "")?.[1];
      const note = text === undefined ? undefined : readStatusNote(text, () => true);
      if (note === undefined) delete notes[pane];
      else notes[pane] = note.state;
      if (note?.since !== undefined) since[pane] = note.since;
      return "";
    },
  });
  /** The next call, which is in this pane; undefined where none comes. */
  const next = async () => {
    if (held.length === 0) {
      await within(
        500,
        new Promise<void>((resolve) => {
          came = resolve;
        }),
      );
    }
    return held.shift();
  };
  const does = async (error?: Error) => {
    const call = await next();
    call?.go(error);
    await Promise.resolve();
    return call?.pane;
  };
  return { statuses, notes, since, warnings, next, does };
}

test("what is told under another's name, known or not, is not the agent's", async () => {
  const { statuses, notes, does } = noting((pid) => (pid === 1 ? agent("codex") : agent("claude")));
  for (const app of ["cargo", "claude", "toString", ""]) statuses.told("%1", 1, { ...WORKING, app });
  expect(await does()).toBeUndefined();
  statuses.told("%1", 1, { ...WORKING, app: "codex" });
  statuses.told("%2", 2, { ...WAITING, app: "claude-code" });
  expect([await does(), await does(), await does()]).toEqual(["%1", "%2", undefined]);
  expect(notes).toEqual({ "%1": "working", "%2": "waiting" });
});

test("what is forgotten while others are noted is not noted afterwards, and a note is taken away after it was made", async () => {
  const { statuses, notes, next, does } = noting((pid) => agent("codex", pid));
  statuses.told("%0", 5, WORKING);
  (await next())?.go();
  statuses.told("%1", 1, WORKING);
  statuses.told("%2", 2, WORKING);
  const first = await next();
  expect(first?.pane).toBe("%1");
  statuses.forget("%1");
  statuses.forget("%2");
  first?.go();
  expect([await does(), await does()]).toEqual(["%1", undefined]);
  expect(notes).toEqual({ "%0": "working" });
  // what is told after that counts
  statuses.told("%1", 1, WORKING);
  expect(await does()).toBe("%1");
  expect(notes["%1"]).toBe("working");
});

test("a note that tmux did not answer to leaves none of before, and is made when the same is told again", async () => {
  const { statuses, notes, warnings, does } = noting(() => agent("codex"));
  statuses.told("%1", 1, WORKING);
  await does();
  statuses.told("%1", 1, WAITING);
  expect(await does(TIMEOUT)).toBe("%1");
  expect(notes).toEqual({ "%1": "working" });
  expect([await does(TIMEOUT), await does(), await does()]).toEqual(["%1", "%1", undefined]);
  expect(notes).toEqual({});
  expect(warnings).toHaveLength(2);
  statuses.told("%1", 1, WAITING);
  expect(await does()).toBe("%1");
  expect(notes).toEqual({ "%1": "waiting" });
  // a pane that is gone is none of its business
  statuses.told("%1", 1, WORKING);
  await does(new AppError("ERR_PANE_NOT_FOUND", "gone"));
  expect([await does(), warnings.length]).toEqual([undefined, 2]);
});

test("what fails is said in the log, and the others are noted", async () => {
  const { statuses, notes, warnings, does } = noting((pid) => {
    if (pid === 1) throw new Error("EMFILE");
    return agent("codex");
  });
  statuses.told("%1", 1, WORKING);
  statuses.told("%2", 2, WORKING);
  expect([await does(), await does()]).toEqual(["%1", "%2"]);
  statuses.told("%2", 2, WAITING);
  await does();
  expect(notes).toEqual({ "%2": "waiting" });
  expect(warnings).toEqual(["cannot note what the agent in pane %1 tells: EMFILE"]);
});

test("a word is taken back by who gave it, or when that has ended, and by no other one", async () => {
  let now: Agent | undefined = agent("codex", 100);
  const { statuses, notes, does } = noting(() => now);
  statuses.told("%1", 1, WORKING);
  await does();
  now = agent("codex", 101);
  statuses.told("%1", 1, { told: "nothing" });
  expect([await does(), notes]).toEqual([undefined, { "%1": "working" }]);
  now = undefined;
  statuses.told("%1", 1, { told: "nothing" });
  expect([await does(), notes]).toEqual(["%1", {}]);
});

test("what is told is so since it was heard, however much later it is noted", async () => {
  const { statuses, since, next, does } = noting((pid) => agent("codex", pid));
  statuses.told("%1", 1, WORKING);
  const first = await next();
  const heardAt = Date.now();
  const clock = spyOn(Date, "now").mockReturnValue(heardAt);
  try {
    statuses.told("%2", 2, WORKING);
    clock.mockReturnValue(heardAt + 60_000);
    first?.go();
    expect(await does()).toBe("%2");
  } finally {
    clock.mockRestore();
  }
  expect(since["%2"]).toBe(heardAt);
});
