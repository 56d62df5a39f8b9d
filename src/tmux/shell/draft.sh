# Has a shell put back what somebody had typed before a command was put in its place (see bash.sh, fish.fish): presses
# a key for that in the pane once the prompt of that number is there, unless something is typed at it before.
# $1: the shell's pid, $2: the number of the prompt, $3: the name of a shell whose prompt may write over that word
# start-up files may have put another version of tmux on PATH, to which this server does not speak
server=${TMUX#*,}
program=/proc/${server%%,*}/exe
[ -x "$program" ] || program=tmux
mark="claude-tmux:#{@claude_tmux_key};$1;idle;$2;*"
there="#{m:$mark,#{pane_path}}"
ours="#{m:claude-tmux:#{@claude_tmux_key};*,#{pane_path}}"
[ -n "${3-}" ] && there="#{?$ours,$there,#{==:#{pane_current_command},$3}}"
free="#{?#{m:* $mark,#{@claude_tmux_typed}},0,1}"
tries=0
while [ "$tries" -lt 40 ]; do
  tries=$((tries + 1))
  sleep 0.05
  answer=$("$program" if-shell -F -t "$TMUX_PANE" "$there" \
    "if-shell -F -t $TMUX_PANE '$free' 'send-keys -t $TMUX_PANE -H 1b 1f'" \
    "display-message -p waiting" 2>/dev/null) || exit
  [ "$answer" = waiting ] || exit 0
done
