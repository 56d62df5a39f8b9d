import { expect, test } from "bun:test";
import { plannedPrograms } from "../../../src/snapshots/plan-programs.ts";
import type { Here } from "../../../src/snapshots/plan-terms.ts";
import { paneOf, programOf } from "./example.ts";

const here = { isLiving: () => false, isKept: () => true } as unknown as Here;

function planned(facts: Parameters<typeof paneOf>[0], { isOwn = true, isStarted = false, ...other } = {}) {
  const missing: string[] = [];
  const miss = (what: string, why: string) => missing.push(`${what}: ${why}`);
  const starts = () => isStarted;
  return { ...plannedPrograms(paneOf(facts), { isOwn, here: { ...here, ...other }, starts, miss }), missing };
}

const NOT_NAMED = "it is not one of the programs that are started (--run)";

test("what is not started is in the history of its shell, jobs first", () => {
  const jobs = [programOf(["make", "-j"]), programOf(["sed", "x"], { cut: "part" })];
  expect(planned({ program: programOf(["vim", "my file"]), jobs })).toEqual({
    command: undefined,
    history: ["make -j", "vim 'my file'"],
    missing: [
      "the job make -j: jobs that are stopped or in the background are not started",
      "the job sed x: jobs that are stopped or in the background are not started",
      `vim 'my file': ${NOT_NAMED}`,
    ],
  });
});

test("but not a stranger's, not where the line is not whole, and not in fish", () => {
  const program = programOf(["vim", "x"]);
  expect(planned({ program }, { isOwn: false }).history).toEqual([]);
  expect(planned({ program: programOf(["vim", "***"], { cut: "secret" }) }).history).toEqual([]);
  expect(planned({ program, shell: "/usr/bin/fish" }).history).toEqual([]);
});

test("a program is started with the variables that it alone was given, but for what could do something, and secrets", () => {
  const set = { ONE: "a b", LANG: null, LD_PRELOAD: "/x.so" };
  const program = programOf(["make"], { environment: { set, hidden: ["API_KEY"] } });
  expect(planned({ program }, { isStarted: true })).toEqual({
    command: "env -u LANG 'ONE=a b' make",
    history: [],
    missing: [
      "the variable LD_PRELOAD: it could make programs do something; make is started without it",
      "the variable API_KEY: it held a secret, which is not stored; make is started without it",
    ],
  });
});
