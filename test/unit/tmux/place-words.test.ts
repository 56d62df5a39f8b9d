import { expect, test } from "bun:test";
import { isDirect, isPlace } from "../../../src/tmux/place-words.ts";

test.each(["%5", "dev:1", "dev:1.2", ":", "$3:0"])("%p names a pane and its session", (word) => {
  expect(isPlace(word)).toBe(true);
});

test.each(["dev", "5", "%", "%x", "=a:b", "$3", "web", ""])("%p does not", (word) => {
  expect(isPlace(word)).toBe(false);
});

test.each(["dev", "a-b_C9", "daemon"])("tmux can be told of %p as it stands", (name) => {
  expect(isDirect(name)).toBe(true);
});

// tmux takes the name of a client, which may be that of its terminal, for the session that it shows
test.each(["client-123", "ttys001", "/dev/pts/0", "$3", "a b", "=a", "", "ü", "a:b", "%1"])("not of %p", (name) => {
  expect(isDirect(name)).toBe(false);
});
