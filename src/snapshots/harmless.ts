import { isHarmlessForLess } from "./programs.ts";

// What a snapshot may do to the person who restores it: nothing in it is ever run or taken for a command, whoever wrote it.

/**
 * Variables that make programs run code, or load it, by families: never set. What only names a program that is run when somebody asks
 * for one (PATH, EDITOR, PAGER) is none of them; nor is a folder that is looked in when all others have been (NODE_PATH).
 */
const FAMILIES = [
  // ours, and tmux's
  "CLAUDE_TMUX_.* __claude_tmux_.* BUN_.* TMUX TMUX_PANE",
  // the loader (ld.so(8)), and libraries that load others
  "LD_.* DYLD_.* GCONV_PATH GTK[34]?_MODULES GIO_(MODULE_DIR|EXTRA_MODULES) QT_PLUGIN_PATH OPENSSL_(CONF|ENGINES|MODULES)",
  // shells, and the prompts, of which parts are run
  "BASH_ENV ENV SHELLOPTS BASHOPTS BASH_FUNC_.* BASH_LOADABLES_PATH ZDOTDIR FPATH MODULE_PATH IFS INPUTRC",
  "PS[0-4] PROMPT[2-4]? RPROMPT2? RPS[12] SPROMPT PROMPT_COMMAND PROMPT_EOL_MARK",
  // pagers and editors
  "LESSOPEN LESSCLOSE LESSKEY.* LESSECHO LESSEDIT VIM VIMRUNTIME VIMINIT EXINIT GVIMINIT EMACSLOADPATH",
  // git (git(1)), and what else reaches other machines by a program
  "GIT_(?!(AUTHOR|COMMITTER)_(NAME|EMAIL|DATE)$).* .*_ASKPASS SVN_SSH (CVS|RSYNC)_RSH HGRCPATH",
  // languages: what is run at a program's start, and where modules are looked for before all others
  "PERL5.* PERLLIB PERLDB_.* RUBY(?!_(VERSION|ROOT|ENGINE)$).+ LUA_.* NODE_(OPTIONS|REPL_EXTERNAL_MODULE) PHPRC PHP_INI_SCAN_DIR",
  "PYTHON(?!(UNBUFFERED|DONTWRITEBYTECODE|IOENCODING|UTF8|HASHSEED|NOUSERSITE|SAFEPATH|FAULTHANDLER|_COLORS|_VERSION)$).+",
  ".*JAVA.*OPTIONS DOTNET_STARTUP_HOOKS COR(ECLR)?_.* ERL_.*FLAGS R_(PROFILE|ENVIRON).* RUSTC_(WORKSPACE_)?WRAPPER",
];
const CODE = new RegExp(`^(${FAMILIES.join(" ").replaceAll(" ", "|")})$`);

/** Those that hold options of less(1), which may be such. */
const FOR_LESS = /^(LESS|MORE)$/;

/** Those that a stranger may set: how things are shown. */
const SHOWN = /^(LANG|LANGUAGE|LC_[A-Z]+|TZ|COLORTERM)$/;

/**
 * Whether a variable may be set for what runs in a session that comes back. A stranger's are none that could make a program run
 * something, or write somewhere (`HISTFILE` alone has bash cut a file), and nobody knows all of those. Pure.
 */
export function mayBeSet(name: string, value: string | null, isOwn: boolean): boolean {
  if (!isOwn) return SHOWN.test(name);
  // one that is taken away makes nothing run
  if (value === null) return true;
  return !CODE.test(name) && (!FOR_LESS.test(name) || isHarmlessForLess(value));
}

/** Options of tmux that say how things look and what keys do within tmux: no hook, no command, nothing of the whole server. */
const LOOKS = new Set(
  `status status-interval status-justify status-position status-style mouse renumber-windows set-titles display-time
  display-panes-time repeat-time visual-activity visual-bell visual-silence bell-action activity-action silence-action
  word-separators mode-keys mode-style monitor-activity monitor-bell monitor-silence aggressive-resize allow-rename automatic-rename
  default-size pane-border-status pane-border-style pane-active-border-style pane-border-lines main-pane-width main-pane-height
  other-pane-width other-pane-height remain-on-exit window-size window-style window-active-style wrap-search xterm-keys
  clock-mode-colour clock-mode-style`.split(/\s+/),
);

/** Whether a stranger may set an option: by its whole name, since tmux takes the beginning of another for that one. Pure. */
export function mayBeOption(name: string, value: string, isOwn: boolean): boolean {
  return isOwn || (LOOKS.has(name) && !/#[{(]/.test(value));
}

/**
 * What tmux prints beside letters: colours (SGR; ECMA-48, 8.3.117), other sets of letters (SO, SI), and links (OSC 8, from tmux 3.4
 * on), of which the addresses are those of the web.
 */
const SHOWN_CODES = /\x1b\[[0-9;:]*m|[\x0e\x0f]|\x1b\]8;[\w=:]*;(?:https?:\/\/[\x21-\x7e]*)?\x1b\\/y;
/** A string that is not shown, to its end (ST or BEL): what is in it is none of the text. */
const STRINGS = /\x1b[\]PX^_][^\x07\x1b]*(?:\x07|\x1b\\)/y;

/** A text as it may be shown in a terminal: of control characters and sequences, only newlines, tabs and what tmux itself prints are left. Pure. */
export function showable(text: string): string {
  let shown = "";
  let from = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if ((code >= 0x20 && code < 0x7f) || code > 0x9f || code === 0x0a || code === 0x09) continue;
    shown += text.slice(from, at);
    from = at + 1;
    SHOWN_CODES.lastIndex = at;
    STRINGS.lastIndex = at;
    const shownCode = SHOWN_CODES.exec(text)?.[0];
    const sequence = shownCode ?? STRINGS.exec(text)?.[0];
    if (sequence === undefined) continue;
    shown += shownCode ?? "";
    at += sequence.length - 1;
    from = at + 1;
  }
  return shown + text.slice(from);
}

/** What turns the direction in which letters are shown (Unicode, UAX #9), so that a text reads as another one: none of a stranger's. */
export const DIRECTIONS = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

/** A name, a title of one's own: on one line. Pure. */
export function ownLine(text: string): string {
  return showable(text).replace(/\x1b\[[0-9;:]*m|\x1b\]8;[^\x1b]*\x1b\\|[\n\t\x0e\x0f]/g, "");
}

/** Anybody's: on one line, in the order in which it is written. Pure. */
export function showableLine(text: string): string {
  return ownLine(text).replace(DIRECTIONS, "");
}
