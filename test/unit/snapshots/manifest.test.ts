import { expect, test } from "bun:test";
import { manifestText, parseManifest, partsIn, type Snapshot } from "../../../src/snapshots/manifest.ts";
import { snapshotOf } from "./example.ts";

const thrown = (text: string) => {
  try {
    parseManifest(text, "It");
    return undefined;
  } catch (error) {
    return (error as { code?: string }).code;
  }
};

test("a snapshot is read as it was written", () => {
  const snapshot: Snapshot = snapshotOf();
  expect(parseManifest(manifestText(snapshot), "It")).toEqual(snapshot);
  expect(partsIn(snapshot)).toEqual(["a".repeat(64)]);
});

test("a part of one, another's file, or one in which a letter has changed is damaged", () => {
  const text = manifestText(snapshotOf());
  for (const damaged of [
    "",
    "{}",
    "null",
    text.slice(0, -20),
    text.replace("/work", "/wurk"),
    text.replace('"width": 80', '"width": 81'),
  ])
    expect(thrown(damaged)).toBe("ERR_SNAPSHOT_DAMAGED");
});

test("one of a newer version is none of ours", () => {
  expect(thrown(manifestText(snapshotOf()).replace('"format": 1', '"format": 2'))).toBe("ERR_SNAPSHOT_VERSION");
});

test("what is larger than anything tmux has is damaged", () => {
  const window = snapshotOf().session.windows[0];
  const read = (facts: object) =>
    thrown(manifestText(snapshotOf({ windows: [{ ...(window as object), ...facts } as never] })));
  expect(read({})).toBeUndefined();
  expect(read({ width: 20_000 })).toBe("ERR_SNAPSHOT_DAMAGED");
  expect(read({ index: 2 ** 31 })).toBe("ERR_SNAPSHOT_DAMAGED");
});

test("so is one of more panes than anybody has", () => {
  const [window] = snapshotOf().session.windows;
  const panes = Array.from({ length: 700 }, () => window?.panes[0]);
  const windows = [0, 1, 2].map((index) => ({ ...window, index, panes }));
  expect(thrown(manifestText(snapshotOf({ windows } as never)))).toBe("ERR_SNAPSHOT_DAMAGED");
});

test("what does not fit is damaged, although its sum is right", () => {
  const snapshot = snapshotOf();
  const wrong = { ...snapshot, session: { ...snapshot.session, windows: [] } };
  expect(thrown(manifestText(wrong))).toBe("ERR_SNAPSHOT_DAMAGED");
});
