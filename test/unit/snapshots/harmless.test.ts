import { describe, expect, test } from "bun:test";
import { mayBeOption, mayBeSet, ownLine, showable, showableLine } from "../../../src/snapshots/harmless.ts";

const words = (text: string) => text.trim().split(/\s+/);

test.each(
  words(`
    LD_PRELOAD LD_LIBRARY_PATH DYLD_INSERT_LIBRARIES GCONV_PATH GTK_MODULES GTK3_MODULES OPENSSL_CONF QT_PLUGIN_PATH
    BASH_ENV ENV BASH_FUNC_f INPUTRC ZDOTDIR FPATH PS1 PROMPT PROMPT2 RPROMPT RPS1 SPROMPT PROMPT_COMMAND
    LESSOPEN LESSKEYIN VIMRUNTIME EXINIT EMACSLOADPATH
    GIT_SSH GIT_SSH_COMMAND GIT_ASKPASS SSH_ASKPASS SUDO_ASKPASS GIT_CONFIG_COUNT GIT_CONFIG_KEY_0 GIT_CONFIG_VALUE_0
    GIT_PROXY_COMMAND GIT_EXTERNAL_DIFF GIT_PAGER GIT_EDITOR GIT_DIR GIT_EXEC_PATH GIT_TEMPLATE_DIR GIT_AUTHOR_X SVN_SSH RSYNC_RSH
    PERL5DB PERL5LIB PERL5OPT PERLLIB RUBYOPT RUBYLIB LUA_INIT LUA_INIT_5_4 LUA_PATH LUA_CPATH NODE_OPTIONS
    PYTHONPATH PYTHONBREAKPOINT PYTHONSTARTUP PYTHONHOME PYTHONWARNINGS PYTHONINSPECT PYTHONUSERBASE
    JAVA_TOOL_OPTIONS _JAVA_OPTIONS JDK_JAVA_OPTIONS DOTNET_STARTUP_HOOKS CORECLR_PROFILER ERL_FLAGS ERL_AFLAGS R_PROFILE_USER
    RUSTC_WRAPPER PHPRC CLAUDE_TMUX_KEY BUN_OPTIONS TMUX
  `),
)("%s is never set", (name) => {
  expect([mayBeSet(name, "", true), mayBeSet(name, "", false)]).toEqual([false, false]);
});

test.each(
  words(`
    PATH EDITOR PORT HISTFILE HISTSIZE LESS PAGER HOME MAKEFLAGS XDG_CONFIG_HOME NODE_PATH NODE_ENV VIRTUAL_ENV CONDA_PREFIX
    GOPATH JAVA_HOME NVM_DIR GEM_HOME KUBECONFIG GIT_AUTHOR_NAME GIT_COMMITTER_EMAIL GIT_COMMITTER_DATE PYTHON PYTHONUNBUFFERED
    PYTHONDONTWRITEBYTECODE PYTHONIOENCODING PYTHONUTF8 RUBY_VERSION MY_ENV PSQL PROMPTS DIGIT_X SSH_AUTH_SOCK
  `),
)("%s is set from one's own snapshot alone", (name) => {
  expect([mayBeSet(name, "", true), mayBeSet(name, "", false)]).toEqual([true, false]);
});

test("LESS and MORE are, if their options do no more than show", () => {
  expect(["-R -i", "-R +!evil", "-o x"].map((value) => mayBeSet("LESS", value, true))).toEqual([true, false, false]);
  expect([mayBeSet("MORE", "-k x", true), mayBeSet("LESS", null, true)]).toEqual([false, true]);
  expect([mayBeSet("SSH_ASKPASS", "x", true), mayBeSet("SSH_ASKPASS", null, true)]).toEqual([false, true]);
});

test.each(["LANG", "LC_ALL", "TZ"])("%s is set", (name) => {
  expect(mayBeSet(name, "", false)).toBe(true);
});

test.each<[string, string, boolean]>([
  ["default-command", "sh", false],
  ["default-com", "sh", false],
  ["after-set-option[0]", "run-shell x", false],
  ["exit-unattached", "on", false],
  ["automatic-rename-format", "x", false],
  ["status-style", "#{E:@x}", false],
  ["@x", "1", false],
  ["status", "off", true],
  ["status-style", "bg=#ff0000", true],
])("a stranger may set %s to %s: %p", (name, value, expected) => {
  expect(mayBeOption(name, value, false)).toBe(expected);
  expect(mayBeOption(name, value, true)).toBe(true);
});

describe("what is shown in a terminal", () => {
  test.each([
    ["a\tb\n\x1b[1;31mred\x1b[0m 漢", "a\tb\n\x1b[1;31mred\x1b[0m 漢"],
    ["\x1b]52;c;x\x07a", "a"],
    ["\x1b]8;;http://x.y/\x1b\\link\x1b]8;;\x1b\\", "\x1b]8;;http://x.y/\x1b\\link\x1b]8;;\x1b\\"],
    ["\x1b]8;;file:///etc\x1b\\link", "link"],
    ["\x0elqk\x0f", "\x0elqk\x0f"],
    ["\x1b[6na\x1bPq\x1b\\b", "[6nab"],
    ["\x9b6n\x85", "6n"],
    ["a\rb\x7f", "ab"],
    ["\x1b", ""],
  ])("of %j is %j", (text, expected) => {
    expect(showable(text)).toBe(expected);
  });

  test("a name has one line, and no colours", () => {
    expect(showableLine("a\nb\x1b[31mc\x1b]0;x\x07")).toBe("abc");
  });

  test("what turns the direction of a text is left in one's own names alone", () => {
    const name = "a\u202egpj.exe\u202c \u2066b\u2069\u200e\u200f\u061c א";
    expect([ownLine(name), showableLine(name)]).toEqual([name, "agpj.exe b א"]);
  });
});
