import { describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { Box, setUp, until } from "../helpers/box.ts";
import { promptedAgent } from "../helpers/prompted-agent.ts";

async function prompted(variables: Record<string, string> = {}, kind: "claude" | "codex" = "claude"): Promise<Box> {
  return await setUp(new Box({ SHELL: "/bin/bash", CLAUDE_CONFIG_DIR: "" }), async (box) => {
    const agent = promptedAgent(box.folder, kind);
    await box.output("session-create", "dev");
    await box.prompt("dev", "0");
    const words = Object.entries(variables).map(([name, value]) => `${name}='${value}'`);
    await box.tmux("send-keys", "-t", "=dev:0.0", `${words.join(" ")} ${agent}`, "Enter");
    const status = variables.STATUS ?? "idle";
    const state = status === "busy" ? "working" : status;
    // its shell is idle, too
    await until("it has started", async () => {
      const { output } = await box.bridge("agent-status", "dev", "0");
      const told = output as unknown as { kind: string | null; state: string };
      return told.kind === kind && told.state === state;
    });
  });
}

/** A bridge command that runs; `hasAsked`: whether it has a tmux client of its own, which it keeps. */
function started(box: Box, ...words: string[]) {
  const child = Bun.spawn([...box.command, "bridge", ...words], { env: box.env, stdout: "pipe" });
  const hasAsked = () => readFileSync(`/proc/${child.pid}/task/${child.pid}/children`, "utf8") !== "";
  return { hasAsked, told: async () => JSON.parse(await child.stdout.text()) };
}

const stateOf = async (box: Box) =>
  ((await box.bridge("agent-status", "dev", "0")).output as unknown as { state: string }).state;
const prompt = (box: Box, ...words: string[]) => box.bridge("agent-prompt", "dev", "0", ...words);
const written = (box: Box, name: string): string[] =>
  existsSync(`${box.folder}/${name}`)
    ? readFileSync(`${box.folder}/${name}`, "utf8")
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line))
    : [];
const prompts = (box: Box, folder = "") => written(box, `${folder}prompts`);
const pastes = (box: Box, folder = "") => written(box, `${folder}pastes`);
/** Whether it is noted of a prompt with a key that it was seen to be taken. */
const isNotedTaken = ({ durable }: Box): boolean => {
  const names = existsSync(`${durable}/prompts`) ? readdirSync(`${durable}/prompts`) : [];
  const whole = names.filter((name) => !name.endsWith(".part"));
  return whole.some((name) => readFileSync(`${durable}/prompts/${name}`, "utf8").includes('"receipt":"submitted"'));
};

