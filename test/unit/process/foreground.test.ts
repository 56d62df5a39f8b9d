import { expect, test } from "bun:test";
import { isInteractiveShell } from "../../../src/process/foreground.ts";

test.each([
  [["-bash"], true],
  [["/bin/bash", "--posix", "-l"], true],
  [["bash", "build.sh"], false],
  [["sh", "-c", "make"], false],
  [["dash", "-lc", "x"], false],
  [["/usr/bin/fish", "-i"], true],
  // tcsh blanks its arguments
  [["tcsh", "", ""], true],
  [["-tcsh", ""], true],
  [["ksh93"], true],
  [["/usr/bin/bash-5.2", "-l"], true],
  [["zsh-5.9.1"], true],
  [["ksh93u+m"], true],
  [["rbash"], true],
  [["-rbash"], true],
  [["bash5", "x.sh"], false],
  [["bashtop"], false],
  [["sh2"], true],
  [["vim"], false],
  [[], false],
])("%p is an interactive shell: %p", (words, expected) => {
  expect(isInteractiveShell(words)).toBe(expected);
});
