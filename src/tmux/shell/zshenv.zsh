# claude-tmux shell integration for zsh: tells tmux when a command starts and ends, in an OSC 7 that nothing shows.
# Read as $ZDOTDIR/.zshenv (see start.sh): first give zsh back the folder in which it finds the user's own files.
if [[ -n "${CLAUDE_TMUX_ZDOTDIR+x}" ]]; then
  'builtin' 'export' ZDOTDIR="$CLAUDE_TMUX_ZDOTDIR"
else
  'builtin' 'unset' 'ZDOTDIR'
fi
# the secret that shows a mark to be this shell's: nothing that runs in it is to inherit it
{ __claude_tmux_key=$CLAUDE_TMUX_KEY; } 2>/dev/null
__claude_tmux_folder=$CLAUDE_TMUX_INTEGRATION
__claude_tmux_restored=${CLAUDE_TMUX_RESTORED-}
'builtin' 'unset' 'CLAUDE_TMUX_ZDOTDIR' 'CLAUDE_TMUX_INTEGRATION' 'CLAUDE_TMUX_KEY' 'CLAUDE_TMUX_RESTORED'
if [[ -r "${ZDOTDIR-$HOME}/.zshenv" ]]; then
  'builtin' 'source' '--' "${ZDOTDIR-$HOME}/.zshenv"
fi