describe.skipIf(!existsSync("/proc/self/stat"))("a prompt", () => {
  test("is given, and seen to be taken; its turn is waited for", async () => {
    await using box = await prompted();
    expect(await prompt(box, "--wait", "--timeout", "20", "--", "Do", "it well")).toMatchObject({
      status: "success",
      output: "Submitted",
      receipt: "submitted",
      repeated: false,
      turn: { state: "idle", for: null, message: "Done, all of it." },
    });
    expect(prompts(box)).toEqual(["Do it well"]);
    expect((await box.bridge("agent-list")).output).toMatchObject([{ state: "idle", said: "Done, all of it." }]);
  });

  test("is given to one of which its empty composer alone tells that it has nothing to do, and the next one, too", async () => {
    await using box = await prompted({ NEWLINE: "100", WORK: "1000" }, "codex");
    expect((await box.bridge("agent-status", "dev", "0")).output).toMatchObject({ kind: "codex", source: "screen" });
    for (const text of ["Do it", "Do more"]) {
      expect(await prompt(box, "--wait", "--timeout", "20", text)).toMatchObject({
        receipt: "submitted",
        turn: { state: "idle", message: null },
      });
    }
    expect(prompts(box)).toEqual(["Do it", "Do more"]);
  });

  test.each<[string, Record<string, string>]>([
    ["takes an Enter after a paste for a newline", { NEWLINE: "2000" }],
    ["loses the first Enter", { EATEN: "1" }],
    ["draws late what is pasted", { SLOW: "1500" }],
    ["shows a faint text in its composer", { GHOST: "Try something" }],
  ])("is given once to an agent that %s", async (_, variables) => {
    await using box = await prompted(variables);
    expect(await prompt(box, "Do it")).toMatchObject({ receipt: "submitted" });
    expect([prompts(box).map((text) => text.trim()), pastes(box)]).toEqual([["Do it"], ["Do it"]]);
  });

  test("of many lines arrives as it is, and what an agent would take for something else as words", async () => {
    await using box = await prompted({ WORK: "1" });
    const texts = ["one\n  two\n\n\tthree", "!rm -rf x", "/tmp/x is full", "see @notes.txt", "and \\", "größe 漢字 🙂"];
    for (const text of texts) {
      expect(await prompt(box, "--wait", "--timeout", "20", text)).toMatchObject({ receipt: "submitted" });
    }
    expect(prompts(box)).toEqual([
      "one\n  two\n\n\tthree",
      " !rm -rf x",
      "/tmp/x is full",
      "see @notes.txt ",
      "and \\ ",
      "größe 漢字 🙂",
    ]);
  });

  test.each<[string, Record<string, string>, string]>([
    ["asks for a permission", { STATUS: "waiting" }, "waits for permission"],
    ["works", { STATUS: "busy", WORK: "20000" }, "works"],
    ["has somebody's draft in its composer", { DRAFT: "half a thought" }, "has something written in its composer"],
    ["has a blank there", { DRAFT: " " }, "has something written in its composer"],
  ])("is refused by an agent that %s", async (_, variables, why) => {
    await using box = await prompted(variables);
    expect(await prompt(box, "Do it")).toMatchObject({
      receipt: "refused",
      error: { code: "ERR_PANE_BUSY" },
      output: expect.stringContaining(why),
    });
    expect([prompts(box), pastes(box), existsSync(`${box.folder}/answered`)]).toEqual([[], [], false]);
  });

  test.each(["", "  \n", "exit", "/quit", "/clear it", "a\u001b[201~b", "a\u0003b"])(
    "is refused for what it is: %j",
    async (text) => {
      await using box = await prompted();
      expect(await prompt(box, "--", text)).toMatchObject({ error: { code: "ERR_INVALID_ARGUMENT" } });
      expect(pastes(box)).toEqual([]);
    },
  );

  test("is refused while somebody scrolls there, who is left alone", async () => {
    await using box = await prompted();
    await box.tmux("copy-mode", "-t", "=dev:0.0");
    expect(await prompt(box, "Do it")).toMatchObject({
      receipt: "refused",
      output: expect.stringContaining("copy-mode"),
    });
    expect(await box.tmux("display-message", "-p", "-t", "=dev:0.0", "#{pane_mode}")).toBe("copy-mode");
    const waits = prompt(box, "--queue", "--timeout", "20", "Do it");
    await box.tmux("copy-mode", "-q", "-t", "=dev:0.0");
    expect(await waits).toMatchObject({ receipt: "submitted" });
    expect(prompts(box)).toEqual(["Do it"]);
  });

  test.each(["AGENT; exec sh", "cd / && AGENT", "env A=1 AGENT", "AGENT || sleep 5"])(
    "is given to one that was started by: %s",
    async (line) => {
      await using box = new Box({ SHELL: "/bin/sh", CLAUDE_CONFIG_DIR: "" });
      const agent = promptedAgent(box.folder);
      await box.tmux(
        "-f",
        "/dev/null",
        "new-session",
        "-d",
        "-s",
        "dev",
        "-x",
        "120",
        "-y",
        "30",
        line.replace("AGENT", agent),
      );
      await until("it is listed, and idle", async () => {
        const [agent] = (await box.bridge("agent-list")).output as unknown as { kind: string; state: string }[];
        return agent?.kind === "claude" && agent.state === "idle";
      });
      expect(await prompt(box, "Do it")).toMatchObject({ receipt: "submitted" });
    },
  );

  test("waits its turn where that is wanted", async () => {
    await using box = await prompted({ STATUS: "busy", WORK: "1500" });
    const given = prompt(box, "--queue", "--timeout", "20", "--wait", "Do it then");
    expect(pastes(box)).toEqual([]);
    expect(await given).toMatchObject({ receipt: "submitted", turn: { state: "idle", message: "Done, all of it." } });
    expect(prompts(box)).toEqual(["Do it then"]);
  });

  test.each<[string, Record<string, string>]>([
    ["works", { STATUS: "busy", WORK: "60000" }],
    ["asks for a permission", { STATUS: "waiting" }],
    ["has somebody's draft", { DRAFT: "half a thought" }],
  ])("waits no longer than it may, for one that %s", async (_, variables) => {
    await using box = await prompted(variables);
    const told = await prompt(box, "--queue", "--timeout", "1", "--key", "k", "Do it");
    expect(told).toMatchObject({ receipt: "refused", error: { code: "ERR_TIMEOUT" }, exitCode: 124 });
    expect([pastes(box), existsSync(`${box.folder}/answered`)]).toEqual([[], false]);
  });

  test("waits for nothing when the agent has ended", async () => {
    await using box = await prompted();
    const given = prompt(box, "--queue", "Do it");
    await given;
    await box.tmux("send-keys", "-t", "=dev:0.0", "C-c");
    await until("it has ended", async () => (await stateOf(box)) === "idle" && prompts(box).length === 1);
    await until("no agent is there", async () => {
      const told = await prompt(box, "--queue", "--timeout", "20", "Do more");
      return told.receipt === "refused" && (told as { error?: { code: string } }).error?.code === "ERR_COMMAND_FAILED";
    });
  });

  test.each<[string, Record<string, string>, string]>([
    ["begins to ask for a permission as it is pasted", { DIALOG: "paste" }, "Enter was not pressed"],
    ["shows nothing of it", { DEAF: "1" }, "Enter was not pressed"],
    ["empties its composer, and does nothing", { GONE: "1" }, "was not seen to do anything"],
    ["ends when Enter is pressed", { CRASH: "1" }, "the agent has ended"],
    ["is typed into by a person just then", { APPEND: " and more" }, "is not shown as it is"],
  ])("is told as unknown of an agent that %s", async (_, variables, why) => {
    await using box = await prompted(variables);
    expect(await prompt(box, "--key", "k", "Do it")).toMatchObject({
      receipt: "unknown",
      exitCode: 124,
      output: expect.stringContaining(why),
    });
    expect([pastes(box), prompts(box), existsSync(`${box.folder}/answered`)]).toEqual([["Do it"], [], false]);
    // and never given again
    expect(await prompt(box, "--key", "k", "Do it")).toMatchObject({ receipt: "unknown", exitCode: 124 });
    expect(pastes(box)).toEqual(["Do it"]);
  });

  test("is looked at no longer than it may take", async () => {
    await using box = await prompted({ GONE: "1" });
    const began = performance.now();
    const told = await prompt(box, "--timeout", "8", "Do it");
    const took = performance.now() - began;
    expect(told).toMatchObject({ receipt: "unknown", exitCode: 124, output: expect.stringContaining("was not seen") });
    expect(took).toBeLessThan(14_000); // it is looked at for 15 s without
    expect(pastes(box)).toEqual(["Do it"]);
  });

  test("is not typed where there is no time to see it taken", async () => {
    await using box = await prompted();
    expect(await prompt(box, "--timeout", "0.1", "Do it")).toMatchObject({ receipt: "refused", exitCode: 124 });
    expect(pastes(box)).toEqual([]);
  });

  test("whose turn asks for a permission at once was taken, and needs somebody", async () => {
    await using box = await prompted({ DIALOG: "enter" });
    expect(await prompt(box, "--wait", "--timeout", "20", "Do it")).toMatchObject({
      status: "success",
      receipt: "submitted",
      turn: { state: "waiting", for: "permission", message: null },
      exitCode: 0,
    });
    expect([pastes(box), existsSync(`${box.folder}/answered`)]).toEqual([["Do it"], false]);
  });

  test("that was given with a key is told also when the agent has ended since", async () => {
    await using box = await prompted();
    expect(await prompt(box, "--key", "k", "Do it")).toMatchObject({ receipt: "submitted", repeated: false });
    await box.tmux("send-keys", "-t", "=dev:0.0", "C-c");
    await until("it has ended", async () => {
      const { output } = await box.bridge("agent-status", "dev", "0");
      return (output as unknown as { kind: string | null }).kind === null;
    });
    expect(await prompt(box, "--key", "k", "Do it")).toMatchObject({ receipt: "submitted", repeated: true });
    expect(await prompt(box, "Do it")).toMatchObject({ receipt: "refused", error: { code: "ERR_COMMAND_FAILED" } });
    await box.tmux("kill-session", "-t", "=dev:");
    expect(await prompt(box, "--key", "k", "Do it")).toMatchObject({ status: "error", receipt: "submitted" });
    expect(await prompt(box, "--key", "k", "Do more")).toMatchObject({ status: "error", receipt: "refused" });
    // beside other sessions, the one that is not there is looked for among them
    await box.output("session-create", "other", "--size", "80x24");
    const gone = { status: "error", error: { code: "ERR_SESSION_NOT_FOUND" } };
    expect(await prompt(box, "--key", "k", "Do it")).toMatchObject({ ...gone, receipt: "submitted" });
    expect(await prompt(box, "Do it")).toMatchObject({ ...gone, receipt: "refused" });
    const elsewhere = (...words: string[]) => box.bridge("agent-prompt", ...words, "--key", "k", "Do it");
    expect(await elsewhere("a session", "0")).toMatchObject({ ...gone, receipt: "unknown" });
    expect(await elsewhere("other", "none")).toMatchObject({
      error: { code: "ERR_PANE_NOT_FOUND" },
      receipt: "unknown",
    });
  });

  test("is told as submitted when nothing can be noted of it then", async () => {
    await using box = await prompted({ SLOW: "1500" });
    const given = prompt(box, "--key", "k", "Do it");
    await until("it is pasted", () => pastes(box).length === 1);
    rmSync(`${box.durable}/prompts`, { recursive: true });
    writeFileSync(`${box.durable}/prompts`, "");
    expect(await given).toMatchObject({ status: "success", receipt: "submitted" });
  });

  test("whose agent is killed in its turn has no other end than that", async () => {
    await using box = await prompted({ WORK: "60000" });
    const given = prompt(box, "--wait", "--key", "k", "--timeout", "30", "Do it");
    // one that ends before it was seen to work has left nothing to tell that it took the prompt
    await until("it is seen to be taken", () => isNotedTaken(box));
    const { output } = await box.bridge("agent-status", "dev", "0");
    process.kill((output as unknown as { pid: number }).pid, "SIGKILL");
    expect(await given).toMatchObject({ receipt: "submitted", turn: { state: "dead", message: null } });
  });

  test("with a key is given once, however many try at once", async () => {
    await using box = await prompted();
    const all = await Promise.all(Array.from({ length: 6 }, () => prompt(box, "--key", "ticket-17", "Do it")));
    expect(all.map((one) => one.receipt)).toEqual(Array(6).fill("submitted"));
    expect(all.filter((one) => one.repeated === false)).toHaveLength(1);
    expect(await prompt(box, "--key", "ticket-17", "Do it")).toMatchObject({ receipt: "submitted", repeated: true });
    expect(await prompt(box, "--key", "ticket-17", "Do another")).toMatchObject({
      receipt: "refused",
      error: { code: "ERR_INVALID_ARGUMENT" },
    });
    expect(prompts(box)).toEqual(["Do it"]);
  });

  test("with a key that was refused is given when it can be", async () => {
    await using box = await prompted({ STATUS: "busy", WORK: "1500" });
    expect(await prompt(box, "--key", "k", "Do it")).toMatchObject({ receipt: "refused" });
    await until("it is idle", async () => (await stateOf(box)) === "idle");
    expect(await prompt(box, "--key", "k", "Do it")).toMatchObject({ receipt: "submitted", repeated: false });
    expect(prompts(box)).toEqual(["Do it"]);
  });

  test("with a key is not given again when who gave it was killed in the midst of it", async () => {
    await using box = await prompted({ SLOW: "3000" });
    const first = Bun.spawn([...box.command, "bridge", "agent-prompt", "dev", "0", "--key", "k", "Do it"], {
      env: box.env,
      stdout: "ignore",
    });
    await until("it is pasted", () => pastes(box).length === 1);
    first.kill("SIGKILL");
    await first.exited;
    expect(await prompt(box, "--key", "k", "Do it")).toMatchObject({ receipt: "unknown" });
    expect(pastes(box)).toEqual(["Do it"]);
    // nothing holds up the next one
    await box.tmux("send-keys", "-t", "=dev:0.0", "Enter");
    await until("it was sent by a person", () => prompts(box).length === 1);
    await until("it is idle", async () => (await stateOf(box)) === "idle");
    expect(await prompt(box, "Do more")).toMatchObject({ receipt: "submitted" });
  });

  test("leaves no text of it and of its key on the disk", async () => {
    await using box = await prompted();
    await prompt(box, "--key", "secret-key", "a secret prompt");
    const folder = `${box.folder}/.local/state/claude-tmux/prompts`;
    const texts = readdirSync(folder).map((name) => name + readFileSync(`${folder}/${name}`, "utf8"));
    expect(texts).toHaveLength(1);
    expect(texts[0]).not.toContain("secret");
    expect(await box.tmux("show-options", "-p", "-t", "=dev:0.0")).not.toContain("secret");
  });

  test("of two at once, one is refused or both are given, one after the other", async () => {
    await using box = await prompted({ WORK: "50" });
    const all = await Promise.all(["one", "two", "three"].map((text) => prompt(box, text)));
    const given = all.filter((one) => one.receipt === "submitted");
    expect(prompts(box)).toHaveLength(given.length);
    expect(pastes(box).toSorted()).toEqual(prompts(box).toSorted());
    expect(given.length).toBeGreaterThan(0);
  });
});

