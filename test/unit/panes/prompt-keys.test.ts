import { expect, test } from "bun:test";
import { readdirSync, utimesSync, writeFileSync } from "node:fs";
import { PromptKey } from "../../../src/panes/prompt-keys.ts";
import { ownStateHome } from "../../helpers/state-home.ts";

const home = ownStateHome();
const KEYED = { text: "Do it", pane: "42:7 %5", name: 'pane 0 of "dev"', place: "dev 0" };
const never = new AbortController().signal;
const dir = () => `${home()}/claude-tmux/prompts`;
const onlyFile = () => `${dir()}/${readdirSync(dir()).join()}`;

async function taken(key = "k"): Promise<PromptKey> {
  const found = await PromptKey.take(key, KEYED, never);
  if (!(found instanceof PromptKey)) throw new Error("it was used before");
  return found;
}

test("a key is used once, and tells what became of its prompt", async () => {
  expect([PromptKey.isUsed("k"), PromptKey.earlier("k", KEYED)]).toEqual([false, undefined]);
  const key = await taken();
  expect([PromptKey.isUsed("k"), PromptKey.earlier("k", KEYED)]).toEqual([true, "unknown"]);
  key.settle("submitted");
  expect(PromptKey.earlier("k", KEYED)).toBe("submitted");
  // what became of it says nothing of another one
  expect(PromptKey.earlier("k", { ...KEYED, text: "Do more" })).toBeUndefined();
  expect(PromptKey.earlier("k", { ...KEYED, pane: "42:7 %6" })).toBeUndefined();
  // a pane that is not found any more is known by its name
  expect(PromptKey.earlier("k", { ...KEYED, pane: undefined })).toBe("submitted");
  // named otherwise, it may be the same: nobody knows what that name meant
  expect(PromptKey.earlier("k", { ...KEYED, pane: undefined, place: "dev 1" })).toBe("unknown");
  expect(PromptKey.earlier("k", { ...KEYED, pane: undefined, text: "Do more" })).toBeUndefined();
  expect(await PromptKey.take("k", KEYED, never)).toEqual({ receipt: "submitted", at: expect.any(Number) });
  await expect(PromptKey.take("k", { ...KEYED, text: "Do more" }, never)).rejects.toThrow("another prompt");
  await expect(PromptKey.take("k", { ...KEYED, pane: "42:7 %6" }, never)).rejects.toThrow("another prompt");
});

test("a key that was given back can be used", async () => {
  (await taken()).release();
  expect(PromptKey.isUsed("k")).toBe(false);
  await taken();
});

test("of a process that has ended it is unknown what became of its prompt, and so it is of a damaged file", async () => {
  await taken();
  const noted = JSON.parse(await Bun.file(onlyFile()).text());
  writeFileSync(onlyFile(), JSON.stringify({ ...noted, owner: "1073741824:1" }));
  expect(await PromptKey.take("k", KEYED, never)).toMatchObject({ receipt: "unknown" });
  writeFileSync(onlyFile(), "{");
  expect(PromptKey.earlier("k", KEYED)).toBe("unknown");
  expect(await PromptKey.take("k", KEYED, never)).toMatchObject({ receipt: "unknown" });
});

test("whoever waits for another one that gives it is told when that is done, and can be stopped", async () => {
  const key = await taken();
  const waiting = PromptKey.take("k", KEYED, never);
  const stopped = new AbortController();
  const other = PromptKey.take("k", KEYED, stopped.signal);
  stopped.abort(new Error("stopped"));
  await expect(other).rejects.toThrow("stopped");
  key.settle("submitted");
  expect(await waiting).toMatchObject({ receipt: "submitted" });
});

test("a key is forgotten after 30 days, and nothing of it can be read", async () => {
  (await taken("a secret key")).settle("submitted");
  expect(onlyFile() + (await Bun.file(onlyFile()).text())).not.toMatch(/secret|Do it/);
  const old = Date.now() / 1000 - 31 * 86_400;
  utimesSync(onlyFile(), old, old);
  await taken("another");
  expect(PromptKey.isUsed("a secret key")).toBe(false);
});
