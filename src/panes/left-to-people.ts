import type { Ask } from "../tmux/run.ts";

/** Where something is typed, and whether that can do no more than stop what runs there (see stopsAlone). */
export interface Typed {
  session: string;
  pane: string;
  stops?: boolean;
}

/** What a process does that gives no coding agent a permission. */
interface LeftToPeople {
  /** throws where what is typed into a pane may give one: see refuseAsking() */
  refuse: (ask: Ask, place: Typed, instead: string) => Promise<void>;
  /** what may be done instead, for whoever is refused */
  instead: string;
}

let left: LeftToPeople | undefined;

/**
 * From now on this process gives no coding agent a permission: it neither answers one that asks for it, nor types into one that may.
 */
export function leavePermissionsToPeople(how: LeftToPeople): void {
  left = how;
}

/** What may be done instead of giving a permission; undefined where this process may give it. */
export function insteadOfPermitting(): string | undefined {
  return left?.instead;
}

/**
 * To be called right before anything is typed into a pane. Costs nothing unless permissions are left to people.
 * @throws AppError ERR_PANE_BUSY for a coding agent that may ask for a permission there
 */
export async function beforeTyping(ask: Ask, place: Typed): Promise<void> {
  await left?.refuse(ask, place, left.instead);
}
