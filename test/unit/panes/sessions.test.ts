import { expect, test } from "bun:test";
import { parseEnv, parseSize } from "../../../src/panes/sessions.ts";

test("sizes", () => {
  expect(parseSize("200x50")).toEqual({ width: 200, height: 50 });
  for (const text of ["200", "0x5", "1x5", "x", "200x50x1", "-1x5", "99999x5", "20 x5"]) {
    expect(() => parseSize(text)).toThrow(expect.objectContaining({ code: "ERR_INVALID_ARGUMENT" }));
  }
});

test("environments", () => {
  expect(parseEnv(["A=b", "_x=", "P=a=b"])).toEqual(["A=b", "_x=", "P=a=b"]);
  for (const text of ["A", "=b", "1A=b", "A B=c"]) expect(() => parseEnv([text])).toThrow("is not NAME=VALUE");
});
