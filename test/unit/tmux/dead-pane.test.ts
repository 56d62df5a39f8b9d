import { expect, test } from "bun:test";
import { signalShown } from "../../../src/tmux/dead-pane.ts";

// as tmux 3.2a shows dead panes
test.each([
  ["$ kill -9 $$\nPane is dead (signal 9, Sat Nov 28 18:03:30 2026)\n\n", 9],
  ["Pane is dead (signal 15, Sat Nov 28 18:03:30 2026)", 15],
  ["Pane is dead (signal kill, Sat Nov 28 18:03:30 2026)\n", 9],
  ["Pane is dead (status 3, Sat Nov 28 18:03:30 2026)\n", undefined],
  ["Pane is dead (signal nosuch, Sat Nov 28 18:03:30 2026)\n", undefined],
  ["Pane is dead (signal 9, Sat Nov 28 18:03:30 2026)\nand more\n", undefined],
  ["Pane is dead\n", undefined],
  ["", undefined],
])("%p tells of signal %p", (screen, signal) => {
  expect(signalShown(screen)).toBe(signal);
});
