import { describe, expect, test } from "bun:test";
import { Box, PROGRAM, until } from "../helpers/box.ts";
import { isTmuxFrom } from "../helpers/tmux-version.ts";

/** What tmux takes for the names of sessions, in every version. */
const ODD = ["my app_x", "ünï", "=odd", "@at", "-x", "#x", "a;", "%7", "x$", "{mouse}", "*", "日本", "daemon"];

describe("any session that tmux has can be named", () => {
  test("whatever its characters, and no other", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    for (const name of ODD)
      await box.tmux("new-session", "-d", "-s", name.replace(/;$/, "\\;").replace("#", "##"), "sleep 1000");
    const listed = (await box.bridge("session-list")).output as { name: string; id: string }[];
    expect(listed.map(({ name }) => name).toSorted()).toEqual([...ODD, "dev"].toSorted());
    for (const { name, id } of listed.filter((session) => session.name !== "dev")) {
      const about = { session: name, exitCode: 0 };
      const dashes = name.startsWith("-") ? ["--"] : [];
      expect(await box.bridge("pane-count", ...dashes, name)).toMatchObject({ ...about, output: "1" });
      expect(await box.bridge("pane-status", id, "0")).toMatchObject({ ...about, pane_id: "0" });
      if (!name.startsWith("%")) {
        const status = await box.bridge("pane-status", ...dashes, name, "0");
        expect(status).toMatchObject({ ...about, output: { command: "sleep" } });
        expect(await box.bridge("pane-has-pattern", status.pane, "x")).toMatchObject({
          session: name,
          output: "false",
        });
      }
    }
    await box.output("state-sync", "my app_x");
    for (const wrong of ["my app", "ün", "odd", "at", "x", "?", "m*", "$99"]) {
      expect(await box.bridge("session-kill", wrong)).toMatchObject({
        exitCode: 1,
        error: { code: "ERR_SESSION_NOT_FOUND" },
      });
    }
    for (const name of ODD) {
      const killed = await box.bridge("session-kill", "--", name);
      expect(killed).toMatchObject({ session: name, output: expect.stringContaining("Session killed") });
    }
    expect(((await box.bridge("session-list")).output as object[]).length).toBe(1);
  });

  test("also where events of it are subscribed to", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.tmux("new-session", "-d", "-s", "my app_x", "bash", "--norc");
    await box.must(["daemon", "start"]);
    expect(await box.run(["daemon", "subscribe", "my app", "pattern-match", "0", "x"])).toMatchObject({ exitCode: 1 });
    await box.must(["daemon", "subscribe", "my app_x", "pattern-match", "0", "^seen$"]);
    await box.output("pane-exec", "my app_x", "0", "echo seen");
    await until("it fires", async () => (await box.events("pattern-match")).length === 1);
    expect((await box.events("pattern-match"))[0]).toMatchObject({ session: "my app_x", message: "seen" });
  });

  test.skipIf(!Bun.which("script"))("and the terminal of a person who looks at one is no session", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    const person = Bun.spawn(["script", "-q", "-c", "tmux attach-session -t =dev:", "/dev/null"], {
      env: { ...box.env, TERM: "xterm" },
      stdin: "pipe",
      stdout: "ignore",
      stderr: "ignore",
    });
    let names: string[] = [];
    while (names.length === 0) {
      const clients = await box.tmux("list-clients", "-F", "#{client_name} #{client_tty} #{client_pid}");
      names = clients.split(/[ \n]/).filter((name) => name !== "");
    }
    for (const name of [...names, ...names.map((tty) => tty.replace("/dev/", "")), `client-${names[2]}`]) {
      expect(await box.bridge("session-kill", name)).toMatchObject({ exitCode: 1, status: "error" });
    }
    expect(await box.bridge("pane-count", "dev")).toMatchObject({ output: "1" });
    person.kill();
    await person.exited;
  });
});

