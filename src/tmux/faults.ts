import { isServerAtLeast } from "./version.ts";

/** A fault of some versions of tmux that its users may meet. */
export interface Fault {
  /** what such a tmux does, and what claude-tmux does about it: one sentence */
  message: string;
  /** whether claude-tmux can go round it, so that only others meet it */
  isGoneRound: boolean;
  /** what to do, if it is only for others */
  advice: string;
}

/** A fault with the versions that have it. */
interface KnownFault extends Fault {
  /** the first that has it; undefined: all that there were before */
  from?: string;
  /** the first that does not have it any more */
  until: string;
}

const KNOWN: readonly KnownFault[] = [
  {
    until: "3.7",
    message:
      "may crash when a control client attaches while another one detaches or sessions come and go; claude-tmux hears panes through pipes instead",
    isGoneRound: true,
    advice: "Other programs' control clients (tmux -C) can trigger it: if you use one, update to tmux 3.7 or newer.",
  },
  {
    until: "3.3",
    message: "crashes when a pane dies that is kept (remain-on-exit) and that a control client listens to",
    isGoneRound: false,
    advice:
      "claude-tmux lets panes go at once there, so how a pane ended may stay unknown: tmux 3.3 or newer fixes both, once its server has been restarted.",
  },
  {
    until: "3.3",
    message: "ignores the size that a session is made with; claude-tmux sets it afterwards",
    isGoneRound: true,
    advice: "Nothing is to be done here; scripts of yours that call tmux can use resize-window.",
  },
  {
    until: "3.3",
    message: "shows the signal that ended a pane's program only on its screen; claude-tmux reads it there",
    isGoneRound: true,
    advice: "Nothing is to be done here; scripts of yours that need it find it in tmux 3.3 (#{pane_dead_signal}).",
  },
  {
    from: "3.3",
    until: "3.4",
    message:
      "hangs for good when a format measures (#{w:}, #{=-20:}) a text that holds a character without width, such as U+2028; claude-tmux asks no such thing",
    isGoneRound: true,
    advice: "Leave such formats out of your status line, or update to tmux 3.4 or newer.",
  },
  {
    from: "3.4",
    until: "3.5",
    message: "prints $NAME as \\$NAME; claude-tmux undoes that",
    isGoneRound: true,
    advice: "Scripts of yours that call tmux have to undo it, too, or update to tmux 3.5 or newer.",
  },
];

/** The known faults of a tmux of that version (`#{version}` of the server), the worst first. Pure. */
export function faultsOf(version: string): Fault[] {
  return KNOWN.filter(({ from, until }) => {
    return !isServerAtLeast(version, until) && (from === undefined || isServerAtLeast(version, from));
  }).map(({ message, advice, isGoneRound }) => ({ message, advice, isGoneRound }));
}
