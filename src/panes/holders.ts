import { isAlive, ownIdentity } from "../process/identity.ts";

const HOLDER = /^\d+-\d+-\d+$/;
const BUFFER_PREFIX = "claude-tmux-";
let count = 0;

/** A name for a holder of this process: `pid-start time-number`. */
export function newHolder(): string {
  const { pid, startTime } = ownIdentity();
  return `${pid}-${startTime}-${++count}`;
}

/** A name for a paste buffer of this process. */
export function newBuffer(): string {
  return BUFFER_PREFIX + newHolder();
}

/** The holder that the name of a paste buffer names; undefined for a buffer that is not ours. Pure. */
export function holderOfBuffer(name: string): string | undefined {
  const holder = name.startsWith(BUFFER_PREFIX) ? name.slice(BUFFER_PREFIX.length) : "";
  return HOLDER.test(holder) ? holder : undefined;
}

/** Whether the process of a holder lives. */
export function isHolderAlive(holder: string): boolean {
  const [pid = 0, startTime = 0] = holder.split("-").map(Number);
  return isAlive({ pid, startTime });
}

/** The names in the value of HOLDS_OPTION. Pure. */
export function holdersIn(value: string): string[] {
  return value.split(/[<>]/).filter((name) => HOLDER.test(name));
}
