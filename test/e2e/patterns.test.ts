import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync } from "node:fs";
import { Box, lives, served, until } from "../helpers/box.ts";
import { SHELLS } from "../helpers/shells.ts";

const subscribe = (box: Box, ...args: string[]) => box.must(["daemon", "subscribe", "dev", ...args]);

describe("pattern-match", () => {
  test("calls back with the facts in its environment, within 50 ms of the output", async () => {
    await using box = await served();
    await box.output("pane-create", "dev", "build");
    await box.prompt("dev", "build");
    // not every date(1) knows nanoseconds
    const now = `t=$(date +%s%N); case $t in *N) t=$(perl -MTime::HiRes=time -e "printf q(%.0f), time * 1e9") ;; esac`;
    const facts =
      'echo "$t $CLAUDE_TMUX_SESSION $CLAUDE_TMUX_PANE $CLAUDE_TMUX_PANE_ID $CLAUDE_TMUX_LABEL $CLAUDE_TMUX_TYPE $CLAUDE_TMUX_ATTEMPT $CLAUDE_TMUX_MATCH"';
    const callback = `${facts} >> facts; printf "%s\\n" "$CLAUDE_TMUX_LINE" >> line; printf "%s\\n" "$CLAUDE_TMUX_EVENT" >> event; echo said`;
    const id = await subscribe(box, "pattern-match", "build", "at [0-9]+", `${now}; cd "$TMUX_TMPDIR"; ${callback}`);
    expect(id).toBe("1");
    // the job names the nanosecond before it writes, so this is more than the latency; the bar has ten times its room
    await box.output("pane-exec", "dev", "build", `${now}; echo "it's \\$(touch evil) at $t"`);
    const [fact = ""] = await box.lines("facts", 1, 10_000);
    const [called = "", ...rest] = fact.split(" ");
    const written = rest.at(-1) ?? "";
    expect(rest.slice(0, -2)).toEqual(["dev", "%1", "1", "build", "pattern-match", "1"]);
    expect(Number(BigInt(called) - BigInt(written)) / 1e6).toBeLessThan(500);
    const [line] = await box.lines("line", 1, 1000);
    expect(line).toBe(`it's $(touch evil) at ${written}`);
    const [event = ""] = await box.lines("event", 1, 1000);
    const { seq, ...told } = JSON.parse(event);
    expect(told).toMatchObject({
      session: "dev",
      pane: "%1",
      pane_id: "1",
      label: "build",
      event_type: "pattern-match",
    });
    expect(existsSync(`${box.folder}/evil`)).toBe(false);
    await until("the callback's end is in the log", async () => (await box.events("callback")).length === 1);
    expect((await box.events("callback"))[0]?.data).toMatchObject({
      seq,
      exit_code: 0,
      output: "said\n",
      timed_out: false,
    });
    expect((await box.events("pattern-match"))[0]?.timestamp).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });

  test("fires once a line: not for the echo of the command, and not for what was there before", async () => {
    await using box = await served();
    await box.output("pane-exec", "dev", "0", "echo early");
    await box.shows("dev", "0", "\nearly");
    await subscribe(box, "pattern-match", "0", "early|late|final");
    await box.output(
      "pane-exec",
      "dev",
      "0",
      "echo late; printf 'col\\033[31mour la'; printf 'te\\033[0m\\n'; echo late",
    );
    await box.shows("dev", "0", "colour late\nlate");
    await box.output("pane-exec", "dev", "0", "echo final");
    const messages = await until("the last has fired", async () => {
      const events = await box.events("pattern-match");
      return events.some(({ message }) => message === "final") && events.map(({ message }) => message);
    });
    expect(messages).toEqual(["late", "colour late", "late", "final"]);
  });

  test("sees every one of many lines, between floods of others", async () => {
    await using box = await served();
    await subscribe(box, "pattern-match", "0", "^mark [0-9]+$");
    const loop = "for i in 1 2 3 4 5 6 7 8 9 10; do seq 1 2000; echo mark $i; done; echo mark 11";
    await box.output("pane-exec", "dev", "0", loop);
    const events = await until("the last mark has fired", async () => {
      const found = await box.events("pattern-match");
      return found.some(({ message }) => message === "mark 11") && found;
    });
    expect(events.map(({ message }) => message)).toEqual(Array.from({ length: 11 }, (_, i) => `mark ${i + 1}`));
    expect(events.map(({ seq }) => seq)).toEqual(events.map(({ seq }) => seq).toSorted((a, b) => a - b));
  });

  test("with --once ends after the first", async () => {
    await using box = await served();
    await subscribe(box, "pattern-match", "0", "tick", "--once");
    await box.output("pane-exec", "dev", "0", "PS1=; for i in 1 2 3; do echo tick; done; echo over");
    await box.shows("dev", "0", "\nover");
    await until(
      "nothing is watched any more",
      async () => JSON.parse(await box.must(["daemon", "status", "--json"])).watched_sessions === 0,
    );
    expect(await box.events("pattern-match")).toHaveLength(1);
    // and with nothing to watch, tmux shows no client of ours
    expect(await box.tmux("list-clients")).toBe("");
  });

  test("needs a session and a pane that are there", async () => {
    await using box = await served();
    for (const args of [
      ["nope", "pattern-match", "0", "x"],
      ["dev", "pattern-match", "9", "x"],
      ["de", "pattern-match", "0", "x"],
    ]) {
      expect((await box.run(["daemon", "subscribe", ...args])).exitCode).toBe(1);
    }
    expect(JSON.parse(await box.must(["daemon", "status", "--json"])).subscriptions).toBe(0);
  });

  test("follows its pane through renumbering and renaming, and ends with it", async () => {
    await using box = await served();
    await box.output("pane-create", "dev", "web");
    await box.prompt("dev", "web");
    await subscribe(box, "pattern-match", "1", "hello");
    await box.output("pane-kill", "dev", "0");
    await box.tmux("rename-session", "-t", "=dev:", "renamed");
    // an event is named as the daemon knew its pane last, and it learns of a new name some milliseconds later
    await until("the daemon knows the new names", async () => {
      const { session, pane_id: paneId } = JSON.parse(await box.must(["daemon", "subscriptions"]));
      return session === "renamed" && paneId === "0";
    });
    await box.output("pane-exec", "renamed", "web", "echo hello");
    const [event] = await until("it fires", async () => {
      const events = await box.events("pattern-match");
      return events.length > 0 && events;
    });
    expect(event).toMatchObject({ session: "renamed", pane: "%1", pane_id: "0", label: "web" });
    await box.output("session-create", "other"); // keeps the server
    await box.output("session-kill", "renamed");
    await until(
      "the subscription has ended",
      async () => JSON.parse(await box.must(["daemon", "status", "--json"])).subscriptions === 0,
    );
    expect((await box.events("session-closed")).map(({ session }) => session)).toEqual(["renamed"]);
    expect((await box.events("pane-exit")).map(({ pane }) => pane)).toEqual(["%0", "%1"]);
  });

  test("sees every line, once, while the width of its pane changes", async () => {
    await using box = await served();
    await box.tmux("split-window", "-d", "-h", "-t", "=dev:0.0", "sleep 600");
    await subscribe(box, "pattern-match", "0", "^L[0-9]+ |^over$");
    const loop = `for i in $(seq 150); do echo L$i $(printf %200s x | tr " " x); sleep .02; done; echo over`;
    await box.output("pane-exec", "dev", "0", loop);
    let isOver = false;
    const resizing = (async () => {
      for (let i = 0; !isOver; i++) {
        await box.tmux("resize-pane", "-t", "=dev:0.0", "-x", `${10 + ((i * 37) % 60)}`);
        await Bun.sleep(50);
      }
    })();
    const events = await until("the last has fired", async () => {
      const found = await box.events("pattern-match");
      return found.some(({ message }) => message === "over") && found;
    }).finally(() => {
      isOver = true;
    });
    await resizing;
    const expected = Array.from({ length: 150 }, (_, i) => `L${i + 1}`);
    expect(events.map(({ message }) => message.split(" ")[0])).toEqual([...expected, "over"]);
  });

  test("hears the last words of a pane, a window and a session", async () => {
    await using box = await served();
    await box.output("pane-create", "dev", "short");
    await box.output("session-create", "other");
    await box.prompt("dev", "short");
    await box.prompt("other", "0");
    await subscribe(box, "pattern-match", "short", "^last words");
    await box.must(["daemon", "subscribe", "other", "pattern-match", "0", "^last words"]);
    await box.tmux("new-window", "-d", "-t", "=other:", "sleep 600");
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "^last words"]);
    // tmux drops what it has not sent yet when a pane ends (control.c, control_write_pending): give it the time
    const command = "echo last words; sleep 0.3; exit";
    await box.output("pane-exec", "dev", "short", command);
    await box.output("pane-exec", "other", "0", command);
    await until("both have ended", async () => (await box.events("pane-exit")).length === 2);
    await box.output("pane-exec", "dev", "0", command);
    await until("the session is closed", async () => (await box.events("session-closed")).length === 1);
    expect((await box.events("pattern-match")).map(({ pane }) => pane).toSorted()).toEqual(["%0", "%1", "%2"]);
    expect((await box.events("pane-exit")).map(({ pane }) => pane).toSorted()).toEqual(["%0", "%1", "%2"]);
    expect(JSON.parse(await box.must(["daemon", "status", "--json"])).subscriptions).toBe(0);
  });

  test("is not misled by a folder or a label with strange characters", async () => {
    await using box = await served();
    const folder = `${box.folder}/a\u241eb\u241f"c\nd`;
    mkdirSync(folder);
    await box.output("session-create", "strange", "--cwd", folder);
    await box.prompt("strange", "0");
    await box.must(["daemon", "subscribe", "strange", "pattern-match", "0", "^hello$"]);
    await box.output("pane-create", "strange");
    await box.output("pane-exec", "strange", "0", "echo hello");
    await until("it fires", async () => (await box.events("pattern-match")).length === 1);
    const created = await until("both panes are there", async () => {
      const events = await box.events("pane-created");
      return events.length === 2 && events;
    });
    expect(created.map(({ session, pane_id }) => [session, pane_id])).toEqual([
      ["strange", "0"],
      ["strange", "1"],
    ]);
    expect((await box.bridge("pane-list-detailed", "strange")).output).toHaveLength(2);
  });

  test("nobody's window changes its size or its selection", async () => {
    await using box = await served();
    await box.tmux("new-window", "-d", "-t", "=dev:");
    const look = () =>
      box.tmux(
        "list-windows",
        "-t",
        "=dev:",
        "-F",
        "#{window_index} #{window_active} #{window_width}x#{window_height}",
      );
    const before = await look();
    await subscribe(box, "pattern-match", "0", "hello");
    await box.output("pane-exec", "dev", "0", "echo hello");
    await until("it fires", async () => (await box.events("pattern-match")).length === 1);
    expect(await look()).toBe(before);
  });

  test("goes on when the process is killed through which it hears the pane", async () => {
    await using box = await served();
    await subscribe(box, "pattern-match", "0", "hello");
    const helper = await until("the pane is heard", () => box.hearing());
    process.kill(helper, "SIGKILL");
    await until("it is gone", async () => !(await lives(helper)));
    await box.output("pane-exec", "dev", "0", "echo hello");
    await until("it fires", async () => (await box.events("pattern-match")).length === 1);
  });

  test("a tmux server that dies ends its subscriptions; those of a later one do not mix with them", async () => {
    await using box = await served();
    await subscribe(box, "pattern-match", "0", "hello");
    await box.tmux("kill-server");
    await until(
      "the subscription has ended",
      async () => JSON.parse(await box.must(["daemon", "status", "--json"])).subscriptions === 0,
    );
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
    await subscribe(box, "pattern-match", "0", "hello");
    await box.output("pane-exec", "dev", "0", "echo hello");
    await until("it fires", async () => (await box.events("pattern-match")).length === 1);
    expect((await box.events("pattern-match"))[0]?.data.subscription).toBe(2);
  });
});

