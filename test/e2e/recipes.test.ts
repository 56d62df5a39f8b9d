import { describe, expect, test } from "bun:test";
import { appendFileSync, chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { RECIPES } from "../../src/commands/reference/recipes.ts";
import { quotedWords } from "../../src/lib/shell.ts";
import { commandLine } from "../../src/process/identity.ts";
import { Box, PROGRAM, until } from "../helpers/box.ts";
import { promptedAgent } from "../helpers/prompted-agent.ts";

/** A box in which `claude-tmux` is on PATH, with scripts beside it, by their names. */
function kitchen(scripts: Record<string, string> = {}): Box {
  const box = new Box();
  mkdirSync(`${box.folder}/bin`, { recursive: true });
  box.env.PATH = `${box.folder}/bin:${box.folder}/agent/bin:${box.env.PATH}`;
  // tmux starts login shells, for which /etc/profile sets PATH anew
  appendFileSync(`${box.folder}/.profile`, "PATH=$HOME/bin:$HOME/agent/bin:$PATH\n");
  const program = `exec ${quotedWords(PROGRAM)} "$@"`;
  for (const [name, text] of Object.entries({ "bin/claude-tmux": program, ...scripts })) {
    mkdirSync(dirname(`${box.folder}/${name}`), { recursive: true });
    writeFileSync(`${box.folder}/${name}`, `#!/bin/sh\n${text}\n`);
    chmodSync(`${box.folder}/${name}`, 0o755);
  }
  return box;
}

/** Has `claude` in it that only draws and keeps its files as Claude Code does. */
function agent(box: Box): void {
  mkdirSync(`${box.folder}/agent`);
  promptedAgent(`${box.folder}/agent`);
}

/** What is to be copied of a recipe, as `help recipes` prints it. */
async function printed(box: Box, title: string): Promise<string> {
  const chapter = (await box.must(["help", "recipes"])).split(/^## /m).find((text) => text.startsWith(`${title}\n`));
  const text = /^```\w+\n([\s\S]*?)^```$/m.exec(chapter ?? "")?.[1];
  if (text === undefined) throw new Error(`there is no recipe "${title}"`);
  return text.trimEnd();
}

/** Runs a text with sh, in the box's folder. */
async function sh(box: Box, text: string, env: Record<string, string | undefined> = box.env) {
  const child = Bun.spawn(["/bin/sh", "-c", text], {
    cwd: box.folder,
    env,
    stdin: "ignore",
    stdout: "pipe",
    stderr: "pipe",
  });
  const [stdout, stderr, exitCode] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited]);
  return { stdout, stderr, exitCode };
}

const read = (box: Box, name: string) => readFileSync(`${box.folder}/${name}`, "utf8");
const sessions = async (box: Box) => (await box.must(["session-list"])).match(/"name": "[\w-]+"/g) ?? [];
/** Each is run again: what the first run has left must not be in the way of the second. */
const TWICE = [1, 2] as const;
/** The titles of the recipes that are run below. */
const TRIED: string[] = [];
/** A test of the recipe with a title. */
function recipe(
  title: string,
  what: string,
  run: (text: string) => Promise<void>,
  needs: readonly string[] = ["jq"],
): void {
  TRIED.push(title);
  const isMissing = needs.some((program) => Bun.which(program) === null);
  test.skipIf(isMissing)(`${title}: ${what}`, async () => {
    await using box = new Box();
    await run(await printed(box, title));
  });
}

