import { expect, test } from "bun:test";
import { manPage } from "../../../../src/commands/reference/man.ts";
import { describeCommands } from "../../../../src/commands/reference/usage.ts";

test("the man page holds every command, and nothing that roff would take for its own", async () => {
  const page = manPage(await describeCommands(), "1.2.3");
  expect(page).toContain(".B pane\\-run <session> <pane> [\\-\\-timeout S]");
  expect(page).toContain("write it in RE2 syntax; \\e(");
  for (const line of page.split("\n")) expect(line).toMatch(/^(\.(TH|SH|TP|B|BR)\b|[^.'])/);
});