// tmux 3.7 and newer take ".", ":" and nothing at all for a name; before, they were written as "_"
test.skipIf(!isTmuxFrom(3.7))("a session whose name is a target, or nothing", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  for (const name of ["", "a.b", "dev:0", ":"]) await box.tmux("new-session", "-d", "-s", name, "sleep 1000");
  const listed = (await box.bridge("session-list")).output as { name: string; id: string }[];
  for (const { name, id } of listed.filter((session) => session.name !== "dev")) {
    const about = { session: name, exitCode: 0 };
    expect(await box.bridge("pane-status", id, "0")).toMatchObject({ ...about, output: { command: "sleep" } });
    const word = name.includes(":") ? `=${name}` : name;
    expect(await box.bridge("pane-status", word, "0")).toMatchObject({ ...about, output: { command: "sleep" } });
    await box.output("pane-create", word, "web");
    expect(await box.bridge("pane-run", word, "web", "--", "echo hi")).toMatchObject({ ...about, output: "hi" });
    await box.output("state-sync", word);
    expect(await box.bridge("session-kill", word)).toMatchObject(about);
  }
  expect(await box.bridge("pane-count", "dev")).toMatchObject({ output: "1" });
});

describe("a pane can be named", () => {
  test("by its id alone, a target or the name of its window", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-create", "dev", "web");
    await box.tmux("new-window", "-d", "-t", "=dev:", "-n", "build", "bash");
    await box.tmux("new-window", "-d", "-t", "=dev:", "-n", "v1.2", "echo up; sleep 1000");
    const is = async (...words: string[]) => (await box.bridge("pane-status", ...words)).pane;
    expect(await is("%1")).toBe("%1");
    expect(await is("dev:0.1")).toBe("%1");
    expect(await is("dev:1")).toBe("%2");
    expect(await is("dev:build")).toBe("%2");
    expect(await is("dev", "build")).toBe("%2");
    expect(await is("dev", "build.0")).toBe("%2");
    expect(await is("dev:v1.2")).toBe("%3");
    expect(await is("$0", "web")).toBe("%1");
    expect(await is("$0:build")).toBe("%2");
    expect(await is("dev:web")).toBe("%1");
    expect(await box.bridge("pane-run", "%1", "--", "echo", "a b")).toMatchObject({ session: "dev", output: "a b" });
    expect(await box.bridge("pane-run", "dev:1", "--marker", "--", "(exit 3)")).toMatchObject({ exitCode: 3 });
    await box.output("pane-metadata-set", "%1", "k", "v");
    expect(await box.output("pane-metadata-get", "dev:0.1", "k")).toBe("v");
    await box.output("pane-exec", "%0", "echo said by id");
    expect(await box.output("pane-watch-timeout", "%0", "^said", "20")).toBe("said by id");
    expect(await box.bridge("pane-kill", "dev:0")).toMatchObject({
      exitCode: 1,
      error: { code: "ERR_AMBIGUOUS_LABEL" },
    });
    expect(await box.bridge("pane-kill", "dev:bu")).toMatchObject({
      exitCode: 1,
      error: { code: "ERR_PANE_NOT_FOUND" },
    });
    expect(await box.bridge("pane-kill", "dev", "%99")).toMatchObject({ error: { code: "ERR_PANE_NOT_FOUND" } });
    const tail = Bun.spawn([...PROGRAM, "bridge", "pane-tail", "%3"], { env: box.env, stdout: "pipe" });
    const { value } = await tail.stdout.getReader().read();
    expect(new TextDecoder().decode(value)).toContain("up");
    await box.output("pane-kill", "dev:v1.2");
    expect(await tail.exited).toBe(0);
  });

  test("by a label rather than by the window of that name", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.tmux("new-window", "-d", "-t", "=dev:", "-n", "main", "bash");
    expect((await box.bridge("pane-status", "dev", "main")).pane).toBe("%0");
    expect((await box.bridge("pane-status", "dev:main")).pane).toBe("%1");
  });

  test("and the lists have its index beside the old pane_id", async () => {
    await using box = new Box();
    await box.output("session-create", "dev");
    for (const command of ["pane-list-json", "pane-list-detailed"]) {
      const { output } = await box.bridge(command, "dev");
      expect(output).toMatchObject([{ index: 0, pane_id: 0, pane: "%0" }]);
    }
  });
});
