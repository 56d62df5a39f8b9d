import { expect, test } from "bun:test";
import { general } from "../../../../src/commands/people/general.ts";
import { before, VIEW } from "./example-view.ts";

test("a sentence is one, and what it did not say stands below", () => {
  const details = {
    warning: "No daemon runs",
    duration_ms: 2300,
    ttl_s: 7200,
    bytes_written: 3849,
    last_run: before(180),
    exit_code: 0,
    keep: false,
    note: null,
    survivors: [{ pid: 17, command: "sleep 1000" }],
    hidden: ["the variable TOKEN\x1b[2J"],
    empty: [],
  };
  expect(general({ output: "Job ended", details }, VIEW)).toBe(
    [
      "Job ended",
      "No daemon runs",
      "  duration:       2.3 s",
      "  ttl:            2 h",
      "  bytes written:  3.8 KB",
      "  last run:       3 min ago",
      "  exit code:      0",
      "survivors:",
      "  PID  COMMAND",
      "  17   sleep 1000",
      "hidden:",
      "  the variable TOKEN\\x1b[2J",
    ].join("\n"),
  );
});

test("is no JSON, whatever the output is", () => {
  const text = general({ output: { name: "dev", panes: 3 }, details: {} }, VIEW);
  expect(text).toBe("output:\n    name:   dev\n    panes:  3");
});

test("few words are the sentence, and colours are few", () => {
  const result = { output: "Saved", details: { warning: "Look", panes: 3 } };
  expect(general(result, { ...VIEW, quiet: true })).toBe("Saved");
  expect(general(result, { ...VIEW, isColor: true })).toBe("Saved\n\x1b[33mLook\x1b[0m\n\x1b[2m  panes:  \x1b[0m3");
});
