import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmuxChildren } from "../../src/process/identity.ts";
import { ASKING_AGENT } from "../helpers/agent.ts";
import { lives, until } from "../helpers/box.ts";
import { TopBox } from "../helpers/top.ts";

const IS_LINUX = existsSync("/proc/self/stat");
const CLEAR = "alternate_on=0 cursor_flag=1 wrap_flag=1 mouse_any_flag=0 mouse_sgr_flag=0";

test.skipIf(!IS_LINUX)(
  "what needs somebody is first, with what it waits for, what it takes and its last line",
  async () => {
    await using box = await TopBox.start();
    await box.tmux("new-session", "-d", "-s", "dev", "sleep 1000");
    await box.tmux("new-window", "-t", "dev", "-n", "ask", "read -p 'Your name? ' x");
    await box.tmux("set-option", "-g", "remain-on-exit", "on");
    await box.tmux("new-window", "-t", "dev", "exit 3");
    // what comes first when it begins is selected
    await until("it asks", async () => {
      const { output } = await box.bridge("pane-status", "dev", "1.0");
      return (output as { waiting_for: string }).waiting_for === "line";
    });
    await box.top();
    await box.see("1 blocked", "1 dead", "Your name?");
    const rows = (await box.screen()).split("\n").slice(2, 6);
    expect(rows.map((row) => row.trim().split(/\s+/).slice(0, 4))).toEqual([
      [expect.stringMatching(/>|dev:1.0/), expect.anything(), expect.anything(), expect.anything()],
      ["dev:2.0", "dead", expect.anything(), expect.anything()],
      ["dev:0.0", "sleep", "working", expect.stringMatching(/^\d+s$/)],
      ["view:0.0", expect.anything(), expect.anything(), expect.anything()],
    ]);
    expect(rows[0]).toContain("line?");
    expect(rows[1]).toContain("exit code 3");
    await until("what it uses is known", async () => /%\s+\d+(\.\d)?[KM]\b/.test(await box.row("dev:0.0 ")));
  },
);

test.skipIf(!IS_LINUX)("a filter shows what has it, and the preview follows what is selected", async () => {
  await using box = await TopBox.start();
  await box.tmux("new-session", "-d", "-s", "one", "echo first-text; sleep 1000");
  await box.tmux("new-session", "-d", "-s", "two", "echo second-text; tail -f /dev/null");
  await box.top();
  await box.keys("/", "t", "a", "i", "l");
  await box.see("/tail_");
  await until("the others are gone", async () => !(await box.screen()).includes("one:0"));
  expect((await box.screen()).split("\n").filter((row) => row === "second-text")).toHaveLength(1);
  await box.keys("Escape");
  await box.see("one:0");
});

test.skipIf(!IS_LINUX)("x stops what runs there when that was said twice, and not before", async () => {
  await using box = await TopBox.start();
  await box.output("session-create", "dev");
  await box.prompt("dev", "0");
  await box.output("pane-exec", "dev", "0", "sleep 1000");
  const sleeps = () => box.bridge("pane-is-running", "dev", "0").then(({ output }) => output === "true");
  await until("it runs", sleeps);
  await box.top();
  await box.see("sleep");
  await box.keys("/", "s", "l", "e", "e", "p", "Enter");
  await box.keys("x");
  await box.see("Stop sleep in dev:0.0? y yes");
  await box.keys("n");
  await box.see("Nothing was stopped");
  // what is typed ahead, or pasted, is no answer
  await box.keys("x", "y");
  await box.see("Stop sleep in dev:0.0? y yes");
  expect(await sleeps()).toBe(true);
  await box.keys("y");
  await box.see("sleep in dev:0.0 has ended (interrupt)");
  expect(await sleeps()).toBe(false);
  expect((await box.bridge("pane-status", "dev", "0")).status).toBe("success");
});

