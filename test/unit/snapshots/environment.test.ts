import { expect, test } from "bun:test";
import { ownVariables, parseExported, storedVariables } from "../../../src/snapshots/environment.ts";

const told = (...entries: string[]) => entries.map((entry) => `${entry}\0`).join("");

test("what a shell tells of its variables is read, if it is whole", () => {
  const read = parseExported(told("=HOME", "=MY_KEY", "+PATH=/a=b:\nc", "+EMPTY=", "+TOKEN", "-LANG", "."));
  expect([...(read?.same ?? [])]).toEqual(["HOME", "MY_KEY"]);
  expect([...(read?.set ?? [])]).toEqual([
    ["PATH", "/a=b:\nc"],
    ["EMPTY", ""],
    ["TOKEN", undefined],
    ["LANG", null],
  ]);
});

test.each(["", ".", told("+A=1"), `${told("+A=1")}.`, "+A=1\0+B=2"])("%p is none, or no more than a part", (text) => {
  expect(parseExported(text)).toBeUndefined();
});

test("a value that is a secret, or not told, is stored by its name; a function, or what is not UTF-8, is told", () => {
  const variables = new Map<string, string | null | undefined>([
    ["A", "1"],
    ["GONE", null],
    ["MY_TOKEN", "x"],
    ["URL", "postgres://me:pass@host/db"],
    ["UNTOLD", undefined],
    ["BASH_FUNC_my-f%%", undefined],
    ["BASH_FUNC_old()", "() { :; }"],
    ["LATIN", "caf\ufffd"],
  ]);
  const missing: string[] = [];
  expect(storedVariables(variables, (what, why) => missing.push(`${what}: ${why}`))).toEqual({
    set: { A: "1", GONE: null },
    hidden: ["MY_TOKEN", "URL", "UNTOLD"],
  });
  expect(missing).toEqual([
    "the exported function my-f: functions of bash are not stored: they run code",
    "the exported function old: functions of bash are not stored: they run code",
    "the variable LATIN: it is not UTF-8 (or holds U+FFFD, which stands for what is not)",
  ]);
});

test("a program's own variables are those that its shell does not give to all", () => {
  const exported = {
    same: new Set(["HOME", "LANG", "MY_KEY"]),
    set: new Map<string, string | null | undefined>([
      ["FOO", "shell"],
      ["OLD", null],
      ["BAR", "1"],
      ["UNTOLD", undefined],
      ["BASH_FUNC_g%%", undefined],
    ]),
  };
  const environment = [
    "HOME=/home/me",
    "MY_KEY=k",
    "FOO=own",
    "ONE=1=2",
    "PWD=/x",
    "TMUX=y",
    "BAR=1",
    "UNTOLD=x",
    "BASH_FUNC_f%%=() { :; }",
    "OLD=back",
    "",
  ];
  expect([...ownVariables(environment, exported)]).toEqual([
    ["FOO", "own"],
    ["ONE", "1=2"],
    ["OLD", "back"],
    ["LANG", null],
  ]);
});
