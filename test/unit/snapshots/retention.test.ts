import { describe, expect, test } from "bun:test";
import {
  beyondNumber,
  COLLECTED_MAX,
  COLLECTED_NOTE,
  GONE_MAX,
  prunable,
  REPLACED_NOTE,
  retained,
} from "../../../src/snapshots/retention.ts";
import { snapshotOf } from "./example.ts";

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const NOW = 20_000 * DAY + 12 * HOUR + 1;

/** The moments that are kept of snapshots that were taken then, in order. */
const keptOf = (moments: readonly number[], keep: number) =>
  [
    ...retained(
      moments.map((at) => ({ taken_at: at })),
      NOW,
      keep,
    ),
  ].map(({ taken_at: at }) => at);

test("the newest stay, then one an hour for a day, and one a day for a week", () => {
  const everyTenMinutes = Array.from({ length: 14 * 144 }, (_, i) => NOW - i * 600_000);
  const kept = keptOf(everyTenMinutes, 10).toSorted((a, b) => b - a);
  expect(kept.slice(0, 10)).toEqual(everyTenMinutes.slice(0, 10));
  const age = (at: number) => NOW - at;
  const hourly = kept.filter((at) => age(at) < DAY);
  expect(new Set(hourly.map((at) => Math.floor(at / HOUR))).size).toBe(25);
  expect(hourly.length).toBeLessThanOrEqual(25 + 10);
  const daily = kept.filter((at) => age(at) >= DAY);
  expect(new Set(daily.map((at) => Math.floor(at / DAY))).size).toBe(daily.length);
  expect(daily.length).toBe(7);
  expect(kept.every((at) => age(at) < 7 * DAY)).toBe(true);
});

test("few stay all; the clock may have been set", () => {
  const old = [NOW - 100 * DAY, NOW + DAY, NOW - 50 * DAY];
  expect(keptOf(old, 10).length).toBe(3);
  expect(keptOf(old, 1)).toEqual([NOW + DAY]);
});

test("what a wrong clock has taken is as old as others of its session say, and stays only as one of the newest", () => {
  const ahead = NOW + 70 * 365 * DAY;
  const all = [
    { taken_at: ahead },
    { taken_at: NOW - 2 * HOUR, order: ahead + 1 },
    { taken_at: NOW - HOUR, order: ahead + 2 },
    { taken_at: NOW, order: ahead + 3 },
  ];
  expect(new Set([...retained(all, NOW, 1)].map(({ taken_at: at }) => NOW - at))).toEqual(new Set([0, HOUR, 2 * HOUR]));
  expect(retained(all, NOW, 4).size).toBe(4);
});

describe("snapshots that nobody has asked for", () => {
  const many = (n: number, facts: Parameters<typeof snapshotOf>[1]) =>
    Array.from({ length: n }, (_, i) => ({
      id: `${i}`,
      snapshot: snapshotOf({}, { is_automatic: true, taken_at: NOW - 30 * DAY - i, ...facts }),
    }));
  const gone = (all: ReturnType<typeof many>, isAlive = true) =>
    beyondNumber(all, { socket: "/tmp/tmux-0/default", now: NOW, keep: () => 10, isAlive: () => isAlive }).map(
      ({ id }) => id,
    );

  test.each([COLLECTED_NOTE, REPLACED_NOTE])(
    "of sessions that have ended, the newest stay, however old: %s",
    (note) => {
      expect(gone(many(COLLECTED_MAX, { note }))).toEqual([]);
      expect(gone(many(COLLECTED_MAX + 2, { note }))).toEqual([`${COLLECTED_MAX}`, `${COLLECTED_MAX + 1}`]);
    },
  );

  test("one of the future pushes no others out", () => {
    const ahead = {
      id: "ahead",
      snapshot: snapshotOf({}, { is_automatic: true, note: COLLECTED_NOTE, taken_at: NOW + DAY }),
    };
    expect(gone([ahead, ...many(COLLECTED_MAX, { note: COLLECTED_NOTE })])).toEqual(["ahead"]);
  });

  test("those of the daemon go as autosaving has them go, but those of other servers stay", () => {
    expect(gone(many(12, {}))).toEqual(["10", "11"]);
    expect(gone(many(12, { socket: "/other" }))).toEqual([]);
  });

  test("of a session that has long been gone, the last of the daemon stays, and of 1000 such sessions", () => {
    expect(gone(many(3, {}))).toEqual([]);
    expect(gone(many(3, {}), false)).toEqual(["1", "2"]);
    expect(gone(many(3, { taken_at: NOW - 6 * DAY }), false)).toEqual([]);
    expect(gone(many(3, { is_automatic: false }), false)).toEqual([]);
    expect(gone(many(3, { socket: "/other" }), false)).toEqual([]);
    const ofMany = Array.from({ length: GONE_MAX + 2 }, (_, i) => {
      const { session } = snapshotOf({ name: `ci-${i}` });
      return { id: `${i}`, snapshot: snapshotOf({}, { session, is_automatic: true, taken_at: NOW - 30 * DAY - i }) };
    });
    expect(gone(ofMany)).toEqual([]);
    expect(gone(ofMany, false)).toEqual([`${GONE_MAX}`, `${GONE_MAX + 1}`]);
  });

  test("those that somebody has asked for stay", () => {
    expect(gone(many(2000, { is_automatic: false }))).toEqual([]);
    expect(gone(many(2000, { is_automatic: false, note: COLLECTED_NOTE }))).toEqual([]);
  });

  test.each<[string, object, string[]]>([
    ["of the daemon", {}, ["2", "3"]],
    ["of somebody", { is_automatic: false }, ["2", "3"]],
    ["of sessions that were collected", { note: COLLECTED_NOTE }, ["2", "3"]],
    ["of sessions that were replaced", { note: REPLACED_NOTE }, ["2", "3"]],
    ["with somebody's note", { is_automatic: false, note: "before the upgrade" }, []],
  ])("when somebody prunes, those %s go but for the newest", (_, facts, ids) => {
    expect(prunable(many(4, facts), { now: NOW, keep: 2 }).map(({ id }) => id)).toEqual(ids);
  });

  test("when somebody prunes, each session of each server keeps its last one", () => {
    const all = [
      many(3, { note: COLLECTED_NOTE }),
      many(2, { socket: "/other" }),
      many(1, { session: snapshotOf({ name: "x" }).session }),
    ];
    const named = all.flat().map((one, i) => ({ ...one, id: `${i}` }));
    expect(prunable(named, { now: NOW, keep: 1 }).map(({ id }) => id)).toEqual(["1", "2", "4"]);
  });
});
