import { expect, test } from "bun:test";
import { madeAt, UUID } from "../../../src/agents/uuid.ts";

test.each<[string, number | undefined]>([
  ["01a22934-971c-7b62-bbaf-a9ea4472a3fe", Date.parse("2026-11-29T21:27:22.140Z")],
  ["4cc82d9f-b271-4a17-980b-88d7baf36de7", undefined],
  ["01a22934-971c-7b62", undefined],
])("%s was made at %p", (id, at) => {
  expect(madeAt(id)).toBe(at);
});

test.each(["--yolo", "../4cc82d9f-b271-4a17-980b-88d7baf36de7", "4cc82d9f-b271-4a17-980b-88d7baf36de7 ", ""])(
  "%p is no id",
  (text) => {
    expect(UUID.test(text)).toBe(false);
  },
);
