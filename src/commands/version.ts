import { VERSION } from "../lib/self.ts";
import { answering } from "./answering.ts";

export default answering({
  effect: "reads",
  examples: ["claude-tmux version"],
  args: {},
  schema: async () => (await import("./results/program.ts")).Version,
  answer: () => ({ version: VERSION }),
  text: ({ version }) => version,
  isRaw: true,
});
