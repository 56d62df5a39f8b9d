import { poll } from "../../lib/wait.ts";
import type { Stage } from "../../stage/stage.ts";

/** A program that answers questions, and questions whose answers are known. */
export interface Repl {
  name: string;
  program: string;
  /** the command line that starts it, and what shows that it reads */
  line: string;
  shows: string;
  /** one that takes so many ms, and answers these lines */
  question(lines: readonly string[], ms: number): { text: string; answer: string };
}

const seconds = (ms: number) => (ms / 1000).toFixed(3);

/** The programs that are asked, each if it is there. */
export const REPLS: readonly Repl[] = [
  {
    name: "python3",
    program: "python3",
    line: "python3 -q",
    shows: ">>>",
    question: (lines, ms) => ({
      text: `import time; time.sleep(${seconds(ms)}); print(${JSON.stringify(lines.join("\n"))}) if ${lines.length} else None`,
      answer: lines.join("\n"),
    }),
  },
  {
    name: "node",
    program: "node",
    line: "node -i",
    shows: ">",
    question: (lines, ms) => ({
      text: `await new Promise((r) => setTimeout(r, ${ms})); ${lines.length} && console.log(${JSON.stringify(lines.join("\n"))}); 7`,
      answer: [...lines, "7"].join("\n"),
    }),
  },
  {
    name: "bash",
    program: "bash",
    line: "PS1='inner> ' bash --norc --noprofile",
    shows: "inner>",
    question: (lines, ms) => ({
      text: `sleep ${seconds(ms)}; printf '%s' '${lines.map((line) => `${line}\\n`).join("")}' | sed 's/\\\\n/\\n/g'`,
      answer: lines.join("\n"),
    }),
  },
  {
    name: "sqlite3",
    program: "sqlite3",
    line: "sqlite3",
    shows: "sqlite>",
    // it has no way to wait: it counts
    question: (lines, ms) => ({
      text: `select value from json_each('${JSON.stringify(lines)}') where (with recursive c(x) as (select 1 union all select x+1 from c where x < ${1 + ms * 2000}) select count(*) from c) > 0;`,
      answer: lines.join("\n"),
    }),
  },
  {
    name: "gdb",
    program: "gdb",
    line: "gdb -q -ex 'set pagination off'",
    shows: "(gdb)",
    question: (lines, ms) => ({
      text: `shell sleep ${seconds(ms)}; printf '${lines.map((line) => `${line}\\n`).join("")}'`,
      answer: lines.join("\n"),
    }),
  },
];

/** Starts a program in a session of its own. */
export async function startRepl(stage: Stage, { name, line, shows }: Repl): Promise<void> {
  await stage.must(["bridge", "session-create", name, "--cwd", stage.folder]);
  await stage.must(["bridge", "pane-run", name, "0", "--", "true"]);
  await stage.must(["bridge", "pane-exec", name, "0", line]);
  const isThere = await poll(20_000, 50, async () => {
    const { output } = JSON.parse(await stage.must(["bridge", "pane-screen", name, "0"]));
    const isShown = output.lines.some((row: string) => row.replace(line, "").includes(shows));
    return isShown && ["keys", "prompt", "line"].includes(output.waiting_for);
  });
  if (!isThere) throw new Error(`${name} does not show ${shows}`);
}

/** Asks one question. Returns what is wrong with the answer, or with the time that it took. */
export async function ask(
  stage: Stage,
  { name }: Repl,
  { text, answer, ms }: { text: string; answer: string; ms: number },
): Promise<string | undefined> {
  const begin = performance.now();
  const { stdout } = await stage.run(["bridge", "pane-ask", name, "0", "--timeout", "20", "--", text]);
  const took = performance.now() - begin;
  const { output, prompt, end } = JSON.parse(stdout);
  if (output !== answer) {
    return `${JSON.stringify({ output, prompt, end })} in place of ${JSON.stringify(answer)}, ${Math.round(took)} ms for ${ms}`;
  }
  return name !== "sqlite3" && took < ms ? `after ${took} ms, which is before its time` : undefined;
}
