import { expect, test } from "bun:test";
import { CENSUS_EVENTS, EVENT_TYPES, SUBSCRIBED_EVENTS } from "../../../src/subscriptions/events.ts";
import { TYPES } from "../../../src/subscriptions/table.ts";

test("every type of subscription has its event, and none is listed twice", () => {
  for (const { name } of TYPES) expect(EVENT_TYPES).toContain(name as never);
  expect(new Set(EVENT_TYPES).size).toBe(EVENT_TYPES.length);
});

test("what is fired by the census is one of its events; what is not, there is by subscription alone", () => {
  for (const { name, fires } of TYPES) {
    expect(CENSUS_EVENTS.some((event) => event === name)).toBe(fires.by === "census");
    expect(SUBSCRIBED_EVENTS.some((event) => event === name)).toBe(fires.by !== "census");
  }
});
