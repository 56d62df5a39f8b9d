import { describe, expect, test } from "bun:test";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { BINARY, Box } from "../helpers/box.ts";

/** A box whose person has Claude Code. */
function homeBox(): Box {
  const box = new Box({ CLAUDE_CONFIG_DIR: "" });
  mkdirSync(`${box.folder}/.claude`);
  return box;
}

const folderOf = (box: Box) => `${box.folder}/.claude/plugins-local/claude-tmux`;
const HOOKS = "hooks/hooks.json";

/** All files below a folder. */
function filesIn(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => `${entry.parentPath}/${entry.name}`)
    .sort();
}

/** What a call told of each file, by its path in the folder. */
async function outcomes(box: Box, ...args: string[]): Promise<Record<string, string>> {
  const { files } = JSON.parse(await box.must(["install", "claude-code", ...args, "--json"]));
  const pairs = files.map(({ path, outcome }: Record<string, string>) => [
    path?.slice(folderOf(box).length + 1),
    outcome,
  ]);
  return Object.fromEntries(pairs);
}

test("a plugin is written, once, and taken away with all that was made for it", async () => {
  await using box = homeBox();
  const told = await box.must(["install", "claude-code"]);
  expect(told).toContain(`Written: ${folderOf(box)}/.claude-plugin/plugin.json`);
  expect(told).toContain(`\n  claude --plugin-dir ${folderOf(box)}\n`);
  const { hooks } = JSON.parse(readFileSync(`${folderOf(box)}/${HOOKS}`, "utf8"));
  expect(hooks.Stop[0].hooks[0]).toMatchObject({ command: BINARY, args: ["agent-hook", "claude"] });
  const files = filesIn(folderOf(box));
  expect(Object.keys(await outcomes(box)).sort()).toEqual(files.map((path) => path.slice(folderOf(box).length + 1)));
  expect(new Set(Object.values(await outcomes(box)))).toEqual(new Set(["unchanged"]));
  const removed = await box.must(["install", "claude-code", "--remove"]);
  for (const path of files) expect(removed).toContain(`Removed: ${path}`);
  expect(readdirSync(`${box.folder}/.claude`)).toEqual([]);
  expect(existsSync(`${box.durable}/installed.json`)).toBe(false);
  expect(await box.must(["install", "claude-code", "--remove"])).toBe(`Nothing of the plugin is in ${folderOf(box)}`);
});

test("--dry-run says the same, and does nothing", async () => {
  await using box = homeBox();
  const isWritten = (told: Record<string, string>) => new Set(Object.values(told));
  expect(isWritten(await outcomes(box, "--dry-run"))).toEqual(new Set(["written"]));
  expect(await box.must(["install", "claude-code", "--dry-run"])).toContain(`Would write: ${folderOf(box)}/README.md`);
  expect(readdirSync(`${box.folder}/.claude`)).toEqual([]);
  await box.must(["install", "claude-code"]);
  const before = filesIn(folderOf(box));
  expect(isWritten(await outcomes(box, "--remove", "--dry-run"))).toEqual(new Set(["removed"]));
  expect(filesIn(folderOf(box))).toEqual(before);
});

test.each(["codex", "gemini"])(
  "--dry-run of %s prints the hooks, as without, since nothing is written",
  async (kind) => {
    await using box = homeBox();
    const before = filesIn(box.folder);
    const printed = await box.must(["install", kind, "--dry-run"]);
    expect(Object.keys(JSON.parse(printed).hooks).length).toBeGreaterThan(5);
    expect(printed).toBe(await box.must(["install", kind]));
    expect(filesIn(box.folder)).toEqual(before);
  },
);

test("what somebody has changed or added stays, and is named", async () => {
  await using box = homeBox();
  await box.must(["install", "claude-code"]);
  const skill = `${folderOf(box)}/skills/claude-tmux/SKILL.md`;
  appendFileSync(skill, "mine\n");
  writeFileSync(`${folderOf(box)}/mine.txt`, "mine");
  expect(await outcomes(box)).toMatchObject({ "skills/claude-tmux/SKILL.md": "kept", [HOOKS]: "unchanged" });
  rmSync(`${folderOf(box)}/${HOOKS}`);
  expect(await outcomes(box)).toMatchObject({ "skills/claude-tmux/SKILL.md": "kept", [HOOKS]: "written" });
  expect(await box.must(["install", "claude-code", "--remove"])).toContain(`Kept: ${skill} (`);
  expect(filesIn(folderOf(box))).toEqual([`${folderOf(box)}/mine.txt`, skill]);
  expect(readFileSync(skill, "utf8")).toEndWith("mine\n");
});

