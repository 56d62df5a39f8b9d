/** Start-up files of a user, and what was run at the prompt before: what a shell integration has to live with. */
export interface SetUp {
  shell: "bash" | "zsh" | "fish";
  /** where the start-up file lies, below HOME */
  file: string;
  startUp: string[];
  /** commands run at the prompt, each of which may move or break the integration */
  before: string[];
}

// what people have in their files, and what breaks shell integrations; none of these changes how a command ends
const LINES: Record<SetUp["shell"], string[]> = {
  bash: [
    "PROMPT_COMMAND='history -a'",
    "PROMPT_COMMAND='false'",
    "PROMPT_COMMAND+='; true'",
    'PROMPT_COMMAND="true; $PROMPT_COMMAND"',
    "PROMPT_COMMAND=(true 'false' 'history -a')",
    "PROMPT_COMMAND+=('PS1=\"later> \"')",
    "PROMPT_COMMAND+=(true)",
    "PROMPT_COMMAND='PS1=\"[$?] \\w$ \"'",
    "unset PROMPT_COMMAND",
    "PROMPT_COMMAND=",
    "readonly PROMPT_COMMAND",
    "PS1='\\u@\\h:\\w\\$ '",
    "PS1='two\\nlines $(false)> '",
    "PS1='\\[\\e[32m\\]$? \\t\\[\\e[0m\\] \\!> '",
    "PS1='\\[\\e]0;title\\a\\]> '",
    "PS1=",
    "PS1='\\[\\e]7;file://h/tmp\\a\\]> '",
    "set -x",
    "unset PS2",
    "readonly PS1",
    "PS0='starts\\n'",
    "PS0='$(date +%s) '",
    "PS2='... '",
    "trap 'true' DEBUG",
    "trap 'false' DEBUG",
    "trap 'x=$BASH_COMMAND' DEBUG; set -o functrace",
    "trap 'true' ERR",
    "trap 'false' ERR; set -o errtrace",
    "trap 'true' EXIT",
    "trap 'true' RETURN",
    "set -o nounset",
    "set -o vi",
    "set -o emacs",
    "set -o posix",
    "set -o ignoreeof",
    "set -o noclobber",
    "set -o pipefail",
    "set -o allexport",
    "set +o history",
    "set +o monitor",
    "set +o histexpand",
    "set -f",
    "shopt -s extglob nullglob",
    "shopt -s failglob",
    "shopt -s nocasematch",
    "shopt -s checkwinsize autocd cdspell",
    "shopt -s histverify",
    "shopt -u promptvars",
    "shopt -u sourcepath",
    "shopt -s lastpipe",
    "HISTCONTROL=ignoreboth:erasedups",
    "HISTCONTROL=ignorespace",
    "HISTIGNORE='*'",
    "HISTSIZE=0",
    "HISTTIMEFORMAT='%F %T '",
    "unset EPOCHREALTIME",
    "IFS=';'",
    "IFS=0123456789",
    "unset IFS",
    "LC_ALL=C",
    "TMOUT=1000",
    "alias true=':'",
    "alias printf='echo'",
    'builtin() { command builtin "$@"; }',
    'printf() { command printf "$@"; }',
    "bind 'set show-mode-in-prompt on'",
    "bind 'set enable-bracketed-paste off'",
    "bind 'set keyseq-timeout 50'",
    "bind -x '\"\\C-t\": true'",
    "BASH_XTRACEFD=2",
    "CDPATH=.:..",
    "MAILCHECK=0",
    'cd() { builtin cd "$@" && true; }',
  ],
  zsh: [
    "PROMPT='%n@%m %1~ %# '",
    "PROMPT=$'two\\nlines %?> '",
    "PROMPT='$(false)> '; setopt prompt_subst",
    "RPROMPT='%?'",
    "PROMPT=$'%{\\e]7;file://h/tmp\\a%}> '",
    "setopt xtrace",
    "PROMPT_EOL_MARK=''",
    "unset PROMPT_EOL_MARK",
    "precmd() { false }",
    "precmd() { true }",
    "preexec() { true }",
    "preexec() { false }",
    "precmd_functions=()",
    "preexec_functions=()",
    "unset precmd_functions preexec_functions",
    "other() { false }; precmd_functions+=(other)",
    "first() { false }; precmd_functions=(first $precmd_functions)",
    "other() { true }; preexec_functions=(other $preexec_functions)",
    "readonly -a precmd_functions",
    "readonly -a preexec_functions",
    "TRAPDEBUG() { true }",
    "TRAPZERR() { true }",
    "TRAPEXIT() { true }",
    "trap 'true' DEBUG",
    "setopt nounset",
    "setopt err_return",
    "setopt ksh_arrays",
    "setopt sh_word_split",
    "setopt glob_subst",
    "setopt no_prompt_cr",
    "setopt no_prompt_sp",
    "setopt transient_rprompt",
    "setopt print_exit_value",
    "setopt no_bang_hist",
    "setopt hist_ignore_all_dups hist_ignore_space",
    "setopt hist_verify",
    "setopt extended_glob null_glob",
    "setopt no_monitor",
    "setopt all_export",
    "setopt interactive_comments",
    "setopt csh_junkie_quotes",
    "setopt warn_create_global",
    "setopt posix_builtins",
    "setopt no_unset typeset_silent",
    "bindkey -v",
    "bindkey -e",
    "KEYTIMEOUT=1",
    "zle-line-init() { true }; zle -N zle-line-init",
    "zle-line-init() { false }; zle -N zle-line-init",
    "zle-keymap-select() { zle reset-prompt }; zle -N zle-keymap-select",
    "autoload -Uz add-zle-hook-widget; mine() { true }; zle -N mine; add-zle-hook-widget line-init mine",
    "autoload -Uz add-zsh-hook; mine() { false }; add-zsh-hook precmd mine",
    "zmodload -u zsh/datetime 2>/dev/null; true",
    "PERIOD=1; periodic() { true }",
    "alias true=':'",
    "alias -g X='| cat'",
    "IFS=';'",
    "HISTSIZE=0",
    "unset zle_bracketed_paste",
    "REPORTTIME=0",
  ],
  fish: [
    "function fish_prompt; echo '> '; end",
    "function fish_prompt; false; echo -n '$ '; end",
    "function fish_prompt; sh -c 'exit 3'; echo -n \"$status> \"; end",
    "function fish_prompt; sleep 0.05; echo -n 'slow> '; end",
    "function fish_right_prompt; date; end",
    "function fish_prompt; printf '\\e]7;file://h/tmp\\a> '; end",
    "set -g fish_trace 1",
    "function fish_mode_prompt; end",
    "function fish_greeting; end",
    "set -g fish_greeting ''",
    "fish_vi_key_bindings",
    "fish_default_key_bindings",
    "function mine --on-event fish_prompt; false; end",
    "function mine --on-event fish_preexec; false; end",
    "function mine --on-event fish_postexec; false; end",
    "function mine --on-event fish_postexec; sh -c 'exit 4'; end",
    "function mine --on-variable PWD; true; end",
    "set -g fish_autosuggestion_enabled 0",
    "set -gx SHELL_ENV yes",
    "set -g fish_handle_reflow 0",
    "bind \\ct true",
    "abbr -a gs git status",
    "functions -e __claude_tmux_end",
    "alias ls 'ls -l'",
    "set -gx LC_ALL C",
    "set -g fish_color_command normal",
    "function fish_title; end",
    "function fish_command_not_found; return 127; end",
  ],
};

