import { UNKNOWN } from "../../task.ts";
import type { McpTool } from "../client.ts";
import { answersOf, markIn } from "../typed.ts";
import type { Solutions } from "../way.ts";
import { begin, create, result, shown, turn, type } from "./theirs.ts";

/** What is typed to what runs, by tmux-mcp. */
export const INPUT_BY_TMUX_MCP: Solutions<McpTool> = {
  5: async (tool) => {
    await create(tool);
    await type(tool, "work", "./setup");
    await turn();
    await type(tool, "work", "y"); // it is known that it asks
    await turn();
    return { token: /^token: (\w+)$/m.exec(await shown(tool, "work"))?.[1] ?? UNKNOWN };
  },
  6: async (tool, { password = "" }) => {
    await create(tool);
    await type(tool, "work", "./login");
    await turn();
    if (!(await shown(tool, "work")).includes("Password:")) return { name: UNKNOWN };
    await type(tool, "work", password);
    await turn();
    return { name: /^Welcome, (\S+)$/m.exec(await shown(tool, "work"))?.[1] ?? UNKNOWN };
  },
  7: async (tool) => {
    const isFree = async () => {
      await turn();
      return /\$$/.test(await shown(tool, "dev:0.0"));
    };
    await type(tool, "dev:0.0", "C-c");
    await turn();
    if (await isFree()) return { free: true };
    await type(tool, "dev:0.0", "C-\\");
    return { free: await isFree() };
  },
  8: async (tool, { a = "", b = "", c = "" }) => {
    await create(tool);
    await type(tool, "work", "python3 -q");
    await turn();
    await type(tool, "work", `${a}\n${b}\n${c}`);
    await turn();
    return answersOf(await shown(tool, "work"));
  },
  12: async (tool, { text = "" }) => {
    await create(tool);
    const id = await begin(tool, "work", "cat > note; cksum note");
    await turn();
    await type(tool, "work", text.slice(0, -1)); // the last newline is Enter
    await type(tool, "work", "C-d");
    const { output } = await result(tool, id);
    return { sum: Number(/^(\d+) \d+ note$/m.exec(output)?.[1]) };
  },
  13: async (tool) => {
    // it can press no keys without Enter that would set the line aside: tmux can, in a pane of one's own
    await create(tool);
    const line = `echo -; tmux send -t dev:0.0 C-e C-u 'echo "$mark"' Enter; sleep 1; tmux send -t dev:0.0 C-y; sleep .2; tmux capturep -pt dev:0.0 | grep . | tail -3`;
    return { mark: markIn((await result(tool, await begin(tool, "work", line))).output) };
  },
};
