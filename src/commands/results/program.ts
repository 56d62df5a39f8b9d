import * as v from "valibot";
import { flag, pid, text } from "./fields.ts";

/** What `version` tells. */
export const Version = v.strictObject({ version: text("the version of this program") });

/** What `doctor` tells. */
export const Examination = v.strictObject({
  verdict: v.pipe(v.picklist(["ok", "warning", "error"]), v.description("the worst of what was found")),
  findings: v.array(
    v.strictObject({
      check: text("what was looked at"),
      verdict: v.pipe(
        v.picklist(["ok", "note", "warning", "error"]),
        v.description("warning: works less well than it could; error: does not work"),
      ),
      message: text("what there is, in words"),
      advice: v.exactOptional(text("what to do")),
    }),
  ),
});

const NEXT = { next: v.pipe(v.array(v.string()), v.description("the commands to run then")) };

/** What `install` tells of a plugin: what became of each of its files. */
const PluginInstallation = v.strictObject({
  folder: text("the plugin's folder"),
  dry_run: flag("whether nothing was done, and this is what would be"),
  files: v.array(
    v.strictObject({
      path: text("the file"),
      outcome: v.pipe(
        v.picklist(["written", "unchanged", "removed", "kept"]),
        v.description("kept: it is not as it was written, so it stays"),
      ),
    }),
  ),
  ...NEXT,
});

/** What `install` says of a plugin. */
export type PluginInstallation = v.InferOutput<typeof PluginInstallation>;

/** What `install` tells: the text that was asked for, or what became of the file, or of the plugin's. */
export const Installation = v.union([
  v.strictObject({
    text: text("the unit, or the lines to paste"),
    path: v.nullable(text("the file that it belongs into; null: it is pasted by hand")),
    ...NEXT,
  }),
  v.strictObject({
    path: text("the file"),
    outcome: v.pipe(
      v.picklist(["written", "unchanged"]),
      v.description("whether the file was new, or other than it is"),
    ),
    ...NEXT,
  }),
  PluginInstallation,
]);

/** What `install` says. */
export type Installation = v.InferOutput<typeof Installation>;

/** What `uninstall` tells. */
export const Uninstallation = v.strictObject({
  dry_run: flag("whether nothing was done, and this is what would be"),
  scope: text("of which tmux servers, and of which HOME, in words"),
  removed: v.pipe(v.array(v.string()), v.description("what was taken away, in words")),
  kept: v.pipe(
    v.array(v.strictObject({ what: text("what stays"), why: text("why, in words") })),
    v.description("what stays"),
  ),
  failed: v.pipe(
    v.array(v.strictObject({ what: text("what could not be taken away"), why: text("why, in words") })),
    v.description("what could not be taken away"),
  ),
  left: v.pipe(
    v.array(
      v.strictObject({
        server: text("the tmux server: its name, or its socket"),
        role: v.nullable(
          v.pipe(
            v.picklist(["daemon", "watchdog"]),
            v.description("what runs of it: its daemon, or its watchdog alone; null: neither"),
          ),
        ),
        pid: v.nullable(pid("of that")),
        state: text("its state folder"),
        owner: v.nullable(text("the durable folder of the HOME to which it belongs; null: nobody knows")),
        is_ours: flag("whether --all would take it in"),
        why: text("why it is left, in words"),
        command: v.nullable(text("the command that would uninstall it; null: none is known")),
      }),
    ),
    v.description("the tmux servers that are left as they are, with their daemons, hooks, options and state"),
  ),
  still_used: v.nullable(text("who still uses the program, in words; null: nobody whose server is left")),
  next: v.pipe(v.array(v.string()), v.description("the commands to run then")),
});

/** What `uninstall` says. */
export type Uninstallation = v.InferOutput<typeof Uninstallation>;
