import { describe, expect, test } from "bun:test";
import { existsSync, writeFileSync } from "node:fs";
import { ageS, commandLine } from "../../src/process/identity.ts";
import { BINARY, Box, setUp, until } from "../helpers/box.ts";
import { SHELLS } from "../helpers/shells.ts";

describe("patterns in a pane", () => {
  for (const shell of SHELLS) {
    test.skipIf(!shell.isThere)(
      `in ${shell.name}: the output matches, and never the echo of what was typed`,
      async () => {
        await using box = new Box({ SHELL: shell.path });
        await box.output("session-create", "dev", "--size", "80x24");
        await box.output("pane-run", "dev", "0", "--", "true");
        const long = `true ${"y".repeat(300)} LONGMARK`;
        for (const [command, mark] of [
          ["true MARKER", "MARKER"],
          [long, "LONGMARK"],
          ["true FIRST\ntrue SECOND", "SECOND|FIRST"],
        ]) {
          await box.output("pane-exec-timeout", "dev", "0", "20", command ?? "");
          expect(await box.bridge("pane-has-pattern", "dev", "0", mark ?? "")).toMatchObject({
            output: "false",
            exitCode: 1,
          });
          expect(await box.bridge("pane-watch-timeout", "dev", "0", mark ?? "", "0.3")).toMatchObject({
            exitCode: 124,
            error: { code: "ERR_TIMEOUT" },
          });
        }
        const waiting = box.bridge("pane-watch-timeout", "dev", "0", "count: [0-9]+", "20");
        await until("it waits", async () => (await box.listeners()) === 1);
        await box.output("pane-exec", "dev", "0", "sh -c 'sleep 0.1; echo count: 42; seq 1 1000'");
        expect(await waiting).toMatchObject({ exitCode: 0, output: "count: 42" });
        expect(await box.bridge("pane-has-pattern", "dev", "0", "count: 4", "4000")).toMatchObject({
          output: "true",
          exitCode: 0,
        });
      },
    );
  }

  test("what is there already, a line without an end, and one that a program draws", async () => {
    await using box = new Box({ SHELL: "/bin/bash" });
    await box.output("session-create", "dev");
    await box.output("pane-run", "dev", "0", "--", "echo here; echo and --help");
    expect(await box.bridge("pane-watch-timeout", "dev", "0", "^here$", "10", "--existing")).toMatchObject({
      output: "here",
    });
    expect(await box.bridge("pane-watch", "dev", "0", "--", "--help")).toMatchObject({
      output: "and --help",
      exitCode: 0,
    });
    expect(await box.bridge("pane-watch", "dev", "0", "nowhere")).toMatchObject({ output: "", exitCode: 1 });
    for (const [command, pattern] of [
      ["printf 'Password'; printf ': '; read x", "word:"],
      ["printf '\\033[5;10Hdrawn\\033[1;1H'; read x", "drawn"],
    ]) {
      const waiting = box.bridge("pane-watch-timeout", "dev", "0", pattern ?? "", "20");
      await until("it waits", async () => (await box.listeners()) === 1);
      await box.output("pane-exec", "dev", "0", command ?? "");
      expect(await waiting).toMatchObject({ exitCode: 0 });
      await box.output("pane-exec", "dev", "0", "");
      await box.bridge("pane-wait", "dev", "0", "20");
    }
  });
});

/** A box with a session whose shell waits at its prompt. */
async function ready(shell = "/bin/bash"): Promise<Box> {
  const box = new Box({ SHELL: shell });
  await box.output("session-create", "dev", "--size", "80x24");
  await box.output("pane-run", "dev", "0", "--", "true");
  return box;
}

/** Waits until somebody listens to the pane. */
async function listened(box: Box): Promise<unknown> {
  return await until(
    "it waits",
    async () => (await box.tmux("list-panes", "-a", "-F", "#{@claude_tmux_holds}")) !== "",
  );
}

const told = SHELLS.filter(({ method }) => method === "shell-integration");

