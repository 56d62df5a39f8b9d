import type { InferOutput } from "valibot";
import { clockTime } from "../../lib/ago.ts";
import { type Column, columns } from "../../lib/columns.ts";
import { oneLine, paint, type Tone, toned } from "../../lib/toned.ts";
import type { Event } from "../results/event.ts";
import type { Subscription } from "../results/subscription.ts";
import { page, since, words } from "./lines.ts";
import type { People, View } from "./view.ts";

type EventRecord = Pick<InferOutput<typeof Event>, "timestamp" | "event_type" | "session" | "message" | "data"> &
  Partial<Pick<InferOutput<typeof Event>, "pane_id" | "label">>;

/** As wide as most types, and most places, are: a log that goes on has no other way to be aligned. */
const TYPE_WIDTH = 16;
const PLACE_WIDTH = 12;

/** The log of events, a line each. */
export const eventList: People<EventRecord[]> = (events, view) => {
  if (events.length === 0) return view.quiet ? undefined : paint("(no such events)", "dim", view.isColor);
  return page(events.map((event) => eventLine(event, view)));
};

/** The event that was waited for. */
export const event: People<EventRecord> = (one, view) => eventLine(one, view);

/** An event in one line: when, what kind, where, and what happened. */
export function eventLine(
  { timestamp, event_type: type, session, label, message, data, ...at }: EventRecord,
  view: View,
): string {
  const { isColor } = view;
  const pane = label || at.pane_id;
  const place = oneLine(pane ? `${session}:${pane}` : session);
  const parts = [
    paint(clockTime(Date.parse(timestamp), view.now), "dim", isColor),
    paint(oneLine(type).padEnd(TYPE_WIDTH), toneOf(type, data), isColor),
    place + " ".repeat(Math.max(0, PLACE_WIDTH - Bun.stringWidth(place))),
    oneLine(message),
  ];
  return parts.join("  ").trimEnd();
}

/** What has not ended, a line each. */
export const subscriptionList: People<InferOutput<typeof Subscription>[]> = (all, view) => {
  if (all.length === 0) return view.quiet ? undefined : words("No subscriptions", view);
  const heads: Column[] = [
    { head: "ID", isNumber: true, cut: "never" },
    { head: "TYPE", cut: "never" },
    { head: "WHERE" },
    { head: "FOR" },
    { head: "FIRED", isNumber: true, cut: "never" },
    { head: "CALLBACK" },
    { head: "MADE", cut: "never", isOptional: true },
  ];
  const rows = all.map((one) => [
    toned(`${one.id}`, "strong"),
    one.type,
    one.pane === "" ? one.session : `${one.session}:${one.label || one.pane_id}`,
    [
      one.pattern ?? "",
      one.deadline === null ? "" : since(one.deadline, view),
      one.seconds === null || one.deadline !== null ? "" : `${one.seconds} s`,
      one.once ? "once" : "",
    ]
      .filter((text) => text !== "")
      .join(", "),
    `${one.fired}`,
    one.callback ?? (one.waiting_pid === undefined ? "" : toned(`for daemon wait (${one.waiting_pid})`, "dim")),
    since(one.created_at, view),
  ]);
  return page(columns(heads, rows, view));
};

function toneOf(type: string, data: Record<string, unknown>): Tone | undefined {
  if (type.endsWith("-failed") || data.signal != null || data.error != null) return "bad";
  if (type === "gap" || data.state === "waiting") return "warn";
  if (typeof data.exit_code === "number") return data.exit_code === 0 ? "good" : "bad";
  return undefined;
}
