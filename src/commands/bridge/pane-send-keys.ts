import { KEY_NAMES, parseKeys } from "../../panes/keys.ts";
import { sendKeys } from "../../panes/send-keys.ts";
import { touchTyped } from "../../tmux/typing-time.ts";
import { paneArg, sessionArg } from "../define.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-send-keys", {
  effect: "changes",
  examples: [
    "claude-tmux pane-send-keys dev build C-c",
    "claude-tmux pane-send-keys dev 0 Up Enter",
    "claude-tmux pane-send-keys dev editor Escape : w q Enter",
  ],
  notes: `Keys by tmux's names: single characters; Enter, Escape, Tab, BTab, Space, BSpace; Up, Down, Left, Right, Home, End, IC
(Insert), DC (Delete), PPage (PageUp), NPage (PageDown); F1 to F12; KP0 to KP9, KPEnter and its like. C- before one is
Ctrl, M- is Meta (Alt), S- is Shift: C-c, M-x, S-Up, C-M-a. What is no key, or none that every program understands
(S-Enter), is an error, and nothing is pressed. To type text, use pane-send-stdin.

Whoever scrolls back in the pane is taken to its end. Where all panes of a window are typed into at once
(synchronize-panes), the keys go to this pane alone.`,
  args: {
    session: sessionArg,
    pane: paneArg,
    key: {
      type: "positional",
      description: "the keys, in order, such as C-c, Enter, Up or q",
      required: true,
      raw: true,
      multiple: true,
      isRest: true,
      kind: "keys",
      values: KEY_NAMES,
    },
  },
  schema: async () => (await import("../results/pane.ts")).KeysSent,
  answer: async ({ session, pane, key }, { server, paths }) => {
    const presses = parseKeys(key);
    touchTyped(paths.dir);
    const typedInto = await sendKeys(server, { session, pane }, presses);
    return { session, pane: typedInto, output: "Keys sent" };
  },
});
