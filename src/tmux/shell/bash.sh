# claude-tmux shell integration for bash 5: tells tmux when a command starts and ends, in an OSC 7 that nothing shows.
# Read as $ENV by a shell in POSIX mode (see start.sh): first do what bash itself would have done at its start.
builtin set +o posix
builtin shopt -u inherit_errexit
if [ -n "${CLAUDE_TMUX_ENV+x}" ]; then ENV=$CLAUDE_TMUX_ENV; else builtin unset ENV; fi
# the secret that shows a mark to be this shell's: nothing that runs in it is to inherit it
{ __claude_tmux_key=$CLAUDE_TMUX_KEY; } 2>/dev/null
__claude_tmux_folder=$CLAUDE_TMUX_INTEGRATION
__claude_tmux_restored=${CLAUDE_TMUX_RESTORED-}
builtin unset CLAUDE_TMUX_ENV CLAUDE_TMUX_INTEGRATION CLAUDE_TMUX_KEY CLAUDE_TMUX_RESTORED
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

{ __claude_tmux_options=$- && builtin set +x; } 2>/dev/null

# All that is called from outside is called with the shell's standard error, where its prompts go, as file 9: "set -x" would
# write each step into the pane there.
__claude_tmux_tell() {
  # nor is the secret to be written where BASH_XTRACEFD leads
  if [[ $- == *x* ]]; then
    builtin set +x
    __claude_tmux_write "$1"
    builtin set -x
  else
    __claude_tmux_write "$1"
  fi
}

# what a program left unended, as an image that was interrupted, would swallow it for seconds: a string ends with ST
__claude_tmux_write() {
  if [[ -t 9 ]]; then
    builtin printf '\e\\\e]7;claude-tmux:%s;%s;%s\a' "$__claude_tmux_key" "$$" "$1" >&9
  else
    builtin printf '\e\\\e]7;claude-tmux:%s;%s;%s\a' "$__claude_tmux_key" "$$" "$1" >/dev/tty
  fi
}

