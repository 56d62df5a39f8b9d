import { describe, expect, test } from "bun:test";
import { judgeWaiting, type TerminalReading } from "../../../src/verdict/waiting.ts";

const COOKED = { isCanonical: true, echoes: true, isEnterPlain: false, interrupts: true };
const SILENT = { ...COOKED, echoes: false };
const RAW = { ...SILENT, isCanonical: false };
const EDITOR = { ...RAW, isEnterPlain: true };

const reading = (facts: Partial<TerminalReading>): TerminalReading => ({
  isAtPrompt: false,
  mode: COOKED,
  waits: "yes",
  reader: "program",
  isOwn: true,
  asksPasswords: false,
  ...facts,
});

describe("what a pane waits for", () => {
  const CASES: [string, Partial<TerminalReading>, string, string][] = [
    ["a prompt that its shell told of", { isAtPrompt: true, mode: undefined }, "prompt", "shell-integration"],
    ["a terminal that can't be asked", { mode: undefined }, "unknown", "settings"],
    ["who does not read", { waits: "no" }, "nothing", "kernel"],
    ["who does not read, and has set it raw", { waits: "no", mode: RAW }, "nothing", "kernel"],
    ["cat", {}, "line", "kernel"],
    ["getpass()", { mode: SILENT }, "password", "kernel"],
    ["less", { mode: RAW }, "keys", "kernel"],
    ["vim", { mode: EDITOR }, "keys", "kernel"],
    ["a bash in a bash", { mode: EDITOR, reader: "shell" }, "prompt", "kernel"],
    ["read -n 1 in a bash in a bash", { mode: RAW, reader: "shell" }, "keys", "kernel"],
    ["a dash in a bash", { reader: "shell" }, "prompt", "kernel"],
    ["a dash of which nobody knows whether it reads a line", { reader: "perhaps-shell" }, "unknown", "kernel"],
    ["vim, where the kernel does not tell", { waits: "unknown", mode: EDITOR }, "keys", "settings"],
    ["bash, where it does not tell", { waits: "unknown", mode: EDITOR, reader: "shell" }, "prompt", "settings"],
    ["tail -f, where it does not tell", { waits: "unknown" }, "unknown", "settings"],
    ["sudo that asks", { waits: "unknown", mode: SILENT, isOwn: false, asksPasswords: true }, "password", "settings"],
    ["sudo that runs something", { waits: "unknown", isOwn: false, asksPasswords: true }, "unknown", "settings"],
    ["another's program", { waits: "unknown", mode: SILENT, isOwn: false }, "unknown", "settings"],
    ["another's editor", { waits: "unknown", mode: RAW, isOwn: false }, "unknown", "settings"],
  ];
  test.each(CASES)("%s", (_, facts, waitingFor, method) => {
    expect(judgeWaiting(reading(facts))).toEqual({ waitingFor, method } as never);
  });
});
