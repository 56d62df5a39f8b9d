import { sleep } from "../../../../lib/wait.ts";
import { nonce, pick, type Scene } from "../scene.ts";
import type { Task } from "../task.ts";

const SERVER = `Make a session \`work\` and start \`./server\` in it. It writes "listening on port N" when it is ready; if it can't be,
it ends. Tell as soon as you can: \`ready\`; if it is, \`port\`, else \`exit_code\` and \`last\`, its last line. Leave it running.`;

/** Tasks in which something is run, and its end or a line of it waited for. */
export const COMMANDS: readonly Task[] = [
  {
    number: 1,
    name: "build",
    question: `Make a session \`work\` and run \`./build\` in it, where a person may watch it. Tell its \`exit_code\`, and as \`last\` the last 20 lines that it wrote.`,
    async prepare(scene) {
      const [id, code] = [nonce(), pick(0, 1, 2, 77)];
      const line = (i: string) => `[${i}/300] cc -O2 -c src/part-${i}.c -o out/${id}-${i}.o`;
      scene.script("build", `for i in {1..300}; do echo "${line("$i")}"; done\nsleep 1\nexit ${code}\n`);
      const last = Array.from({ length: 20 }, (_, i) => line(`${281 + i}`)).join("\n");
      return { truth: { exit_code: code, last } };
    },
  },
  {
    number: 2,
    name: "server that gets ready",
    question: SERVER,
    async prepare(scene) {
      const port = 2000 + Math.floor(Math.random() * 60000);
      // what it writes when it is ready has soon scrolled away
      scene.script(
        "server",
        `echo "opening the database"\nsleep 1.5\necho "listening on port ${port}"\nfor i in {1..60}; do echo "GET /$i 200"; done\nexec sleep 1000\n`,
      );
      return { truth: { ready: true, port } };
    },
  },
  {
    number: 3,
    name: "server that dies before",
    question: SERVER,
    async prepare(scene) {
      const [code, last] = [pick(1, 3, 70), `fatal: the database is of version ${nonce()}`];
      scene.script("server", `echo "opening the database"\nsleep 1.5\necho "${last}"\nexit ${code}\n`);
      return { truth: { ready: false, exit_code: code, last } };
    },
  },
  {
    number: 4,
    name: "first failure of two",
    question: `Make a session \`work\` and run \`./lint\` and \`./unit\` in two panes of it, at the same time. Tell \`failed\`, the one that is the first to fail (an exit code other than 0), and its \`exit_code\`. At least one fails.`,
    async prepare(scene) {
      const [first, second] = pick(["lint", "unit"], ["unit", "lint"]) as [string, string];
      const code = pick(1, 2, 9);
      // the first to end may be the one that is well
      const isWell = pick(true, false);
      ending(scene, first, 1, isWell ? 0 : code);
      ending(scene, second, 2.5, isWell ? code : 5);
      return { truth: { failed: isWell ? second : first, exit_code: code } };
    },
  },
  {
    number: 10,
    name: "first to end of two",
    question: `Make a session \`work\` and run \`./one\` and \`./two\` in two panes of it, at the same time. Tell \`first\`, the one that ends first, as soon as it has.`,
    async prepare(scene) {
      const [first, second] = pick(["one", "two"], ["two", "one"]) as [string, string];
      ending(scene, first, 2, pick(0, 1));
      ending(scene, second, 5, 0);
      const restarted = await restartedMeanwhile(scene, [first, second]);
      return {
        truth: async () => {
          if (!(await restarted())) throw new Error("the daemon was not restarted meanwhile");
          return { first };
        },
      };
    },
  },
];

/**
 * Has a daemon run that listens to the session `work`, and is restarted while the commands run: whoever waits through it is to notice
 * nothing. Returns what tells whether that has come about; true when the commands were not begun, too.
 */
async function restartedMeanwhile(scene: Scene, commands: readonly string[]): Promise<() => Promise<boolean>> {
  await scene.stage.must(["daemon", "start"]);
  const hasBegun = () => commands.every((command) => scene.read(`${command}.begun`) !== undefined);
  const restart = async () => {
    await scene.until("there is a session", () =>
      scene.tmux("has-session", "-t", "=work").then(
        () => true,
        () => false,
      ),
    );
    await scene.stage.must(["daemon", "subscribe", "work", "pattern-match", "0", "is over"]);
    await scene.until("both run", hasBegun);
    await sleep(500);
    await scene.stage.must(["daemon", "restart"]);
    return true;
  };
  const done = restart().catch(() => false);
  return async () => (hasBegun() ? await done : true);
}

function ending(scene: Scene, name: string, seconds: number, code: number): void {
  scene.script(
    name,
    `echo "${name} begins"\ntouch ${name}.begun\nsleep ${seconds}\necho "${name} is over"\nexit ${code}\n`,
  );
}
