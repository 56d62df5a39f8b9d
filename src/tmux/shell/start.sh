# Starts the user's shell in a new pane with claude-tmux's shell integration, if it is a shell that has one.
# tmux has set SHELL to its default-shell; this file lies beside the integrations.
folder=${0%/*}
shell=$SHELL
login=-l
# whether it is to be this shell, whatever default-command says
own=
# a pane that session-restore has made: what is to come back there lies in files that begin with this path, once all panes of the
# session are in their places
restored=$1
if [ -n "$restored" ]; then
  # the folder has the pid of who makes the session in its name
  maker=${restored##*/restoring-}
  maker=${maker%%-*}
  pause=0.02 tries=0
  while [ ! -e "${restored%/*}/go" ] && [ -d "${restored%/*}" ] && kill -0 "$maker" 2>/dev/null; do
    tries=$((tries + 1))
    # many of them would take the time that the rest needs
    [ "$tries" -eq 25 ] && pause=0.1
    sleep "$pause" 2>/dev/null || sleep 1
  done
  # that was left half-made: nobody is to work there
  if [ ! -e "${restored%/*}/go" ] && [ -e "$restored.cwd" ]; then
    # secrets of who restores may be in them
    rm -f "$restored".* 2>/dev/null
    exit 0
  fi
  if [ -e "${restored%/*}/go" ]; then
    [ -f "$restored.cwd" ] && path=$(cat "$restored.cwd" && echo x) && cd -- "${path%x}" 2>/dev/null
    [ -f "$restored.shell" ] && path=$(cat "$restored.shell") && [ -x "$path" ] && shell=$path own=1
    [ -f "$restored.screen" ] && cat "$restored.screen"
  fi
  # what is left is for the shell itself
  rm -f "$restored.cwd" "$restored.shell" "$restored.screen" 2>/dev/null
fi
# what shells that have ended told of their variables
ended=
for file in "$folder"/env-* "$folder"/names-*; do
  [ -e "$file" ] && ! kill -0 "${file##*-}" 2>/dev/null && ended="$ended ${file##*/}"
done
[ -n "$ended" ] && (cd -- "$folder" && rm -f $ended) 2>/dev/null
# the shell's secret is in an option of the pane, which may be set a moment after the pane was made; another version of
# tmux that PATH has first does not speak to this server. What the pane is for all that runs there: the server's pid and
# start time, the session's id, and whether what lives on is to end with that (a session with a time to live, or an owner)
server=${TMUX#*,}
program=/proc/${server%%,*}/exe
[ -x "$program" ] || program=tmux
owner='#{pid}:#{start_time}:#{session_id}:#{?#{m:* ends@1 *,#{@claude_tmux_made}},1,0}'
tries=0
while
  answer=$("$program" display-message -p -t "$TMUX_PANE" "#{version} #{@claude_tmux_key} $owner #{default-command}" 2>/dev/null)
  command=${answer#* }
  key=${command%% *}
  [ -n "$answer" ] && [ -z "$key" ] && [ "$tries" -lt 10 ]
do
  tries=$((tries + 1))
  sleep 0.02 2>/dev/null
done
command=${command#* }
[ -n "$answer" ] && export CLAUDE_TMUX_OWNER="${command%% *}:$TMUX_PANE"
command=${command#* }
# tmux 3.4 prints "$NAME" as "\$NAME"
case $answer in '3.4 '*\\\$*) command=$(printf '%s\n' "$command" | sed 's/\\\$\([A-Za-z_{]\)/$\1/g') ;; esac
if [ -n "$command" ] && [ -z "$own" ]; then
  # a default-command that is nothing but a shell is one; any other is started as tmux does it
  words=${command#exec }
  login=
  case $words in *" -l" | *" --login") login=-l words=${words% *} ;; esac
  [ "$words" = '$SHELL' ] || [ "$words" = '"$SHELL"' ] || [ "$words" = '${SHELL}' ] && words=$SHELL
  case $words in *[!A-Za-z0-9_./+-]*) exec "$SHELL" -c "$command" ;; esac
  case ${words##*/} in bash | zsh | fish) shell=$words ;; *) exec "$SHELL" -c "$command" ;; esac
fi
if [ -n "$key" ]; then
  # its presence in the environment that a shell started with (/proc/PID/environ) tells that it is integrated;
  # the integration removes the variable, so what runs in the shell does not inherit it
  export CLAUDE_TMUX_INTEGRATION="$folder"
  [ -n "$restored" ] && export CLAUDE_TMUX_RESTORED="$restored"
  # what the shell tells of its variables is for its user alone
  (umask 077 && : >"$folder/env-$$" && : >"$folder/names-$$") 2>/dev/null
  case ${shell##*/} in
  bash)
    # a POSIX-mode shell reads $ENV and nothing else; that file then does what bash would have done
    [ -n "${ENV+x}" ] && export CLAUDE_TMUX_ENV="$ENV"
    export CLAUDE_TMUX_KEY="$key"
    ENV='$CLAUDE_TMUX_INTEGRATION/bash.sh' exec "$shell" --posix $login
    ;;
  zsh)
    [ -n "${ZDOTDIR+x}" ] && export CLAUDE_TMUX_ZDOTDIR="$ZDOTDIR"
    export CLAUDE_TMUX_KEY="$key"
    ZDOTDIR=$folder exec "$shell" $login
    ;;
  fish)
    # it reads the user's own files first, which are not to inherit the secret either
    (umask 077 && echo "$key" >"$folder/key-$$") 2>/dev/null
    exec "$shell" $login -C 'source "$CLAUDE_TMUX_INTEGRATION/fish.fish"'
    ;;
  esac
  unset CLAUDE_TMUX_INTEGRATION CLAUDE_TMUX_RESTORED
fi
case ${shell##*/} in
bash | zsh | fish | sh | dash | ash | ksh | mksh | yash | tcsh | csh) exec "$shell" $login ;;
*) exec "$shell" ;;
esac