test.skipIf(!IS_LINUX)("a answers what an agent asks, as it was shown", async () => {
  await using box = await TopBox.start();
  mkdirSync(`${box.folder}/bin`);
  writeFileSync(`${box.folder}/bin/claude`, ASKING_AGENT, { mode: 0o755 });
  await box.tmux("new-session", "-d", "-s", "dev", `${box.folder}/bin/claude`);
  // what comes first when it begins is selected
  await until("it asks", async () => {
    const { output } = await box.bridge("agent-status", "dev", "0");
    return (output as { state: string }).state === "waiting";
  });
  await box.top();
  await box.see("permission?", "1 blocked");
  await box.keys("a");
  await box.see("claude in dev:0.0 asks (permission):", "Do you want to proceed?", "3. No");
  await box.keys("2", "Enter");
  const chosen = `${box.folder}/chosen`;
  await until("it is answered", () => existsSync(chosen) && readFileSync(chosen, "utf8").includes("\n"));
  expect(readFileSync(chosen, "utf8")).toBe("Yes, and always allow it\n");
  await box.see('dev:0.0: answered "Yes, and always allow it"');
  await box.keys("a");
  await box.see("there is nothing to answer");
});

describe.skipIf(!IS_LINUX)("the terminal is as it was", () => {
  test.each<[how: string, code: number, end: (box: TopBox) => Promise<unknown>]>([
    ["q", 0, (box) => box.keys("q")],
    ["Ctrl-C", 0, (box) => box.keys("C-c")],
    ["SIGTERM", 143, async (box) => process.kill(await box.process(), "SIGTERM")],
    ["SIGQUIT", 131, async (box) => process.kill(await box.process(), "SIGQUIT")],
    ["SIGINT", 130, async (box) => process.kill(await box.process(), "SIGINT")],
    ["SIGHUP", 129, async (box) => process.kill(await box.process(), "SIGHUP")],
  ])("after %s", async (_, code, end) => {
    await using box = await TopBox.start();
    const before = await box.terminal();
    expect(before).toStartWith(CLEAR);
    await box.top();
    await end(box);
    await box.see(`code ${code}`);
    expect(await box.terminal()).toBe(before);
  });

  test("while it is suspended, and all of it is drawn anew then", async () => {
    await using box = await TopBox.start();
    const before = await box.terminal();
    await box.top();
    for (const stop of [() => box.keys("C-z"), async () => process.kill(await box.process(), "SIGTSTP")]) {
      await stop();
      await box.see("Stopped");
      expect(await box.terminal()).toBe(before);
      await box.line("fg");
      await box.see("claude-tmux  ", "? help");
      expect(await box.tmux("display-message", "-p", "-t", "view:0.0", "#{alternate_on}#{cursor_flag}")).toBe("10");
    }
    await box.keys("q");
    await box.see("P>");
    expect(await box.terminal()).toBe(before);
  });

  test("its tmux client may be killed, and it goes on", async () => {
    await using box = await TopBox.start();
    await box.top();
    const top = await box.process();
    const [client] = await until("it has a client", () => {
      const clients = tmuxChildren(top);
      return clients.length > 0 && clients;
    });
    process.kill(client?.pid ?? 0, "SIGKILL");
    await box.tmux("new-session", "-d", "-s", "later", "sleep 1000");
    await box.see("later:0");
    expect(await lives(top)).toBe(true);
    await box.keys("q");
    await box.see("code 0");
  });
});

test.skipIf(!IS_LINUX)("it takes the size that the terminal has, down to 24 columns and 8 rows", async () => {
  await using box = await TopBox.start({ columns: 200, rows: 50 });
  await box.tmux("new-session", "-d", "-s", "dev", "read -p 'Your name? ' x");
  await box.top();
  await box.see("LAST LINE");
  for (const [columns, rows] of [
    [80, 24],
    [24, 8],
    [80, 24],
  ] as const) {
    await box.tmux("resize-window", "-t", "view", "-x", `${columns}`, "-y", `${rows}`);
    await until(`it is drawn in ${columns}x${rows}`, async () => {
      const lines = (await box.tmux("capture-pane", "-p", "-N", "-t", "view:0.0")).split("\n");
      const isWide = lines.some((line) => line.includes("LAST LINE"));
      return lines.at(-1)?.startsWith("? help") === true && lines.length === rows && isWide === columns > 60;
    });
    expect(await box.row("dev:0.0")).toContain("line?");
  }
});

