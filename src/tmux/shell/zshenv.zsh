# claude-tmux shell integration for zsh: tells tmux when a command starts and ends, in an OSC 7 that nothing shows.
# Read as $ZDOTDIR/.zshenv (see start.sh): first give zsh back the folder in which it finds the user's own files.
if [[ -n "${CLAUDE_TMUX_ZDOTDIR+x}" ]]; then
  'builtin' 'export' ZDOTDIR="$CLAUDE_TMUX_ZDOTDIR"
else
  'builtin' 'unset' 'ZDOTDIR'
fi
'builtin' 'unset' 'CLAUDE_TMUX_ZDOTDIR' 'CLAUDE_TMUX_INTEGRATION'
if [[ -r "${ZDOTDIR-$HOME}/.zshenv" ]]; then
  'builtin' 'source' '--' "${ZDOTDIR-$HOME}/.zshenv"
fi

if [[ -o interactive ]]; then
  # the user's .zshrc is still to come: install everything before the first prompt
  __claude_tmux_install() {
    builtin emulate -L zsh
    builtin zmodload zsh/datetime
    builtin zmodload -F zsh/zselect b:zselect 2>/dev/null
    typeset -gi __claude_tmux_count=0    # prompts shown
    typeset -gi __claude_tmux_code=0     # of the last command
    typeset -gi __claude_tmux_start=0    # of the running command, in microseconds; 0 at the prompt
    typeset -g __claude_tmux_duration='' # of the last command, in microseconds

    __claude_tmux_tell() { builtin printf '\e]7;claude-tmux:%s;%s\a' "$$" "$1" >$TTY; }

    __claude_tmux_run() {
      builtin emulate -L zsh
      __claude_tmux_start=$((EPOCHREALTIME * 1000000))
      __claude_tmux_tell "run;$__claude_tmux_count;$__claude_tmux_code;"
    }

    __claude_tmux_end() {
      __claude_tmux_code=$?
      builtin emulate -L zsh
      __claude_tmux_duration=
      if ((__claude_tmux_start)); then
        typeset -i now=$((EPOCHREALTIME * 1000000))
        __claude_tmux_duration=$((now - __claude_tmux_start))
        __claude_tmux_start=0
        __claude_tmux_tell "end;$__claude_tmux_count;$__claude_tmux_code;$__claude_tmux_duration"
      fi
    }

    __claude_tmux_prompt() {
      builtin emulate -L zsh
      typeset state=idle
      __claude_tmux_count+=1
      # more lines have been typed already: the shell won't wait at this prompt
      builtin zselect -t 0 -r 0 2>/dev/null && state=more
      # with a line that does not end in a newline, zsh shows this mark before it calls any function: let the mark
      # itself tell that the command has ended
      typeset mark=$'%{\e]7;claude-tmux:'$$';end;'$__claude_tmux_count$';%?;\a%}'
      PROMPT_EOL_MARK=$mark${${PROMPT_EOL_MARK-'%B%S%#%s%b'}##'%{'$'\e'']7;claude-tmux:'*$'\a''%}'}
      __claude_tmux_tell "$state;$__claude_tmux_count;$__claude_tmux_code;$__claude_tmux_duration"
    }

    precmd_functions=(__claude_tmux_end ${precmd_functions:#__claude_tmux_install} __claude_tmux_prompt)
    preexec_functions+=(__claude_tmux_run)
    builtin unfunction __claude_tmux_install
    __claude_tmux_prompt
  }
  typeset -ga precmd_functions
  precmd_functions+=(__claude_tmux_install)
  # a .zshrc may set precmd_functions anew; what is scheduled is done before the first prompt, too
  builtin zmodload zsh/sched 2>/dev/null && builtin sched +0 '(( $+functions[__claude_tmux_install] )) && __claude_tmux_install'
fi