describe("pane-watch-timeout and the pane's last command", () => {
  const watch = (box: Box, pattern: string, ...more: string[]) =>
    box.bridge("pane-watch-timeout", "dev", "0", pattern, ...(more.length > 0 ? more : ["20"]));

  for (const shell of told) {
    test.skipIf(!shell.isThere)(
      `in ${shell.name}: a line of the run before does not count, and the end ends the wait`,
      async () => {
        await using box = await ready(shell.path);
        await box.output("pane-exec", "dev", "0", "echo Serving on 8000; sleep 100");
        expect(await watch(box, "Serving on [0-9]+")).toMatchObject({ output: "Serving on 8000", exitCode: 0 });
        const current = () => box.tmux("display-message", "-p", "-t", "=dev:", "#{pane_current_command}");
        await until("it has the terminal", async () => (await current()).trim() === "sleep");
        await box.tmux("send-keys", "-t", "dev:0", "C-c");
        await box.bridge("pane-wait", "dev", "0", "20");
        await box.output("pane-exec", "dev", "0", "sleep 0.3; echo one; echo crashed; sh -c 'exit 3'");
        expect(await watch(box, "Serving on [0-9]+")).toMatchObject({
          exitCode: 1,
          error: { code: "ERR_COMMAND_ENDED" },
          exit_code: 3,
          last_lines: ["one", "crashed"],
        });
      },
    );
  }

  for (const shell of told) {
    test.skipIf(!shell.isThere)(
      `in ${shell.name}: what the command has written by then counts, until somebody has waited`,
      async () => {
        await using box = await ready(shell.path);
        await box.output("pane-exec", "dev", "0", "echo MARK; seq 1 100; sh -c 'exit 4'");
        expect(await watch(box, "^100$")).toMatchObject({ exitCode: 0 });
        // it has ended, and nobody has asked for its end yet
        await until(
          "it has ended",
          async () => (await box.output("pane-is-running", "dev", "0").catch(() => "")) === "",
        );
        expect(await watch(box, "^MARK$")).toMatchObject({ output: "MARK", exitCode: 0 });
        const over = {
          error: { code: "ERR_COMMAND_ENDED" },
          exit_code: 4,
          last_lines: ["96", "97", "98", "99", "100"],
        };
        expect(await watch(box, "never")).toMatchObject(over);
        // that was told: now what comes is waited for
        expect(await watch(box, "^MARK$", "0.3")).toMatchObject({ exitCode: 124 });
        expect(await watch(box, "^MARK$", "0.3", "200", "--existing")).toMatchObject({ output: "MARK" });
        await box.output("pane-exec", "dev", "0", "echo AGAIN");
        await box.output("pane-wait", "dev", "0", "20");
        expect(await watch(box, "^AGAIN$", "0.3")).toMatchObject({ exitCode: 124 });
        await box.output("pane-exec", "dev", "0", "echo THIRD; sleep 0.6");
        await box.shows("dev", "0", "\nTHIRD");
        expect(await watch(box, "^THIRD$", "5", "--new")).toMatchObject({ error: { code: "ERR_COMMAND_ENDED" } });
      },
    );
  }

  test("a job that the command left in the background may still write; when it ends, nothing can come", async () => {
    await using box = await ready();
    const job = (mark: string) => `(sleep 0.4; echo ${mark}; sleep 0.2) &`;
    await box.output("pane-exec", "dev", "0", job("Listening"));
    expect(await watch(box, "Listening$")).toMatchObject({ exitCode: 0 });
    await box.output("pane-exec", "dev", "0", job("Another"));
    expect(await watch(box, "never")).toMatchObject({
      exitCode: 1,
      error: { code: "ERR_COMMAND_ENDED" },
      exit_code: 0,
    });
    // an older job is not the command's
    await box.output("pane-exec", "dev", "0", "sleep 100 &");
    const isJob = (pid: number) => commandLine(pid).join(" ") === "sleep 100";
    // ages are told in whole seconds
    await until("it is old enough", () => box.processes().some((pid) => isJob(pid) && ageS(pid) > 2.2));
    await box.output("pane-exec", "dev", "0", "sh -c 'exit 5'");
    expect(await watch(box, "never")).toMatchObject({ error: { code: "ERR_COMMAND_ENDED" }, exit_code: 5 });
  });

  test("a command that a person typed: from its prompt on, as long as that can be found", async () => {
    await using box = await ready();
    const type = async (text: string, shown: string) => {
      await box.tmux("send-keys", "-t", "dev:0", text, "Enter");
      await box.shows("dev", "0", shown);
    };
    await type("echo SERV''ING; cat", "SERVING");
    expect(await watch(box, "^SERVING$")).toMatchObject({ output: "SERVING" });
    await type("C-d", "$");
    await box.output("pane-wait", "dev", "0", "20");
    await type("echo OTH''ER; cat", "OTHER");
    expect(await watch(box, "^OTHER$")).toMatchObject({ output: "OTHER" });
    const old = watch(box, "^SERVING$", "20");
    await listened(box);
    await box.tmux("send-keys", "-t", "dev:0", "C-d");
    expect(await old).toMatchObject({ error: { code: "ERR_COMMAND_ENDED" }, exit_code: 0 });
    await type("clear; echo CLEA''RED; cat", "CLEARED");
    const unsure = await watch(box, "^CLEARED$", "0.3");
    expect(unsure).toMatchObject({ exitCode: 124 });
    expect(unsure.error?.hint).toContain("--existing");
  });

  test("at the prompt, several commands may come", async () => {
    await using box = await ready();
    const waiting = watch(box, "^THIRD$");
    await listened(box);
    for (const text of ["true", "echo second", "echo THIRD"]) await box.output("pane-exec", "dev", "0", text);
    expect(await waiting).toMatchObject({ output: "THIRD" });
  });

  test("a pane that ends tells how, and its last words", async () => {
    await using box = await ready();
    const go = `${box.folder}/go`;
    await box.output("pane-exec", "dev", "0", `until [ -e ${go} ]; do sleep 0.02; done; echo bad thing; exit 7`);
    const watching = watch(box, "never");
    await listened(box);
    writeFileSync(go, "");
    const reply = await watching;
    expect(reply).toMatchObject({ exitCode: 1, error: { code: "ERR_COMMAND_ENDED" }, exit_code: 7, pane_ended: true });
    expect(reply).toHaveProperty("last_lines", expect.arrayContaining(["bad thing"]));
    expect(reply.output).toContain("exit code 7");
    expect(JSON.stringify(reply)).not.toContain("killed");
  });

  test("after clear, a full history, and a resize", async () => {
    await using box = await ready();
    await box.output("pane-run", "dev", "0", "--", "echo MARK");
    await box.output("pane-exec", "dev", "0", "clear; echo CLEARED; sleep 0.4");
    expect(await watch(box, "^MARK$")).toMatchObject({ error: { code: "ERR_COMMAND_ENDED" }, last_lines: ["CLEARED"] });
    await box.output("pane-run", "dev", "0", "--", "echo MARK; seq 1 1900");
    await box.output("pane-exec", "dev", "0", "echo HERE; seq 1 200; sleep 0.6");
    await box.shows("dev", "0", "200");
    expect(await watch(box, "^HERE$")).toMatchObject({ exitCode: 0 });
    expect(await watch(box, "^MARK$")).toMatchObject({ error: { code: "ERR_COMMAND_ENDED" } });
    await box.output("pane-run", "dev", "0", "--", "echo OLD");
    await box.output("pane-exec", "dev", "0", "echo NEW; sleep 0.6");
    await box.tmux("resize-window", "-t", "dev", "-x", "40", "-y", "10");
    expect(await watch(box, "^NEW$")).toMatchObject({ exitCode: 0 });
    expect(await watch(box, "^OLD$")).toMatchObject({ error: { code: "ERR_COMMAND_ENDED" } });
  });

  test("typed ahead: the lines of the command that ran before do not count", async () => {
    await using box = await ready();
    await box.output("pane-exec", "dev", "0", "for i in 1 2 3 4; do sleep 0.1; echo RUN $i; done");
    await box.output("pane-exec", "dev", "0", "echo second; sleep 0.4; sh -c 'exit 6'");
    await box.shows("dev", "0", "\nsecond");
    expect(await watch(box, "^RUN")).toMatchObject({
      error: { code: "ERR_COMMAND_ENDED" },
      exit_code: 6,
      last_lines: ["second"],
    });
  });

  test("under the old scripts' name: the last lines count, and the time is waited out", async () => {
    await using box = await ready();
    const script = `${box.folder}/claude-tmux-bridge.sh`;
    await Bun.write(script, "");
    await Bun.spawn(["ln", "-sf", BINARY, script]).exited;
    await box.output("pane-run", "dev", "0", "--", "echo MARK");
    const run = async (pattern: string) => {
      const args = [script, "pane-watch-timeout", "dev", "0", pattern, "0.5"];
      return await Bun.spawn(args, { env: box.env, stdout: "ignore", stderr: "ignore" }).exited;
    };
    expect(await run("^MARK$")).toBe(0);
    await box.output("pane-exec", "dev", "0", "echo SHORT");
    expect(await run("never")).toBe(124);
  });
});

