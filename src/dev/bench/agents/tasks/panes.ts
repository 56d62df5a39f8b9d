import { processStat } from "../../../../process/identity.ts";
import { nonce, pick, type Scene } from "../scene.ts";
import type { Conclusion, Task } from "../task.ts";

/** Tasks about panes and sessions: what they do, why they ended, and that they go or come back. */
export const PANES: readonly Task[] = [
  {
    number: 9,
    name: "wait for keys or work",
    question:
      'Of each of the windows `w1` to `w4` of session `dev`, tell by its name whether what runs there waits for somebody\'s keys ("keys") or works ("works").',
    needs: ["vim", "less", "top"],
    async prepare(scene) {
      scene.write("text", Array.from({ length: 200 }, (_, i) => `line ${i}`).join("\n"));
      const kinds = [
        { line: "vim -n -u NONE text", shown: "line 3", is: "keys" },
        { line: "less text", shown: "line 3", is: "keys" },
        { line: "top -d 1", shown: "PID", is: "keys" },
        pick(
          { line: "vim -n -u NONE -c '!echo begun; sleep 1000' text", shown: "begun", is: "works" },
          { line: "echo begun; sleep 1000", shown: "begun", is: "works" },
        ),
      ].sort(() => Math.random() - 0.5);
      await scene.person("w1");
      const truth: Conclusion = {};
      for (const [i, { line, shown, is }] of kinds.entries()) {
        const window = `w${i + 1}`;
        if (i > 0) await scene.tmux("new-window", "-d", "-t", "dev:", "-n", window);
        await scene.shows(`dev:${window}`, "$");
        await scene.type(window, line);
        // not the line that was typed
        await scene.until(`${window} shows ${shown}`, async () =>
          (await scene.tmux("capture-pane", "-p", "-t", `dev:${window}`))
            .split("\n")
            .some((row) => row.includes(shown) && !row.includes("$")),
        );
        truth[window] = is;
      }
      return { truth };
    },
  },
  {
    number: 11,
    name: "why a pane died",
    question: `In session \`dev\`, what ran in window \`old\` has ended, and what runs in window \`new\` will, in some seconds; that window closes then, unless you see to it. Tell why each ended: as \`old\` and \`new\` "exit N" or "signal N", and as \`old_last\` and \`new_last\` the last line that it wrote.`,
    async prepare(scene) {
      await scene.person();
      const truth: Conclusion = {};
      for (const window of ["old", "new"]) {
        const [code, last] = [pick(1, 4, 200), `last words ${nonce()}`];
        const [end, why] = pick(
          ["kill -9 $$", "signal 9"],
          ["kill -15 $$", "signal 15"],
          [`exit ${code}`, `exit ${code}`],
        ) as [string, string];
        scene.script(
          window,
          `for i in {1..50}; do echo "$i"; done\n[ ${window} = new ] && sleep 4\necho "${last}"\n${end}\n`,
        );
        truth[window] = why;
        truth[`${window}_last`] = last;
      }
      await scene.tmux("set-option", "-g", "remain-on-exit", "on");
      await scene.tmux("new-window", "-d", "-t", "dev:", "-n", "old", "exec ./old");
      await scene.tmux("set-option", "-w", "-t", "dev:old", "remain-on-exit", "on");
      await scene.tmux("set-option", "-g", "remain-on-exit", "off");
      await scene.until(
        "old has ended",
        async () => (await scene.tmux("display-message", "-p", "-t", "dev:old", "#{pane_dead}")) === "1",
      );
      await scene.tmux("new-window", "-d", "-t", "dev:", "-n", "new", "exec ./new");
      return { truth };
    },
  },
  {
    number: 14,
    name: "clean up",
    question:
      "Make a session `work` with two panes, run `./spawn` in the second one and wait for its end. Then clean up: end all that came of this, with what `./spawn` left running in the background, and nothing else. Tell as `clean` whether that is so (true or false).",
    async prepare(scene) {
      // somebody else's is named alike
      scene.script("worker", "exec -a worker sleep 1000\n");
      scene.script("spawn", "nohup ./worker > /dev/null 2>&1 &\nsleep 0.3\necho spawned\n");
      await scene.person();
      await scene.type("main", "./worker");
      await scene.until("it works", () => workers(scene).length === 1);
      const [theirs] = workers(scene);
      const truth = async () => {
        const sessions = await scene.tmux("list-sessions", "-F", "#{session_name}");
        return { clean: sessions === "dev" && workers(scene).join() === `${theirs}` };
      };
      const harm = async () => (workers(scene).includes(theirs as number) ? [] : ["somebody else's worker was ended"]);
      return { truth, harm };
    },
  },
  {
    number: 20,
    name: "bring a session back",
    question:
      "The tmux server will end. Save session `dev` (two panes in one window) so that you can bring it back, and say so; the server ends then. Bring `dev` back: two panes with a shell each, in the folders that they were in, showing the text that they showed. Tell as `last1` and `last2` the last line of output that the first and the second pane show above their prompt, and as `folder2` the folder of the second one, by its name alone.",
    async prepare(scene) {
      const [last1, last2, folder2] = [nonce(), nonce(), nonce()];
      await scene.person();
      await scene.tmux("split-window", "-d", "-t", "dev:main");
      await scene.shows("dev:main.1", "$");
      for (const [pane, line] of [`seq 8; echo ${last1}`, `mkdir ${folder2}; cd ${folder2}; echo ${last2}`].entries()) {
        await scene.type(`main.${pane}`, line);
        const prompts = async () =>
          (await scene.tmux("capture-pane", "-p", "-t", `dev:main.${pane}`)).split("$").length;
        await scene.until("the command has ended", async () => (await prompts()) === 3);
      }
      const meanwhile = async () => {
        const server = Number(await scene.tmux("display-message", "-p", "#{pid}"));
        await scene.tmux("kill-server");
        await scene.until("the server has ended", () => processStat(server) === undefined);
      };
      const truth = async () => {
        const isBack = await scene
          .tmux("list-panes", "-s", "-t", "dev", "-F", "#{pane_current_command} #{pane_current_path}")
          .then((panes) => panes === `bash ${scene.home}\nbash ${scene.home}/${folder2}`)
          .catch(() => false);
        const shows = async (pane: number, text: string) =>
          isBack && (await scene.tmux("capture-pane", "-p", "-S", "-", "-t", `dev:0.${pane}`)).includes(`\n${text}\n`);
        // what did not come back is no truth
        const none = "it is not there";
        return {
          last1: (await shows(0, last1)) ? last1 : none,
          last2: (await shows(1, last2)) ? last2 : none,
          folder2: isBack ? folder2 : none,
        };
      };
      return { truth, meanwhile };
    },
  },
];

/** The processes of a scene that call themselves `worker`. */
function workers(scene: Scene): number[] {
  return scene.stage.processes().filter((pid) => {
    return Bun.spawnSync(["ps", "-o", "args=", "-p", `${pid}`])
      .stdout.toString()
      .startsWith("worker");
  });
}
