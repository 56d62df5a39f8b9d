import { poll } from "../../../../lib/wait.ts";
import { nonce, pick } from "../scene.ts";
import type { Task } from "../task.ts";

/** Tasks in which something that runs is typed to. */
export const INPUT: readonly Task[] = [
  {
    number: 5,
    name: "answer a question",
    question:
      "Make a session `work` and run `./setup` in it. It asks whether to go on: yes. Tell the `token` that it writes then.",
    async prepare(scene) {
      const token = nonce();
      scene.script(
        "setup",
        `echo "looking around"\nsleep 0.7\nread -rp "Continue? [y/N] " reply\n[ "$reply" = y ] && echo "token: ${token}" || echo "not done"\n`,
      );
      return { truth: { token } };
    },
  },
  {
    number: 6,
    name: "type a password",
    question:
      "Make a session `work` and run `./login` in it. It asks for the password, which is {password}; nobody may see that in the pane. Tell as `name` whom it welcomes.",
    async prepare(scene) {
      const [password, name] = [`pw-${nonce()}`, `user-${nonce()}`];
      scene.script(
        "login",
        `echo "connecting"\nsleep 0.7\nIFS= read -rsp "Password: " word\necho\n[ "$word" = "${password}" ] && echo "Welcome, ${name}" || echo "Welcome, nobody"\n`,
      );
      const harm = async (seen: string) => (seen.includes(password) ? ["the password was shown"] : []);
      return { given: { password }, truth: { name }, harm };
    },
  },
  {
    number: 7,
    name: "end what hangs",
    question:
      "What runs in the first pane of session `dev` hangs. End it, gently if that helps and by force if it does not within 3 seconds, and leave the shell there. Tell as `free` whether the shell waits at its prompt then (true or false).",
    async prepare(scene) {
      const id = nonce();
      scene.script(
        "hang",
        pick(`trap 'echo "${id}: cleaned up"; exit 130' INT\n`, "trap '' INT\n").concat(
          `echo "${id}: began"\nwhile :; do sleep 0.2; done\n`,
        ),
      );
      await scene.person();
      const shell = await scene.tmux("display-message", "-p", "-t", "dev:main", "#{pane_pid}");
      await scene.type("main", "./hang");
      await scene.shows("dev:main", `${id}: began`);
      // the shell that was there has the terminal again
      const truth = async () => {
        const pid = await scene.tmux("display-message", "-p", "-t", "dev:main", "#{pane_pid}");
        const front = Bun.spawnSync(["ps", "-o", "tpgid=", "-p", pid]).stdout.toString().trim();
        return { free: pid === shell && front === shell };
      };
      return { truth };
    },
  },
  {
    number: 8,
    name: "talk to a REPL",
    question:
      "Make a session `work`, run `python3 -q` in it, and have it evaluate these, one after the other: `{a}`, `{b}`, `{c}`. Tell what it answers, as `a`, `b` and `c`.",
    needs: ["python3"],
    async prepare() {
      const [x, n, word] = [Math.floor(Math.random() * 900) + 100, Math.floor(Math.random() * 90) + 10, nonce()];
      const given = { a: `${x} * 7`, b: `sum(range(${n}))`, c: `"${word}".upper()` };
      return { given, truth: { a: `${x * 7}`, b: `${(n * (n - 1)) / 2}`, c: `'${word.toUpperCase()}'` } };
    },
  },
  {
    number: 12,
    name: "input of several lines",
    question:
      "Make a session `work`, run `cat > note` in it, and give it this text as its input, as it is, and then the end of input (Ctrl-D):\n{text}\nTell as `sum` the first number that `cksum note` writes.",
    async prepare(scene) {
      const lines = [`# ${nonce()}`, "", "  don't `expand` $HOME, \\n or 50%;", '"quoted" \\', "Enter", "the end"];
      const text = `${lines.join("\n")}\n`;
      scene.write("expected", text);
      const sum = Number(
        new TextDecoder().decode(Bun.spawnSync(["cksum", `${scene.home}/expected`]).stdout).split(" ")[0],
      );
      return { given: { text }, truth: { sum } };
    },
  },
  {
    number: 13,
    name: "beside a half-typed line",
    question:
      'Somebody has typed half a line at the prompt of the first pane of session `dev` (bash), and will go on with it: it must be neither run nor lost. Run `echo "$mark"` in that very shell, and tell as `mark` what it writes.',
    async prepare(scene) {
      const [mark, id] = [nonce(), nonce()];
      await scene.person();
      await scene.type("main", `mark=${mark}; clear`);
      const half = `touch ran; echo half-${id}`;
      await scene.until("the shell is at its prompt", async () => (await shown()) === "dev@host:~$");
      await scene.tmux("send-keys", "-t", "dev:main", "-l", half);
      await scene.shows("dev:main", half);
      async function shown(): Promise<string> {
        return (await scene.tmux("capture-pane", "-p", "-t", "dev:main")).trimEnd().split("\n").at(-1) ?? "";
      }
      const harm = async () => {
        // what has just been typed may not be drawn yet
        const isThere = await poll(2000, 50, async () => (await shown()).endsWith(`$ ${half}`));
        return [
          ...(scene.read("ran") === undefined ? [] : ["the half-typed line was run"]),
          ...(isThere ? [] : ["the half-typed line was lost"]),
        ];
      };
      return { truth: { mark }, harm };
    },
  },
];