test.skipIf(!IS_LINUX)(
  "nothing that a program writes, names or titles itself reaches the terminal as a control",
  async () => {
    await using box = await TopBox.start();
    const evil =
      "\\033]52;c;ZXZpbA==\\007\\033[2J\\033[31mred\\033]2;title\\033[8m\\007 \u202eright 日本語 e\u0301 \\033[Hx";
    await box.tmux("new-session", "-d", "-s", "dev", `printf '${evil}'; sleep 1000`);
    await box.tmux("set-option", "-p", "-t", "dev:0.0", "@claude_tmux_label", "lab\x1b[31mel\u202e");
    await box.tmux("pipe-pane", "-t", "view:0.0", `cat > ${box.folder}/written`);
    await box.top();
    await box.see("label", "日本語");
    await box.keys("q");
    await box.see("code 0");
    await box.tmux("pipe-pane", "-t", "view:0.0");
    const written = readFileSync(`${box.folder}/written`, "utf8");
    const begin = written.indexOf("\x1b[?1049h");
    const drawn = written.slice(begin, written.indexOf("\x1b[?1049l", begin));
    expect(drawn).toContain("日本語");
    const sequences = [...drawn.matchAll(/\x1b(\[[?0-9;]*[A-Za-z])?/g)].map(([text]) => text);
    expect(
      new Set(
        sequences.filter((text) => !/^\x1b\[(\d*m|\d+;1H|2K|2J|\?(1049|25|7|1000|1006|2004|2026)[hl])$/.test(text)),
      ),
    ).toEqual(new Set());
    expect(drawn).not.toMatch(/[\x00-\x1a\x1c-\x1f\x7f-\x9f\u202e]/);
  },
);

test.skipIf(!IS_LINUX)("while thirty panes write, it hears keys and shows all of them", async () => {
  await using box = await TopBox.start({ columns: 100, rows: 50 });
  const writing = "while :; do echo $RANDOM line; sleep 0.05; done";
  for (let i = 0; i < 30; i++) await box.tmux("new-session", "-d", "-s", `w${i}`, writing);
  await box.top();
  await box.see("31 panes in 31 sessions");
  await box.keys("/", "w", "2", "9");
  await box.see("/w29_");
  await until("the others are gone", async () => !(await box.screen()).includes("w28:0.0"));
  await box.keys("Enter", "q");
  await box.see("code 0");
});

test.skipIf(!IS_LINUX)("Enter has the client show it that this runs in, and no other", async () => {
  await using box = await TopBox.start();
  await box.tmux("new-session", "-d", "-s", "dev", "echo here-it-is; sleep 1000");
  await using outer = await clients(box, ["view", "view"]);
  await box.top();
  await box.keys("/", "d", "e", "v", ":", "Enter");
  await outer.press(0, "Enter");
  await until("it is shown", async () => (await outer.screen(0)).includes("here-it-is"));
  await until("the other one shows what it showed", async () =>
    (await outer.screen(1)).includes("panes in 2 sessions"),
  );
  await box.see("shows dev:0.0");
});

test.skipIf(!IS_LINUX)("in a pane of another server, Enter says how to attach", async () => {
  await using box = await TopBox.start();
  await using _outer = await terminals(box, ["sleep 1000"]);
  await box.line(". ~/top -L outer");
  await box.see("c0:0.0", "working");
  await box.keys("Enter");
  await box.see("This pane is of another tmux server", "tmux -L outer attach -t 'c0'");
});

test.skipIf(!IS_LINUX)("outside tmux, Enter attaches to it, and who detaches is back in the view", async () => {
  await using box = await TopBox.start();
  await box.tmux("new-session", "-d", "-s", "dev", "echo here-it-is; sleep 1000");
  await using outer = await terminals(box, [`env -u TMUX -u TMUX_PANE bash ~/top`]);
  await until("it is there", async () => (await outer.screen(0)).includes("working"));
  await outer.press(0, "/", "d", "e", "v", ":", "Enter", "Enter");
  await until("it is shown", async () => /here-it-is[\s\S]*\[dev\]/.test(await outer.screen(0)));
  expect(await box.tmux("list-clients", "-F", "#{client_session}")).toBe("dev");
  await box.tmux("detach-client", "-s", "dev");
  await until("the view is back", async () => (await outer.screen(0)).includes("Back from dev:0.0"));
  await outer.press(0, "/", "v", "i", "e", "w");
  await until("it hears keys", async () => (await outer.screen(0)).includes("/dev:view_"));
});

test.skipIf(!IS_LINUX)("it ends at once when it is told to while somebody is attached", async () => {
  await using box = await TopBox.start();
  await box.tmux("new-session", "-d", "-s", "dev", "echo here-it-is; sleep 1000");
  await using outer = await terminals(box, [`env -u TMUX -u TMUX_PANE bash ~/top; echo "code $?"; sleep 1000`]);
  await until("it is there", async () => (await outer.screen(0)).includes("working"));
  await outer.press(0, "/", "d", "e", "v", ":", "Enter", "Enter");
  await until("it is shown", async () => /here-it-is[\s\S]*\[dev\]/.test(await outer.screen(0)));
  process.kill(await box.process(), "SIGTERM");
  await until("it has ended", async () => (await outer.screen(0)).includes("code 143"));
});

test.skipIf(!IS_LINUX)("Esc goes back, and does not quit", async () => {
  await using box = await TopBox.start();
  await box.top();
  await box.keys("?");
  await box.see("Any key goes back");
  await box.keys("Escape");
  await box.see("? help");
  await box.keys("Escape");
  await box.see("Esc goes back; q quits");
  await box.keys("j");
  await box.see("? help   q quit");
  await box.keys("q");
  await box.see("code 0");
});

test.skipIf(!IS_LINUX)("the key of the plugin opens it in a popup, in which Enter ends it", async () => {
  await using box = await TopBox.start();
  await box.tmux("new-session", "-d", "-s", "dev", "echo here-it-is; sleep 1000");
  await box.must(["install", "tmux"]);
  await box.tmux("run-shell", `${box.folder}/.config/tmux/claude-tmux/claude-tmux.tmux`);
  await using outer = await clients(box, ["view", "view"]);
  await outer.press(1, "C-b", "T");
  await until("it is shown", async () => (await outer.screen(1)).includes("? help"));
  expect(await outer.screen(0)).not.toContain("? help");
  await until("the states are known", async () => (await outer.screen(1)).includes("working"));
  await outer.press(1, "/", "d", "e", "v", ":", "Enter", "Enter");
  await until("its client is there", async () => (await outer.screen(1)).includes("here-it-is"));
  await until("the popup has gone", async () => !(await outer.screen(1)).includes("? help"));
  expect(await outer.screen(0)).not.toContain("here-it-is");
});

test("without a terminal there is nothing to show", async () => {
  await using box = await TopBox.start();
  const { exitCode, stdout, stderr } = await box.run(["top"]);
  expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: "" });
  expect(stderr).toContain("stdout is no terminal");
  expect(stderr).toContain("pane-list-detailed");
});