test("what an earlier version has written is replaced, and taken away", async () => {
  await using box = homeBox();
  const earlier = `${box.folder}/claude-tmux`;
  try {
    linkSync(BINARY, earlier);
  } catch {
    copyFileSync(BINARY, earlier); // on another disk
  }
  const install = Bun.spawnSync([earlier, "install", "claude-code"], { env: box.env });
  expect(install.exitCode).toBe(0);
  const other = `${folderOf(box)}/old.json`;
  const notes = `${box.durable}/installed.json`;
  const { files } = JSON.parse(readFileSync(notes, "utf8"));
  const sha256 = new Bun.CryptoHasher("sha256").update("old").digest("hex");
  writeFileSync(other, "old");
  writeFileSync(notes, JSON.stringify({ files: [...files, { path: other, sha256 }] }));
  expect(await outcomes(box)).toMatchObject({ [HOOKS]: "written", LICENSE: "unchanged" });
  expect(readFileSync(`${folderOf(box)}/${HOOKS}`, "utf8")).toContain(`"${BINARY}"`);
  expect(await outcomes(box, "--remove")).toMatchObject({ "old.json": "removed", [HOOKS]: "removed" });
  expect(readdirSync(`${box.folder}/.claude`)).toEqual([]);
});

test("uninstall takes it away as well", async () => {
  await using box = homeBox();
  await box.must(["install", "claude-code"]);
  appendFileSync(`${folderOf(box)}/README.md`, "mine\n");
  const { removed, kept } = JSON.parse(await box.must(["uninstall", "--json"]));
  expect(removed).toContain(`${folderOf(box)}/${HOOKS}`);
  expect(kept).toContainEqual({ what: `${folderOf(box)}/README.md`, why: expect.stringContaining("changed") });
  expect(filesIn(folderOf(box))).toEqual([`${folderOf(box)}/README.md`]);
});

describe("nothing is written over, or into, what is not ours", () => {
  const refused: [what: string, prepare: (folder: string) => void, message: string][] = [
    ["a file", (folder) => write(`${folder}/README.md`), "holds other things"],
    ["a folder with other things", (folder) => write(`${folder}/notes.txt`), "holds other things"],
    ["a link", (folder) => symlinkSync("/tmp", folder), "is a link"],
    ["a link in it", (folder) => link("/tmp", `${folder}/hooks`), "is a link"],
    ["a file in place of a folder", (folder) => writeFileSync(folder, "mine"), "is no folder"],
  ];
  const write = (path: string) => {
    mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    writeFileSync(path, "mine");
  };
  const link = (target: string, path: string) => {
    mkdirSync(path.slice(0, path.lastIndexOf("/")), { recursive: true });
    symlinkSync(target, path);
  };

  test.each(refused)("%s", async (_, prepare, message) => {
    await using box = homeBox();
    const folder = `${box.folder}/plugin`;
    prepare(folder);
    const { exitCode, stderr } = await box.run(["install", "claude-code", "--dir", folder]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining(message) });
    expect(existsSync(`${folder}/.claude-plugin`)).toBe(false);
    expect(existsSync(`${box.durable}/installed.json`)).toBe(false);
  });

  test("a file beside ours", async () => {
    await using box = homeBox();
    await box.must(["install", "claude-code"]);
    const notes = `${box.durable}/installed.json`;
    const { files } = JSON.parse(readFileSync(notes, "utf8"));
    // one that was there before a version that has such a one
    const own = files.filter(({ path }: { path: string }) => !path.endsWith("/README.md"));
    writeFileSync(notes, JSON.stringify({ files: own }));
    writeFileSync(`${folderOf(box)}/README.md`, "mine");
    const { exitCode, stderr } = await box.run(["install", "claude-code"]);
    expect({ exitCode, stderr }).toEqual({ exitCode: 1, stderr: expect.stringContaining("README.md exists already") });
    expect(await outcomes(box, "--remove")).toMatchObject({ "README.md": "kept", [HOOKS]: "removed" });
    expect(filesIn(folderOf(box))).toEqual([`${folderOf(box)}/README.md`]);
  });
});

test("where it belongs is named, or known; its options are for it alone", async () => {
  await using box = homeBox();
  const skills = `${box.folder}/.claude/skills/tmux-panes`;
  expect(await box.must(["install", "claude-code", "--dir", skills])).toContain("loads it by itself");
  expect(existsSync(`${skills}/.claude-plugin/plugin.json`)).toBe(true);
  box.env.CLAUDE_CONFIG_DIR = `${box.folder}/config`;
  expect(await box.must(["install", "claude-code", "--dry-run"])).toContain(`${box.folder}/config/plugins-local/`);
  for (const wrong of [
    ["systemd", "--remove"],
    ["cron", "--dry-run"],
    ["claude-code", "--force"],
    ["claude-code", "--dir", ""],
  ]) {
    expect([wrong, (await box.run(["install", ...wrong])).exitCode]).toEqual([wrong, 2]);
  }
});
