import { expect, test } from "bun:test";
import { mkdirSync, writeFileSync } from "node:fs";
import { findShell } from "../../src/dev/fuzz/play-set-up.ts";
import { Box, until } from "../helpers/box.ts";

type Told = { where: string; what: string };
type Pane = { environment: { set: Record<string, string | null>; hidden: string[] } | null };

/** A box with a session whose shell exports some variables, and has read an older history. */
async function boxWith(shell: string): Promise<Box> {
  const box = new Box({ SHELL: shell, LANG: "C.UTF-8" });
  writeFileSync(`${box.folder}/.bash_profile`, "export OF_FILE=1\n");
  writeFileSync(`${box.folder}/.zshrc`, "export OF_FILE=1\nHISTFILE=~/.zsh_history HISTSIZE=99 SAVEHIST=99\n");
  mkdirSync(`${box.folder}/.config/fish`, { recursive: true });
  writeFileSync(`${box.folder}/.config/fish/config.fish`, "set -gx OF_FILE 1\n");
  for (const file of [".bash_history", ".zsh_history"]) writeFileSync(`${box.folder}/${file}`, "echo older\n");
  await box.output("session-create", "dev");
  const set = shell.endsWith("fish") ? (name: string) => `set -gx ${name} ` : (name: string) => `export ${name}=`;
  const words = [`${set("FOO")}bar`, `${set("LINES_OF")}'a\nb'`, `${set("EMPTY")}''`, `${set("PLANTED_TOKEN")}hush`];
  await box.bridge("pane-run", "dev", "0", "--", words.join("; "));
  await box.bridge("pane-run", "dev", "0", "--", shell.endsWith("fish") ? "set -e LANG" : "unset LANG");
  return box;
}

/** The pane as it was saved last. */
async function saved(box: Box): Promise<Pane> {
  const { output } = await box.bridge("session-snapshot-show", "dev");
  return (output as unknown as { session: { windows: { panes: [Pane] }[] } }).session.windows[0]?.panes[0] as Pane;
}

for (const shell of ["bash", "zsh", "fish"] as const) {
  const path = findShell(shell);
  test.skipIf(!path)(`what ${shell} exports comes back, and commands are ready in its history`, async () => {
    await using box = await boxWith(path ?? "");
    await box.bridge("pane-exec", "dev", "0", "env ONE=1 sleep 3201");
    await until("it runs", async () => (await box.bridge("pane-is-running", "dev", "0")).output === "true");
    expect(await box.bridge("session-save", "dev")).toMatchObject({
      hidden: expect.arrayContaining(["the variable PLANTED_TOKEN of pane 0.0"]),
    });
    const { environment } = await saved(box);
    expect(environment).toEqual({
      set: { FOO: "bar", LINES_OF: "a\nb", EMPTY: "", LANG: null },
      hidden: ["PLANTED_TOKEN"],
    });
    await box.tmux("kill-server");
    const command = "env 'ONE=1' sleep 3201";
    const restored = await box.bridge("session-restore", "dev");
    expect(restored).toMatchObject({
      exitCode: 0,
      differences: [],
      history: shell === "fish" ? [] : [{ where: "pane 0.0", command }],
    });
    expect((restored.missing as Told[]).map(({ what }) => what).sort()).toEqual([
      "sleep 3201",
      "the variable PLANTED_TOKEN",
    ]);
    const run = async (line: string) => (await box.bridge("pane-run", "dev", "0", "--", line)).output;
    expect(await run('echo "$FOO $LINES_OF $EMPTY. $OF_FILE $LANG."')).toBe("bar a\nb . 1 .");
    expect(await run("env | grep -c CLAUDE_TMUX_RESTORED")).toBe("0");
    // told by the new shell as by the old one
    await box.bridge("session-save", "dev");
    expect((await saved(box)).environment?.set).toEqual(environment?.set ?? {});
    if (shell === "fish") return;
    const history = await run(shell === "bash" ? "history" : "fc -l 1");
    expect(history).toMatch(/older[\s\S]*sleep 3201/);
  });
}

test("a secret that is set where it is restored comes back, in no command line", async () => {
  await using box = await boxWith("/bin/bash");
  await box.output("session-save", "dev");
  await box.tmux("kill-server");
  box.env.PLANTED_TOKEN = "of-here";
  expect(await box.bridge("session-restore", "dev")).toMatchObject({ missing: [] });
  expect((await box.bridge("pane-run", "dev", "0", "--", "echo $PLANTED_TOKEN")).output).toBe("of-here");
});

test("a shell without our integration is told of", async () => {
  await using box = await boxWith("/bin/bash");
  await box.output("session-save", "dev");
  await box.tmux("kill-server");
  // its start-up files do not let ours be read to the end
  writeFileSync(`${box.folder}/.bash_profile`, "exec sh\n");
  const { missing } = await box.bridge("session-restore", "dev");
  expect((missing as Told[]).map(({ what }) => what)).toEqual(
    expect.arrayContaining(["the variable FOO", "the variable EMPTY"]),
  );
});