describe("the recipes, as they are printed", () => {
  const steps = (failing: string) => `echo "did $*"; echo "$*" >> "$HOME/steps"; [ "$*" != "${failing}" ] || exit 3`;

  for (const [failing, did, code] of [
    ["test", ["ci", "test"], 3],
    ["none", ["ci", "test", "run build"], 0],
  ] as const) {
    recipe("A build that people can watch", `when ${failing} fails, it exits with ${code}`, async (text) => {
      await using box = kitchen({ "bin/npm": steps(failing) });
      const lines = (before: string) => did.map((step) => `${before}${step}\n`).join("");
      for (const time of TWICE) {
        expect(await sh(box, text)).toEqual({ stderr: "", exitCode: code, stdout: lines("did ") });
        expect(read(box, "steps")).toBe(lines("").repeat(time));
        expect(await sessions(box)).toEqual([]);
      }
    });
  }

  recipe(
    "A build that people can watch",
    "ended by a signal, it leaves no session; and it says what is wrong",
    async (text) => {
      await using box = kitchen({ "bin/npm": `touch "$HOME/begun"; sleep 1000` });
      const child = Bun.spawn(["/bin/sh", "-c", text], {
        cwd: box.folder,
        env: box.env,
        stdio: ["ignore", "ignore", "ignore"],
        detached: true,
      });
      await until("it has begun", () => existsSync(`${box.folder}/begun`));
      // as Ctrl-C does: to the script, and to what it waits for
      process.kill(-child.pid, "SIGINT");
      expect(await child.exited).toBe(1);
      expect(await sessions(box)).toEqual([]);
      const failed = await sh(box, text, {
        ...box.env,
        CLAUDE_TMUX_STATE_DIR: "/dev/null/x",
        TMUX_TMPDIR: "/dev/null",
      });
      expect(failed).toMatchObject({ exitCode: 1, stdout: "", stderr: expect.stringContaining('"status": "error"') });
    },
  );

  recipe("Several agents, each with a task of its own", "they are started, and tell", async (text) => {
    await using box = kitchen({ "bin/notify-send": `echo "$*" >> "$HOME/notified"` });
    agent(box);
    box.env.STATUS = "waiting";
    for (const name of ["api", "web"]) writeFileSync(`${box.folder}/${name}.md`, `Do "${name}";\nit's $HOME\n`);
    for (const _ of TWICE) expect(await sh(box, text)).toMatchObject({ exitCode: 0, stderr: "" });
    await until(
      "both have told",
      () => existsSync(`${box.folder}/notified`) && read(box, "notified").match(/waiting/g)?.length === 2,
    );
    expect(read(box, "notified").trim().split("\n").toSorted()).toEqual([
      "api: waiting permission",
      "web: waiting permission",
    ]);
    const agents = (await box.bridge("agent-list")).output as unknown as { label: string; pid: number }[];
    for (const { label, pid } of agents) expect(commandLine(pid).at(-1)).toBe(`Do "${label}";\nit's $HOME`);
    expect(agents.length).toBe(2);
  });

  recipe("The next prompt, when the first is done", "it is given once, and its answer printed", async (text) => {
    await using box = kitchen();
    agent(box);
    box.env.STATUS = "busy";
    await box.output("session-create", "agents");
    await box.output("pane-create", "agents", "api");
    await box.output("pane-exec", "agents", "api", "claude");
    await until("it works", async () => `${(await box.bridge("agent-list")).output}` !== "");
    for (const _ of TWICE)
      expect(await sh(box, text)).toMatchObject({ stdout: "Done, all of it.\n", stderr: "", exitCode: 0 });
    expect(read(box, "prompts")).toBe('"Now test it"\n');
  });

  recipe("A deploy with a deadline", "it is live", async (text) => {
    await using box = kitchen({
      "deploy.sh": "echo 1 >> deploys; echo building; sleep 0.2; echo live at noon; sleep 60",
      "rollback.sh": "echo back",
    });
    for (const _ of TWICE) expect(await sh(box, text)).toEqual({ stdout: "", stderr: "", exitCode: 0 });
    expect(read(box, "deploys")).toBe("1\n1\n");
  });

  recipe("A deploy with a deadline", "it has failed, and is rolled back", async (text) => {
    await using box = kitchen({ "deploy.sh": "echo no space left; exit 4", "rollback.sh": "echo rolled back" });
    for (const _ of TWICE) {
      const { stdout, exitCode } = await sh(box, text.replace("10m", "2"));
      expect({ stdout, exitCode }).toMatchObject({ exitCode: 1, stdout: expect.stringMatching(/\nrolled back\n$/) });
    }
  });

  const CRON = ["/usr/local/bin/tmux", "/usr/bin/tmux", "/bin/tmux"];
  if (CRON.some((path) => existsSync(path))) {
    recipe("cron", "each line, with what cron gives to it", async (text) => {
      await using box = kitchen({ "backup.sh": "echo saved" });
      mkdirSync(`${box.folder}/.local/bin`, { recursive: true });
      writeFileSync(`${box.folder}/.local/bin/claude-tmux`, read(box, "bin/claude-tmux"), { mode: 0o755 });
      const [path = "", ...lines] = text.split("\n");
      const { HOME, TMUX_TMPDIR, CLAUDE_TMUX_STATE_DIR, XDG_STATE_HOME } = box.env;
      const env = {
        HOME,
        TMUX_TMPDIR,
        CLAUDE_TMUX_STATE_DIR,
        XDG_STATE_HOME,
        SHELL: "/bin/sh",
        PATH: path.slice("PATH=".length),
      };
      for (const line of [...lines, ...lines]) {
        const command = /^(?:\S+ ){5}(.*)$/.exec(line)?.[1] ?? "";
        expect(command).not.toContain("%"); // a new line, for cron
        expect(await sh(box, command, env)).toEqual({ stdout: "", stderr: "", exitCode: 0 });
      }
      expect(await box.must(["daemon", "health"])).toBe("healthy");
      const saved = read(box, "backup.jsonl").trim().split("\n");
      expect(saved.map((text) => JSON.parse(text))).toMatchObject(TWICE.map(() => ({ exit_code: 0, output: "saved" })));
    });
  }

  interface Pod {
    kind: string;
    spec: { containers: { command: string[]; livenessProbe: Probe; readinessProbe: Probe }[] };
  }
  interface Probe {
    exec: { command: string[] };
  }

  /** What a container's first process is, and how it is asked whether it is well. */
  const containers: Record<string, (text: string) => { main: string[]; probes: string[][] }> = {
    Docker(text) {
      const [, health = ""] = /^HEALTHCHECK .* CMD (.*)$/m.exec(text) ?? [];
      return { main: JSON.parse(/^CMD (.*)$/m.exec(text)?.[1] ?? ""), probes: [["/bin/sh", "-c", health]] };
    },
    Kubernetes(text) {
      const { kind, spec } = Bun.YAML.parse(text) as Pod;
      expect([kind, spec.containers.length]).toEqual(["Pod", 1]);
      const [container] = spec.containers;
      if (!container) throw new Error("a pod without a container");
      const { command: main, livenessProbe, readinessProbe } = container;
      return { main, probes: [livenessProbe, readinessProbe].map(({ exec }) => exec.command) };
    },
  };

  for (const [title, parse] of Object.entries(containers)) {
    recipe(
      title,
      "what it starts is well, and then is not",
      async (text) => {
        await using box = kitchen();
        const { main, probes } = parse(text);
        const asked = () =>
          probes.map((cmd) => Bun.spawnSync(cmd, { env: box.env, stdout: "ignore", stderr: "ignore" }).exitCode);
        for (const _ of TWICE) {
          expect(asked()).toEqual(probes.map(() => 1));
          const child = Bun.spawn(main, { env: box.env, stdin: "ignore", stdout: "ignore", stderr: "ignore" });
          await until("it is well", () => asked().every((code) => code === 0));
          child.kill();
          expect(await child.exited).toBe(0);
        }
        expect(asked()).toEqual(probes.map(() => 1));
      },
      [],
    );
  }

  test("Docker: it is what install docker prints", async () => {
    await using box = new Box();
    expect(await printed(box, "Docker")).toBe((await box.must(["install", "docker"])).trimEnd());
  });

  recipe("CI: a server, and tests against it", "when it listens", async (text) => {
    const npm = `case "$2" in serve) echo listening on 8080; sleep 60;; e2e) echo tested; exit 5;; esac`;
    await using box = kitchen({ "bin/npm": npm });
    for (const _ of TWICE) {
      expect(await sh(box, text)).toEqual({ stdout: "tested\n", stderr: "", exitCode: 5 });
      expect(await sessions(box)).toEqual([]);
    }
  });

  recipe(
    "CI: a server, and tests against it",
    "when the server fails",
    async (text) => {
      await using box = kitchen({ "bin/npm": `[ "$2" = serve ] && echo port in use; exit 1` });
      box.env.SHELL = "/bin/bash"; // its shell tells that it has ended
      for (const _ of TWICE) {
        const { stdout, exitCode } = await sh(box, text);
        expect({ exitCode, stdout }).toEqual({ exitCode: 1, stdout: expect.stringContaining("port in use") });
      }
    },
    ["jq", "bash"],
  );

  recipe(
    "A REPL, a debugger, anything that asks",
    "its answer",
    async (text) => {
      await using box = kitchen();
      for (const _ of TWICE) expect(await sh(box, text)).toEqual({ stdout: "42\n", stderr: "", exitCode: 0 });
      const { stdout, exitCode } = await sh(box, text.replace("python3", "no-such-python"));
      expect([stdout, exitCode === 0]).toEqual(["", false]);
      expect(await sessions(box)).toEqual([]);
    },
    ["jq", "python3"],
  );

  recipe("A password", "it is given to who asks for it, and nowhere else", async (text) => {
    await using box = kitchen({
      "bin/sudo": `stty -echo; printf '[sudo] password for me: '; read -r p; stty echo; echo; echo "got $p" | tr a-z A-Z; echo "$p" | wc -c`,
      "bin/pass": "echo s3cret-word",
    });
    await box.output("session-create", "dev");
    for (const _ of TWICE) {
      expect(await sh(box, text)).toEqual({ stdout: "GOT S3CRET-WORD\n12\n", stderr: "", exitCode: 0 });
    }
    expect(await box.output("pane-capture", "dev", "main", "200")).not.toContain("s3cret");
  });

  recipe("Stop what runs", "and the session", async (text) => {
    await using box = kitchen();
    await box.output("session-create", "dev");
    await box.output("pane-exec", "dev", "main", `echo be""gun; sleep 1000`);
    await box.shows("dev", "main", "begun");
    const stop = async () => {
      const { stdout, ...rest } = await sh(box, text);
      const lines = stdout.trim().split("\n");
      return { ...rest, answers: lines.map((line) => JSON.parse(line)) };
    };
    const { answers, stderr, exitCode } = await stop();
    const [pane, session] = answers;
    expect({ stderr, exitCode, pane, session }).toMatchObject({
      stderr: "",
      exitCode: 0,
      pane: { survivors: [] },
      session: { survivors: [] },
    });
    expect(await sessions(box)).toEqual([]);
    const gone = { code: expect.stringMatching(/^ERR_(SESSION_NOT_FOUND|TMUX_NOT_RUNNING)$/) };
    expect(await stop()).toMatchObject({ stderr: "", exitCode: 0, answers: [gone, gone] });
  });

  recipe("Sessions that end by themselves", "that of the script goes, the other stays", async (text) => {
    await using box = kitchen();
    for (const _ of TWICE) {
      const { stdout, stderr, exitCode } = await sh(box, text);
      expect({ stderr, exitCode, said: JSON.parse(stdout) }).toMatchObject({
        stderr: "",
        exitCode: 0,
        said: { collected: expect.any(Array), kept: expect.any(Array) },
      });
    }
    await until("its session would go", async () => {
      const { collected } = await box.bridge("gc-run", "--dry-run");
      return JSON.stringify(collected).includes("job-") && !JSON.stringify(collected).includes("scratch");
    });
  });

  recipe("Before an upgrade of the machine", "the session is saved, and nothing is missing", async (text) => {
    await using box = kitchen();
    await box.output("session-create", "dev");
    await box.prompt("dev", "main");
    for (const _ of TWICE) {
      expect(await sh(box, text)).toMatchObject({
        stderr: "",
        exitCode: 0,
        stdout: expect.stringMatching(/\n\[\]\n$/),
      });
    }
  });

  recipe(
    "Every event, to somewhere else",
    "each once, in order, over a restart of the script",
    async (text) => {
      await using box = kitchen();
      const got: { seq: number }[] = [];
      await using server = Bun.serve({
        port: 0,
        hostname: "127.0.0.1",
        async fetch(request) {
          got.push(JSON.parse(await request.text()));
          return new Response("");
        },
      });
      await box.must(["daemon", "start"]);
      const env = { ...box.env, HOOK: `${server.url}` };
      for (const count of TWICE) {
        const child = Bun.spawn(["/bin/sh", "-c", text], {
          cwd: box.folder,
          env,
          stdin: "ignore",
          stdout: "ignore",
          stderr: "ignore",
          detached: true,
        });
        await box.output("session-create", `s${count}`);
        // what a callback writes has more than one line
        await box.must(["daemon", "subscribe", `s${count}`, "session-closed", "printf 'one\\ntwo\\n'"]);
        await box.output("session-kill", `s${count}`);
        await until("it has been called back", async () => (await box.events("callback")).length === count);
        await until(
          "its event has come, and is noted",
          () =>
            got.length > 0 &&
            existsSync(`${box.folder}/seq`) &&
            JSON.stringify(got).includes(`"s${count}"`) &&
            got.filter((event) => (event as { event_type?: string }).event_type === "callback").length === count &&
            Number(read(box, "seq")) === got.at(-1)?.seq,
        );
        process.kill(-child.pid, "SIGKILL");
        await child.exited;
      }
      const seqs = got.map(({ seq }) => seq);
      expect(seqs).toEqual([...new Set(seqs)].toSorted((a, b) => a - b));
    },
    ["jq", "curl"],
  );

  test("all of them are here", () => {
    const untried = RECIPES.map(({ title }) => title).filter((title) => title !== "cron" && !TRIED.includes(title));
    expect(untried).toEqual([]);
  });
});
