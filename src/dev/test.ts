// Runs the test files, and sums up: two at a time, the largest first, and beside them those that wait most of the time.
// With arguments it is `bun test` with these.
import { statSync } from "node:fs";

const COMMAND = [process.execPath, "test", "--timeout", "60000"];
// on a machine with more to do than it can, tmux itself drops what a pane wrote last when it dies with much unread
const ALONE = "test/e2e/stream.test.ts";
// they let back-offs and time-outs pass
const WAITING = ["selftest", "recovery", "ps", "watchdog"].map((name) => `test/e2e/${name}.test.ts`);
const args = process.argv.slice(2);

if (args.length > 0) {
  const { exitCode } = Bun.spawnSync([...COMMAND, ...args], { stdio: ["inherit", "inherit", "inherit"] });
  process.exit(exitCode);
}

const started = performance.now();
const files = [...new Bun.Glob("test/e2e/**/*.test.ts").scanSync()].filter((file) => file !== ALONE);
const busy = files.filter((file) => !WAITING.includes(file)).toSorted((a, b) => statSync(b).size - statSync(a).size);
const total = { pass: 0, fail: 0 };
const broken: string[] = [];
await Promise.all([work(busy), work(busy), work([...WAITING]).then(() => work(busy))]);
for (const path of ["test/unit", ALONE]) await run(path);
for (const path of broken) console.log(`failed: ${path}`);
const seconds = Math.round((performance.now() - started) / 1000);
console.log(
  `\n ${total.pass} pass\n ${total.fail} fail\nRan ${files.length + 1} e2e files and the unit tests. [${seconds} s]`,
);
process.exit(broken.length > 0 || total.pass === 0 ? 1 : 0);

async function work(queue: string[]): Promise<void> {
  for (let path = queue.shift(); path !== undefined; path = queue.shift()) await run(path);
}

async function run(path: string): Promise<void> {
  const child = Bun.spawn([...COMMAND, path], { stdin: "ignore", stdout: "pipe", stderr: "pipe" });
  const outputs = [child.stdout, child.stderr].map(collect); // bun writes its report to stderr
  const exitCode = await child.exited;
  // a process that a test left behind may hold them open for ever
  const isWhole = await Promise.race([Promise.all(outputs.map(({ done }) => done)).then(() => true), Bun.sleep(5000)]);
  const text = outputs.map(({ said }) => said()).join("");
  console.log(text.trimEnd());
  if (!isWhole) console.log(`${path} left a process behind, which holds its output open`);
  for (const kind of ["pass", "fail"] as const) {
    total[kind] += Number(new RegExp(`^ *(\\d+) ${kind}$`, "m").exec(text)?.[1] ?? 0);
  }
  if (exitCode !== 0 || !isWhole) broken.push(path);
}

/** What a stream says, as far as it has come. */
function collect(stream: ReadableStream<Uint8Array>): { said: () => string; done: Promise<void> } {
  const decoder = new TextDecoder();
  let text = "";
  const done = (async () => {
    for await (const bytes of stream) text += decoder.decode(bytes, { stream: true });
  })();
  return { said: () => text, done };
}
