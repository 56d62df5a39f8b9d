// A bare reader of panes, as quick as one can be: it hears each through a pipe, and starts the callback for an event itself.
// Run in a process of its own, as a daemon is.
//   reader.ts FOLDER PANE... (the first has the events); prints "ready", and reads until it is ended
import { constants, openSync } from "node:fs";
import { caller } from "./callback.ts";

const [folder = "", ...panes] = process.argv.slice(2);
for (const [i, pane] of panes.entries()) {
  const path = `${folder}/reader-${i}`;
  run(["mkfifo", path]);
  const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
  run(["tmux", "pipe-pane", "-O", "-t", pane, `exec cat >${path}`]);
  void read(fd, i === 0);
}
console.log("ready");

async function read(fd: number, hasEvents: boolean): Promise<void> {
  const decoder = new TextDecoder();
  const call = caller(process.env);
  for await (const bytes of Bun.file(fd).stream()) {
    const text = decoder.decode(bytes, { stream: true });
    if (hasEvents) call(text);
  }
}

function run(argv: string[]): void {
  const { success, stderr } = Bun.spawnSync(argv);
  if (!success) throw new Error(`${argv[0]}: ${stderr}`);
}
