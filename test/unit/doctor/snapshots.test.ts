import { expect, test } from "bun:test";
import { judgeSnapshots, type SavedByThemselves } from "../../../src/doctor/snapshots.ts";

const NOW = 1e12;
const WISH = { every_s: 300, keep: 10, scrollback: false };
const session = (name: string, snapshot: string | null = name, problem: string | null = null) => {
  return { name, snapshot, problem };
};

/** All is well with `dev`, whose newest snapshot is two minutes old. */
function judge(more: Partial<SavedByThemselves> = {}, alive: Partial<NonNullable<SavedByThemselves["alive"]>> = {}) {
  return judgeSnapshots({
    wishes: { sessions: { dev: WISH, old: null } },
    isDaemonRunning: true,
    alive: { boot: "a", sessions: [session("dev")], before: [], is_restoring: false, ...alive },
    there: new Set(["dev"]),
    find: () => ({ takenAt: NOW - 120_000, isWhole: true }),
    now: NOW,
    ...more,
  }).map(({ verdict, message }) => `${verdict}: ${message}`);
}

test("sessions that are saved, with the age of their newest snapshots, which is no fault", () => {
  expect(judge()).toEqual(["ok: of dev, when something changes; the newest snapshots: dev 2 min ago"]);
  expect(judge({ find: () => ({ takenAt: 0, isWhole: true }) })[0]).toStartWith("ok: ");
  expect(judge({ find: () => ({ takenAt: NOW + 60_000, isWhole: true }) })[0]).toEndWith(
    "dev at 2001-09-09T01:47:40Z, which is yet to come: the clock was set back",
  );
  expect(judge({ alive: undefined })).toEqual(["ok: of dev, when something changes; nothing is saved yet"]);
  const many = "abcdefg".split("").map((name) => session(name));
  expect(judge({ wishes: { sessions: {}, all: WISH } }, { sessions: many })[0]).toMatch(
    /^ok: of all sessions, .* a 2 min ago, b .*e 2 min ago, 2 more$/,
  );
});

test("what keeps them from being saved", () => {
  expect(judge({ isDaemonRunning: false })).toEqual([
    "warning: dev should be saved now and then, and no daemon runs that would",
  ]);
  expect(judge({}, { sessions: [session("dev", null, "no space")] })).toEqual([
    "warning: dev could not be saved the last time: no space",
  ]);
  expect(judge({ find: () => ({ takenAt: 0, isWhole: false }) })).toEqual([
    "warning: the newest snapshot of dev, dev, is damaged",
  ]);
  expect(judge({ find: () => undefined })).toEqual(["warning: the newest snapshot of dev, dev, is not there any more"]);
});

test("one that is to be saved by its name, and that no session has", () => {
  const there = new Set(["renamed"]);
  const warning = "warning: dev should be saved, and there is no session of that name";
  expect(judge({ there })).toEqual([warning]);
  expect(judge({ there }, { before: [session("dev")] })).not.toContain(warning);
  expect(judge({ there: undefined })).toHaveLength(1);
  expect(judge({ there, wishes: { sessions: { dev: WISH }, all: WISH } })[0]).toStartWith("ok: ");
});

test("what has not come back, of what somebody wants to be saved", () => {
  expect(judge({}, { before: [session("dev"), session("old")] }).slice(1)).toEqual([
    "note: alive before the machine was started anew, and not brought back: dev",
  ]);
});
