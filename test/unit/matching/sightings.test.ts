import { describe, expect, test } from "bun:test";
import { erase, REDRAW_GRACE_MS, reconcile, type Sighting, type Track } from "../../../src/matching/sightings.ts";

/** "3:DONE" is a match of DONE in row 3. */
const see = (text: string): Sighting => {
  const [row = "", match = ""] = text.split(":");
  return { row: Number(row), line: match, match: { start: 0, text: match }, isGrowing: false };
};

/** What appears ("+") or is revived ("~") in each of a series of screens, so many milliseconds after the start. */
function play(frames: [number, ...string[]][]): string[][] {
  let tracks: Track[] = [];
  return frames.map(([now, ...lines]) => {
    if (lines[0] === "clear") {
      tracks = erase(tracks, { from: 0, to: Number.POSITIVE_INFINITY }, now);
      return [];
    }
    const result = reconcile(tracks, lines.map(see), now);
    tracks = result.tracks;
    const show = (mark: string) => (sighting: Sighting) => `${mark}${sighting.row}:${sighting.match.text}`;
    return [...result.appeared.map(show("+")), ...result.revived.map(show("~"))];
  });
}

const LATER = REDRAW_GRACE_MS + 1;

describe("reconcile", () => {
  test.each<[string, [number, ...string[]][], string[][]]>([
    [
      "a line that stays appears once",
      [
        [0, "1:DONE"],
        [1, "1:DONE"],
        [500, "1:DONE"],
      ],
      [["+1:DONE"], [], []],
    ],
    [
      "two equal lines are two",
      [
        [0, "1:DONE"],
        [1, "1:DONE", "2:DONE"],
      ],
      [["+1:DONE"], ["+2:DONE"]],
    ],
    [
      "a match that grows is the same",
      [
        [0, "1:Pass"],
        [1, "1:Password!"],
      ],
      [["+1:Pass"], []],
    ],
    [
      "a match that shrinks is the same",
      [
        [0, "1:Password!"],
        [1, "1:Pass"],
      ],
      [["+1:Password!"], []],
    ],
    [
      "another match in its place is new",
      [
        [0, "1:ok"],
        [1, "1:failed"],
      ],
      [["+1:ok"], ["+1:failed"]],
    ],
    ["gone and back at once is revived", [[0, "1:DONE"], [5], [10, "1:DONE"]], [["+1:DONE"], [], ["~1:DONE"]]],
    ["gone for long and back is new", [[0, "1:DONE"], [5], [5 + LATER, "1:DONE"]], [["+1:DONE"], [], ["+1:DONE"]]],
    [
      "erased and there again is revived",
      [
        [0, "1:DONE"],
        [5, "clear"],
        [5, "1:DONE"],
      ],
      [["+1:DONE"], [], ["~1:DONE"]],
    ],
    [
      "erased and a longer one there is new",
      [
        [0, "1:ok"],
        [5, "clear"],
        [5, "1:ok 2"],
      ],
      [["+1:ok"], [], ["+1:ok 2"]],
    ],
    [
      "redrawn in another row is the same",
      [
        [0, "1:DONE"],
        [5, "4:DONE"],
      ],
      [["+1:DONE"], []],
    ],
    [
      "redrawn elsewhere beside a new one",
      [
        [0, "1:DONE"],
        [5, "4:DONE", "5:DONE"],
      ],
      [["+1:DONE"], ["+5:DONE"]],
    ],
    ["erased and redrawn elsewhere", [[0, "1:DONE"], [5], [10, "7:DONE"]], [["+1:DONE"], [], ["~7:DONE"]]],
  ])("%s", (_, frames, appeared) => {
    expect(play(frames)).toEqual(appeared);
  });
});
