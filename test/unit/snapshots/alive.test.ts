import { expect, test } from "bun:test";
import { type Alive, afterLook, begun, broughtBack, inBoot } from "../../../src/snapshots/alive.ts";

const session = (name: string, snapshot: string | null = `${name}-1`, problem: string | null = null) => {
  return { name, snapshot, problem };
};
const known = (more: Partial<Alive> = {}): Alive => ({
  boot: "a",
  sessions: [session("api"), session("dev")],
  before: [],
  is_restoring: false,
  ...more,
});
const NONE: ReadonlySet<string> = new Set();

test("what was alive before the machine was started anew has not come back", () => {
  expect(inBoot(undefined, "b")).toEqual({ boot: "b", sessions: [], before: [], is_restoring: false });
  expect(inBoot(known(), "a")).toEqual(known());
  expect(inBoot(known(), "b")).toEqual({ boot: "b", sessions: [], before: known().sessions, is_restoring: false });
});

test("what was not brought back the last time is not missed any more, unless somebody was about to", () => {
  const older = known({ before: [session("dev", "dev-0"), session("old")] });
  expect(inBoot(older, "b").before.map(({ name }) => name)).toEqual(["api", "dev"]);
  const cutShort = begun(older);
  expect(cutShort.is_restoring).toBe(true);
  expect(inBoot(cutShort, "b").before).toEqual([session("api"), session("dev"), session("old")]);
});

test("a look adds what it has found, and takes out only what has ended", () => {
  const found = [session("new"), session("dev", "dev-2")];
  const after = afterLook(known(), { found, ended: NONE });
  expect(after.sessions).toEqual([session("api"), session("dev", "dev-2"), session("new")]);
  expect(afterLook(known(), { found: [], ended: NONE })).toEqual(known());
  expect(afterLook(known(), { found: [], ended: new Set(["api"]) }).sessions).toEqual([session("dev")]);
});

test("one that could not be saved keeps the snapshot that it had", () => {
  const found = [session("dev", null, "no space"), session("new", null, "no space")];
  expect(afterLook(known(), { found, ended: NONE }).sessions).toEqual([
    session("api"),
    session("dev", "dev-1", "no space"),
    session("new", null, "no space"),
  ]);
});

test("the same sessions are the same text, in whatever order they are told", () => {
  const [one, other] = [session("x"), session("constructor")];
  const text = (found: (typeof one)[]) => JSON.stringify(afterLook(known(), { found, ended: NONE }));
  expect(text([one, other])).toBe(text([other, one]));
});

test("one that is there, or was brought back, needs not come back", () => {
  const before = [session("dev"), session("api")];
  expect(afterLook(known({ before }), { found: [session("dev")], ended: NONE }).before).toEqual([session("api")]);
  expect(broughtBack(known({ before }), "api").before).toEqual([session("dev")]);
  expect(begun(known()).is_restoring).toBe(false);
});
