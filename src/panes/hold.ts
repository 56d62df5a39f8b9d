import { quoteCommand, type TmuxCommand } from "../tmux/command-line.ts";
import { HELD_FORMAT_OPTION, HELD_GIVEN_OPTION, HELD_OPTION, HOLDS_OPTION } from "../tmux/options.ts";
import { isServerBefore } from "../tmux/version.ts";

// tmux removes a pane when its program ends, and with it how it ended. A pane that somebody listens to is therefore kept
// for a moment after its death (remain-on-exit), by tmux alone, so that it goes away also when the listener is killed.
// Who listens is noted in tmux by name, so that the last one puts everything back, and so that the next one can tell which
// of them are dead. Not before tmux 3.3, which may crash when a pane that is held so dies.

const HOOK = "pane-died[9100]";
/** What tmux writes on the screen of a dead pane: nothing, from tmux 3.3 on. */
const FORMAT = "remain-on-exit-format";
/** A dead pane goes away after so many seconds, when no listener has removed it before. */
const GRACE_S = 2;

/** From tmux 3.7 on a value that nobody is likely to choose: "on" that somebody sets meanwhile could not be told from ours. */
const VALUE = `#{?${isServerBefore(7)},on,key}`;
// what somebody sets meanwhile is theirs, and stays
const IS_OURS = `#{==:#{remain-on-exit},#{${HELD_GIVEN_OPTION}}}`;
const MAY_HOLD = `#{?${isServerBefore(3)},0,1}`;

/** The commands that keep a pane a moment longer than its program, for the holder of that name (digits and "-"). */
export function holdPane(pane: string, holder: string): TmuxCommand[] {
  const set = `set-option -p -t ${pane}`;
  // the doubled # leaves the question for the moment when it is asked: the pane may have been respawned by then
  const isToGo = `#{&&:${IS_OURS},${goes(HELD_OPTION)}}`;
  const kill = `if-shell -F -t ${pane} '${isToGo.replaceAll("#", "##")}' 'kill-pane -t ${pane}'`;
  const hook = `set-hook -p -t ${pane} ${HOOK} "run-shell -b -d ${GRACE_S} -C \\"${kill}\\""`;
  const note = quoteCommand(["set-option", "-p", "-F", "-t", pane, HOLDS_OPTION, `#{${HOLDS_OPTION}}<${holder}>`]);
  return [
    ["if-shell", "-F", "-t", pane, MAY_HOLD, note],
    // a pane that stays on exit anyway, as its user set it, is left alone
    [
      "if-shell",
      "-F",
      "-t",
      pane,
      `#{&&:${MAY_HOLD},#{!=:#{m/r:^(on|key)$,#{remain-on-exit}},1}}`,
      [
        `${set} -F ${HELD_OPTION} '#{remain-on-exit}'`,
        `${set} -F remain-on-exit '${VALUE}'`,
        `${set} -F ${HELD_GIVEN_OPTION} '#{remain-on-exit}'`,
        `${set} -F ${HELD_FORMAT_OPTION} '#{${FORMAT}}'`,
        `${set} ${FORMAT} ""`,
        hook,
      ].join(" ; "),
    ],
  ];
}

/** The commands that undo holdPane for some holders; a pane that has died meanwhile is removed by the last of all. */
export function letPaneGo(pane: string, holders: readonly string[]): TmuxCommand[] {
  const unset = `set-option -pu -t ${pane}`;
  // an option that was set for this pane alone is set again: without it, another one would hold
  const back = (option: string, held: string) => [
    `${unset} ${option}`,
    `if-shell -F -t ${pane} '#{!=:#{${option}},#{${held}}}' "set-option -p -F -t ${pane} ${option} '#{${held}}'"`,
  ];
  const forget = [
    `if-shell -F -t ${pane} '#{==:#{${FORMAT}},}' { ${back(FORMAT, HELD_FORMAT_OPTION).join(" ; ")} }`,
    `${unset} ${HELD_FORMAT_OPTION}`,
    `${unset} ${HELD_OPTION}`,
    `${unset} ${HELD_GIVEN_OPTION}`,
    `${unset} ${HOLDS_OPTION}`,
    `set-hook -pu -t ${pane} ${HOOK}`,
    // a pane's hooks stand in place of the server's, also when none is left of them
    `if-shell -F -t ${pane} '#{pane-died}' '' 'set-hook -pu -t ${pane} pane-died'`,
  ];
  const restore = [
    ...back("remain-on-exit", HELD_OPTION),
    ...forget,
    `if-shell -F -t ${pane} '${goes("remain-on-exit")}' 'kill-pane -t ${pane}'`,
  ];
  const isLast = `#{&&:#{==:#{${HOLDS_OPTION}},},#{!=:#{${HELD_OPTION}},}}`;
  return [
    ...holders.map((holder) => [
      "set-option",
      "-p",
      "-F",
      "-t",
      pane,
      HOLDS_OPTION,
      `#{s/<${holder}>//:${HOLDS_OPTION}}`,
    ]),
    ["if-shell", "-F", "-t", pane, `#{&&:${isLast},#{!=:${IS_OURS},1}}`, forget.join(" ; ")],
    ["if-shell", "-F", "-t", pane, isLast, restore.join(" ; ")],
  ];
}

/**
 * A format that is true for a dead pane that its user has not set to stay: with "failed", one stays whose program did not
 * end well.
 * @param option which says how it was set
 */
function goes(option: string): string {
  return `#{&&:#{pane_dead},#{||:#{!=:#{${option}},failed},#{==:#{pane_dead_status},0}}}`;
}