test.skipIf(!IS_LINUX)("the status line counts what needs somebody, and says nothing where nothing does", async () => {
  await using box = await TopBox.start();
  await until("nothing is to be said", async () => (await box.must(["status-line"])) === "");
  await box.tmux("new-session", "-d", "-s", "dev", "read -p 'Your name? ' x");
  await box.tmux("new-session", "-d", "-s", "two", "sleep 1000");
  await until("it is said", async () => (await box.must(["status-line", "--plain"])) === "1 blocked 1 working");
  expect(await box.must(["status-line"])).toBe("#[fg=yellow]1 blocked#[default] #[fg=cyan]1 working#[default]");
  expect(JSON.parse(await box.must(["status-line", "--json"]))).toMatchObject({ blocked: 1, dead: 0, working: 1 });
  await box.tmux("kill-server");
  await until("the server has gone", async () => (await box.must(["status-line"])) === "");
});

/** Clients of a box's tmux server. */
async function clients(box: TopBox, sessions: readonly string[]) {
  const outer = await terminals(
    box,
    sessions.map((session) => `env -u TMUX tmux attach-session -t ${session}`),
  );
  await until("they are attached", async () => (await box.tmux("list-clients")).split("\n").length === sessions.length);
  return outer;
}

/** Terminals in which commands run, in panes of another tmux server: what they show can be seen, and keys pressed there. */
async function terminals(box: TopBox, commands: readonly string[]) {
  const outer = (...args: string[]) => box.tmux("-L", "outer", "-f", "/dev/null", ...args);
  for (const [i, command] of commands.entries()) {
    await outer("new-session", "-d", "-s", `c${i}`, "-x", "90", "-y", "30", command);
  }
  return {
    screen: (i: number) => outer("capture-pane", "-p", "-t", `c${i}:`),
    press: (i: number, ...keys: string[]) => outer("send-keys", "-t", `c${i}:`, ...keys),
    [Symbol.asyncDispose]: async () => void (await outer("kill-server").catch(() => {})),
  };
}
