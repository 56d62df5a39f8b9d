import { expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
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
    // into that of fish nothing is put: `history` above says so
    if (shell !== "fish") expect(await run(shell === "bash" ? "history" : "fc -l 1")).toMatch(/older[\s\S]*sleep 3201/);
  });
}

const FILES: Record<string, string> = { bash: ".bash_profile", zsh: ".zshrc", fish: ".config/fish/config.fish" };

for (const shell of ["bash", "zsh", "fish"] as const) {
  const path = findShell(shell);
  const set = (name: string, value: string) =>
    shell === "fish" ? `set -gx ${name} '${value}'` : `export ${name}='${value}'`;

  test.skipIf(!path)(
    `in ${shell}, variables may be called as ours might be, and one that can't be set keeps no other away`,
    async () => {
      await using box = await boxWith(path ?? "");
      const precious = `${box.folder}/precious`;
      writeFileSync(precious, "");
      const own = Object.fromEntries(
        "name state code names told entry list pair line value match reply"
          .split(" ")
          .map((name) => [name, `my ${name}`]),
      );
      const all = { ...own, file: precious, BAR: "3" };
      await box.bridge(
        "pane-run",
        "dev",
        "0",
        "--",
        Object.entries(all)
          .map(([name, value]) => set(name, value))
          .join("; "),
      );
      await box.bridge("session-save", "dev");
      expect((await saved(box)).environment?.set).toMatchObject(all);
      await box.tmux("kill-server");
      const file = `${box.folder}/${FILES[shell]}`;
      if (shell !== "fish") writeFileSync(file, "readonly BAR=1\n");
      const { differences } = await box.bridge("session-restore", "dev");
      expect(differences).toMatchObject(shell === "fish" ? [] : [{ what: "variable BAR", before: "3" }]);
      expect(existsSync(precious)).toBe(true);
      const { output } = await box.bridge(
        "pane-run",
        "dev",
        "0",
        "--",
        'printf "%s," "$name" "$file" "$state" "$told" "$FOO" "$pair"',
      );
      expect(output).toBe(`my name,${precious},my state,my told,bar,my pair,`);
    },
  );

  test.skipIf(!path)(
    `what ${shell} is given as a secret stands in no file, and what looks like one neither`,
    async () => {
      await using box = await boxWith(path ?? "");
      const secrets = [
        "ghp_0123456789abcdef",
        "Authorization: Bearer hush",
        "postgres://me:hush@host/db",
        "x sk-0123456789abcdef",
        "password=hush",
        "me:hush@host",
        '{"user": "me", "db_password": "hush"}',
      ];
      const lines = secrets.map((value, i) => set(`V_${i}`, value));
      await box.bridge(
        "pane-run",
        "dev",
        "0",
        "--",
        [...lines, set("MY_API_KEY", "hush"), set("OPEN", "task-0123456789abcdef")].join("; "),
      );
      await box.bridge("session-save", "dev");
      const { environment } = await saved(box);
      expect(environment?.hidden.toSorted()).toEqual([
        "MY_API_KEY",
        "PLANTED_TOKEN",
        ...secrets.map((_, i) => `V_${i}`),
      ]);
      expect(environment?.set).toMatchObject({ OPEN: "task-0123456789abcdef" });
      const pid = await box.tmux("display-message", "-p", "-t", "=dev:0.0", "#{pane_pid}");
      const files = readdirSync(box.state, { recursive: true }).filter((name) => `${name}`.endsWith(`/env-${pid}`));
      expect(files).toHaveLength(1);
      const text = readFileSync(`${box.state}/${files[0]}`, "utf8");
      expect(secrets.filter((value) => text.includes(value))).toEqual([]);
      expect(text).not.toContain("hush");
      expect(statSync(`${box.state}/${files[0]}`).mode & 0o777).toBe(0o600);
    },
  );
}

