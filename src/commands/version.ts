import { VERSION } from "../lib/self.ts";
import { command } from "./define.ts";
import { print, printJson } from "./print.ts";

export default command({
  effect: "reads",
  examples: ["claude-tmux version"],
  args: {},
  run(_, { json }) {
    if (json) printJson({ version: VERSION });
    else print(VERSION);
    return 0;
  },
});
