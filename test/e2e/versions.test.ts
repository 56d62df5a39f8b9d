import { expect, test } from "bun:test";
import { rmSync } from "node:fs";
import { served } from "../helpers/box.ts";

/** What stands in for the daemon: its own answers, by path. */
type Answers = Record<string, (status: object) => Response>;

/** Runs `act` while another server answers in the place of the box's daemon, as one of another version would. */
async function withOtherDaemon(answers: Answers, act: (box: Awaited<ReturnType<typeof served>>) => Promise<void>) {
  await using box = await served();
  const socket = `${box.state}/daemon.sock`;
  const status = JSON.parse(await box.must(["daemon", "status", "--json"]));
  const daemon = await box.pid("daemon");
  process.kill(daemon, "SIGSTOP"); // or it would make its socket again
  rmSync(socket);
  const other = Bun.serve({
    unix: socket,
    fetch(request) {
      const answer = answers[new URL(request.url).pathname];
      return answer ? answer(status) : new Response("no such path\n", { status: 404 });
    },
  });
  try {
    await act(box);
  } finally {
    await other.stop(true);
    process.kill(daemon, "SIGCONT");
  }
}

test("a daemon of a later version is understood as far as both know the words, and named in one sentence", async () => {
  const headers = { "claude-tmux-version": "99.0.0" };
  const answers: Answers = {
    "/status": (status) => Response.json({ ...status, version: "99.0.0", moons: 79 }, { headers }),
    "/sync": () => Response.json({ subscriptions: 1, moons: 79 }, { headers }),
  };
  await withOtherDaemon(answers, async (box) => {
    const told = await box.run(["daemon", "status"]);
    expect(told).toMatchObject({ exitCode: 0, stderr: "" });
    expect(told.stdout).toMatch(/Daemon 99\.0\.0 runs, this is \S+: claude-tmux daemon restart\n/);
    expect((await box.run(["doctor"])).stdout).toMatch(
      /^! version +Daemon 99\.0\.0 runs, this is \S+\n.*daemon restart$/m,
    );
    const json = JSON.parse(await box.must(["daemon", "status", "--json"]));
    expect(json).toMatchObject({ responding: true, version: "99.0.0" });
    const subscribed = await box.run(["daemon", "subscribe", "dev", "pane-exit"]);
    expect(subscribed).toMatchObject({ exitCode: 0, stdout: "1\n" });
    expect(subscribed.stderr).toMatch(/^Daemon 99\.0\.0 runs, this is \S+: claude-tmux daemon restart\.\n$/);
  });
});

test("a daemon that is not understood is no bug, and is named", async () => {
  const answers: Answers = { "/status": () => Response.json({ state: "fine" }), "/sync": () => Response.json([]) };
  await withOtherDaemon(answers, async (box) => {
    const told = await box.run(["daemon", "status"]);
    expect(told).toMatchObject({ exitCode: 0, stderr: "" });
    expect(told.stdout).toContain("A daemon of an earlier version runs");
    const { exitCode, stderr } = await box.run(["daemon", "subscribe", "dev", "pane-exit"]);
    expect(exitCode).toBe(0);
    expect(stderr).toContain("this is stored");
    expect(stderr).not.toContain("bug");
  });
});
