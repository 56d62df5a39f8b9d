import { claudePlugin } from "../install/claude-plugin.ts";
import { type Folder, installFolder, removeFolder } from "../install/folder.ts";
import { opencodePlugin } from "../install/opencode-plugin.ts";
import { readableShellWord } from "../install/quote.ts";
import { TMUX_PLUGIN_GONE, tmuxPlugin, tmuxPluginNext } from "../install/tmux-plugin.ts";
import { nodePath } from "../lib/builtin.ts";
import { config } from "../lib/config.ts";
import { AppError } from "../lib/errors.ts";
import { selfCommand, VERSION } from "../lib/self.ts";
import { resolveServer } from "../tmux/server.ts";
import type { Context } from "./define.ts";
import type { PluginInstallation } from "./results/program.ts";

/** What is asked for beside the plugin itself. */
interface Wanted {
  /** the folder that it is to be in */
  dir?: string | undefined;
  remove: boolean;
  isDry: boolean;
}

/** The programs that plugins are written for, as `install` calls them. */
export const PLUGINS = ["claude-code", "opencode", "tmux"] as const;

/** A program that a plugin is written for. */
export type PluginHost = (typeof PLUGINS)[number];

/** Writes the plugin for a program, or takes it away. Throws as installFolder(). */
export function installPlugin(host: PluginHost, wanted: Wanted, context: Context): PluginInstallation {
  const { dir, remove, isDry } = wanted;
  const { note } = context;
  const plugin = pluginFor(host, dir, context);
  const { folder } = plugin;
  if (remove) {
    const next = host === "tmux" ? [...TMUX_PLUGIN_GONE] : [];
    return { folder, dry_run: isDry, files: removeFolder(plugin, { isDry }), next };
  }
  const installed = installFolder(plugin, { isDry });
  if (installed.unnoted !== undefined)
    note(`It could not be noted, so uninstall will not know of it: ${installed.unnoted}`);
  return { folder, dry_run: isDry, files: installed.files, next: nextFor(host, folder) };
}

function pluginFor(host: PluginHost, dir: string | undefined, context: Context): Folder {
  if (host === "opencode") return forOpencode(dir);
  return host === "tmux" ? forTmux(dir) : forClaude(dir, context);
}

function nextFor(host: PluginHost, folder: string): string[] {
  if (host === "opencode") return OPENCODE_NEXT;
  return host === "tmux" ? tmuxPluginNext(folder, ownProgram()) : loading(folder);
}

/** Beside what a plugin manager keeps, which takes away what it does not know. */
function forTmux(dir: string | undefined): Folder {
  const settings = settingsFolder();
  return { folder: folderOf(dir, settings && `${settings}/tmux/claude-tmux`), files: tmuxPlugin(ownProgram()) };
}

/** The one file of the plugin for opencode, as it would be written. Throws ERR_INVALID_ARGUMENT. */
export function opencodeFile(dir: string | undefined): { path: string; text: string } {
  const { folder, files } = forOpencode(dir);
  const [[name, text] = ["", ""]] = Object.entries(files);
  return { path: `${folder}/${name}`, text };
}

function forClaude(dir: string | undefined, { server, table }: Context): Folder {
  const isAround = server.socket === resolveServer({}).socket;
  const own = claudeFolder();
  const files = claudePlugin({
    program: ownProgram(),
    serverFlags: isAround ? [] : server.flags,
    version: VERSION,
    hasServer: Object.hasOwn(table.commands, "mcp"),
  });
  return { folder: folderOf(dir, own && `${own}/plugins-local/claude-tmux`), files };
}

/** It loads all that is in this folder, whatever its configuration says. */
function forOpencode(dir: string | undefined): Folder {
  const settings = settingsFolder();
  const folder = folderOf(dir, settings && `${settings}/opencode/plugins`);
  return { folder, files: opencodePlugin(ownProgram()), isShared: true };
}

/** With plugins, it installs their package from npm into its folder when it starts, if that is not there: until then it shows nothing. */
const OPENCODE_NEXT = [
  "opencode   # which loads it by itself, from its next start on; its first one with plugins needs a network",
];

function ownProgram(): [string, ...string[]] {
  return selfCommand([]) as [string, ...string[]];
}

function folderOf(dir: string | undefined, own: string | undefined): string {
  const folder = dir ?? own;
  if (folder === undefined || folder === "") {
    throw new AppError("ERR_INVALID_ARGUMENT", "It is unknown where the plugin belongs", {
      hint: "Name a folder with --dir; without it, HOME must be set.",
    });
  }
  return nodePath().resolve(folder);
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

function settingsFolder(): string | undefined {
  return config.configHome ?? (config.home === undefined ? undefined : `${config.home}/.config`);
}

/** Where Claude Code keeps what is a person's; undefined where nothing tells it. */
function claudeFolder(): string | undefined {
  return config.claudeConfigDir ?? (config.home === undefined ? undefined : `${config.home}/.claude`);
}