describe.each([
  ["zsh -f", "zsh", ""],
  ["zsh -f", "zsh", "half typed"],
  ["fish --no-config", "fish", ""],
  ["bash --norc", "bash", "half typed"],
])("in %s, which tells nothing", (command, program, draft) => {
  const isThere = Bun.which(program) !== null;
  test.skipIf(!isThere)(
    `a marked command in a pane that is not wide fires for what it writes alone (${draft})`,
    async () => {
      await using box = new Box({ SHELL: "/bin/bash", PS1: "$ " });
      await box.tmux("-f", "/dev/null", "new-session", "-d", "-s", "dev", "-x", "100", "-y", "30", command);
      const waits = async () => (await box.bridge("pane-run", "dev", "0", "--", "true")).exitCode === 0;
      await until("it is at its prompt", waits);
      await box.must(["daemon", "start"]);
      await subscribe(box, "pattern-match", "0", "TESTS PASSED");
      if (draft !== "") await box.tmux("send-keys", "-t", "=dev:", "-l", draft);
      const screen = () => box.tmux("capture-pane", "-p", "-t", "=dev:");
      await until("it stands there", async () => (await screen()).includes(draft));
      expect(await box.bridge("pane-run", "dev", "0", "--", "echo TESTS PASSED; echo over")).toMatchObject({
        output: "TESTS PASSED\nover",
        method: "marker",
      });
      await subscribe(box, "pattern-match", "0", "^over$");
      await box.bridge("pane-run", "dev", "0", "--", "echo over");
      const lines = async () => (await box.events("pattern-match")).map(({ data }) => (data as { line: string }).line);
      await until("all of it is judged", async () => (await lines()).includes("over"));
      expect(await lines()).toEqual(["TESTS PASSED", "over"]);
    },
  );
});

describe.each(SHELLS.filter(({ name }) => name !== "dash"))("in $name, what pane-exec types", ({ path, isThere }) => {
  test.skipIf(!isThere)("does not fire though the pane is gone before it can be asked; its output does", async () => {
    await using box = new Box({ SHELL: path });
    for (const session of ["keep", "dev"]) await box.output("session-create", session);
    await box.output("pane-run", "dev", "0", "--", "true");
    await box.must(["daemon", "start"]);
    await box.must(["daemon", "subscribe", "dev", "pattern-match", "0", "over|exit"]);
    await box.output("pane-exec", "dev", "0", "echo over; exit");
    await until("it is told", async () => (await box.events("pane-exit")).length === 1);
    const lines = (await box.events("pattern-match")).map(({ message }) => message);
    expect(lines.filter((line) => line !== "exit")).toEqual(["over"]); // which some say
  });
});
