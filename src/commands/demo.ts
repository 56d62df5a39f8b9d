import { runDemo } from "../demo/demo.ts";
import { command } from "./define.ts";
import { interruptible } from "./interrupt.ts";
import { isColorful, print } from "./print.ts";

export default command({
  effect: "changes",
  examples: ["claude-tmux demo"],
  notes:
    "Takes about eight seconds and leaves nothing behind. Exit code 1 if any step did not really happen, 128 + n after signal n.",
  args: {},
  async run(_, { color }) {
    const isColor = color && isColorful();
    return await interruptible(async (signal) => {
      if (await runDemo({ print, color: isColor, signal })) return 0;
      return signal.aborted ? signal.reason.exitCode : 1;
    });
  },
});
