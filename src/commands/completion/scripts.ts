/**
 * The completion script of a shell: what it passes on is the words as they stand, never evaluated, for labels and what
 * is typed may hold anything; what it inserts is quoted. The words go in one argument, between unit separators.
 */
export const SCRIPTS: Readonly<Record<string, string>> = {
  bash: `# bash completion for claude-tmux: eval "$(claude-tmux completions bash)"
_claude_tmux() {
  local IFS=$'\\037' word value quote=
  local -a words=("\${COMP_WORDS[@]:1:COMP_CWORD}")
  word=\${COMP_WORDS[COMP_CWORD]}
  # an open quote: what is inserted stands inside it
  case $word in [\\"\\']*) quote=\${word:0:1} ;; esac
  words[COMP_CWORD - 1]=\${word#"$quote"}
  COMPREPLY=()
  while IFS=$'\\t' read -r value _; do
    case $quote in
      "") printf -v value %q "$value" ;;
      *) case $value in *[\\"\\'\\\\\\$\\\`!]*) continue ;; esac ;;
    esac
    COMPREPLY+=("$value")
  done < <("\${1/#\\~/$HOME}" completions words "\${words[*]}" 2>/dev/null)
}
complete -o default -F _claude_tmux claude-tmux
`,
  zsh: `#compdef claude-tmux
# zsh completion for claude-tmux: eval "$(claude-tmux completions zsh)", or a file _claude-tmux in a folder of $fpath
_claude-tmux() {
  local value description
  local -a values descriptions before=("\${(@Q)words[2,CURRENT]}")
  while IFS=$'\\t' read -r value description; do
    values+=("$value")
    descriptions+=("$value\${description:+  -- $description}")
  done < <("\${(Q)words[1]}" completions words "\${(pj:\\037:)before}" 2>/dev/null)
  if (( $#values )); then
    compadd -l -d descriptions -a values
  else
    _files
  fi
}
if [[ $funcstack[1] == _claude-tmux ]]; then
  _claude-tmux "$@"
elif (( $+functions[compdef] )); then
  compdef _claude-tmux claude-tmux
fi
`,
  fish: `# fish completion for claude-tmux: claude-tmux completions fish | source
function __claude_tmux_complete
    set -l words (commandline -opc) (commandline -ct)
    command $words[1] completions words (string join \\x1f -- $words[2..-1] | string collect) 2>/dev/null
end
complete -c claude-tmux -f -a '(__claude_tmux_complete)'
`,
};

/** What stands between two words. */
export const WORD_SEPARATOR = "\x1f";
