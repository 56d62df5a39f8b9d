import { describe, expect, test } from "bun:test";
import { defaultOptions, takeGlobals } from "../../../src/commands/options.ts";

describe("takeGlobals", () => {
  test("stops at the first word", () => {
    const options = defaultOptions();
    expect(takeGlobals(["-L", "work", "--json", "daemon", "--frob"], options)).toEqual(["daemon", "--frob"]);
    expect(options).toMatchObject({ socketName: "work", json: true });
  });

  test("refuses what is no global option", () => {
    expect(() => takeGlobals(["--frob"], defaultOptions())).toThrow("unknown option --frob");
  });
});
