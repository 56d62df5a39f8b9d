import { expect, test } from "bun:test";
import { play } from "../../src/dev/fuzz/play.ts";
import { RANDOM_SEED } from "../helpers/random.ts";

const isThere = process.platform === "linux" && ["bash", "vim", "less", "script"].every((name) => Bun.which(name));

// more of it: npm run fuzz:events
test.skipIf(!isThere).each([0, 1, 2, 3])(
  `each line fires once, whatever happens to its pane: seed ${RANDOM_SEED} + %i`,
  async (i) => {
    const { steps, wrong } = await play(RANDOM_SEED + i);
    expect({ steps, wrong }).toEqual({ steps, wrong: [] });
  },
);
