// Command lines of somebody who knows tmux, for tasks that more than one way does with them.

/** What runs on the terminal of each window of `dev`. */
export const PROGRAMS =
  "tmux lsp -st dev -F '#{window_name} #{pane_tty}' | while read w t; do echo $w $(ps -o comm= -t $t); done";

/** Why `old` and `new` ended, and their last lines: `new` is kept until it has. */
export const ENDS =
  "tmux set -pt dev:new remain-on-exit on; for i in {1..50}; do tmux display -pt dev:new '#{pane_dead_status}#{pane_dead_signal}' | grep -q . && break; sleep .2; done; for w in old new; do tmux display -pt dev:$w '=#{pane_dead_status}/#{pane_dead_signal}'; tmux capturep -pt dev:$w | grep . | tail -3; done; tmux killw -t dev:new";

/** Writes down what the panes of `dev` show, and their folders. */
export const SAVE =
  "tmux lsp -t dev -F '#{pane_current_path}' >saved; for p in 0 1; do tmux capturep -epJt dev:0.$p -S- | grep . >saved$p; done";

/** Makes `dev` anew from that, and shows the last line of output of each pane, and the folder of the second. */
export const RESTORE =
  'i=0; while read d; do c="cat ~/saved$i; exec bash -l"; [ $i = 0 ] && tmux new -ds dev -c $d "$c" || tmux splitw -dt dev -c $d "$c"; i=1; done <saved; sleep 1; for p in 0 1; do tmux capturep -pt dev:0.$p | grep . | tail -3 | head -1; done; tmux display -pt dev:0.1 "#{b:pane_current_path}"';
