import { dirname } from "node:path";
import { ABOUT_HOOKS, agentHooks } from "../install/agent-hooks.ts";
import { installFile } from "../install/file.ts";
import { missingFolder } from "../install/folder.ts";
import { readableShellWord } from "../install/quote.ts";
import { recorded } from "../install/record.ts";
import {
  crontabLines,
  dockerLines,
  type Installation,
  kubernetesLines,
  launchdAgent,
  systemdRestoreUnit,
  systemdUnit,
} from "../install/texts.ts";
import { config } from "../lib/config.ts";
import { AppError } from "../lib/errors.ts";
import { escapeControls } from "../lib/plain-text.ts";
import { selfCommand } from "../lib/self.ts";
import { effectiveUser } from "../lib/user.ts";
import { type TmuxServer, tmuxTmpdir } from "../tmux/server.ts";
import { answering } from "./answering.ts";
import { installPlugin, opencodeFile, PLUGINS, pluginText } from "./install-plugin.ts";
import type { Installation as Installed } from "./results/program.ts";

const KINDS = ["systemd", "launchd", "cron", "docker", "kubernetes", ...PLUGINS, "codex", "gemini"];

const whatArg = {
  type: "positional",
  description: "systemd, launchd, cron, docker, kubernetes, tmux, claude-code, opencode, codex or gemini",
  required: true,
  values: KINDS,
} as const;

export default answering({
  effect: "changes",
  examples: [
    "claude-tmux install systemd",
    "claude-tmux install systemd --restore",
    "claude-tmux install systemd --system --print",
    "claude-tmux install cron",
    "claude-tmux install kubernetes",
    "claude-tmux install claude-code --dry-run",
    "claude-tmux install claude-code --dir ~/.claude/skills/tmux-panes",
    "claude-tmux install opencode",
    "claude-tmux install codex --dry-run",
    "claude-tmux install tmux",
  ],
  notes: `systemd and launchd get a file, which is only printed with --print; cron, docker and kubernetes are printed. An existing
file that differs is replaced only with --force.

claude-code gets the folder of a plugin: hooks that note in the pane of Claude Code what it does (see agent-hook), and a
skill that teaches it this program. opencode gets a plugin of one file, which has it note the same. tmux gets a
script that binds a key (prefix T) to top in a popup; the line that has tmux run it is yours to add. Installed again, what an
earlier version wrote is replaced; --remove takes away what was written. What you have changed stays, and is named, and
nothing is written over what is not ours. For codex and gemini the same hooks are printed, with --dry-run or without: their
settings are yours, and nothing is written.`,
  args: {
    what: whatArg,
    user: { type: "boolean", description: "a user unit (systemd --user); the default" },
    restore: {
      type: "boolean",
      description:
        "in its place, a user unit that brings back the sessions that were alive before the machine was started anew",
    },
    system: { type: "boolean", description: "a system unit, which runs as you (or as the user who called sudo)" },
    print: { type: "boolean", description: "print it, and write nothing" },
    force: { type: "boolean", description: "replace a file that differs" },
    dir: {
      type: "string",
      description:
        "the folder of the plugin (default: ~/.claude/plugins-local/claude-tmux, ~/.config/opencode/plugins, ~/.config/tmux/claude-tmux)",
      valueHint: "dir",
    },
    remove: { type: "boolean", description: "take the plugin away" },
    "dry-run": {
      type: "boolean",
      description: "say what of the plugin would be written, or taken away, and do none of it",
    },
  },
  schema: async () => (await import("./results/program.ts")).Installation,
  answer(args, context): Installed {
    const { server, note } = context;
    checkOptions(args);
    const { dir, remove = false, "dry-run": isDry = false } = args;
    const host = PLUGINS.find((one) => one === args.what);
    if (host === "opencode" && args.print) return { ...opencodeFile(dir), next: [] };
    if (host) return installPlugin(host, { dir, remove, isDry }, context);
    if (args.restore && args.what !== "systemd")
      throw new AppError("ERR_INVALID_ARGUMENT", `--restore is for systemd, not for ${args.what}`, {
        hint: "Elsewhere, have claude-tmux daemon restore called when the machine has started.",
      });
    if (args.restore && args.system)
      throw new AppError("ERR_INVALID_ARGUMENT", "--restore makes a user unit, so --system can't be given with it", {
        hint: "In a unit of the system, a tmux server would not have what a login has.",
      });
    if (args.user && args.system) throw new AppError("ERR_INVALID_ARGUMENT", "--user and --system were both given");
    const installed = installation(server);
    const { text, path, next, about } = args.restore
      ? restoreTarget(installed)
      : target(args.what, args.system === true, installed);
    if (about !== undefined) note(about);
    if (args.print || path === undefined) return { text, path: path ?? null, next };
    const write = () => installFile(path, text, { force: args.force === true });
    const { done, unnoted } = recorded(path, text, write, {
      folder: missingFolder(dirname(path)),
      socket: server.socket,
    });
    if (unnoted !== undefined) note(`It could not be noted, so uninstall will not know of it: ${unnoted}`);
    return { path, outcome: done, next };
  },
  text(result, { quiet }) {
    if ("text" in result) return result.text.trimEnd();
    if ("files" in result) return quiet ? undefined : escapeControls(pluginText(result));
    const { path, outcome, next } = result;
    const done = `${path} ${outcome === "written" ? "written" : "is up to date"}. Now:`;
    return quiet ? undefined : escapeControls([done, ...next].join("\n  "));
  },
  isRaw: true,
});