describe("a line that a command has not ended", () => {
  const PATIENCE = "20";
  async function dev(): Promise<Box> {
    return await setUp(new Box({ SHELL: "/bin/bash" }), async (box) => {
      writeFileSync(`${box.folder}/.bash_profile`, "PS1='own$ '\n");
      await box.output("session-create", "dev");
      await box.output("pane-run", "dev", "0", "--", "true");
    });
  }
  const watch = (box: Box, pattern: string) => box.bridge("pane-watch-timeout", "dev", "0", pattern, PATIENCE);

  test("matches without the blank at its end, be it heard, drawn, or looked at after the end", async () => {
    await using box = await dev();
    await box.output("pane-exec", "dev", "0", "sleep 0.2; printf 'name: '; sleep 0.5");
    expect(await watch(box, "^name:$")).toMatchObject({ output: "name:" });
    await box.output("pane-wait", "dev", "0", PATIENCE);
    await box.output("pane-exec", "dev", "0", "printf 'name: '; sleep 0.1");
    expect(await watch(box, "name: $")).toMatchObject({
      error: { code: "ERR_COMMAND_ENDED" },
      last_lines: ["name:"],
    });
    await box.output("pane-exec", "dev", "0", "printf 'name: '; touch ~/over");
    await until("it has ended", async () => {
      return (
        existsSync(`${box.folder}/over`) &&
        !((await box.bridge("pane-status", "dev", "0")).output as { is_running: boolean }).is_running
      );
    });
    expect(await watch(box, "^name:$")).toMatchObject({ output: "name:" });
  });

  test("is among the last lines", async () => {
    await using box = await dev();
    await box.output("pane-exec", "dev", "0", "echo one; printf 'fatal: two'; (exit 3)");
    expect(await box.bridge("pane-wait", "dev", "0", PATIENCE, "--last-lines")).toMatchObject({
      exit_code: 3,
      last_lines: ["one", "fatal: two"],
    });
  });

  test("that no line matched is not said of what tmux has dropped", async () => {
    await using box = await dev();
    await box.output("pane-exec", "dev", "0", "echo EARLY; seq 1 3000; touch ~/over");
    await until("it has been written", () => existsSync(`${box.folder}/over`));
    expect(await watch(box, "EARLY")).toMatchObject({
      error: { code: "ERR_COMMAND_ENDED", hint: expect.stringContaining("history-limit") },
      output: expect.stringContaining("that tmux still has"),
    });
  });
});
