import { expect, test } from "bun:test";
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { BINARY, Box, until } from "../helpers/box.ts";
import { Hooked } from "../helpers/hooked.ts";

const fileOf = (box: Box) => `${box.folder}/.config/opencode/plugins/claude-tmux.js`;
const install = (box: Box, ...args: string[]) => box.must(["install", "opencode", ...args]);

test("a plugin is written among others, once, and taken away alone", async () => {
  await using box = new Box();
  const other = fileOf(box).replace("claude-tmux", "mine");
  mkdirSync(other.slice(0, other.lastIndexOf("/")), { recursive: true });
  writeFileSync(other, "mine");
  expect(await install(box, "--dry-run")).toContain(`Would write: ${fileOf(box)}`);
  expect(existsSync(fileOf(box))).toBe(false);
  expect(await install(box)).toStartWith(`Written: ${fileOf(box)}\nThen:\n  opencode `);
  const text = readFileSync(fileOf(box), "utf8");
  expect(text).toContain(`= ["${BINARY}"]`);
  expect(await install(box, "--print")).toBe(text.trimEnd());
  for (const option of ["--remove", "--dry-run"]) {
    const { exitCode, stderr } = await box.run(["install", "opencode", "--print", option]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 2, stderr: expect.stringContaining(`${option} can't be given`) });
  }
  expect(await install(box)).toContain(`Up to date: ${fileOf(box)}`);
  expect(await install(box, "--remove", "--dry-run")).toBe(`Would remove: ${fileOf(box)}`);
  expect(await install(box, "--remove")).toBe(`Removed: ${fileOf(box)}`);
  expect(readFileSync(other, "utf8")).toBe("mine");
  expect(existsSync(`${box.durable}/installed.json`)).toBe(false);
});

test("with it goes what was made for it, also by uninstall, and what somebody has changed stays", async () => {
  await using box = new Box({ XDG_CONFIG_HOME: "" });
  await install(box);
  await install(box, "--remove");
  expect(readdirSync(box.folder)).not.toContain(".config");
  await install(box);
  expect(JSON.parse(await box.must(["uninstall", "--json"])).removed).toContain(fileOf(box));
  expect(readdirSync(box.folder)).not.toContain(".config");
  await install(box);
  appendFileSync(fileOf(box), "// mine\n");
  for (const args of [[], ["--remove"]]) expect(await install(box, ...args)).toContain(`Kept: ${fileOf(box)} (`);
  expect(JSON.parse(await box.must(["uninstall", "--json"])).kept).toContainEqual({
    what: fileOf(box),
    why: expect.stringContaining("changed"),
  });
  expect(readFileSync(fileOf(box), "utf8")).toEndWith("// mine\n");
});

test("nothing is written over what is not ours", async () => {
  await using box = new Box();
  const folder = `${box.folder}/.opencode/plugins`;
  mkdirSync(folder, { recursive: true });
  writeFileSync(`${folder}/claude-tmux.js`, "mine");
  const { exitCode, stderr } = await box.run(["install", "opencode", "--dir", folder]);
  expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("exists already") });
  expect(stderr).toContain("Nothing was written. Move away what is there.");
  expect(readFileSync(`${folder}/claude-tmux.js`, "utf8")).toBe("mine");
});

test.skipIf(process.platform !== "linux" || Bun.which("node") === null)(
  "what it is told, it has noted in the pane of the program that has loaded it",
  async () => {
    await using box = await Hooked.start();
    await install(box);
    const plugin = `${box.folder}/plugin.mjs`;
    writeFileSync(plugin, readFileSync(fileOf(box)));
    // does as opencode does with plugins: each line is an event
    const program = box.program(
      "opencode",
      `#!/usr/bin/env node
      import("${plugin}").then(async ({ ClaudeTmux }) => {
        const { event, dispose } = await ClaudeTmux({ client: { session: { get: async () => ({}) } } });
        for await (const line of require("node:readline").createInterface({ input: process.stdin })) {
          if (line === "exit") break;
          const [type, id, status] = line.split(" ");
          await event({ event: { type, properties: { id, requestID: id, sessionID: "ses_1a", status: { type: status } } } });
        }
        await dispose();
        process.exit();
      });\n`,
    );
    await box.line(0, program);
    const steps: [event: string, told: string | undefined][] = [
      ["plugin.added x", "idle"],
      ["session.status x busy", "working"],
      ["permission.asked p1", "waiting permission"],
      ["permission.replied p1", "working"],
      ["question.asked q1", "waiting question"],
      ["session.idle x", "done"],
    ];
    for (const [event, told] of steps) {
      await box.line(0, event);
      await until(`${event} is told`, async () => (await box.told(0)) === told);
    }
    const { output } = await box.bridge("agent-status", "dev", "0");
    expect(output as unknown).toMatchObject({
      kind: "opencode",
      state: "done",
      source: "hook",
      conversation: "ses_1a",
    });
    await box.line(0, "exit");
    await until("its note is gone", async () => (await box.noteText(0)) === "");
    expect((await box.bridge("agent-list")).output as unknown).toEqual([]);
  },
);