if [[ -o interactive ]]; then
  # the user's .zshrc is still to come: install everything before the first prompt
  __claude_tmux_install() {
    { builtin emulate -L zsh; builtin unsetopt xtrace; } 2>/dev/null
    builtin zmodload zsh/datetime
    builtin zmodload -F zsh/zselect b:zselect 2>/dev/null
    builtin zmodload -F zsh/files b:zf_rm 2>/dev/null
    builtin zmodload -F zsh/parameter p:parameters 2>/dev/null
    typeset -gi __claude_tmux_count=0    # prompts shown
    typeset -g __claude_tmux_code=0      # of the last command; empty when nobody knows
    typeset -gi __claude_tmux_start=0    # of the running command, in microseconds; 0 when the clock can't be read
    typeset -gi __claude_tmux_ran=0      # whether a command runs
    typeset -gi __claude_tmux_told=0     # whether the prompt that is shown next has been told of
    typeset -g __claude_tmux_duration='' # of the last command, in microseconds
    typeset -g __claude_tmux_draft=''    # what somebody had typed when a command was put in its place
    typeset -gi __claude_tmux_cursor=0   # where the cursor was in it
    typeset -g __claude_tmux_keymap=''   # and the keymap
    typeset -g __claude_tmux_hooked=none # the widget of line-init when ours was last put there
    typeset -g __claude_tmux_last=''     # what was told at the prompt
    typeset -g __claude_tmux_seen=''     # the code, where only another function sees it
    typeset -g __claude_tmux_names=''    # of the variables that commands get, and their values, as they were told
    typeset -gA __claude_tmux_began=()   # those that they got when the shell had begun
    typeset -gi __claude_tmux_takes=0    # whether a command has just been put there
    typeset -ga __claude_tmux_options=() # what to set again when that has ended
    typeset -gi __claude_tmux_handed=0   # whether the rest of a command that was put there may be waited for
    typeset -gi __claude_tmux_waits=0    # whether the key was pressed where a command goes in at the next prompt only

    # Whatever is called from outside traces nothing ("setopt xtrace"), the secret least.
    __claude_tmux_tell() {
      # what a program left unended, as an image that was interrupted, would swallow it for seconds: a string ends with ST
      builtin printf '\e\\\e]7;claude-tmux:%s;%s;%s\a' "$__claude_tmux_key" "$$" "$1" >$TTY
    }

    __claude_tmux_run() {
      { builtin emulate -L zsh; builtin unsetopt xtrace; } 2>/dev/null
      __claude_tmux_ran=1
      __claude_tmux_start=0
      ((${+EPOCHREALTIME})) && __claude_tmux_start=$((EPOCHREALTIME * 1000000))
      __claude_tmux_tell "run;$__claude_tmux_count;$__claude_tmux_code;"
    }

    __claude_tmux_end() {
      {
        __claude_tmux_ended $?
        (($#__claude_tmux_options)) && builtin setopt $__claude_tmux_options
        __claude_tmux_options=()
      } 2>/dev/null
    }

    __claude_tmux_ended() {
      { builtin emulate -L zsh; builtin unsetopt xtrace; } 2>/dev/null
      __claude_tmux_code=${1-}
      __claude_tmux_duration=
      if ((__claude_tmux_ran)); then
        if ((__claude_tmux_start && ${+EPOCHREALTIME})); then
          typeset -i now=$((EPOCHREALTIME * 1000000))
          __claude_tmux_duration=$((now - __claude_tmux_start))
        fi
        __claude_tmux_ran=0
        __claude_tmux_tell "end;$__claude_tmux_count;$__claude_tmux_code;$__claude_tmux_duration"
      fi
    }

    __claude_tmux_prompt() {
      { builtin emulate -L zsh; builtin unsetopt xtrace; } 2>/dev/null
      # before any name of this function hides a variable
      __claude_tmux_environment
      typeset state=idle
      __claude_tmux_count+=1
      __claude_tmux_told=1
      __claude_tmux_hook
      # more lines have been typed already: the shell won't wait at this prompt
      if ((${+1})); then
        ((PENDING)) && state=more
      else
        builtin zselect -t 0 -r 0 2>/dev/null && state=more
      fi
      # with a line that does not end in a newline, zsh shows this mark before it calls any function: let the mark
      # itself tell that the command has ended
      typeset mark=$'%{\e]7;claude-tmux:'$__claude_tmux_key';'$$';end;'$__claude_tmux_count$';%?;\a%}'
      PROMPT_EOL_MARK=$mark${${PROMPT_EOL_MARK-'%B%S%#%s%b'}##'%{'$'\e'']7;claude-tmux:'*$'\a''%}'}
      # without the line editor, no key is read
      [[ -o zle ]] || state=off
      __claude_tmux_last="$state;$__claude_tmux_count;$__claude_tmux_code;$__claude_tmux_duration"
      __claude_tmux_tell $__claude_tmux_last
    }

    # Tells in a file which variables commands get, if these are others than were told: `=NAME` as the shell had it when it began,
    # `+NAME=value` anew, or the name alone of what may be a secret, `-NAME` no more. It is whole when it ends with `.`.
    # All names here are ours: others would hide somebody's variables.
    __claude_tmux_environment() {
      { builtin emulate -L zsh; builtin unsetopt xtrace allexport errexit; } 2>/dev/null
      typeset __claude_tmux_name __claude_tmux_value
      typeset -a __claude_tmux_list __claude_tmux_now __claude_tmux_told
      __claude_tmux_list=(${(ok)parameters[(R)*export*]})
      for __claude_tmux_name in $__claude_tmux_list; do
        [[ $__claude_tmux_name == (_|PWD|OLDPWD|SHLVL|LINES|COLUMNS|PS[0-4]|PROMPT|RPROMPT|RPS[12]|__claude_tmux_*) ]] ||
          __claude_tmux_now+=("$__claude_tmux_name=${(P)__claude_tmux_name}")
      done
      [[ $__claude_tmux_now == "$__claude_tmux_names" ]] && builtin return 0
      __claude_tmux_names=$__claude_tmux_now
      if ((!$#__claude_tmux_began)); then
        for __claude_tmux_value in $__claude_tmux_now; do
          __claude_tmux_began[${__claude_tmux_value%%=*}]=${__claude_tmux_value#*=}
        done
      fi
      for __claude_tmux_value in $__claude_tmux_now; do
        __claude_tmux_name=${__claude_tmux_value%%=*} __claude_tmux_value=${__claude_tmux_value#*=}
        if ((${+__claude_tmux_began[$__claude_tmux_name]})) &&
          [[ ${__claude_tmux_began[$__claude_tmux_name]} == "$__claude_tmux_value" ]]; then
          __claude_tmux_told+=("=$__claude_tmux_name")
        elif __claude_tmux_isSecret "$__claude_tmux_name" "$__claude_tmux_value"; then
          __claude_tmux_told+=("+$__claude_tmux_name")
        else
          __claude_tmux_told+=("+$__claude_tmux_name=$__claude_tmux_value")
        fi
      done
      for __claude_tmux_name in ${(k)__claude_tmux_began}; do
        ((${__claude_tmux_list[(Ie)$__claude_tmux_name]})) || __claude_tmux_told+=("-$__claude_tmux_name")
      done
      { builtin print -rN -- "${__claude_tmux_told[@]}" . >|"$__claude_tmux_folder/env-$$"; } 2>/dev/null
      builtin return 0
    }

    # Whether a variable may be a secret, by its name or by its value, in letters of either case: all that secrets.ts takes for one, and
    # more. No patterns but plain ones: others take seconds for a long value.
    __claude_tmux_isSecret() {
      case $1 in
      key | keys | SSH_AUTH_SOCK | SSH_KEY_PATH) ;;
      *)
        [[ _${(U)1}_ == *(TOKEN|SECRET|PASSW|API_KEY|APIKEY|CREDENTIAL|UNSEAL)* ||
          _${(U)1}_ == (_AWS_*|*PW_|*PWD_|*(DB|PG|SSH|MY|USER)PASS_|*(GPG|AUTH|SSH|SIGN|ENC|ACCESS|PRIVATE)KEY*) ||
          _${(U)1}_ == *[!A-Z](PASS|PASSPHRASE|PASSPHRASES|PW|PWD|KEY|KEYS)[!A-Z]* ||
          _${(U)1}_ == *[!A-Z](CRED|CREDS|AUTH|AUTHORIZATION|BEARER|COOKIE|COOKIES|PRIVATE|JWT|PAT|OTP|PIN)[!A-Z]* ]] && builtin return 0
        # where words begin with capitals, the parts of them count
        [[ $1 == *[a-z0-9][A-Z]* && ${(U)1} == *(PASS|PW|KEY|CRED|AUTH|BEARER|COOKIE|PRIVATE|JWT|OTP|PIN)* ]] && builtin return 0
        [[ _$1_ == (*[![:upper:]]PAT[![:alpha:]]*|*[![:upper:]]Pat[![:lower:]]*) ]] && builtin return 0
        ;;
      esac
      [[ ${#2} -le 4096 && $2 != *AIza* ]] || builtin return 0
      typeset __claude_tmux_text=" ${(L)2}" __claude_tmux_part
      # the small letter of I is not everywhere i
      case $__claude_tmux_text in
      *://*@* | *bearer[[:space:]]* | *basic[[:space:]]* | *hooks.slack.com* | *-----beg?n* | *gh[opsu]_* | *github_pat_* | *glpat-* | \
        *xox[abeprs]-* | *[!a-z0-9_]sk-[a-z0-9_-]* | *[!a-z0-9_]ak?a[a-z0-9]* | *[!a-z0-9_]npm_* | *[!a-z0-9_]eyj* | \
        *[!a-z0-9_]hf_[a-z0-9][a-z0-9][a-z0-9][a-z0-9][a-z0-9][a-z0-9][a-z0-9][a-z0-9]* | \
        *[!a-z0-9_][rs]k_l?ve_* | *[!a-z0-9_][rs]k_test_*) builtin return 0 ;;
      esac
      if [[ $__claude_tmux_text == *=* ]]; then
        case ${__claude_tmux_text%=*} in
        *passw* | *pwd* | *token* | *secret* | *ap?_key* | *ap?key* | *account?key* | *accountkey* | *access?key* | *accesskey*) builtin return 0 ;;
        esac
      fi
      # a field in quotes
      if [[ $__claude_tmux_text == *[\"\']*:* ]]; then
        __claude_tmux_part=${__claude_tmux_text%:*}
        case ${__claude_tmux_part%[\"\']*} in
        *token* | *secret* | *pass* | *pw* | *key* | *cred* | *auth* | *cookie* | *pr?vate* | *bearer* | *jwt* | *otp* | *pin* | *unseal* | \
          *aws_* | *pat | *pat[!h]*) builtin return 0 ;;
        esac
      fi
      # NAME:PASSWORD@
      __claude_tmux_part=${2%%@*}
      [[ $2 == ?*:?*@* && $__claude_tmux_part == ?*:?* && $__claude_tmux_part != *[\ /]* && $__claude_tmux_part != *:*:* ]]
    }

    # Gives commands the variables that they had where this pane comes from (see start.sh): `NAME=value`, or `-NAME`; and puts
    # into the history what ran there. What can't be set (readonly) is no end of all else.
    __claude_tmux_regain() {
      { builtin emulate -L zsh; builtin unsetopt xtrace allexport errexit; } 2>/dev/null
      typeset __claude_tmux_entry __claude_tmux_file
      typeset -a __claude_tmux_list
      __claude_tmux_file=$__claude_tmux_restored.env
      if [[ -f $__claude_tmux_file && -O $__claude_tmux_file ]]; then
        while IFS= builtin read -r -d $'\0' __claude_tmux_entry; do __claude_tmux_list+=("$__claude_tmux_entry"); done <$__claude_tmux_file
        zf_rm -- $__claude_tmux_file || command rm -- $__claude_tmux_file
        for __claude_tmux_entry in "${__claude_tmux_list[@]}"; do
          {
            if [[ $__claude_tmux_entry == -* ]]; then
              builtin unset -- "${__claude_tmux_entry#-}"
            else
              builtin export -- "$__claude_tmux_entry"
            fi
          } always { TRY_BLOCK_ERROR=0 }
        done
      fi
      __claude_tmux_file=$__claude_tmux_restored.history
      if [[ -f $__claude_tmux_file && -O $__claude_tmux_file ]]; then
        while IFS= builtin read -r -d $'\0' __claude_tmux_entry; do builtin print -rs -- "$__claude_tmux_entry"; done <$__claude_tmux_file
        zf_rm -- $__claude_tmux_file || command rm -- $__claude_tmux_file
      fi
    } </dev/null 2>/dev/null

    # puts everything in its place, where start-up files or commands have moved it
    __claude_tmux_hook() {
      if [[ ${precmd_functions[1]-} != __claude_tmux_end || ${precmd_functions[-1]-} != __claude_tmux_prompt ]]; then
        [[ ${(t)precmd_functions} == *readonly* ]] ||
          precmd_functions=(__claude_tmux_end ${precmd_functions:#__claude_tmux_*} __claude_tmux_prompt)
      fi
      if [[ " ${preexec_functions[*]-} " != *' __claude_tmux_run '* && ${(t)preexec_functions} != *readonly* ]]; then
        preexec_functions+=(__claude_tmux_run)
      fi
      # again at the second prompt, since what is put off until after the first may bind all keys anew
      if ((__claude_tmux_count <= 2)); then
        builtin zle -N __claude_tmux_take
        builtin zle -N __claude_tmux_again
        typeset map
        for map in emacs viins vicmd visual; do
          builtin bindkey -M $map '\e^^' __claude_tmux_take 2>/dev/null
          builtin bindkey -M $map '\e^]' __claude_tmux_again 2>/dev/null
        done
        builtin bindkey -M viopp '\e^^' vi-cmd-mode 2>/dev/null
      fi
      # line-init is where a line is put back, and where the end of a command shows whose functions were taken away
      [[ ${widgets[zle-line-init]-} == "$__claude_tmux_hooked" ]] && builtin return 0
      if [[ ${widgets[zle-line-init]-} == '' ]]; then
        builtin zle -N zle-line-init __claude_tmux_init
      else
        builtin autoload -Uz add-zle-hook-widget
        add-zle-hook-widget line-init __claude_tmux_nothing 2>/dev/null
        # the function that calls them all is the only one to see the code, and calls none behind one that fails
        if [[ ${functions[azhw:zle-line-init]-} != *__claude_tmux_init* ]]; then
          functions[azhw:zle-line-init]="{ __claude_tmux_seen=\$?; __claude_tmux_init; } 2>/dev/null
${functions[azhw:zle-line-init]-}"
        fi
      fi
      __claude_tmux_hooked=${widgets[zle-line-init]-}
    }

    __claude_tmux_nothing() {}

    __claude_tmux_init() {
      { typeset __claude_tmux_status=$?; builtin emulate -L zsh; builtin unsetopt xtrace; } 2>/dev/null
      if [[ $CONTEXT == cont ]] && ((__claude_tmux_handed)); then
        __claude_tmux_tell "rest;$__claude_tmux_count;$__claude_tmux_code;"
      fi
      [[ $CONTEXT == start ]] || builtin return 0
      __claude_tmux_handed=0
      if ((!__claude_tmux_told)); then
        [[ ${widgets[zle-line-init]} == user:__claude_tmux_init ]] || __claude_tmux_status=$__claude_tmux_seen
        __claude_tmux_ended $__claude_tmux_status
        __claude_tmux_prompt line-init
      else
        # once more, since the prompt may hold an OSC 7 of its own
        __claude_tmux_tell $__claude_tmux_last
      fi
      __claude_tmux_told=0
      if ((__claude_tmux_waits)); then
        __claude_tmux_waits=0
        __claude_tmux_take
      else
        __claude_tmux_back
      fi
      builtin return 0
    }

    # Puts back what somebody had typed, unless something has been typed meanwhile.
    __claude_tmux_back() {
      [[ -n $__claude_tmux_draft && -z $BUFFER ]] && ((!PENDING && !KEYS_QUEUED_COUNT)) || builtin return 0
      BUFFER=$__claude_tmux_draft
      CURSOR=$__claude_tmux_cursor
      [[ $__claude_tmux_keymap == vi* ]] && builtin zle -K $__claude_tmux_keymap
      __claude_tmux_draft=
    }

    # The private key: puts the command that waits in a file in the place of what somebody has typed.
    __claude_tmux_take() {
      {
        __claude_tmux_takes=0
        __claude_tmux_put
        ((__claude_tmux_takes)) || builtin return 0
        # as in a script, a ! of it is no event of the history, and # begins a comment
        [[ -o banghist ]] && __claude_tmux_options+=(banghist)
        [[ -o interactivecomments ]] || __claude_tmux_options+=(nointeractivecomments)
        builtin setopt nobanghist interactivecomments
      } 2>/dev/null
    }

    __claude_tmux_put() {
      { builtin emulate -L zsh; builtin unsetopt xtrace; } 2>/dev/null
      typeset file=$__claude_tmux_folder/take-$$ command=
      if [[ ! -f $file || ! -O $file ]]; then
        # pressed twice, the second is read at the next prompt, as if somebody had begun to type there
        [[ $CONTEXT == start ]] && __claude_tmux_back
        builtin return 0
      fi
      [[ $CONTEXT == start || $CONTEXT == cont ]] || builtin return 0
      if [[ -n $PREBUFFER$BUFFER ]]; then
        # two drafts: the older one can be found in the history
        [[ -n $__claude_tmux_draft ]] && builtin print -rs -- $__claude_tmux_draft
        __claude_tmux_draft=$PREBUFFER$BUFFER
        __claude_tmux_cursor=$(($#PREBUFFER + CURSOR))
        __claude_tmux_keymap=$KEYMAP
      fi
      if [[ $CONTEXT == cont ]]; then
        __claude_tmux_waits=1
        BUFFER=
        builtin zle .send-break
        builtin return 0
      fi
      IFS= builtin read -r -d '' command <$file
      # one that stays would be taken again, one that is gone was withdrawn; by now there may be another one in its place
      { zf_rm -- $file || command rm -- $file || /bin/rm -- $file } </dev/null 2>/dev/null || builtin return 0
      __claude_tmux_hook
      __claude_tmux_tell "take;$__claude_tmux_count;$__claude_tmux_code;"
      BUFFER=$command
      CURSOR=$#BUFFER
      __claude_tmux_takes=__claude_tmux_handed=1
      builtin zle .accept-line
    }

    # Another key, by which the shell is asked for what it told, where something else has taken the place of that.
    __claude_tmux_again() {
      { builtin emulate -L zsh; builtin unsetopt xtrace; } 2>/dev/null
      [[ $CONTEXT == start || $CONTEXT == cont ]] && __claude_tmux_tell "idle;${__claude_tmux_last#*;}"
      builtin return 0
    }

    builtin unfunction __claude_tmux_install
    # what start-up files have set is set by them again; what comes after is somebody's
    __claude_tmux_environment
    [[ -z $__claude_tmux_restored ]] || __claude_tmux_regain
    __claude_tmux_prompt
  }
  typeset -ga precmd_functions
  precmd_functions+=(__claude_tmux_install)
  # a .zshrc may set precmd_functions anew; what is scheduled is done before the first prompt, too
  builtin zmodload zsh/sched 2>/dev/null && builtin sched +0 '((${+functions[__claude_tmux_install]})) && __claude_tmux_install'
fi
