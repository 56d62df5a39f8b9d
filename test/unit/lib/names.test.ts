import { expect, test } from "bun:test";
import { paneLabel, sessionName } from "../../../src/lib/names.ts";

test.each(["dev", "a-b_C9", "-x", "a".repeat(50), "tmp2"])("the session name %p is fine", (name) => {
  expect(sessionName(name)).toBe(name);
});

test.each([
  "",
  "my.app",
  "a b",
  "a*",
  "../x",
  "a:b",
  "dév",
  "a\n",
  "$0",
  "a".repeat(51),
  "daemon",
  "tmp",
  "root",
  "admin",
  "system",
])("the session name %p is refused", (name) => {
  expect(() => sessionName(name)).toThrow(expect.objectContaining({ code: "ERR_INVALID_NAME", exitCode: 2 }));
});

test.each(["server", 'ser"ver', "a b", "-n", "null", "日本", "1.2.3", "%x"])("the label %p is fine", (label) => {
  expect(paneLabel(label)).toBe(label);
});

test.each(["", "0", "12", "2.1", "%3", "a\nb", "\x1b", "x\u241ey"])("the label %p is refused", (label) => {
  expect(() => paneLabel(label)).toThrow(expect.objectContaining({ code: "ERR_INVALID_NAME" }));
});
