import { describe, expect, test } from "bun:test";
import { existsSync, readFileSync } from "node:fs";
import { Box, setUp, until } from "../helpers/box.ts";
import { OPENCODE_ID, promptedAgent } from "../helpers/prompted-agent.ts";

// opencode tells what it does by its plugin, or, without that, by what it shows

async function prompted(how: "plugin" | "screen", variables: Record<string, string> = {}): Promise<Box> {
  return await setUp(new Box({ SHELL: "/bin/bash" }), async (box) => {
    const agent = promptedAgent(box.folder, "opencode");
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
    const [program = ""] = box.command;
    const all = { ...variables, ...(how === "plugin" && { HOOK: program }) };
    const words = Object.entries(all).map(([name, value]) => `${name}=$'${value.replaceAll("\n", "\\n")}'`);
    await box.tmux("send-keys", "-t", "=dev:0.0", `${words.join(" ")} ${agent}`, "Enter");
    await until("it has started", async () => {
      const { output } = await box.bridge("agent-status", "dev", "0");
      const told = output as unknown as { kind: string | null; source: string };
      return told.kind === "opencode" && told.source === (how === "plugin" ? "hook" : "screen");
    });
  });
}

const prompt = (box: Box, ...words: string[]) => box.bridge("agent-prompt", "dev", "0", ...words);
const written = (box: Box, name: string): string[] =>
  existsSync(`${box.folder}/${name}`)
    ? readFileSync(`${box.folder}/${name}`, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
    : [];
const prompts = (box: Box) => written(box, "prompts");
const pastes = (box: Box) => written(box, "pastes");

describe.skipIf(!existsSync("/proc/self/stat"))("a prompt for opencode", () => {
  test("is given, and seen to be taken; its turn is waited for, and what it said is in its database", async () => {
    await using box = await prompted("plugin");
    expect(await prompt(box, "--wait", "--timeout", "20", "--", "Do it in @notes")).toMatchObject({
      receipt: "submitted",
      repeated: false,
      turn: { state: "done", for: null, message: "Done, all of it." },
    });
    // a blank behind, or Enter would choose a file
    expect(prompts(box)).toEqual(["Do it in @notes "]);
    const [told] = (await box.bridge("agent-list")).output as unknown as object[];
    expect(told).toMatchObject({ state: "done", conversation: OPENCODE_ID, said: "Done, all of it." });
  });

  test("is given to one without the plugin by what it shows, and the next one, too", async () => {
    await using box = await prompted("screen", { WORK: "1000" });
    for (const text of ["Do it", "one\n  two\n\nthree"]) {
      expect(await prompt(box, "--wait", "--timeout", "20", text)).toMatchObject({
        receipt: "submitted",
        turn: { state: "idle", message: "Done, all of it." },
      });
    }
    expect(prompts(box)).toEqual(["Do it", "one\n  two\n\nthree"]);
  });

  test.each<[string, Record<string, string>]>([
    ["loses the first Enter", { EATEN: "1" }],
    ["draws late what is pasted", { SLOW: "1500" }],
  ])("is given once to one that %s", async (_, variables) => {
    await using box = await prompted("plugin", variables);
    expect(await prompt(box, "Do it")).toMatchObject({ receipt: "submitted" });
    expect([prompts(box), pastes(box)]).toEqual([["Do it"], ["Do it"]]);
  });

  describe.each(["plugin", "screen"] as const)("of which its %s tells", (how) => {
    test.each<[string, Record<string, string>, string]>([
      ["asks for a permission", { STATUS: "waiting" }, "waits for permission"],
      ["works", { STATUS: "busy", WORK: "20000" }, "works"],
      ["has somebody's draft in its composer", { DRAFT: "half a thought" }, "has something written in its composer"],
      ["has a blank there", { DRAFT: " " }, "has something written in its composer"],
      ["has a newline there", { DRAFT: "\n" }, "has something written in its composer"],
    ])("is refused by one that %s", async (_, variables, why) => {
      await using box = await prompted(how, variables);
      expect(await prompt(box, "Do it")).toMatchObject({
        receipt: "refused",
        error: { code: "ERR_PANE_BUSY" },
        output: expect.stringContaining(why),
      });
      expect([prompts(box), pastes(box), existsSync(`${box.folder}/answered`)]).toEqual([[], [], false]);
    });

    test("waits its turn where that is wanted", async () => {
      await using box = await prompted(how, { STATUS: "busy", WORK: "1500" });
      expect(await prompt(box, "--queue", "--timeout", "20", "Do it")).toMatchObject({ receipt: "submitted" });
      expect(prompts(box)).toEqual(["Do it"]);
    });

    test.each<[string, Record<string, string>, string]>([
      ["begins to ask for a permission as it is pasted", { DIALOG: "paste" }, "Enter was not pressed"],
      ["shows nothing of it", { DEAF: "1" }, "Enter was not pressed"],
      ["empties its composer, and does nothing", { GONE: "1" }, "was not seen to do anything"],
      ["is typed into by a person just then", { APPEND: " and more" }, "is not shown as it is"],
    ])("is told as unknown, and not given again, of one that %s", async (_, variables, why) => {
      await using box = await prompted(how, variables);
      for (const output of [expect.stringContaining(why), expect.any(String)]) {
        expect(await prompt(box, "--key", "k", "Do it")).toMatchObject({ receipt: "unknown", exitCode: 124, output });
        expect([pastes(box), prompts(box), existsSync(`${box.folder}/answered`)]).toEqual([["Do it"], [], false]);
      }
    });
  });

  test("is refused by one that is to be given a shell's command, in the same box", async () => {
    await using box = await prompted("plugin", { SHELL_MODE: "1" });
    expect(await prompt(box, "Do it")).toMatchObject({
      receipt: "refused",
      output: expect.stringContaining("shows no place to write a prompt in"),
    });
    expect(pastes(box)).toEqual([]);
  });

  test("with a key is given once, however many try at once", async () => {
    await using box = await prompted("plugin");
    const all = await Promise.all(Array.from({ length: 4 }, () => prompt(box, "--key", "ticket-17", "Do it")));
    expect(all.map((one) => one.receipt)).toEqual(Array(4).fill("submitted"));
    expect(all.filter((one) => one.repeated === false)).toHaveLength(1);
    expect(prompts(box)).toEqual(["Do it"]);
  });
});