test.skipIf(!existsSync("/proc/self/stat"))(
  "an agent that is killed while it is waited for is dead, and not what its shell is",
  async () => {
    await using box = await prompted({ STATUS: "busy", WORK: "60000" });
    const waits = [[], ["--until", "idle"]].map((until) => started(box, "agent-wait", "dev", "0", ...until));
    const { output } = await box.bridge("agent-status", "dev", "0");
    for (const { hasAsked } of waits) await until("it has asked tmux", hasAsked);
    // and has looked at what that told: others that ask later are done with it
    for (let i = 0; i < 3; i++) await box.bridge("agent-status", "dev", "0");
    process.kill((output as unknown as { pid: number }).pid, "SIGKILL");
    const [any, idle] = await Promise.all(waits.map(({ told }) => told()));
    expect(any?.output).toMatchObject({ kind: "claude", state: "dead" });
    expect(idle).toMatchObject({ error: { code: "ERR_COMMAND_ENDED" } });
  },
);

test.skipIf(!existsSync("/proc/self/stat"))(
  "an agent that is stopped while it is waited for has not ended, and is said to be in the background",
  async () => {
    await using box = await prompted({ WORK: "60000" });
    const given = started(box, "agent-prompt", "dev", "0", "--wait", "Do it");
    await until("it works", async () => (await stateOf(box)) === "working");
    const wait = started(box, "agent-wait", "dev", "0", "--until", "idle");
    await until("it has asked tmux", wait.hasAsked);
    const { output: status } = await box.bridge("agent-status", "dev", "0");
    for (let i = 0; i < 3; i++) await box.bridge("agent-status", "dev", "0");
    process.kill((status as unknown as { pid: number }).pid, "SIGSTOP");
    const output = 'The claude in pane 0 of "dev" is not in the foreground any more';
    const told = { output, error: { code: "ERR_COMMAND_FAILED" } };
    expect(await wait.told()).toMatchObject(told);
    expect(await given.told()).toMatchObject({ receipt: "submitted", ...told });
  },
);

