import { describe, expect, test } from "bun:test";
import { fillBlocks } from "../../../../src/commands/reference/markdown.ts";
import { TOPICS } from "../../../../src/commands/reference/topics.ts";
import { describeCommands } from "../../../../src/commands/reference/usage.ts";
import { SETTINGS } from "../../../../src/lib/settings.ts";

describe("the README", () => {
  test("has the tables that the code makes (npm run readme makes them anew)", async () => {
    const text = await Bun.file(`${import.meta.dir}/../../../../README.md`).text();
    expect(text).toBe(fillBlocks(text, await describeCommands()));
    for (const name of ["commands", "subscriptions", ...Object.keys(TOPICS)])
      expect(text).toContain(`<!-- /${name} -->`);
  });

  test("names every command and every setting", async () => {
    const text = await Bun.file(`${import.meta.dir}/../../../../README.md`).text();
    for (const { family, name } of await describeCommands()) {
      expect(text).toContain([family, name].filter((word) => word).join(" "));
    }
    for (const { name } of Object.values(SETTINGS)) expect(text).toContain(`| \`${name}\` |`);
    // what is read by another way than the table is for tests alone
    const source = await Bun.file(`${import.meta.dir}/../../../../src/lib/config.ts`).text();
    const others = [...source.matchAll(/"(CLAUDE_TMUX_[A-Z_]+)"/g)].map(([, name]) => name);
    expect(others).toEqual(["CLAUDE_TMUX_LEGACY_DIR", "CLAUDE_TMUX_LEGACY_EVENTS_DIR"]);
  });
});
