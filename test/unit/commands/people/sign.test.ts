import { expect, jest, test } from "bun:test";
import { Sign, signText } from "../../../../src/commands/people/sign.ts";

test.each([
  [80, 12_400, "Waiting for what runs in dev build … 12 s"],
  [40, 3_700_000, "Waiting for what runs in d… … 1 h 1 min"],
])("in %p columns, after %p ms: %p", (width, ms, text) => {
  const shown = signText({ words: "what runs in dev build", width, isColor: false }, ms);
  expect(shown).toBe(text);
  expect(Bun.stringWidth(shown)).toBeLessThan(width);
});

test("a name that would be acted upon is shown", () => {
  expect(signText({ words: "\x1b[2J\n", width: 80, isColor: true }, 0)).toBe(
    "\x1b[2mWaiting for \\x1b[2J\\n … 0 s\x1b[0m",
  );
});

test("comes after a second, stays away while something is written, and goes at the end", () => {
  jest.useFakeTimers();
  try {
    let written = "";
    const take = () => {
      const now = written;
      written = "";
      return now.replaceAll("\r\x1b[2K", "<").replace(/ … \d+ s/, "");
    };
    const write = (text: string) => {
      written += text;
    };
    const sign = new Sign({ words: "it", width: 80, isColor: false, write });
    jest.advanceTimersByTime(900);
    expect(take()).toBe("");
    jest.advanceTimersByTime(200);
    expect(take()).toBe("<Waiting for it");
    jest.advanceTimersByTime(1000);
    expect(take()).toBe("<Waiting for it");
    sign.hide(true);
    expect(take()).toBe("<");
    jest.advanceTimersByTime(5000);
    expect(take()).toBe("");
    sign.hide();
    jest.advanceTimersByTime(2000);
    expect(take()).toMatch(/^<Waiting for it/);
    sign[Symbol.dispose]();
    expect(take()).toBe("<");
    jest.advanceTimersByTime(5000);
    expect(take()).toBe("");
    expect(process.listenerCount("SIGHUP")).toBe(0);
  } finally {
    jest.useRealTimers();
  }
});
