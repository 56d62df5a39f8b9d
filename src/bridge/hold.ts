import type { TmuxCommand } from "../tmux/run.ts";

// tmux drops what a pane wrote in its last milliseconds when it removes the pane. A pane that somebody listens to is
// therefore kept for a moment after its death (remain-on-exit), by tmux alone, so that it goes away also when the
// listener is killed. And tmux leaves unread what a program wrote last when it hears of the program's end first, unless
// the pane has a pipe (pipe-pane), so it gets one that leads nowhere. How many listen is counted in tmux; the last one
// puts everything back.
const HOLDS_OPTION = "@claude_tmux_holds";
const HELD_OPTION = "@claude_tmux_held";
const PIPED_OPTION = "@claude_tmux_piped";
const HOOK = "pane-died[9100]";
/** What tmux writes on the screen of a dead pane: nothing, from tmux 3.3 on. */
const FORMAT = "remain-on-exit-format";
/** A dead pane goes away after so many seconds, when no listener has removed it before. */
const GRACE_S = 2;

/** The commands that keep a pane a moment longer than its program. */
export function holdPane(pane: string): TmuxCommand[] {
  const set = `set-option -p -t ${pane}`;
  // the doubled # leaves the question for the moment when it is asked: the pane may have been respawned by then
  const kill = `if-shell -F -t ${pane} '##{pane_dead}' 'kill-pane -t ${pane}'`;
  const hook = `set-hook -p -t ${pane} ${HOOK} "run-shell -b -d ${GRACE_S} -C \\"${kill}\\""`;
  return [
    ["set-option", "-p", "-F", "-t", pane, HOLDS_OPTION, `#{e|+:#{${HOLDS_OPTION}},1}`],
    [
      "if-shell",
      "-F",
      "-t",
      pane,
      "#{==:#{pane_pipe},0}",
      `pipe-pane -t ${pane} 'exec cat >/dev/null' ; ${set} ${PIPED_OPTION} 1`,
    ],
    // a pane that stays on exit anyway, as its user set it, is left alone
    [
      "if-shell",
      "-F",
      "-t",
      pane,
      "#{!=:#{remain-on-exit},on}",
      `${set} remain-on-exit on ; ${set} ${HELD_OPTION} 1 ; ${set} -q ${FORMAT} "" ; ${hook}`,
    ],
  ];
}

/** The commands that undo holdPane; a pane that has died meanwhile is removed by the last who held it. */
export function letPaneGo(pane: string): TmuxCommand[] {
  const unset = `set-option -pu -t ${pane}`;
  const restore = `${unset} remain-on-exit ; ${unset} -q ${FORMAT} ; ${unset} ${HELD_OPTION} ; ${unset} ${HOLDS_OPTION} ; set-hook -pu -t ${pane} ${HOOK}`;
  const isLast = `#{e|<=:#{${HOLDS_OPTION}},0}`;
  const isHeld = `#{&&:${isLast},#{${HELD_OPTION}}}`;
  const isPiped = `#{&&:${isLast},#{${PIPED_OPTION}}}`;
  return [
    ["set-option", "-p", "-F", "-t", pane, HOLDS_OPTION, `#{e|-:#{${HOLDS_OPTION}},1}`],
    ["if-shell", "-F", "-t", pane, isPiped, `pipe-pane -t ${pane} ; ${unset} ${PIPED_OPTION}`],
    ["if-shell", "-F", "-t", pane, isHeld, `${restore} ; if-shell -F -t ${pane} '#{pane_dead}' 'kill-pane -t ${pane}'`],
  ];
}
