import { expect, test } from "bun:test";
import { jsonText } from "../../../src/lib/json.ts";

test("no control character is left, and all of them come back", () => {
  const value = { text: Array.from({ length: 0x100 }, (_, code) => String.fromCharCode(code)).join("") };
  expect(jsonText(value)).not.toMatch(/[\x00-\x1f\x7f-\x9f]/);
  expect(JSON.parse(jsonText(value))).toEqual(value);
  expect(jsonText(["\u202e\u2066"])).toBe('["\\u202e\\u2066"]');
  expect(jsonText({ a: "\x9b" }, 2)).toBe('{\n  "a": "\\u009b"\n}');
});
