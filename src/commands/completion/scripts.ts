/** What stands between two words for `completions words`: the unit separator of ASCII. */
export const WORD_SEPARATOR = "\x1f";

/**
 * The completion scripts of shells. What they pass on is the words as they stand, in one argument, never evaluated, for
 * labels and what is typed may hold anything; what they insert is quoted. It is always the claude-tmux on PATH that they
 * ask: a path that is being typed is not to be run by a Tab.
 */
export const SCRIPTS: Readonly<Record<"bash" | "zsh" | "fish", string>> = {
  bash: `# bash completion for claude-tmux: eval "$(claude-tmux completions bash)"
_claude_tmux() {
  local IFS=$'\\037' line value quote= prefix
  local -a words
  # bash takes ":" and "=" for the ends of words: they are read from the line instead, as far as it has been typed
  line=\${COMP_LINE:0:COMP_POINT}
  _claude_tmux_split "$line"
  prefix=\${words[\${#words[@]} - 1]}
  # what stands on the line already, as far as the word that bash would replace
  case $COMP_WORDBREAKS in *:*) ;; *) prefix= ;; esac
  case $prefix in *:*) prefix=\${prefix%:*}: ;; *) prefix= ;; esac
  [ -n "$quote" ] && prefix=
  COMPREPLY=()
  while IFS=$'\\t' read -r value _; do
    case $quote in
      "") printf -v value %q "\${value#"$prefix"}" ;;
      *) case $value in *[\\"\\'\\\\\\$\\\`!]*) continue ;; esac ;;
    esac
    COMPREPLY+=("$value")
  done < <(IFS=$'\\037'; command claude-tmux completions words "\${words[*]:1}" 2>/dev/null)
}
# Splits a line into \${words[@]} as the shell would, but evaluates nothing; $quote is the quote left open at its end.
_claude_tmux_split() {
  local text=$1 word= letter started= i
  words=()
  for ((i = 0; i < \${#text}; i++)); do
    letter=\${text:i:1}
    if [[ $quote == "'" ]]; then
      if [[ $letter == "'" ]]; then quote=; else word+=$letter; fi
    elif [[ $letter == \\\\ ]]; then
      ((i++))
      word+=\${text:i:1} started=1
    elif [[ -n $quote ]]; then
      if [[ $letter == "$quote" ]]; then quote=; else word+=$letter; fi
    elif [[ $letter == [\\"\\'] ]]; then
      quote=$letter started=1
    elif [[ $letter == [[:space:]] ]]; then
      [[ -n $started ]] && words+=("$word")
      word= started=
    else
      word+=$letter started=1
    fi
  done
  words+=("$word")
}
complete -o default -F _claude_tmux claude-tmux
`,
  zsh: `#compdef claude-tmux
# zsh completion for claude-tmux: after compinit, eval "$(claude-tmux completions zsh)"; or a file _claude-tmux in a
# folder of $fpath
_claude-tmux() {
  local value description
  local -a values descriptions before=("\${(@Q)words[2,CURRENT]}")
  # an open quote is not part of the word
  before[-1]=\${\${before[-1]#[\\"\\']}}
  while IFS=$'\\t' read -r value description; do
    values+=("$value")
    descriptions+=("$value\${description:+  -- $description}")
  done < <(command claude-tmux completions words "\${(pj:\\037:)before}" 2>/dev/null)
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
else
  print -u2 "claude-tmux: completion needs compinit first (autoload -Uz compinit; compinit)"
fi
`,
  fish: `# fish completion for claude-tmux: claude-tmux completions fish | source
function __claude_tmux_complete
    set -l words (commandline -opc) (string unescape -- (commandline -ct | string trim -l -c '"\\''))
    set -l found (command claude-tmux completions words (string join \\x1f -- $words[2..-1] | string collect) 2>/dev/null)
    if set -q found[1]
        printf '%s\\n' $found
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c claude-tmux -f -a '(__claude_tmux_complete)'
`,
};