# without its secret in tmux, the pane is one without shell integration
__claude_tmux_off() {
  __claude_tmux_tell off
  # start-up files may have put another version of tmux on PATH
  local server=${TMUX#*,} program
  program=/proc/${server%%,*}/exe
  [ -x "$program" ] || program=tmux
  command "$program" set-option -pu -t "$TMUX_PANE" @claude_tmux_key 2>/dev/null
}

if [ "${BASH_VERSINFO[0]}" -lt 5 ]; then
  { __claude_tmux_off; } 9>&2 2>/dev/null
  if [[ $__claude_tmux_options == *x* ]]; then builtin set -x; fi
  return
fi

__claude_tmux_count=0     # prompts shown
__claude_tmux_code=0      # of the last command; -1 when nobody knows
__claude_tmux_start=0     # of the running command, in microseconds; 0 when the clock can't be read
__claude_tmux_duration=-1 # of the last command, in microseconds; -1 when it is not known
__claude_tmux_ran=0       # whether a command runs, or has since the last prompt
__claude_tmux_asked=0     # whether the prompt commands have run since the last prompt
__claude_tmux_gone=0      # whether they were not there when a command had ended
__claude_tmux_more=0      # whether more lines have been typed already: the shell won't wait at this prompt
__claude_tmux_rest=0      # whether it waits for the rest of a command
__claude_tmux_words=(idle more)
__claude_tmux_first='{ __claude_tmux_end; } 9>&2 2>/dev/null'
__claude_tmux_final='{ __claude_tmux_prompt; } 9>&2 2>/dev/null'
__claude_tmux_void=
__claude_tmux_zero=0
__claude_tmux_last=       # what the shell had begun to run last when the key was pressed
__claude_tmux_bang=0      # whether history expansion is off for the command that was taken
__claude_tmux_draft=      # what somebody had typed when a command was put in its place
__claude_tmux_point=0     # where the cursor was in it
__claude_tmux_names=      # of the variables that commands get, as they were told
__claude_tmux_others='@(_|PWD|OLDPWD|SHLVL|LINES|COLUMNS|PS[0-4]|PROMPT_COMMAND|__claude_tmux_*)' # of those that nobody needs to be told of

# Prompt commands may be gone, or others may stand before ours: bash itself gives $? back to the prompt after all of
# them, so that is where it is read, by arithmetic alone, since a substitution would be a process. A line that bash
# refuses before it is a command ("!x: event not found") gets a prompt without prompt commands.
__claude_tmux_ps1='\[\e]7;claude-tmux:$__claude_tmux_key;$$;${__claude_tmux_words[__claude_tmux_gone=__claude_tmux_asked?0:__claude_tmux_ran?1:__claude_tmux_gone,__claude_tmux_code=__claude_tmux_asked||__claude_tmux_ran?$?:__claude_tmux_gone?-1:1,__claude_tmux_duration=__claude_tmux_asked?__claude_tmux_duration:__claude_tmux_start?${EPOCHREALTIME+${EPOCHREALTIME/[.,]/}}+0-__claude_tmux_start:-1,__claude_tmux_more=__claude_tmux_asked?__claude_tmux_more:0,__claude_tmux_ran=__claude_tmux_asked=__claude_tmux_start=__claude_tmux_rest=0,__claude_tmux_count+=1,__claude_tmux_more]};$__claude_tmux_count;${__claude_tmux_code#-1};${__claude_tmux_duration#-1}\a\]'
# behind the rest of the prompt once more, which may hold an OSC 7 of its own
__claude_tmux_ps1_end='\[\e]7;claude-tmux:$__claude_tmux_key;$$;${__claude_tmux_words[__claude_tmux_more]};$__claude_tmux_count;${__claude_tmux_code#-1};${__claude_tmux_duration#-1}\a\]'
__claude_tmux_ps2='\[\e]7;claude-tmux:$__claude_tmux_key;$$;${__claude_tmux_void[__claude_tmux_rest=1,0]}rest;$__claude_tmux_count;${__claude_tmux_code#-1};\a\]'
__claude_tmux_ps0='${__claude_tmux_void[__claude_tmux_ran=1,__claude_tmux_start||(__claude_tmux_start=${EPOCHREALTIME+${EPOCHREALTIME/[.,]/}}+0),0]}\e]7;claude-tmux:$__claude_tmux_key;$$;run;$__claude_tmux_count;${__claude_tmux_code#-1};\a'

# first of all prompt commands: the command has ended
__claude_tmux_end() {
  __claude_tmux_code=$?
  __claude_tmux_expand
  __claude_tmux_asked=1
  __claude_tmux_duration=-1
  # behind another command it would be that one's code; the prompt knows better
  [[ ${PROMPT_COMMAND-} == "$__claude_tmux_first"* ]] || __claude_tmux_code=-1
  if ((__claude_tmux_ran)); then
    __claude_tmux_measure
    __claude_tmux_tell "end;$__claude_tmux_count;${__claude_tmux_code#-1};${__claude_tmux_duration#-1}"
  fi
  # what somebody has put behind our last one may put another prompt in the place of ours, this once; and the prompt itself
  # goes where standard error does
  [[ "${PROMPT_COMMAND[@]: -1}" == *"$__claude_tmux_final" && -t 9 ]] ||
    __claude_tmux_tell "off;$((__claude_tmux_count + 1));${__claude_tmux_code#-1};${__claude_tmux_duration#-1}"
  # no other code: to "set -e" and traps it would be a failure; each element of an array finds $? as it was
  ((BASH_VERSINFO[0] > 5 || BASH_VERSINFO[1] >= 1)) || return "${__claude_tmux_code#-}"
  return 0
}

# Has the shell expand its history in what is typed again.
__claude_tmux_expand() {
  ((__claude_tmux_bang)) && builtin set -H
  __claude_tmux_bang=0
}

__claude_tmux_measure() {
  __claude_tmux_duration=-1
  if ((__claude_tmux_start)) && [[ ${EPOCHREALTIME-} == *[.,]* ]]; then
    __claude_tmux_duration=$((${EPOCHREALTIME/[.,]/} - __claude_tmux_start))
  fi
}

# last of all prompt commands: the prompt is about to be shown
__claude_tmux_prompt() {
  if ((!__claude_tmux_asked)); then
    __claude_tmux_asked=1
    __claude_tmux_code=-1
    __claude_tmux_measure
  fi
  if ((__claude_tmux_ran || !__claude_tmux_count)); then __claude_tmux_environment; fi
  if [[ -n $__claude_tmux_restored ]]; then __claude_tmux_remember; fi
  __claude_tmux_more=0
  builtin read -r -t 0 && __claude_tmux_more=1
  if ! __claude_tmux_install; then
    ((__claude_tmux_count += 1))
    __claude_tmux_ran=0 __claude_tmux_asked=0 __claude_tmux_start=0
    __claude_tmux_tell "off;$__claude_tmux_count;${__claude_tmux_code#-1};${__claude_tmux_duration#-1}"
  elif [[ -n $__claude_tmux_draft ]] && ((!__claude_tmux_more)); then
    (/bin/sh "$__claude_tmux_folder/draft.sh" "$$" "$((__claude_tmux_count + 1))" </dev/null >/dev/null 2>&1 9>&- &)
  fi
  return 0
}

# Tells in a file which variables commands get, if these are others than were told: `=NAME` as the shell had it when it began,
# `+NAME=value` anew, or the name alone of what may be a secret or is a function, `-NAME` no more. It is whole when it ends with `.`.
# All names here are ours: others would hide somebody's variables.
__claude_tmux_environment() {
  local -
  builtin set +aeuxET
  local __claude_tmux_text= __claude_tmux_name
  local -a __claude_tmux_list=() __claude_tmux_told=()
  builtin compgen -e >|"$__claude_tmux_folder/names-$$" || return 0
  # and functions that commands get, each as "declare -fx NAME"
  builtin declare -xF >>"$__claude_tmux_folder/names-$$"
  builtin read -r -d '' __claude_tmux_text <"$__claude_tmux_folder/names-$$"
  [[ $__claude_tmux_text == "$__claude_tmux_names" ]] && __claude_tmux_isSame && return 0
  # "set -a" where these were set first has exported them
  builtin export -n __claude_tmux_names __claude_tmux_values __claude_tmux_began
  builtin mapfile -t __claude_tmux_list <"$__claude_tmux_folder/names-$$"
  __claude_tmux_list=("${__claude_tmux_list[@]/#declare -* /BASH_FUNC_}")
  if [[ -z $__claude_tmux_names ]]; then
    builtin declare -gA __claude_tmux_began
    for __claude_tmux_name in "${__claude_tmux_list[@]}"; do
      __claude_tmux_began[$__claude_tmux_name]=
      [[ $__claude_tmux_name == BASH_FUNC_* ]] || __claude_tmux_began[$__claude_tmux_name]=${!__claude_tmux_name-}
    done
  fi
  __claude_tmux_names=$__claude_tmux_text
  __claude_tmux_text=
  for __claude_tmux_name in "${__claude_tmux_list[@]}"; do
    [[ $__claude_tmux_name == @($__claude_tmux_others|BASH_FUNC_*) ]] || __claude_tmux_text+="\${$__claude_tmux_name-}"$'\1'
  done
  # to read so many words again at each prompt would take longer than to compare them
  builtin eval "__claude_tmux_values=\"$__claude_tmux_text\"; __claude_tmux_isSame() { [[ \"$__claude_tmux_text\" == \"\$__claude_tmux_values\" ]]; }"
  for __claude_tmux_name in "${__claude_tmux_list[@]}"; do
    if [[ $__claude_tmux_name == BASH_FUNC_* ]]; then
      [[ $__claude_tmux_name == BASH_FUNC___claude_tmux_* || ${__claude_tmux_began[$__claude_tmux_name]+x} ]] ||
        __claude_tmux_told+=("+$__claude_tmux_name%%")
      continue
    fi
    [[ $__claude_tmux_name == $__claude_tmux_others || ! -v $__claude_tmux_name ]] && continue
    if [[ ${__claude_tmux_began[$__claude_tmux_name]+x} &&
      ${__claude_tmux_began[$__claude_tmux_name]} == "${!__claude_tmux_name}" ]]; then
      __claude_tmux_told+=("=$__claude_tmux_name")
    elif __claude_tmux_isSecret "$__claude_tmux_name" "${!__claude_tmux_name}"; then
      __claude_tmux_told+=("+$__claude_tmux_name")
    else
      __claude_tmux_told+=("+$__claude_tmux_name=${!__claude_tmux_name}")
    fi
  done
  __claude_tmux_text=$'\n'$__claude_tmux_names$'\n'
  for __claude_tmux_name in "${!__claude_tmux_began[@]}"; do
    [[ $__claude_tmux_name == @($__claude_tmux_others|BASH_FUNC_*) || $__claude_tmux_text == *$'\n'"$__claude_tmux_name"$'\n'* ]] ||
      __claude_tmux_told+=("-$__claude_tmux_name")
  done
  builtin printf '%s\0' "${__claude_tmux_told[@]}" . >|"$__claude_tmux_folder/env-$$"
  return 0
}

__claude_tmux_isSame() { builtin return 1; }

# Whether a variable may be a secret, by its name or by its value, in letters of either case: all that secrets.ts takes for one, and
# more. No patterns but plain ones: others take seconds for a long value.
__claude_tmux_isSecret() {
  case $1 in
  key | keys | SSH_AUTH_SOCK | SSH_KEY_PATH) ;;
  *)
    [[ _${1^^}_ == *@(TOKEN|SECRET|PASSW|API_KEY|APIKEY|CREDENTIAL|UNSEAL)* ||
      _${1^^}_ == @(_AWS_*|*PW_|*PWD_|*@(DB|PG|SSH|MY|USER)PASS_|*@(GPG|AUTH|SSH|SIGN|ENC|ACCESS|PRIVATE)KEY*) ||
      _${1^^}_ == *[!A-Z]@(PASS|PASSPHRASE|PASSPHRASES|PW|PWD|KEY|KEYS)[!A-Z]* ||
      _${1^^}_ == *[!A-Z]@(CRED|CREDS|AUTH|AUTHORIZATION|BEARER|COOKIE|COOKIES|PRIVATE|JWT|PAT|OTP|PIN)[!A-Z]* ]] && return 0
    # where words begin with capitals, the parts of them count
    [[ $1 == *[a-z0-9][A-Z]* && ${1^^} == *@(PASS|PW|KEY|CRED|AUTH|BEARER|COOKIE|PRIVATE|JWT|OTP|PIN)* ]] && return 0
    [[ _$1_ == @(*[![:upper:]]PAT[![:alpha:]]*|*[![:upper:]]Pat[![:lower:]]*) ]] && return 0
    ;;
  esac
  [[ ${#2} -le 4096 && $2 != *AIza* ]] || return 0
  local __claude_tmux_text=" ${2,,}" __claude_tmux_part
  # the small letter of I is not everywhere i
  case $__claude_tmux_text in
  *://*@* | *bearer[[:space:]]* | *basic[[:space:]]* | *hooks.slack.com* | *-----beg?n* | *gh[opsu]_* | *github_pat_* | *glpat-* | \
    *xox[abeprs]-* | *[!a-z0-9_]sk-[a-z0-9_-]* | *[!a-z0-9_]ak?a[a-z0-9]* | *[!a-z0-9_]npm_* | *[!a-z0-9_]eyj* | \
    *[!a-z0-9_]hf_[a-z0-9][a-z0-9][a-z0-9][a-z0-9][a-z0-9][a-z0-9][a-z0-9][a-z0-9]* | \
    *[!a-z0-9_][rs]k_l?ve_* | *[!a-z0-9_][rs]k_test_*) return 0 ;;
  esac
  if [[ $__claude_tmux_text == *=* ]]; then
    case ${__claude_tmux_text%=*} in
    *passw* | *pwd* | *token* | *secret* | *ap?_key* | *ap?key* | *account?key* | *accountkey* | *access?key* | *accesskey*) return 0 ;;
    esac
  fi
  # a field in quotes
  if [[ $__claude_tmux_text == *[\"\']*:* ]]; then
    __claude_tmux_part=${__claude_tmux_text%:*}
    case ${__claude_tmux_part%[\"\']*} in
    *token* | *secret* | *pass* | *pw* | *key* | *cred* | *auth* | *cookie* | *pr?vate* | *bearer* | *jwt* | *otp* | *pin* | *unseal* | \
      *aws_* | *pat | *pat[!h]*) return 0 ;;
    esac
  fi
  # NAME:PASSWORD@
  __claude_tmux_part=${2%%@*}
  [[ $2 == ?*:?*@* && $__claude_tmux_part == ?*:?* && $__claude_tmux_part != *[\ /]* && $__claude_tmux_part != *:*:* ]]
}

# Gives commands the variables that they had where this pane comes from (see start.sh): `NAME=value`, or `-NAME`.
__claude_tmux_regain() {
  local -
  builtin set +aeuxET
  local __claude_tmux_entry __claude_tmux_name
  local -a __claude_tmux_list=()
  [[ -f $__claude_tmux_restored.env && -O $__claude_tmux_restored.env ]] || return 0
  builtin mapfile -t -d '' __claude_tmux_list <"$__claude_tmux_restored.env"
  command rm -f -- "$__claude_tmux_restored.env"
  for __claude_tmux_entry in "${__claude_tmux_list[@]}"; do
    __claude_tmux_name=${__claude_tmux_entry#-}
    __claude_tmux_name=${__claude_tmux_name%%=*}
    # to set it would be an error for everybody to see
    [[ -v $__claude_tmux_name && ${!__claude_tmux_name@a} == *r* ]] && continue
    if [[ $__claude_tmux_entry == -* ]]; then
      builtin unset -v "$__claude_tmux_name"
    else
      builtin export "$__claude_tmux_entry"
    fi
  done
  return 0
}

# Puts into the history what ran there. Not before the first prompt: the shell reads its file of the history before that only if
# there is nothing in it.
__claude_tmux_remember() {
  local -
  builtin set +aeuxET
  local __claude_tmux_line __claude_tmux_file=$__claude_tmux_restored.history
  local -a __claude_tmux_list=()
  __claude_tmux_restored=
  [[ -o history && -f $__claude_tmux_file && -O $__claude_tmux_file ]] || return 0
  builtin mapfile -t -d '' __claude_tmux_list <"$__claude_tmux_file"
  command rm -f -- "$__claude_tmux_file"
  for __claude_tmux_line in "${__claude_tmux_list[@]}"; do builtin history -s -- "$__claude_tmux_line"; done
  return 0
}

# Puts everything in its place, where start-up files or commands have moved it; fails when it can't be.
__claude_tmux_install() {
  # all of it, at nearly every prompt
  [[ ${PROMPT_COMMAND-} == "$__claude_tmux_first" && ${PROMPT_COMMAND[@]: -1} == "$__claude_tmux_final" &&
    ${PS1-} == '\[\e]7;claude-tmux:'*"$__claude_tmux_ps1_end" && ${PS2-} == '\[\e]7;claude-tmux:'* && ${PS0-} == *'\e]7;claude-tmux:'* &&
    ( -o emacs || -o vi ) ]] && builtin shopt -q promptvars && return 0
  local entry
  if ((BASH_VERSINFO[0] > 5 || BASH_VERSINFO[1] >= 1)); then
    if [[ ${PROMPT_COMMAND-} != "$__claude_tmux_first" || ${PROMPT_COMMAND[@]: -1} != "$__claude_tmux_final" ]]; then
      __claude_tmux_isReadonly PROMPT_COMMAND && return 1
      local -a others=()
      for entry in "${PROMPT_COMMAND[@]}"; do
        [[ $entry == "$__claude_tmux_first" || $entry == "$__claude_tmux_final" ]] && continue
        entry=${entry//"$__claude_tmux_first"/:}
        others+=("${entry//"$__claude_tmux_final"/:}")
      done
      PROMPT_COMMAND=("$__claude_tmux_first" "${others[@]}" "$__claude_tmux_final")
    fi
  elif [[ ${PROMPT_COMMAND-} != "$__claude_tmux_first"*"$__claude_tmux_final" ]]; then
    __claude_tmux_isReadonly PROMPT_COMMAND && return 1
    entry=${PROMPT_COMMAND-}
    entry=${entry//"$__claude_tmux_first"/:}
    PROMPT_COMMAND="$__claude_tmux_first
${entry//"$__claude_tmux_final"/:}
$__claude_tmux_final"
  fi
  __claude_tmux_isPrompts
}

# Whether a variable is readonly: an assignment to it would be an error for everybody to see, or worse.
__claude_tmux_isReadonly() {
  if [[ -v $1 ]]; then
    [[ ${!1@a} == *r* ]]
  else
    local told
    told=$(builtin declare -p "$1" 2>/dev/null) || return 1
    told=${told#declare }
    [[ ${told%% *} == *r* ]]
  fi
}

# The same for the prompts.
__claude_tmux_isPrompts() {
  local name isExpanded=1
  # else nothing in a prompt would be expanded, or no key be read
  builtin shopt -q promptvars && [[ -o emacs || -o vi ]] || isExpanded=0
  for name in 1 2 0; do
    local prompt=PS$name ours=__claude_tmux_ps$name last=
    ((name == 1)) && last=$__claude_tmux_ps1_end
    if ((isExpanded)); then
      # ours stands first where it asks for $?
      [[ ${!prompt-} == "${!ours}"*"$last" || ( $name != 1 && ${!prompt-} == *"${!ours}"* ) ]] && continue
    else
      [[ ${!prompt-} == *"${!ours}"* ]] || continue
    fi
    __claude_tmux_isReadonly "$prompt" && return 1
    local others=${!prompt-}
    others=${others//"${!ours}"/}
    [[ -n $last ]] && others=${others//"$last"/}
    ((isExpanded)) || ours=__claude_tmux_void last=
    if ((name)); then
      builtin printf -v "$prompt" %s "${!ours}$others$last"
    else
      builtin printf -v "$prompt" %s "$others${!ours}"
    fi
  done
  ((isExpanded))
}

# The private key: puts the command that waits in a file in the place of what somebody has typed. What the rest of the
# key does is decided here: it accepts the line, or nothing.
__claude_tmux_take() {
  local file=$__claude_tmux_folder/take-$$ command=
  local last=$__claude_tmux_last
  __claude_tmux_last=
  __claude_tmux_accept '""'
  __claude_tmux_expand
  __claude_tmux_isLost && __claude_tmux_find
  # in a command that reads a line, and in the middle of one, it is not for us
  if ((__claude_tmux_ran || __claude_tmux_rest)); then
    return 0
  fi
  if [[ -f $file && -O $file ]]; then
    IFS= builtin read -r -d '' command <"$file" || :
    # one that stays would be taken again, one that is gone was withdrawn; by now there may be another one in its place. What says so is
    # written: a trap may hide how it ended. A single process, where this is the rm(1) that says what it removes, and no other program's link
    [[ ($OSTYPE == linux-gnu* && -f /bin/rm && ! -L /bin/rm && -n $(builtin exec /bin/rm -v -- "$file" </dev/null 2>/dev/null)) ||
      -n $({ command rm -- "$file" || /bin/rm -- "$file"; } </dev/null >/dev/null 2>&1 && builtin echo 1) ]] || return 0
    if [[ -n $READLINE_LINE ]]; then
      # two drafts: the older one can be found in the history
      [[ -n $__claude_tmux_draft ]] && builtin history -s -- "$__claude_tmux_draft"
      __claude_tmux_draft=$READLINE_LINE
      __claude_tmux_point=$READLINE_POINT
    fi
    __claude_tmux_install || :
    __claude_tmux_tell "take;$__claude_tmux_count;${__claude_tmux_code#-1};"
    READLINE_LINE=$command
    READLINE_POINT=${#command}
    # a ! of it is no event of the history
    if [[ $- == *H* && $command == *'!'* ]]; then
      builtin set +H
      __claude_tmux_bang=1
    fi
    __claude_tmux_accept accept-line
  else
    # pressed twice, the second is read at the next prompt, as if somebody had begun to type there
    __claude_tmux_back
  fi
  return 0
}

# Whether this is a prompt that could not be told of, since a command has taken away all that does. Keys are read by "read
# -e", too, so it must be certain that the last command was something else, and that no rest of one is waited for.
__claude_tmux_isLost() {
  ((__claude_tmux_ran && !__claude_tmux_rest)) || return 1
  [[ "${PROMPT_COMMAND[*]-}${PS1-}" == *claude[-_]tmux* || ${PS2-} != *claude-tmux* || $last == *read* ]] && return 1
  [[ $last == PS[0-4]=* || $last == PROMPT_COMMAND=* ]] && return 0
  last=${last%%[[:space:]]*}
  [[ -n $last && $last != *[!A-Za-z0-9_./:+-]* ]]
}

# Puts everything in its place again, and tells of the prompt.
__claude_tmux_find() {
  __claude_tmux_code=-1 __claude_tmux_duration=-1 __claude_tmux_more=0 __claude_tmux_gone=0
  __claude_tmux_ran=0 __claude_tmux_asked=0 __claude_tmux_start=0
  ((__claude_tmux_count += 1))
  local word=off
  __claude_tmux_install && word=idle
  __claude_tmux_tell "$word;$__claude_tmux_count;;"
}

# Another key, since a command may come at the same moment: puts back what somebody had typed. It is also how the shell is
# asked for what it told, where something else has taken the place of that.
__claude_tmux_again() {
  ((__claude_tmux_ran)) && return 0
  local word=rest duration=
  if ((!__claude_tmux_rest)); then
    __claude_tmux_back
    word=off duration=${__claude_tmux_duration#-1}
    __claude_tmux_install && word=idle
  fi
  __claude_tmux_tell "$word;$__claude_tmux_count;${__claude_tmux_code#-1};$duration"
  return 0
}

# Puts back what somebody had typed.
__claude_tmux_back() {
  if ((__claude_tmux_ran || __claude_tmux_rest)) || [[ -z $__claude_tmux_draft || -n $READLINE_LINE ]]; then
    return 0
  fi
  # what has been typed meanwhile is not to be added to it
  builtin read -r -t 0 && return 0
  READLINE_LINE=$__claude_tmux_draft
  READLINE_POINT=$__claude_tmux_point
  __claude_tmux_draft=
}

__claude_tmux_accept() {
  local map
  for map in emacs vi-insert vi-command; do builtin bind -m "$map" "\"\\e[27;9;2~\": $1" 2>/dev/null; done
}

# what start-up files have set is set by them again; what comes after is somebody's
{ __claude_tmux_environment; [[ -z $__claude_tmux_restored ]] || __claude_tmux_regain; } 2>/dev/null
if { __claude_tmux_install; } 2>/dev/null; then
  # any command would be the last one itself, but what stands in a redirection of a group is looked at before that
  __claude_tmux_key_command='{ __claude_tmux_take "$_"; } <&"${__claude_tmux_zero#"x${__claude_tmux_last:=$BASH_COMMAND}"}" 9>&2 2>/dev/null'
  for __claude_tmux_map in emacs vi-insert vi-command; do
    builtin bind -m "$__claude_tmux_map" -x "\"\\e[27;9;1~\": $__claude_tmux_key_command" 2>/dev/null
    builtin bind -m "$__claude_tmux_map" -x '"\e\x1f": { __claude_tmux_again "$_"; } 9>&2 2>/dev/null' 2>/dev/null
    builtin bind -m "$__claude_tmux_map" '"\e\x1e": "\e[27;9;1~\e[27;9;2~"' 2>/dev/null
  done
  builtin unset __claude_tmux_map __claude_tmux_key_command
  __claude_tmux_accept '""'
else
  { __claude_tmux_off; } 9>&2 2>/dev/null
fi
if [[ $__claude_tmux_options == *x* ]]; then builtin set -x; fi