const OF_UNITS = ["user", "restore", "system", "print", "force"];
const OF_PLUGINS = ["dir", "remove", "dry-run"];
/** What has nothing written, or is one file, may be asked for either way. */
const BOTH = [
  ["opencode", "print"],
  ["codex", "dry-run"],
  ["gemini", "dry-run"],
] as const;

/** Throws for an option that is not for what is installed, and for two that say different things. */
function checkOptions(args: { what: string } & Readonly<Record<string, unknown>>): void {
  const isPlugin = PLUGINS.some((one) => one === args.what);
  const isBoth = (name: string) => BOTH.some(([what, option]) => what === args.what && option === name);
  const wrong = (isPlugin ? OF_UNITS : OF_PLUGINS).find(
    (name) => args[name] !== undefined && args[name] !== false && !isBoth(name),
  );
  if (wrong !== undefined) {
    throw new AppError(
      "ERR_INVALID_ARGUMENT",
      `--${wrong} is not for ${args.what}${isPlugin ? "" : `, but for ${PLUGINS.join(", ")}`}`,
    );
  }
  const other = ["remove", "dry-run"].find((name) => args[name]);
  if (!isPlugin || !args.print || other === undefined) return;
  throw new AppError("ERR_INVALID_ARGUMENT", `--${other} can't be given with --print`, {
    hint: "--print writes nothing, and takes nothing away: it prints what would be written.",
  });
}

interface Target {
  text: string;
  /** where it belongs; undefined for what is pasted by hand */
  path?: string;
  /** what to do when it is there */
  next: string[];
  /** what a person is told beside a text that says nothing of itself */
  about?: string;
}

function target(what: string, isSystem: boolean, installed: Installation): Target {
  if (isSystem && what !== "systemd") {
    throw new AppError("ERR_INVALID_ARGUMENT", `--system is for systemd, not for ${what}`);
  }
  switch (what) {
    case "systemd": {
      const systemctl = isSystem ? "sudo systemctl" : "systemctl --user";
      const next = [`${systemctl} daemon-reload`, `${systemctl} enable --now ${installed.name}`];
      if (!isSystem) next.push("loginctl enable-linger   # if it is to run while you are not logged in");
      const folder = isSystem ? "/etc/systemd/system" : `${configHome()}/systemd/user`;
      const user = isSystem ? (config.sudoUser ?? effectiveUser()) : undefined;
      return { text: systemdUnit(installed, user), path: `${folder}/${installed.name}.service`, next };
    }
    case "launchd": {
      const path = `${home()}/Library/LaunchAgents/${installed.name}.plist`;
      const next = [`launchctl bootstrap gui/$(id -u) ${readableShellWord(path)}`];
      const text = launchdAgent(installed);
      return process.platform === "darwin" ? { text, path, next } : { text, next };
    }
    case "cron":
      return { text: crontabLines(installed), next: [] };
    case "docker":
      return { text: dockerLines(installed), next: [] };
    case "kubernetes":
      return { text: kubernetesLines(installed), next: [] };
    case "codex":
    case "gemini":
      return { text: agentHooks(what, installed.program), next: [], about: ABOUT_HOOKS[what] };
    default:
      throw new AppError("ERR_INVALID_ARGUMENT", `"${what}" is not one of ${KINDS.join(", ")}`);
  }
}

function restoreTarget(installed: Installation): Target {
  const name = `${installed.name}-restore`;
  return {
    text: systemdRestoreUnit(installed),
    path: `${configHome()}/systemd/user/${name}.service`,
    next: [
      "systemctl --user daemon-reload",
      // it is not to be started by hand: the sessions are there
      `systemctl --user enable ${name}`,
      "loginctl enable-linger   # or the sessions come with your first login, and end with the last one",
      "claude-tmux session-autosave --all   # if nothing is saved by itself yet",
    ],
  };
}

/** This program as it was called, for the same tmux server, with the same state folder. */
function installation(server: TmuxServer): Installation {
  const [option, name] = server.flags;
  const isDefault = option === "-L" && name === "default";
  const program = selfCommand([]) as [string, ...string[]];
  // callbacks call claude-tmux, too; a folder with a colon in its name can't be in PATH
  const folders = [Bun.which("tmux"), program[0]].flatMap((file) => {
    const folder = file?.slice(0, file.lastIndexOf("/"));
    return folder && !folder.includes(":") ? [folder] : [];
  });
  const environment: Record<string, string> = { PATH: [...new Set([...folders, ...SYSTEM_PATH])].join(":") };
  Object.assign(environment, config.settings);
  if (tmuxTmpdir() !== "/tmp") environment.TMUX_TMPDIR = tmuxTmpdir();
  // where snapshots are, and what is to be saved
  if (config.stateHome?.startsWith("/")) environment.XDG_STATE_HOME = config.stateHome;
  // "server-other" and the like, a name fit for a file
  const suffix = isDefault ? undefined : server.stateFolder?.replace("server", "");
  return { name: `claude-tmux${suffix ?? ""}`, program, serverFlags: isDefault ? [] : server.flags, environment };
}

const SYSTEM_PATH = ["/usr/local/bin", "/usr/bin", "/bin"];

function configHome(): string {
  return config.configHome ?? `${home()}/.config`;
}

function home(): string {
  if (config.home !== undefined) return config.home;
  throw new AppError("ERR_INVALID_ARGUMENT", "HOME is not set, so it is unknown where the file belongs", {
    hint: "Set HOME, or use --print.",
  });
}
