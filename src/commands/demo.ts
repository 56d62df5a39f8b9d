import { runDemo } from "../demo/demo.ts";
import { command } from "./define.ts";
import { isColorful, print } from "./print.ts";

export default command({
  summary: "See all of it work, on a tmux server and a state folder of its own",
  examples: ["claude-tmux demo"],
  notes: "Takes about eight seconds and leaves nothing behind. Exit code 1 if any step did not really happen.",
  args: {},
  async run(_, { color }) {
    const isColor = color && isColorful();
    const abort = new AbortController();
    for (const name of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(name, () => abort.abort());
    return (await runDemo({ print, color: isColor, signal: abort.signal })) ? 0 : 1;
  },
});
