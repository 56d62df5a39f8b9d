import { describe, expect, test } from "bun:test";
import { changes, Painter } from "../../../src/top/draw.ts";

test("nothing is written where nothing has changed", () => {
  expect(changes(["a", "b"], ["a", "b"])).toBe("");
});

test("only lines that have changed are written, each erased before, and all of them at once", () => {
  expect(changes(["a", "b", "c"], ["a", "x", "c"])).toBe("\x1b[?2026h\x1b[2;1H\x1b[2Kx\x1b[?2026l");
});

test("what is not known is cleared", () => {
  expect(changes(undefined, ["a"])).toBe("\x1b[?2026h\x1b[m\x1b[2J\x1b[1;1H\x1b[2Ka\x1b[?2026l");
});

describe("a painter", () => {
  /** One whose terminal takes a text when it is told to. */
  function painter() {
    const written: string[] = [];
    const failures: unknown[] = [];
    let lines: string[] | undefined = ["a", "b"];
    let done = { resolve: () => {}, reject: (_: unknown) => {} };
    const made = new Painter(
      () => lines,
      (text) => {
        written.push(text.replace(/\x1b\[(\?2026[hl]|2K|m)/g, ""));
        return new Promise((resolve, reject) => {
          done = { resolve, reject };
        });
      },
      (thrown) => failures.push(thrown),
    );
    const show = (next: string[] | undefined) => {
      lines = next;
      made.draw();
    };
    const settle = async (thrown?: unknown) => {
      if (thrown === undefined) done.resolve();
      else done.reject(thrown);
      await Bun.sleep(0);
    };
    return { made, written, failures, show, settle };
  }

  test("of what comes while the terminal takes some, it shows the last", async () => {
    const { written, show, settle } = painter();
    show(["a", "b"]);
    show(["a", "c"]);
    show(["a", "d"]);
    expect(written).toEqual(["\x1b[2J\x1b[1;1Ha\x1b[2;1Hb"]);
    await settle();
    await settle();
    show(["a", "d"]);
    expect(written.slice(1)).toEqual(["\x1b[2;1Hd"]);
  });

  test("what was forgotten is written anew; where nothing is to be shown, nothing is", async () => {
    const { made, written, show, settle } = painter();
    show(undefined);
    expect(written).toEqual([]);
    show(["a"]);
    await settle();
    made.forget();
    show(["a"]);
    expect(written).toEqual(["\x1b[2J\x1b[1;1Ha", "\x1b[2J\x1b[1;1Ha"]);
  });

  test("it tells that the terminal has gone", async () => {
    const { failures, show, settle } = painter();
    show(["a"]);
    await settle("gone");
    expect(failures).toEqual(["gone"]);
  });
});
