import { afterAll, expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { within } from "../../../src/lib/wait.ts";
import { attachTurn, sessionTurn } from "../../../src/tmux/attach-turn.ts";

const folder = mkdtempSync(`${tmpdir()}/claude-tmux-turn-`);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("one attaches at a time", async () => {
  const first = await attachTurn(folder);
  const second = attachTurn(folder);
  expect(await within(50, second)).toBeUndefined();
  first[Symbol.dispose]();
  (await second)[Symbol.dispose]();
});

test("sessions are made by any number at once, while nobody attaches", async () => {
  const first = sessionTurn(folder);
  const second = sessionTurn(folder);
  const attaching = attachTurn(folder);
  first[Symbol.dispose]();
  expect(await within(50, attaching)).toBeUndefined();
  second[Symbol.dispose]();
  (await attaching)[Symbol.dispose]();
});

test("without a state folder there is nobody to wait for", () => {
  sessionTurn(`${folder}/none`)[Symbol.dispose]();
});
