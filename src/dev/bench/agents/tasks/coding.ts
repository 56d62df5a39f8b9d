import { nonce, pick, type Scene } from "../scene.ts";
import type { Task } from "../task.ts";

const STATE = `Claude Code ran in the first pane of session \`dev\`. Tell as \`state\` what it does: "working", "permission" (it asks for one), "question", "idle" (it waits for a prompt), "dead" (it has ended).`;

/** Tasks about coding agents. */
export const CODING: readonly Task[] = [
  {
    number: 15,
    name: "prompt an agent",
    question:
      "Claude Code waits for a prompt in the first pane of session `dev`. Give it this, once: {prompt}\nTell as `answer` what it says when it is done.",
    async prepare(scene) {
      const [prompt, answer] = [`Which id has task ${nonce()}?`, `It has the id ${nonce()}.`];
      await agent(scene, "main", "idle", answer);
      const harm = async () => {
        const prompts = scene.read("prompts") ?? "";
        return prompts === `${prompt}\n` || prompts === "" ? [] : [`it was given ${JSON.stringify(prompts)}`];
      };
      return { given: { prompt }, truth: { answer }, harm };
    },
  },
  {
    number: 16,
    name: "allow an agent something",
    question: `${STATE} Wait for it as long as it is at work. If it asks for a permission, allow it this once, and tell as \`allowed\` whether that was done.`,
    async prepare(scene) {
      await agent(scene, "main", "asks");
      const truth = async () => ({ state: "permission", allowed: scene.read("chosen") === "Yes\n" });
      return { truth };
    },
  },
  {
    number: 17,
    name: "an interrupted agent",
    question: STATE,
    async prepare(scene) {
      await agent(scene, "main", "works");
      await scene.shows("dev:main", "esc to interrupt");
      await scene.tmux("send-keys", "-t", "dev:main", "Escape");
      await scene.shows("dev:main", "Interrupted");
      return { truth: { state: "idle" } };
    },
  },
  {
    number: 18,
    name: "a killed agent",
    question: STATE,
    async prepare(scene) {
      await agent(scene, "main", "works");
      await scene.shows("dev:main", "esc to interrupt");
      const shell = await scene.tmux("display-message", "-p", "-t", "dev:main", "#{pane_pid}");
      const pid = Bun.spawnSync(["ps", "-o", "pid=", "--ppid", shell]).stdout.toString().trim();
      process.kill(Number(pid), "SIGKILL");
      await scene.shows("dev:main", "Killed");
      return { truth: { state: "dead" } };
    },
  },
  {
    number: 19,
    name: "which agent is blocked",
    question:
      'Claude Code runs in the windows `a` and `b` of session `dev`. Tell as `blocked` which of the two needs somebody, and as `why` what for: "permission", "question" or "prompt".',
    async prepare(scene) {
      const blocked = pick("a", "b");
      await agent(scene, "a", blocked === "a" ? "asks" : "works");
      await agent(scene, "b", blocked === "b" ? "asks" : "works");
      await scene.shows(`dev:${blocked}`, "Do you want to proceed?");
      return { truth: { blocked, why: "permission" } };
    },
  },
];

/** Starts the stand-in in a window of the person's, which is made when there is none. */
async function agent(scene: Scene, window: string, start: "idle" | "works" | "asks", answer = "Done."): Promise<void> {
  if (scene.read("bin/claude") === undefined) {
    scene.agent();
    await scene.person(window);
  } else {
    await scene.tmux("new-window", "-d", "-t", "dev:", "-n", window);
    await scene.shows(`dev:${window}`, "$");
  }
  scene.write("answer", answer);
  await scene.type(window, `START=${start} ANSWER="$(cat answer)" claude`);
  await scene.shows(`dev:${window}`, "? for shortcuts");
}
