import { claudePlugin } from "../install/claude-plugin.ts";
import { installFolder, removeFolder } from "../install/folder.ts";
import { readableShellWord } from "../install/quote.ts";
import { nodePath } from "../lib/builtin.ts";
import { config } from "../lib/config.ts";
import { AppError } from "../lib/errors.ts";
import { selfCommand, VERSION } from "../lib/self.ts";
import { resolveServer } from "../tmux/server.ts";
import type { Context } from "./define.ts";
import type { PluginInstallation } from "./results/program.ts";

/** What is asked for beside the plugin itself. */
interface Wanted {
  /** the plugin's folder */
  dir?: string | undefined;
  remove: boolean;
  isDry: boolean;
}

/** Writes the plugin for Claude Code, or takes it away. Throws as installFolder(). */
export function installPlugin({ dir, remove, isDry }: Wanted, { server, table, note }: Context): PluginInstallation {
  const folder = folderOf(dir);
  const isAround = server.socket === resolveServer({}).socket;
  const files = claudePlugin({
    program: selfCommand([]) as [string, ...string[]],
    serverFlags: isAround ? [] : server.flags,
    version: VERSION,
    hasServer: Object.hasOwn(table.commands, "mcp"),
  });
  if (remove) return { folder, dry_run: isDry, files: removeFolder({ folder, files }, { isDry }), next: [] };
  const installed = installFolder({ folder, files }, { isDry });
  if (installed.unnoted !== undefined)
    note(`It could not be noted, so uninstall will not know of it: ${installed.unnoted}`);
  return { folder, dry_run: isDry, files: installed.files, next: loading(folder) };
}

function folderOf(dir: string | undefined): string {
  const own = claudeFolder();
  if (dir === "" || (dir === undefined && own === undefined)) {
    throw new AppError("ERR_INVALID_ARGUMENT", "It is unknown where the plugin belongs", {
      hint: "Name a folder with --dir; without it, HOME must be set.",
    });
  }
  return nodePath().resolve(dir ?? `${own}/plugins-local/claude-tmux`);
}

/** How Claude Code comes to load what is in a folder: what is in one of its own, it loads by itself. */
function loading(folder: string): string[] {
  const skills = `${claudeFolder()}/skills`;
  if (nodePath().dirname(folder) === skills) return ["claude   # which loads it by itself, from its next start on"];
  const always = `claude-tmux install claude-code --dir ${readableShellWord(`${skills}/tmux-panes`)}`;
  const once = `claude --plugin-dir ${readableShellWord(folder)}`;
  return claudeFolder() === undefined ? [once] : [once, `${always}   # in its place, if every claude is to load it`];
}

/** What people see of it. */
export function pluginText({ folder, dry_run: isDry, files, next }: PluginInstallation): string {
  const did = isDry ? { written: "Would write", removed: "Would remove" } : { written: "Written", removed: "Removed" };
  const words = { ...did, unchanged: "Up to date", kept: "Kept" };
  const lines = files.map(({ path, outcome }) => {
    return `${words[outcome]}: ${path}${outcome === "kept" ? " (it is not as claude-tmux wrote it)" : ""}`;
  });
  if (files.length === 0) lines.push(`Nothing of the plugin is in ${folder}`);
  return [...lines, ...(next.length > 0 ? ["Then:", ...next.map((line) => `  ${line}`)] : [])].join("\n");
}

/** Where Claude Code keeps what is a person's; undefined where nothing tells it. */
function claudeFolder(): string | undefined {
  return config.claudeConfigDir ?? (config.home === undefined ? undefined : `${config.home}/.claude`);
}