const FILES = { bash: ".bash_profile", zsh: ".zshrc", fish: ".config/fish/config.fish" };
const SHELLS = Object.keys(LINES) as SetUp["shell"][];

/** A set-up; the same for the same random numbers. Pure. */
export function makeSetUp(random: () => number, shells: readonly SetUp["shell"][] = SHELLS): SetUp {
  const pick = <T>(from: readonly T[]) => from[Math.floor(random() * from.length)] as T;
  const some = (count: number, from: string[]) =>
    Array.from({ length: Math.floor(random() * (count + 1)) }, () => pick(from));
  const shell = pick(shells);
  const startUp = some(5, LINES[shell]);
  return { shell, file: FILES[shell], startUp, before: random() < 0.5 ? some(2, LINES[shell]) : [] };
}

/** A command, and how it must end: with this exit code, or with any but 0. */
export interface Expected {
  command: string;
  code: number | "not 0";
}

/** What is run in a set-up. Pure. */
export function expectedIn({ shell }: SetUp): Expected[] {
  const exit = (code: number) => (shell === "fish" ? `sh -c 'exit ${code}'` : `(exit ${code})`);
  return [
    { command: "true", code: 0 },
    { command: "false", code: 1 },
    { command: exit(42), code: 42 },
    { command: "nosuchcommand_here", code: 127 },
    { command: "echo )", code: "not 0" },
    { command: `echo a\necho b\n${exit(9)}`, code: 9 },
    { command: "echo fine", code: 0 },
    { command: "ls /nosuchfolder_here || true", code: 0 },
  ];
}
