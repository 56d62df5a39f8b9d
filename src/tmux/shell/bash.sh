# claude-tmux shell integration for bash 5: tells tmux when a command starts and ends, in an OSC 7 that nothing shows.
# Read as $ENV by a shell in POSIX mode (see start.sh): first do what bash itself would have done at its start.
builtin set +o posix
builtin shopt -u inherit_errexit
if [ -n "${CLAUDE_TMUX_ENV+x}" ]; then ENV=$CLAUDE_TMUX_ENV; else builtin unset ENV; fi
builtin unset CLAUDE_TMUX_ENV CLAUDE_TMUX_INTEGRATION
[ "$HISTFILE" = "${HOME-}/.sh_history" ] && HISTFILE=$HOME/.bash_history
if builtin shopt -q login_shell; then
  [ -r /etc/profile ] && . /etc/profile
  if [ -r ~/.bash_profile ]; then
    . ~/.bash_profile
  elif [ -r ~/.bash_login ]; then
    . ~/.bash_login
  elif [ -r ~/.profile ]; then
    . ~/.profile
  fi
else
  if [ -r /etc/bash.bashrc ]; then . /etc/bash.bashrc; elif [ -r /etc/bashrc ]; then . /etc/bashrc; fi
  [ -r ~/.bashrc ] && . ~/.bashrc
fi

if [ "${BASH_VERSINFO[0]}" -lt 5 ]; then
  builtin printf '\e]7;claude-tmux:%s;off\a' "$$" >&2
  builtin return
fi

__claude_tmux_count=0     # prompts shown
__claude_tmux_asked=0     # prompts shown when the prompt commands ran last
__claude_tmux_code=0      # of the last command
__claude_tmux_start=0     # of the running command, in microseconds; 0 at the prompt
__claude_tmux_duration=   # of the last command, in microseconds
__claude_tmux_state=idle
__claude_tmux_void=

# first of all prompt commands: the command has ended
__claude_tmux_end() {
  __claude_tmux_code=$?
  if ((__claude_tmux_start)); then
    __claude_tmux_duration=$((${EPOCHREALTIME/[.,]/} - __claude_tmux_start))
    __claude_tmux_start=0
    builtin printf '\e]7;claude-tmux:%s;end;%s;%s;%s\a' \
      "$$" "$__claude_tmux_count" "$__claude_tmux_code" "$__claude_tmux_duration" >&2
  else
    __claude_tmux_duration=
  fi
  builtin return "$__claude_tmux_code"
}

# last of all prompt commands: the prompt is about to be shown
__claude_tmux_prompt() {
  __claude_tmux_asked=$__claude_tmux_count
  __claude_tmux_state=idle
  # more lines have been typed already: the shell won't wait at this prompt
  builtin read -r -t 0 && __claude_tmux_state=more
  [[ $PS1 == *__claude_tmux_state* ]] ||
    # a line that bash refuses before it is a command ("!x: event not found") gets a prompt without prompt commands
    PS1='\[\e]7;claude-tmux:$$;$__claude_tmux_state;$((__claude_tmux_count + 1));$((__claude_tmux_asked == __claude_tmux_count++ ? __claude_tmux_code : 1));$__claude_tmux_duration\a\]'$PS1
  [[ ${PS0-} == *__claude_tmux_start* ]] ||
    PS0=${PS0-}'${__claude_tmux_void[__claude_tmux_start||(__claude_tmux_start=${EPOCHREALTIME/[.,]/}),0]}\e]7;claude-tmux:$$;run;$__claude_tmux_count;$__claude_tmux_code;\a'
  builtin return "$__claude_tmux_code"
}

if ((BASH_VERSINFO[0] > 5 || BASH_VERSINFO[1] >= 1)); then
  PROMPT_COMMAND=(__claude_tmux_end "${PROMPT_COMMAND[@]}" __claude_tmux_prompt)
else
  PROMPT_COMMAND="__claude_tmux_end${PROMPT_COMMAND:+
$PROMPT_COMMAND}
__claude_tmux_prompt"
fi