test.skipIf(!existsSync("/proc/self/stat"))(
  "a turn of which nothing is known any more is not waited for without end, and the receipt stays",
  async () => {
    await using box = await prompted({ WORK: "60000" });
    const given = started(box, "agent-prompt", "dev", "0", "--wait", "Do it");
    await until("it works", async () => (await stateOf(box)) === "working");
    // and it has been seen to: others that ask later are done with it
    for (let i = 0; i < 10; i++) await box.bridge("agent-status", "dev", "0");
    const [file = ""] = new Bun.Glob(".claude/sessions/*.json").scanSync({ cwd: box.folder, dot: true });
    const kept = JSON.parse(readFileSync(`${box.folder}/${file}`, "utf8"));
    writeFileSync(`${box.folder}/${file}`, JSON.stringify({ ...kept, status: "of a later version" }));
    await until("nothing is known", async () => (await stateOf(box)) === "unknown");
    expect(await given.told()).toMatchObject({
      receipt: "submitted",
      output: expect.stringContaining("has not been known for 10 s"),
      error: { code: "ERR_COMMAND_FAILED" },
    });
  },
);

describe.skipIf(!existsSync("/proc/self/stat"))("of two agents, the one that was meant", () => {
  /** Two, each with a HOME of its own; the second stands where the first stood when that has gone. */
  async function two(first: Record<string, string>): Promise<Box> {
    return await setUp(new Box({ SHELL: "/bin/bash", CLAUDE_CONFIG_DIR: "" }), async (box) => {
      const agent = promptedAgent(box.folder);
      await box.output("session-create", "dev");
      await box.output("pane-create", "dev");
      for (const [pane, variables] of [first, {}].entries()) {
        const home = `${box.folder}/${pane}`;
        mkdirSync(home);
        await box.prompt("dev", `${pane}`);
        const words = Object.entries({ ...variables, HOME: home }).map(([name, value]) => `${name}='${value}'`);
        await box.tmux("send-keys", "-t", `=dev:0.${pane}`, `${words.join(" ")} ${agent}`, "Enter");
        await until("it has started", async () => {
          const { output } = await box.bridge("agent-status", "dev", `${pane}`);
          return (output as unknown as { source: string }).source === "file";
        });
      }
    });
  }

  test("that has gone after it was typed into has no other take its place", async () => {
    await using box = await two({ SLOW: "2000" });
    const given = prompt(box, "Do it");
    await until("it is pasted", () => pastes(box, "0/").length === 1);
    await box.tmux("kill-pane", "-t", "=dev:0.0");
    expect(await given).toMatchObject({ receipt: "unknown" });
    expect([pastes(box, "1/"), prompts(box, "1/")]).toEqual([[], []]);
  });

  test("that has gone while a prompt waited for it has no other take its place", async () => {
    await using box = await two({ STATUS: "busy", WORK: "60000" });
    const given = started(box, "agent-prompt", "dev", "0", "--queue", "--key", "k", "Do it");
    await until("it has asked tmux which one is meant", given.hasAsked);
    for (let i = 0; i < 3; i++) await box.bridge("agent-status", "dev", "0");
    await box.tmux("kill-pane", "-t", "=dev:0.0");
    expect(await given.told()).toMatchObject({ status: "error", receipt: "refused" });
    expect([pastes(box, "1/"), prompts(box, "1/")]).toEqual([[], []]);
  });
});

test("a pane without an agent is given none", async () => {
  await using box = new Box({ SHELL: "/bin/bash" });
  await box.output("session-create", "dev");
  await box.prompt("dev", "0");
  expect(await prompt(box, "touch made")).toMatchObject({ receipt: "refused", error: { code: "ERR_COMMAND_FAILED" } });
  expect(existsSync(`${box.folder}/made`)).toBe(false);
});
