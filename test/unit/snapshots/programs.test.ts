import { expect, test } from "bun:test";
import { isSafeToStart } from "../../../src/snapshots/programs.ts";

test.each([
  ["vim a.txt b.txt"],
  ["/usr/bin/less /var/log/syslog"],
  ["nvim notes"],
  ["man tmux"],
  ["tail -f log"],
  ["tail -F -n 20 log"],
  ["tail -n 20 -f log"],
  ["top"],
])("%s is safe", (line) => {
  expect(isSafeToStart(line.split(" "))).toBe(true);
});

test.each([
  ["vim"],
  ["vim -c !evil x"],
  ["vim +!evil x"],
  ["less +!evil x"],
  ["./vim x"],
  ["/tmp/vim x"],
  ["/home/me/bin/less x"],
  ["tail log"],
  ["tail --pid 1 -f log"],
  ["tail -f -s 1 log"],
  ["top -b"],
  ["rm x"],
  ["sh -c x"],
  ["python3"],
  ["make"],
  ["/usr/bin/../../tmp/evil/vim x"],
  ["nvim term://evil"],
  ["emacs /ssh:host:/x"],
  ["tail -f"],
])("%s is not", (line) => {
  expect(isSafeToStart(line.split(" "))).toBe(false);
});

test("nothing is, in which a control character is", () => {
  expect(isSafeToStart(["vim", "a\nb"])).toBe(false);
});
