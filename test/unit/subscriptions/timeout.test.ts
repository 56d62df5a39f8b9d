import { expect, test } from "bun:test";
import { timeout } from "../../../src/subscriptions/timeout.ts";
import { row } from "./rows.ts";

test("it is a time of the clock, so many seconds from now", () => {
  expect(timeout.read?.({ seconds: 1.5004 }, 1000)).toEqual({ deadline: 2500 });
});

test("its event tells that time", () => {
  const { fires } = timeout;
  if (fires.by !== "clock") throw new Error("it is for no time");
  const subscription = row("timeout", { deadline: 1_700_000_000_000 });
  expect(fires.deadline(subscription)).toBe(1_700_000_000_000);
  expect(fires.firing(subscription)).toEqual({
    message: "deadline passed",
    about: { deadline: "2023-11-14T22:13:20.000Z" },
  });
});
