import { AppError } from "../../lib/errors.ts";
import { LAYOUTS } from "../../panes/create.ts";
import { sessionArg } from "../define.ts";
import { addPane } from "./create-pane.ts";
import { bridgeCommand } from "./define.ts";

export default bridgeCommand("pane-create-with-layout", {
  effect: "changes",
  examples: ["claude-tmux pane-create-with-layout dev logs main-vertical"],
  notes: `A layout is one of ${LAYOUTS.join(", ")}. At most 10 panes, or CLAUDE_TMUX_MAX_PANES.`,
  args: {
    session: sessionArg,
    label: {
      type: "positional",
      description: "a name for the pane; empty for none",
      required: false,
      kind: "labelOrNone",
    },
    layout: { type: "positional", description: "one of tmux's layouts", default: "tiled", values: LAYOUTS },
  },
  schema: async () => (await import("../results/pane.ts")).PaneCreated,
  answer: ({ session, label, layout }, context) => addPane(context, { session, label, layout: parseLayout(layout) }),
});

function parseLayout(layout: string): string {
  if (LAYOUTS.includes(layout)) return layout;
  throw new AppError("ERR_INVALID_ARGUMENT", `<layout> is "${layout}", which is not a layout`, {
    hint: `It is one of ${LAYOUTS.join(", ")}.`,
  });
}
