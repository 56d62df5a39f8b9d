import { AppError } from "../lib/errors.ts";
import type { Pattern } from "../matching/pattern.ts";
import type { EventRecord } from "../store/events.ts";
import type { Subscription } from "../store/subscriptions.ts";
import { EVENT_TYPES, type EventType, SUBSCRIBED_EVENTS } from "../subscriptions/events.ts";
import { typeNamed } from "../subscriptions/table.ts";
import { wordsOf } from "./subscription-words.ts";

/** An event that is waited for, in the words of the command line. */
export interface Wish {
  type: EventType;
  pane: string | undefined;
  /** only lines that match it; it is subscribed to for so long */
  pattern: string | undefined;
}

/** An event that is waited for. */
export interface Wanted extends Wish {
  /** the %id of the pane; undefined for any, and for one that is not there */
  paneId: string | undefined;
  match: Pattern | undefined;
  /** the subscription that was made for it */
  subscription: number | undefined;
}

/** Reads `TYPE[:PANE[:PATTERN]]`. Throws ERR_INVALID_ARGUMENT. Pure. */
export function readWish(text: string): Wish {
  const [type = "", pane, ...rest] = text.split(":");
  return makeWish(type, pane || undefined, rest.length === 0 ? undefined : rest.join(":"));
}

/** Makes a wish of its words. Throws ERR_INVALID_ARGUMENT for what is no event. Pure. */
export function makeWish(typeName: string, pane: string | undefined, pattern: string | undefined): Wish {
  const type = EVENT_TYPES.find((known) => known === typeName);
  if (type === undefined) {
    throw new AppError("ERR_INVALID_ARGUMENT", `"${typeName}" is not a type of event`, {
      hint: `Give one of: ${EVENT_TYPES.join(", ")}`,
    });
  }
  if (pane !== undefined && type.startsWith("session-")) {
    throw new AppError("ERR_INVALID_ARGUMENT", `${type} takes no pane, which "${pane}" would be`);
  }
  if (pattern !== undefined && type !== "pattern-match") {
    throw new AppError("ERR_INVALID_ARGUMENT", `${type} takes no pattern, which "${pattern}" would be`);
  }
  if (pattern !== undefined && pane === undefined) {
    throw new AppError("ERR_INVALID_ARGUMENT", `Which pane is the pattern "${pattern}" for?`, {
      hint: "Name it between the type and the pattern.",
    });
  }
  return { type, pane, pattern };
}

/** Whether it is the event that is waited for. Pure. */
export function isWanted({ type, pane, paneId, match }: Wanted, event: EventRecord): boolean {
  if (event.event_type !== type) return false;
  // a pane that is not there may have been, or come: then it is known by the names that its events have
  const isPane =
    paneId === undefined
      ? [event.pane, event.pane_id, event.label].includes(pane ?? event.pane)
      : event.pane === paneId;
  return isPane && (match === undefined || match(String(event.data.line ?? "")) !== undefined);
}

/** Whether such an event can come: by itself, or since it is subscribed to. Pure. */
export function canCome(wanted: Wanted, session: string, subscriptions: readonly Subscription[]): boolean {
  const { type, pane, paneId, subscription } = wanted;
  if (!SUBSCRIBED_EVENTS.includes(type)) return true;
  if (subscription !== undefined) return subscriptions.some(({ id }) => id === subscription);
  return subscriptions.some(
    (each) => each.type === type && each.session === session && (pane === undefined || each.pane === paneId),
  );
}

/** Whether a pane that is not there yet may be meant, or one that is not there any more. Pure. */
export function mayBeAway({ type }: Wish, hasSince: boolean): boolean {
  return hasSince || type === "pane-created";
}

/** The error for what cannot come. Pure. */
export function impossible(wanted: Wanted, session: string): AppError {
  const { type, pane, subscription } = wanted;
  const where = pane === undefined ? `session "${session}"` : `pane "${pane}" of session "${session}"`;
  if (subscription !== undefined) {
    return new AppError(
      "ERR_COMMAND_ENDED",
      `No ${type} can come any more: ${where} has ended, or subscription ${subscription} was removed`,
    );
  }
  const place = `${session} ${type} ${pane ?? "<pane>"}`;
  const subscribe = `Subscribe first: claude-tmux daemon subscribe ${place}${detailsOf(type)}`;
  const hint =
    type === "pattern-match" ? `Give the pattern: claude-tmux daemon wait ${place} <pattern>\n${subscribe}` : subscribe;
  return new AppError("ERR_COMMAND_FAILED", `No ${type} can come: nobody has subscribed to one in ${where}`, { hint });
}

/** The words that must follow the pane. */
function detailsOf(type: EventType): string {
  const known = typeNamed(type);
  const needed = known ? wordsOf(known).filter(({ is, isOptional }) => is === "detail" && !isOptional) : [];
  return needed.map(({ name }) => ` <${name}>`).join("");
}