test("bash tells no secrets where all is exported, or all is traced, and goes on where that is an error", async () => {
  await using box = await boxWith("/bin/bash");
  const run = async (line: string) => (await box.bridge("pane-run", "dev", "0", "--", line)).output;
  await run("set -a; DB_PASSWORD=hush; PLAIN=1; set +a");
  expect(await run("env | grep __claude_tmux")).toBe("");
  await box.bridge("session-save", "dev");
  expect((await saved(box)).environment).toMatchObject({
    set: { PLAIN: "1" },
    hidden: ["PLANTED_TOKEN", "DB_PASSWORD"].toSorted(),
  });
  await run(`exec 5>${box.folder}/trace; BASH_XTRACEFD=5; set -x`);
  await run("export PLAIN=2");
  await run("set +x; set -eu; export PLAIN=3");
  expect(readFileSync(`${box.folder}/trace`, "utf8")).not.toContain("hush");
  await box.bridge("session-save", "dev");
  expect((await saved(box)).environment?.set).toMatchObject({ PLAIN: "3" });
});

test("a secret that is set where it is restored comes back, in no command line", async () => {
  await using box = await boxWith("/bin/bash");
  await box.output("session-save", "dev");
  await box.tmux("kill-server");
  box.env.PLANTED_TOKEN = "of-here";
  expect(await box.bridge("session-restore", "dev")).toMatchObject({ missing: [] });
  expect((await box.bridge("pane-run", "dev", "0", "--", "echo $PLANTED_TOKEN")).output).toBe("of-here");
});

test("a pane in which the shell has not begun yet has no program", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  // what a pane of ours begins with, but for good
  mkdirSync(`${box.folder}/shell-slow`);
  writeFileSync(`${box.folder}/shell-slow/start.sh`, "touch begun; exec 3<begun; while :; do sleep 0.1; done\n");
  const begin = ["exec", "/bin/sh", `${box.folder}/shell-slow/start.sh`];
  await box.tmux("respawn-pane", "-k", "-t", "=dev:", "-c", box.folder, begin.join(" "));
  await until("it begins", () => existsSync(`${box.folder}/begun`));
  await box.output("session-save", "dev");
  await box.tmux("kill-server");
  const { missing, started, differences } = await box.bridge("session-restore", "dev", "--run", "all");
  expect({ missing, started, differences }).toEqual({ missing: [], started: [], differences: [] });
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

test("what is not UTF-8, and what a shell exports as functions, comes back as nothing else, and is told", async () => {
  await using box = await boxWith("/bin/bash");
  const run = (line: string) => box.bridge("pane-run", "dev", "0", "--", line);
  await run("export LATIN=$'caf\\xe9' UTF=café; my-f() { echo planted; }; export -f my-f; unset PLANTED_TOKEN");
  await run("cd; mkdir $'fol\\xe9' && cd $'fol\\xe9' && >$'caf\\xe9'");
  await box.tmux("set-environment", "-t", "=dev:", "BASH_FUNC_g%%", "() { :; }");
  await box.bridge("pane-exec", "dev", "0", "env ONE=$'\\xe9' TWO=2 tail -f $'caf\\xe9'");
  await until("it runs", async () => (await box.bridge("pane-is-running", "dev", "0")).output === "true");
  await box.output("session-save", "dev");
  expect((await saved(box)).environment?.set).toMatchObject({ UTF: "café" });
  await box.tmux("kill-server");
  const { missing, started, history, differences } = await box.bridge("session-restore", "dev", "--run", "all");
  const unread = "it is not UTF-8 (or holds U+FFFD, which stands for what is not)";
  const code = "functions of bash are not stored: they run code";
  const pane = "pane 0.0";
  expect(missing).toEqual([
    { where: pane, what: "the variable LATIN", why: unread },
    { where: pane, what: "the exported function my-f", why: code },
    { where: pane, what: "the variable ONE", why: `${unread}; tail -f 'caf\ufffd' goes without it` },
    { where: "session", what: "the exported function g", why: code },
    { where: pane, what: "tail -f 'caf\ufffd'", why: `of 'caf\ufffd', ${unread}` },
    { where: pane, what: `the folder ${box.folder}/fol\ufffd`, why: `${unread}: ${box.folder} stands in for it` },
  ]);
  expect({ started, history }).toEqual({ started: [], history: [] });
  expect(differences).toEqual([]);
});
